//! Reading: one object, a list at a revision, and what happened since.
use std::{ops::Bound, sync::Arc};

use serde_json::Value;
use tokio::sync::watch;

use super::{Api, Event, Key, Object, Refusal, Resource, shelf::Shelf};

/// A list, and the revision it is true for.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    pub revision: u64,
    /// Ordered by namespace and name.
    pub objects: Vec<Arc<Object>>,
    /// There is more: what the next page begins after.
    pub more: Option<Key>,
}

impl Api {
    /// One object; `namespace` is empty for what lies in none.
    pub fn get(&self, resource: &Resource, namespace: &str, name: &str) -> Option<Arc<Object>> {
        let slot = self.slot(resource)?;
        let key = (Arc::from(namespace), Arc::from(name));
        self.data().shelves[slot].objects.get(&key).cloned()
    }

    /// One object as a tree.
    pub fn value(&self, resource: &Resource, namespace: &str, name: &str) -> Option<Value> {
        self.get(resource, namespace, name).map(|o| o.value())
    }

    /// Everything of a resource, of one namespace or of all.
    pub fn list(&self, resource: &Resource, namespace: Option<&str>) -> Listed {
        self.page(resource, namespace, None, usize::MAX)
    }

    /// A list as trees, for those who need all of each.
    pub fn values(&self, resource: &Resource, namespace: Option<&str>) -> Vec<Value> {
        self.list(resource, namespace).objects.iter().map(|o| o.value()).collect()
    }

    /// At most so many objects that come after a key.
    pub fn page(
        &self,
        resource: &Resource,
        namespace: Option<&str>,
        after: Option<&Key>,
        most: usize,
    ) -> Listed {
        let data = self.data();
        let mut listed = Listed { revision: data.revision, ..Listed::default() };
        let Some(slot) = self.slot(resource) else { return listed };
        for (key, object) in range(&data.shelves[slot], namespace, after) {
            if namespace.is_some_and(|n| n != &*key.0) {
                break;
            }
            if listed.objects.len() == most {
                listed.more = listed.objects.last().map(|o| o.key());
                break;
            }
            listed.objects.push(object.clone());
        }
        listed
    }

    /// How many there are.
    pub fn count(&self, resource: &Resource) -> usize {
        self.slot(resource).map_or(0, |slot| self.data().shelves[slot].objects.len())
    }

    /// What is owned by an object, whatever it is.
    pub fn owned(&self, uid: &str) -> Vec<(&'static Resource, Arc<Object>)> {
        let data = self.data();
        let places = data.owned.get(uid).map(Vec::as_slice).unwrap_or_default();
        let found = places.iter().filter_map(|p| {
            Some((self.shared.served[p.slot].resource, data.shelves[p.slot].objects.get(&p.key)?.clone()))
        });
        found.collect()
    }

    /// What happened to a resource after a revision; an error when that is too long ago.
    pub fn changed_since(&self, resource: &Resource, revision: u64) -> Result<Vec<Event>, Refusal> {
        let Some(slot) = self.slot(resource) else { return Ok(Vec::new()) };
        let data = self.data();
        data.shelves[slot].since(revision, data.revision)
    }

    /// Is woken by every write of a resource, and holds the revision of the last one.
    pub fn subscribe(&self, resource: &Resource) -> Option<watch::Receiver<u64>> {
        let slot = self.slot(resource)?;
        Some(self.data().shelves[slot].subscribe())
    }

    /// Is woken by every write.
    pub fn subscribe_all(&self) -> watch::Receiver<u64> {
        self.shared.revision.subscribe()
    }

    /// Forgets what happened, as a compaction does: who comes with an older revision must list again.
    pub fn compact(&self) {
        self.data().shelves.iter_mut().for_each(Shelf::compact);
    }
}

fn range<'a>(
    slot: &'a Shelf,
    namespace: Option<&str>,
    after: Option<&Key>,
) -> impl Iterator<Item = (&'a Key, &'a Arc<Object>)> {
    let first = (Arc::from(namespace.unwrap_or_default()), Arc::from(""));
    let from = match after {
        Some(key) => Bound::Excluded(key.clone()),
        None => Bound::Included(first),
    };
    slot.objects.range((from, Bound::Unbounded))
}
