//! Ends of objects: finalizers hold them, owners take what they own along, namespaces what lies in them.
use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Api, Change, Data, Delete, Event, Object, Place, Propagation,
    resource::{NAMESPACES, PODS},
    write::{metadata, stamp},
};

const FOREGROUND: &str = "foregroundDeletion";

impl Data {
    /// Keeps the indexes of uids and owners.
    pub(super) fn own(&mut self, place: &Place, before: Option<&Object>, after: Option<&Object>) {
        match (before, after) {
            (None, Some(new)) => _ = self.living.insert(new.uid.clone(), place.clone()),
            (Some(old), None) => _ = self.living.remove(&old.uid),
            _ => {}
        }
        let old = before.map(|o| &*o.owners).unwrap_or_default();
        let new = after.map(|o| &*o.owners).unwrap_or_default();
        if old == new {
            return;
        }
        for owner in old.iter().filter(|o| !new.contains(o)) {
            if let Some(places) = self.owned.get_mut(owner) {
                places.retain(|p| p != place);
                if places.is_empty() {
                    self.owned.remove(owner);
                }
            }
        }
        for owner in new.iter().filter(|o| !old.contains(o)) {
            self.owned.entry(owner.clone()).or_default().push(place.clone());
        }
    }

    fn object(&self, place: &Place) -> Option<Arc<Object>> {
        self.shelves[place.slot].objects.get(&place.key).cloned()
    }

    /// What is owned by an object and still there.
    fn dependents(&self, uid: &str) -> Vec<Place> {
        self.owned.get(uid).cloned().unwrap_or_default()
    }
}

impl Api {
    /// Ends an object, or marks it where something holds it.
    pub(super) fn begin_delete(&self, data: &mut Data, place: &Place, how: &Delete) -> Arc<Object> {
        let Some(old) = data.object(place) else { return Arc::new(Object::new(&Value::Null, 0)) };
        let resource = self.shared.served[place.slot].resource;
        let mut value = old.value();
        let was_deleting = old.deleting;
        let dependents = data.dependents(&old.uid);
        match how.propagation {
            Propagation::Foreground if !dependents.is_empty() => add_finalizer(&mut value, FOREGROUND),
            Propagation::Orphan => self.orphan(data, &old.uid),
            _ => {}
        }
        let graceful = resource.is(&PODS) && value["spec"]["nodeName"].is_string();
        let own = value["spec"]["terminationGracePeriodSeconds"].as_i64().unwrap_or(30);
        let grace = if graceful { how.grace.unwrap_or(own).max(0) } else { 0 };
        let held = value["metadata"]["finalizers"].as_array().is_some_and(|f| !f.is_empty());
        let is_namespace = resource.is(&NAMESPACES);
        if !was_deleting {
            let now = self.now();
            let at = now.checked_add(jiff::SignedDuration::from_secs(grace)).unwrap_or(now);
            let meta = metadata(&mut value);
            meta.insert("deletionTimestamp".into(), stamp(at).into());
            if resource.generation {
                let next = meta.get("generation").and_then(Value::as_i64).unwrap_or(1) + 1;
                meta.insert("generation".into(), next.into());
            }
        }
        if !was_deleting || grace == 0 {
            metadata(&mut value).insert("deletionGracePeriodSeconds".into(), grace.into());
        }
        if is_namespace {
            value["status"] = json!({ "phase": "Terminating" });
        }
        let ended = if held || grace > 0 || is_namespace {
            if value == old.value() { old.clone() } else { self.keep(data, place, value, &old) }
        } else {
            self.remove(data, place, value)
        };
        if how.propagation == Propagation::Foreground {
            self.delete_all(data, &dependents, how.propagation);
        }
        if is_namespace {
            self.empty_namespace(data, place, &old.name);
        }
        ended
    }

    /// Writes a version of an object that is held while it is being deleted.
    fn keep(&self, data: &mut Data, place: &Place, mut value: Value, old: &Arc<Object>) -> Arc<Object> {
        data.revision += 1;
        let revision = data.revision;
        metadata(&mut value).insert("resourceVersion".into(), revision.to_string().into());
        let object = Arc::new(Object::new(&value, revision));
        data.own(place, Some(old), Some(&object));
        let slot = &mut data.shelves[place.slot];
        slot.objects.insert(place.key.clone(), object.clone());
        slot.record(Event {
            revision,
            change: Change::Modified,
            object: object.clone(),
            previous: Some(old.clone()),
        });
        self.shared.revision.send_replace(revision);
        object
    }

    /// Takes an object away, and what only it owned.
    pub(super) fn remove(&self, data: &mut Data, place: &Place, mut value: Value) -> Arc<Object> {
        data.revision += 1;
        let revision = data.revision;
        metadata(&mut value).insert("resourceVersion".into(), revision.to_string().into());
        let object = Arc::new(Object::new(&value, revision));
        let slot = &mut data.shelves[place.slot];
        let previous = slot.objects.remove(&place.key);
        slot.record(Event {
            revision,
            change: Change::Deleted,
            object: object.clone(),
            previous: previous.clone(),
        });
        data.own(place, previous.as_deref(), None);
        self.shared.revision.send_replace(revision);
        let orphans = data.dependents(&object.uid);
        self.delete_all(data, &orphans, Propagation::Background);
        for owner in previous.iter().flat_map(|p| p.owners.iter()) {
            self.let_owner_go(data, owner);
        }
        self.close_namespace(data, &place.key.0);
        object
    }

    /// Deletes what is owned; what has another owner left stays.
    fn delete_all(&self, data: &mut Data, places: &[Place], propagation: Propagation) {
        for place in places {
            let Some(object) = data.object(place) else { continue };
            let shared = object.owners.len() > 1 && object.owners.iter().any(|o| data.living.contains_key(o));
            if !(object.deleting || shared && propagation == Propagation::Background) {
                self.begin_delete(data, place, &Delete { propagation, ..Delete::default() });
            }
        }
    }

    /// An owner that waits for what it owns goes when the last of it is gone.
    fn let_owner_go(&self, data: &mut Data, owner: &str) {
        if !data.dependents(owner).is_empty() {
            return;
        }
        let Some(place) = data.living.get(owner).cloned() else { return };
        let Some(object) = data.object(&place).filter(|o| o.deleting) else { return };
        let mut value = object.value();
        let Some(finalizers) = value["metadata"]["finalizers"].as_array_mut() else { return };
        let before = finalizers.len();
        finalizers.retain(|f| f != FOREGROUND);
        if finalizers.len() != before {
            self.put(data, place, value, Some(object));
        }
    }

    /// What an object owned is nobody's from now on.
    fn orphan(&self, data: &mut Data, owner: &str) {
        for place in data.dependents(owner) {
            let Some(object) = data.object(&place) else { continue };
            let mut value = object.value();
            if let Some(owners) = value["metadata"]["ownerReferences"].as_array_mut() {
                owners.retain(|o| o["uid"] != owner);
            }
            self.put(data, place, value, Some(object));
        }
    }

    fn empty_namespace(&self, data: &mut Data, namespace: &Place, name: &str) {
        let inside: Vec<Place> = (0..data.shelves.len())
            .flat_map(|slot| {
                let keys = data.shelves[slot].objects.keys().filter(|k| &*k.0 == name);
                keys.map(|key| Place { slot, key: key.clone() }).collect::<Vec<_>>()
            })
            .collect();
        for place in inside {
            self.begin_delete(data, &place, &Delete { grace: Some(0), ..Delete::default() });
        }
        self.close_namespace(data, &namespace.key.1);
    }

    /// A namespace that is being deleted goes with the last object in it.
    fn close_namespace(&self, data: &mut Data, name: &Arc<str>) {
        let Some(slot) = self.slot(&NAMESPACES).filter(|_| !name.is_empty()) else { return };
        let place = Place { slot, key: (Arc::from(""), name.clone()) };
        let Some(object) = data.object(&place).filter(|o| o.deleting) else { return };
        let first = (name.clone(), Arc::from(""));
        let inside = |(key, _): (&super::Key, &Arc<Object>)| key.0 == *name;
        let empty = data.shelves.iter().all(|s| !s.objects.range(first.clone()..).next().is_some_and(inside));
        if empty {
            self.remove(data, &place, object.value());
        }
    }
}

fn add_finalizer(value: &mut Value, name: &str) {
    let finalizers = metadata(value).entry("finalizers").or_insert_with(|| json!([]));
    if let Some(list) = finalizers.as_array_mut().filter(|l| l.iter().all(|f| f != name)) {
        list.push(name.into());
    }
}
