//! Writing: what an API server does to every object on its way in: names, uids, times, revisions, generations,
//! finalizers. Nothing is written, and nobody woken, where nothing changed.
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Api, Change, Data, Event, Object, Place, Refusal, Resource};

/// How a write is meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Everything is done but the writing.
    pub dry_run: bool,
    /// Refused where the object is not of this revision any more.
    pub revision: Option<u64>,
}

/// What becomes of what is owned by a deleted object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Propagation {
    /// It goes after its owner.
    #[default]
    Background,
    /// It goes first.
    Foreground,
    /// It stays.
    Orphan,
}

/// How a deletion is meant.
#[derive(Debug, Clone, Default)]
pub struct Delete {
    pub propagation: Propagation,
    pub dry_run: bool,
    /// Refused unless the object has this uid.
    pub uid: Option<String>,
    /// Refused unless the object is of this revision.
    pub revision: Option<u64>,
    /// Seconds a pod has to end; 0 to have it gone at once.
    pub grace: Option<i64>,
}

impl Api {
    /// Makes an object. The status it comes with is kept.
    pub fn create(&self, resource: &Resource, value: Value) -> Result<Arc<Object>, Refusal> {
        self.create_with(resource, value, Options::default())
    }

    /// Makes an object, or only says what would be made.
    pub fn create_with(
        &self,
        resource: &Resource,
        mut value: Value,
        options: Options,
    ) -> Result<Arc<Object>, Refusal> {
        let Some(slot) = self.slot(resource) else { return Err(Refusal::not_found(resource, "")) };
        let mut data = self.data();
        let names = &mut data.names;
        let suffix = || names.suffix();
        name(resource, &mut value, suffix)?;
        let uid = data.names.uid();
        let meta = metadata(&mut value);
        meta.insert("uid".into(), uid.into());
        if !meta.get("creationTimestamp").is_some_and(Value::is_string) {
            meta.insert("creationTimestamp".into(), stamp(self.now()).into());
        }
        meta.remove("deletionTimestamp");
        meta.remove("deletionGracePeriodSeconds");
        meta.remove("selfLink");
        if resource.generation {
            meta.insert("generation".into(), 1.into());
        } else {
            meta.remove("generation");
        }
        self.label(slot, &mut value);
        let place = Place { slot, key: Object::new(&json!({"metadata": value["metadata"]}), 0).key() };
        if data.shelves[slot].objects.contains_key(&place.key) {
            return Err(Refusal::exists(resource, &place.key.1));
        }
        if options.dry_run {
            return Ok(Arc::new(Object::new(&value, 0)));
        }
        Ok(self.put(&mut data, place, value, None))
    }

    /// Changes an object. The closure may be called again when somebody else wrote in between.
    pub fn modify(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
        change: impl FnMut(&mut Value),
    ) -> Result<Arc<Object>, Refusal> {
        let mut change = change;
        self.try_modify(resource, namespace, name, Options::default(), |value| {
            change(value);
            Ok(())
        })
    }

    /// Changes an object unless the closure, which may be called several times, refuses.
    pub fn try_modify(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
        options: Options,
        mut change: impl FnMut(&mut Value) -> Result<(), Refusal>,
    ) -> Result<Arc<Object>, Refusal> {
        let Some(slot) = self.slot(resource) else { return Err(Refusal::not_found(resource, name)) };
        loop {
            let Some(old) = self.get(resource, namespace, name) else {
                return Err(Refusal::not_found(resource, name));
            };
            if options.revision.is_some_and(|wanted| wanted != old.revision) {
                return Err(Refusal::outdated(resource, name));
            }
            let before = old.value();
            let mut after = before.clone();
            change(&mut after)?;
            keep_fixed(resource, &before, &mut after);
            self.label(slot, &mut after);
            if before == after {
                return Ok(old);
            }
            if options.dry_run {
                return Ok(Arc::new(Object::new(&after, old.revision)));
            }
            let place = Place { slot, key: old.key() };
            let mut data = self.data();
            if data.shelves[slot].objects.get(&place.key).is_none_or(|now| now.revision != old.revision) {
                continue;
            }
            return Ok(self.put(&mut data, place, after, Some(old)));
        }
    }

    /// Deletes an object: at once, or, where finalizers hold it, by marking it. Returns it as it was last.
    pub fn delete(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
        how: &Delete,
    ) -> Result<Arc<Object>, Refusal> {
        let missing = || Refusal::not_found(resource, name);
        let slot = self.slot(resource).ok_or_else(missing)?;
        let mut data = self.data();
        let key = (Arc::from(namespace), Arc::from(name));
        let object = data.shelves[slot].objects.get(&key).cloned().ok_or_else(missing)?;
        if let Some(uid) = how.uid.as_deref().filter(|uid| *uid != &*object.uid) {
            let why = format!(
                "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
                object.uid
            );
            return Err(Refusal::conflict(resource, name, &why));
        }
        if how.revision.is_some_and(|revision| revision != object.revision) {
            let why = format!(
                "Precondition failed: ResourceVersion in precondition: {}, ResourceVersion in object meta: {}",
                how.revision.unwrap_or_default(),
                object.revision
            );
            return Err(Refusal::conflict(resource, name, &why));
        }
        if how.dry_run {
            return Ok(object);
        }
        Ok(self.begin_delete(&mut data, &Place { slot, key }, how))
    }

    /// Writes a version of an object, or, where it was only waiting for its last finalizer, ends it.
    pub(super) fn put(
        &self,
        data: &mut Data,
        place: Place,
        mut value: Value,
        previous: Option<Arc<Object>>,
    ) -> Arc<Object> {
        let meta = &value["metadata"];
        let held = meta["finalizers"].as_array().is_some_and(|f| !f.is_empty())
            || meta["deletionGracePeriodSeconds"].as_i64().is_some_and(|s| s > 0);
        if previous.is_some() && meta["deletionTimestamp"].is_string() && !held {
            return self.remove(data, &place, value);
        }
        data.revision += 1;
        let revision = data.revision;
        metadata(&mut value).insert("resourceVersion".into(), revision.to_string().into());
        let object = Arc::new(Object::new(&value, revision));
        data.own(&place, previous.as_deref(), Some(&object));
        let change = if previous.is_some() { Change::Modified } else { Change::Added };
        let slot = &mut data.shelves[place.slot];
        slot.objects.insert(place.key, object.clone());
        slot.record(Event { revision, change, object: object.clone(), previous });
        self.shared.revision.send_replace(revision);
        object
    }

    pub(super) fn label(&self, slot: usize, value: &mut Value) {
        let served = self.shared.served[slot];
        if let Some(fields) = value.as_object_mut() {
            fields.insert("apiVersion".into(), served.api_version().into());
            fields.insert("kind".into(), served.resource.kind.into());
        }
    }
}

/// A time as objects have it.
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The metadata, which is made where it is missing.
pub(super) fn metadata(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    if !value["metadata"].is_object() {
        value["metadata"] = json!({});
    }
    match &mut value["metadata"] {
        Value::Object(fields) => fields,
        _ => unreachable!("was made an object above"),
    }
}

/// Makes sure that there is a name, and a namespace where one is needed.
fn name(resource: &Resource, value: &mut Value, suffix: impl FnOnce() -> String) -> Result<(), Refusal> {
    let meta = metadata(value);
    let named = meta.get("name").and_then(Value::as_str).is_some_and(|n| !n.is_empty());
    if !named {
        let Some(base) = meta.get("generateName").and_then(Value::as_str).filter(|b| !b.is_empty()) else {
            let cause = super::Cause {
                reason: "FieldValueRequired",
                field: "metadata.name".into(),
                message: "Required value: name or generateName is required".into(),
            };
            return Err(Refusal::invalid(resource, "", &[cause]));
        };
        let name = format!("{base}{}", suffix());
        meta.insert("name".into(), name.into());
    }
    if resource.namespaced {
        meta.entry("namespace").or_insert_with(|| "default".into());
    } else {
        meta.remove("namespace");
    }
    Ok(())
}

/// What a client cannot change stays; the generation counts what it did change of what is asked for.
fn keep_fixed(resource: &Resource, before: &Value, after: &mut Value) {
    const FIXED: &[&str] = &[
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "resourceVersion",
        "generation",
        "generateName",
    ];
    let asked = |value: &Value| {
        let mut value = value.clone();
        if let Some(fields) = value.as_object_mut() {
            for field in ["metadata", "status", "apiVersion", "kind"] {
                fields.remove(field);
            }
        }
        value
    };
    let generation = before["metadata"]["generation"].as_i64().unwrap_or(1);
    let changed = resource.generation && asked(before) != asked(after);
    let meta = metadata(after);
    for field in FIXED {
        match before["metadata"].get(*field) {
            Some(kept) => meta.insert((*field).into(), kept.clone()),
            None => meta.remove(*field),
        };
    }
    if changed {
        meta.insert("generation".into(), (generation + 1).into());
    }
}
