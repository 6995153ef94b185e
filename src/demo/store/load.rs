//! Taking in objects that have been there for long: with the uid, the times and the generation they come with.
//! For what a fleet starts with, and for controllers that make objects of which they know the uid beforehand.
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Api, Object, Place, Resource};

impl Api {
    /// The resource of an object, by its `apiVersion` and `kind`; none where it is not served.
    pub fn resource_of(&self, value: &Value) -> Option<&'static Resource> {
        let group = value["apiVersion"].as_str()?.split_once('/').map_or("", |(group, _)| group);
        let kind = value["kind"].as_str()?;
        self.served().iter().map(|s| s.resource).find(|r| r.kind == kind && r.group == group)
    }

    /// Takes an object in as it is, in the place of one that has its name; `None` where its kind is not served.
    pub fn load(&self, mut value: Value) -> Option<Arc<Object>> {
        let slot = self.slot(self.resource_of(&value)?)?;
        self.label(slot, &mut value);
        let place = Place { slot, key: Object::new(&json!({"metadata": value["metadata"]}), 0).key() };
        let mut data = self.data();
        let previous = data.shelves[slot].objects.get(&place.key).cloned();
        Some(self.put(&mut data, place, value, previous))
    }
}
