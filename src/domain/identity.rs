//! Identities: what a cursor, a mark or a plan points at. Never a row number.
use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A site: one management endpoint, named as in the config file or after its kubeconfig context.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub Arc<str>);

impl SiteId {
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(Arc::from(name.as_ref()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of object, by its id in the registry `kinds::KINDS` (for example `machine`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindId(pub Arc<str>);

impl KindId {
    pub fn new(id: &str) -> Self {
        Self(Arc::from(id))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for KindId {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

/// Namespace and name of an object; a cluster-scoped one has an empty namespace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectKey {
    pub namespace: Arc<str>,
    pub name: Arc<str>,
}

impl ObjectKey {
    pub fn new(namespace: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        Self { namespace: Arc::from(namespace.as_ref()), name: Arc::from(name.as_ref()) }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}/{}", self.namespace, self.name)
        }
    }
}

/// A workload cluster: where its `Cluster` object stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClusterKey {
    pub site: SiteId,
    pub key: ObjectKey,
}

/// Which API server holds an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Home {
    /// The site's own (management) API server.
    Management,
    /// The API server of the workload cluster that this `Cluster` object describes.
    Workload(ObjectKey),
}

/// A collection that is watched: one kind on one API server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    pub site: SiteId,
    pub home: Home,
    pub kind: KindId,
    /// Field selector that narrows the collection (`regarding.uid=…`); empty for all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fields: String,
}

impl Source {
    pub fn management(site: &SiteId, kind: &str) -> Self {
        Self { site: site.clone(), home: Home::Management, kind: KindId::new(kind), fields: String::new() }
    }
    pub fn workload(cluster: &ClusterKey, kind: &str) -> Self {
        Self {
            site: cluster.site.clone(),
            home: Home::Workload(cluster.key.clone()),
            kind: KindId::new(kind),
            fields: String::new(),
        }
    }
    /// The workload cluster whose API this source reads, if it is not the management API.
    pub fn cluster(&self) -> Option<ClusterKey> {
        match &self.home {
            Home::Management => None,
            Home::Workload(key) => Some(ClusterKey { site: self.site.clone(), key: key.clone() }),
        }
    }
}

/// One object, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceRef {
    pub source: Source,
    pub key: ObjectKey,
}

impl ResourceRef {
    pub fn cluster_key(&self) -> ClusterKey {
        ClusterKey { site: self.source.site.clone(), key: self.key.clone() }
    }
}

impl fmt::Display for ResourceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.source.site)?;
        if let Home::Workload(cluster) = &self.source.home {
            write!(f, "{cluster}:")?;
        }
        write!(f, "{}/{}", self.source.kind.as_str(), self.key)
    }
}
