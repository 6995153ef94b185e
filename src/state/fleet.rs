//! All collections, and the join over them: which objects belong to which cluster.
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::collection::{Collection, Effect, Freshness, Slot};
use crate::{
    domain::{ClusterKey, KindId, Object, ObjectKey, ResourceRef, Source, Text, node::Resources, pod::Pod},
    msg::{Change, Observation},
};

/// Identity of an object while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjId {
    source: u32,
    index: u32,
    generation: u32,
}

impl ObjId {
    fn new(source: u32, slot: Slot) -> Self {
        Self { source, index: slot.index, generation: slot.generation }
    }
    fn slot(self) -> Slot {
        Slot { index: self.index, generation: self.generation }
    }
}

/// What changed since somebody last looked.
#[derive(Debug, Default)]
pub struct Changes {
    pub rows: Vec<ObjId>,
    /// The freshness of some collection changed.
    pub freshness: bool,
}

#[derive(Debug, Default)]
pub struct Fleet {
    collections: Vec<Collection>,
    by_source: HashMap<Source, u32>,
    /// Ordered, so that what is made of it is the same in a replay.
    members: HashMap<ClusterKey, BTreeSet<ObjId>>,
    requests: HashMap<(u32, Text), Resources>,
    changes: Changes,
}

impl Fleet {
    pub fn get(&self, id: ObjId) -> Option<(&Source, &Object)> {
        let collection = self.collections.get(id.source as usize)?;
        Some((&collection.source, collection.at(id.slot())?))
    }
    pub fn collection(&self, source: &Source) -> Option<&Collection> {
        self.by_source.get(source).and_then(|i| self.collections.get(*i as usize))
    }
    pub fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.collections.iter()
    }
    pub fn find(&self, target: &ResourceRef) -> Option<&Object> {
        Some(self.collection(&target.source)?.find(&target.key)?.1)
    }
    pub fn id_of(&self, target: &ResourceRef) -> Option<ObjId> {
        let index = *self.by_source.get(&target.source)?;
        let (slot, _) = self.collections.get(index as usize)?.find(&target.key)?;
        Some(ObjId::new(index, slot))
    }
    /// Every object of a kind, over all sites and clusters.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (ObjId, &Source, &Object)> {
        self.collections
            .iter()
            .zip(0_u32..)
            .filter(move |(c, _)| c.source.kind == *kind && c.source.fields.is_empty())
            .flat_map(|(c, i)| c.iter().map(move |(slot, object)| (ObjId::new(i, slot), &c.source, object)))
    }
    /// Objects of the management API that say they belong to a cluster.
    pub fn members(&self, cluster: &ClusterKey) -> impl Iterator<Item = (ObjId, &Source, &Object)> {
        self.members.get(cluster).into_iter().flatten().filter_map(|id| {
            let (source, object) = self.get(*id)?;
            Some((*id, source, object))
        })
    }

    /// The rows that changed since the last call.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Time alone has changed what a row says: it is taken in again.
    pub fn note_again(&mut self, id: ObjId) {
        self.changes.rows.push(id);
    }

    /// Makes an empty collection known, in state Loading.
    pub fn ensure(&mut self, source: &Source) -> u32 {
        if let Some(index) = self.by_source.get(source) {
            return *index;
        }
        let index = u32::try_from(self.collections.len()).unwrap_or(u32::MAX);
        self.collections.push(Collection::new(source.clone()));
        self.by_source.insert(source.clone(), index);
        self.changes.freshness = true;
        index
    }

    /// Drops the rows of a collection that nobody follows any more.
    pub fn forget(&mut self, source: &Source) {
        let Some(&index) = self.by_source.get(source) else { return };
        let slots: Vec<Slot> = self.collections[index as usize].iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            self.remove(index, slot);
        }
        self.collections[index as usize] = Collection::new(source.clone());
        self.changes.freshness = true;
    }

    /// Takes in what a source says.
    pub fn observe(&mut self, source: &Source, observation: Observation, now: Timestamp) {
        let index = self.ensure(source);
        match observation {
            Observation::Listing => self.collections[index as usize].begin_listing(),
            Observation::Changes(changes) => {
                self.collections[index as usize].as_of = now;
                for change in changes {
                    self.apply(index, change);
                }
            }
            Observation::Listed => {
                for slot in self.collections[index as usize].finish_listing() {
                    self.remove(index, slot);
                }
                self.set_freshness(index, Freshness::Live, now);
            }
            Observation::Resumed => self.set_freshness(index, Freshness::Live, now),
            Observation::Heard(at) => {
                let collection = &mut self.collections[index as usize];
                if collection.was_read() {
                    collection.as_of = collection.as_of.max(at.min(now));
                }
            }
            Observation::Failed { problem, retry_at } => self.fail(index, problem, retry_at, now),
            Observation::Forbidden(why) => self.set_freshness(index, Freshness::Forbidden { why }, now),
            Observation::Absent(why) => self.set_freshness(index, Freshness::Absent { why }, now),
        }
    }

    fn set_freshness(&mut self, index: u32, freshness: Freshness, now: Timestamp) {
        let collection = &mut self.collections[index as usize];
        if freshness == Freshness::Live {
            collection.as_of = now;
        }
        if collection.freshness != freshness {
            collection.freshness = freshness;
            self.changes.freshness = true;
        }
    }

    /// The data is as old as what was last heard, not as what was first noticed. The first failure stamps the age;
    /// later ones only say why and when the next try is.
    fn fail(&mut self, index: u32, why: crate::domain::Problem, retry_at: Option<Timestamp>, now: Timestamp) {
        let collection = &self.collections[index as usize];
        let since = match &collection.freshness {
            Freshness::Stale { since, .. } => *since,
            _ if collection.was_read() => collection.as_of,
            _ => now,
        };
        self.set_freshness(index, Freshness::Stale { since, why, retry_at }, now);
    }

    fn apply(&mut self, index: u32, change: Change) {
        match change {
            Change::Upsert(object) => self.upsert(index, *object),
            Change::Remove(key) => {
                if let Some((slot, _)) = self.collections[index as usize].find(&key) {
                    self.remove(index, slot);
                }
            }
        }
    }

    fn upsert(&mut self, index: u32, object: Object) {
        let collection = &mut self.collections[index as usize];
        let owner = owner_of(&collection.source, &object);
        let new_pod = object.pod().cloned();
        let (slot, effect, old) = collection.upsert(object);
        let id = ObjId::new(index, slot);
        if effect == Effect::Same {
            return;
        }
        self.count_pod(index, old.as_ref().and_then(Object::pod), new_pod.as_ref());
        let before = old.and_then(|old| owner_of(&self.collections[index as usize].source, &old));
        if before != owner {
            self.leave(before.as_ref(), id);
            if let Some(owner) = &owner {
                self.members.entry(owner.clone()).or_default().insert(id);
            }
        }
        self.note_install(index, id);
        self.note(id, owner.as_ref());
        self.note(id, before.as_ref().filter(|b| Some(*b) != owner.as_ref()));
    }

    fn remove(&mut self, index: u32, slot: Slot) {
        let Some(object) = self.collections[index as usize].remove(slot) else { return };
        let id = ObjId::new(index, slot);
        self.count_pod(index, object.pod(), None);
        let owner = owner_of(&self.collections[index as usize].source, &object);
        self.leave(owner.as_ref(), id);
        self.note_beside(index, &object.meta.key());
        self.note(id, owner.as_ref());
    }

    /// What the pods on a node ask for, where the pods of its cluster are followed.
    pub fn requested(&self, nodes: &Source, node: &str) -> Option<Resources> {
        let pods = Source { kind: KindId::new("pod"), ..nodes.clone() };
        let index = *self.by_source.get(&pods)?;
        (self.collections.get(index as usize)?.freshness == Freshness::Live).then(|| {
            self.requests.get(&(index, Text::from(node))).copied().unwrap_or(Resources {
                cpu: Some(0),
                memory: Some(0),
                pods: Some(0),
            })
        })
    }

    /// Keeps the sums per node as pods come, change and go.
    fn count_pod(&mut self, index: u32, old: Option<&Pod>, new: Option<&Pod>) {
        for (pod, sign) in old.into_iter().map(|p| (p, false)).chain(new.into_iter().map(|p| (p, true))) {
            if !pod.is_counted() {
                continue;
            }
            let sum = self.requests.entry((index, pod.node.clone())).or_default();
            let add = |sum: &mut Option<u64>, n: u64| {
                let now = sum.unwrap_or(0);
                *sum = Some(if sign { now + n } else { now.saturating_sub(n) });
            };
            add(&mut sum.cpu, pod.requests.cpu.unwrap_or(0));
            add(&mut sum.memory, pod.requests.memory.unwrap_or(0));
            add(&mut sum.pods, 1);
            self.note_node(index, &pod.node.clone());
        }
    }

    /// The row of a package says what its App is at.
    fn note_install(&mut self, index: u32, id: ObjId) {
        let Some(key) = self.get(id).filter(|(_, o)| o.app().is_some()).map(|(_, o)| o.meta.key()) else {
            return;
        };
        self.note_beside(index, &key);
    }

    fn note_beside(&mut self, apps: u32, key: &ObjectKey) {
        let source = &self.collections[apps as usize].source;
        if source.kind != *"app" {
            return;
        }
        let installs = Source { kind: KindId::new("package-install"), ..source.clone() };
        if let Some(id) = self.id_of(&ResourceRef { source: installs, key: key.clone() }) {
            self.changes.rows.push(id);
        }
    }

    fn note_node(&mut self, pods: u32, node: &Text) {
        let source = &self.collections[pods as usize].source;
        let nodes = Source { kind: KindId::new("node"), ..source.clone() };
        if let Some(id) = self.id_of(&ResourceRef { source: nodes, key: ObjectKey::new("", node) }) {
            self.changes.rows.push(id);
        }
    }

    fn leave(&mut self, cluster: Option<&ClusterKey>, id: ObjId) {
        let Some(cluster) = cluster else { return };
        if let Some(set) = self.members.get_mut(cluster) {
            set.remove(&id);
            if set.is_empty() {
                self.members.remove(cluster);
            }
        }
    }

    /// A row changed, and with it the row of the cluster it is counted in.
    fn note(&mut self, id: ObjId, owner: Option<&ClusterKey>) {
        if self.changes.rows.last() != Some(&id) {
            self.changes.rows.push(id);
        }
        let Some(owner) = owner else { return };
        let cluster =
            ResourceRef { source: Source::management(&owner.site, "cluster"), key: owner.key.clone() };
        if let Some(id) = self.id_of(&cluster)
            && self.changes.rows.last() != Some(&id)
        {
            self.changes.rows.push(id);
        }
    }
}

/// The cluster that an object of the management API belongs to by its label.
fn owner_of(source: &Source, object: &Object) -> Option<ClusterKey> {
    if source.cluster().is_some() || object.cluster().is_some() {
        return None;
    }
    let name = object.meta.cluster_name()?;
    Some(ClusterKey { site: source.site.clone(), key: ObjectKey::new(&object.meta.namespace, name) })
}
