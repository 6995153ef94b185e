//! A kind as a source reads it: one of the registry, or one that only a server's discovery knows (the
//! infrastructure of a provider), of which metadata and conditions are read.
use std::sync::Arc;

use super::{Kind, find, meta, plain};
use crate::domain::{
    Facts, KindId, Object,
    site::{Discovery, ServedKind},
};

/// What the id of a discovered kind begins with; plural and group follow.
const DISCOVERED: &str = "infra:";

/// One kind, however it is known.
#[derive(Clone)]
pub enum AnyKind {
    Known(&'static Kind),
    Discovered { id: KindId, served: Arc<ServedKind> },
}

impl From<&'static Kind> for AnyKind {
    fn from(kind: &'static Kind) -> Self {
        Self::Known(kind)
    }
}

impl AnyKind {
    /// The kind of that id and the version of it to read; `None` where it is not served.
    pub fn served(id: &str, discovery: &Discovery) -> Option<(Self, String)> {
        if let Some(kind) = find(id) {
            return Some((Self::Known(kind), kind.served(discovery)?.version.clone()));
        }
        let (plural, group) = parts(id)?;
        let served = discovery.find(group, plural, &[])?;
        Some((
            Self::Discovered { id: KindId::new(id), served: Arc::new(served.clone()) },
            served.version.clone(),
        ))
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Known(kind) => kind.id,
            Self::Discovered { id, .. } => id.as_str(),
        }
    }
    pub fn group(&self) -> &str {
        match self {
            Self::Known(kind) => kind.group,
            Self::Discovered { served, .. } => &served.group,
        }
    }
    pub fn plural(&self) -> &str {
        match self {
            Self::Known(kind) => kind.plural,
            Self::Discovered { served, .. } => &served.plural,
        }
    }

    /// Makes a row of one object's JSON, or says why it cannot be read.
    pub fn decode(&self, version: &str, json: &str) -> Result<Object, serde_json::Error> {
        match self {
            Self::Known(kind) => (kind.decode)(version, json),
            Self::Discovered { .. } => plain::decode_called(self.called(version), json),
        }
    }

    /// `decode`, where what cannot be read becomes a row that says so.
    pub fn read(&self, version: &str, json: &str) -> Object {
        self.decode(version, json).unwrap_or_else(|error| Object {
            meta: meta::salvage(json, self.called(version)),
            conditions: Vec::new(),
            facts: Facts::Malformed(error.to_string()),
        })
    }

    fn called<'a>(&'a self, version: &'a str) -> meta::Called<'a> {
        let kind = match self {
            Self::Known(kind) => kind.kind,
            Self::Discovered { served, .. } => &served.kind,
        };
        meta::Called { group: self.group(), version, kind }
    }
}

/// The id under which a kind of a group is followed at a server: that of the registry, else one made of
/// what discovery says; `None` where the server does not serve it.
pub fn id_of(discovery: &Discovery, group: &str, kind: &str) -> Option<KindId> {
    if let Some(known) = super::KINDS.iter().find(|k| k.group == group && k.kind == kind) {
        return Some(KindId::new(known.id));
    }
    let served = discovery.kinds.iter().find(|k| k.kind == kind && k.group == group)?;
    Some(KindId::new(&format!("{DISCOVERED}{}.{}", served.plural, served.group)))
}

/// Plural and group of a discovered kind's id.
pub fn parts(id: &str) -> Option<(&str, &str)> {
    id.strip_prefix(DISCOVERED)?.split_once('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovery() -> Discovery {
        let served = ServedKind {
            group: "infrastructure.cluster.x-k8s.io".into(),
            version: "v1beta2".into(),
            kind: "DevMachine".into(),
            plural: "devmachines".into(),
            namespaced: true,
            stale: false,
        };
        Discovery { kinds: vec![served], aggregated: true }
    }

    #[test]
    fn a_kind_of_the_registry_keeps_its_id() {
        let id = id_of(&discovery(), "bootstrap.cluster.x-k8s.io", "KubeadmConfig");
        assert_eq!(id, Some(KindId::new("bootstrap")));
    }

    #[test]
    fn a_discovered_kind_goes_there_and_back() {
        let discovery = discovery();
        let id = id_of(&discovery, "infrastructure.cluster.x-k8s.io", "DevMachine").unwrap();
        assert_eq!(id.as_str(), "infra:devmachines.infrastructure.cluster.x-k8s.io");
        let (kind, version) = AnyKind::served(id.as_str(), &discovery).unwrap();
        assert_eq!((kind.plural(), kind.group()), ("devmachines", "infrastructure.cluster.x-k8s.io"));
        let object = kind.read(
            &version,
            r#"{"metadata":{"name":"a"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#,
        );
        assert_eq!((&*object.meta.kind, object.conditions.len()), ("DevMachine", 1));
        assert!(matches!(kind.read(&version, "{").facts, Facts::Malformed(_)));
        assert!(id_of(&discovery, "infrastructure.cluster.x-k8s.io", "VSphereMachine").is_none());
        assert!(AnyKind::served("infra:x.y", &discovery).is_none() && parts("machine").is_none());
    }
}
