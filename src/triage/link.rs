//! References from object to object (`infrastructureRef`, owners, `nodeRef`): where what they name is
//! followed, and what is known of it. An object that cannot be seen is never taken for one that is gone.
use std::{borrow::Cow, cell::RefCell};

use crate::{
    domain::{ClusterKey, KindId, Object, ObjectKey, ResourceRef, SiteId, Source, Text, cluster::ObjectLink},
    kinds,
    state::{
        State,
        collection::{Collection, Freshness},
        workloads::Reach,
    },
};

/// What is known of an object that another one names.
#[derive(Debug, Clone)]
pub enum Linked<'a> {
    Here(ResourceRef, &'a Object),
    /// Its collection is whole, and it is not in it.
    Gone,
    /// It may be there; why it cannot be seen.
    Unseen(Cow<'a, str>),
}

/// Follows references of one site; what discovery says of a kind is looked up once.
pub struct Links<'a> {
    state: &'a State,
    site: &'a SiteId,
    known: RefCell<Vec<Known<'a>>>,
}

/// Where objects of a group and kind are.
struct Known<'a> {
    group: &'a str,
    kind: &'a str,
    source: Option<Source>,
    collection: Option<&'a Collection>,
}

/// What a reference leads to, at a glance.
#[derive(Debug, Clone, Copy)]
pub enum Glance<'a> {
    Here(&'a Object),
    Gone,
    Unseen,
}

impl<'a> Links<'a> {
    pub fn new(state: &'a State, site: &'a SiteId) -> Self {
        Self { state, site, known: RefCell::default() }
    }

    fn known<T>(&self, link: &'a ObjectLink, f: impl FnOnce(&Known<'a>) -> T) -> T {
        let mut known = self.known.borrow_mut();
        let (group, kind) = (link.group.as_str(), link.kind.as_str());
        let at = known.iter().position(|k| k.group == group && k.kind == kind).unwrap_or_else(|| {
            let source = source(self.state, self.site, group, kind);
            let collection = source.as_ref().and_then(|s| self.state.fleet.collection(s));
            known.push(Known { group, kind, source, collection });
            known.len() - 1
        });
        f(&known[at])
    }

    /// The object that a reference names, without a word on why it is not seen: what many machines ask.
    pub fn glance(&self, namespace: &Text, link: &'a ObjectLink) -> Glance<'a> {
        let key = ObjectKey { namespace: namespace.shared(), name: link.name.shared() };
        glance(self.known(link, |k| k.collection), &key)
    }

    /// The object that a reference of an object in `namespace` names.
    pub fn resolve(&self, namespace: &Text, link: &'a ObjectLink) -> Linked<'a> {
        let Some(source) = self.known(link, |k| k.source.clone()) else {
            return Linked::Unseen("not read here".into());
        };
        let key = ObjectKey { namespace: namespace.shared(), name: link.name.shared() };
        look(self.state, ResourceRef { source, key })
    }
}

/// What a collection has under a key.
pub fn glance<'a>(collection: Option<&'a Collection>, key: &ObjectKey) -> Glance<'a> {
    match collection {
        None => Glance::Unseen,
        Some(collection) => match collection.find(key) {
            Some((_, object)) => Glance::Here(object),
            None if collection.freshness == Freshness::Live => Glance::Gone,
            None => Glance::Unseen,
        },
    }
}

/// The collection that holds objects of a kind on a site's management API, where it is served.
pub fn source(state: &State, site: &SiteId, group: &str, kind: &str) -> Option<Source> {
    let discovery = state.sites.get(site)?.discovery()?;
    let id = kinds::any::id_of(discovery, group, kind)?;
    Some(Source { kind: id, ..Source::management(site, "") })
}

/// The collection that holds what an apiVersion and a kind name, beside another object.
pub fn beside(state: &State, source: &Source, api_version: &str, kind: &str) -> Option<Source> {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if source.cluster().is_some() {
        let known = kinds::KINDS.iter().find(|k| k.group == group && k.kind == kind)?;
        return Some(Source { kind: KindId::new(known.id), fields: String::new(), ..source.clone() });
    }
    self::source(state, &source.site, group, kind)
}

/// The node of a machine, in the `nodes` of its cluster.
pub fn node<'a>(state: &'a State, cluster: &ClusterKey, nodes: &Source, name: &Text) -> Linked<'a> {
    if state.fleet.collection(nodes).is_some() {
        let key = ObjectKey { namespace: Text::default().shared(), name: name.shared() };
        return look(state, ResourceRef { source: nodes.clone(), key });
    }
    Linked::Unseen(match state.workloads.get(cluster) {
        None => "not read here".into(),
        Some(Reach::Connecting | Reach::Live { .. }) => "connecting".into(),
        Some(Reach::NeedsConsent) => "not read: needs the kubeconfig Secret".into(),
        Some(Reach::Failing { problem, .. }) => format!("not read: {}", problem.summary).into(),
    })
}

/// What is known of an object.
pub fn look(state: &State, target: ResourceRef) -> Linked<'_> {
    let Some(collection) = state.fleet.collection(&target.source) else {
        return Linked::Unseen("not read here".into());
    };
    if let Some((_, object)) = collection.find(&target.key) {
        return Linked::Here(target, object);
    }
    match &collection.freshness {
        Freshness::Live => Linked::Gone,
        Freshness::Loading => Linked::Unseen("loading".into()),
        Freshness::Stale { why, .. } | Freshness::Forbidden { why } | Freshness::Absent { why } => {
            Linked::Unseen(format!("not read: {}", why.summary).into())
        }
    }
}
