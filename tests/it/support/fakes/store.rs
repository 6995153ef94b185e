//! What the fake server holds: objects, their history, and who watches.
use std::collections::BTreeMap;
use std::io;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

/// Someone who watches a collection.
pub struct Watcher {
    pub collection: String,
    pub events: UnboundedSender<io::Result<Bytes>>,
}

pub struct Store {
    pub version: u64,
    /// Versions up to this one are forgotten.
    pub compacted: u64,
    /// By collection path, then by `namespace/name`.
    objects: BTreeMap<String, BTreeMap<String, Value>>,
    history: Vec<(u64, String, Value)>,
    pub watchers: Vec<Watcher>,
}

pub fn line(kind: &str, object: &Value) -> Bytes {
    // In the order in which Go writes them.
    format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n").into()
}

fn name_of(object: &Value) -> String {
    let part = |field: &str| object["metadata"][field].as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part("namespace"), part("name"))
}

impl Default for Store {
    fn default() -> Self {
        Self {
            version: 100,
            compacted: 0,
            objects: BTreeMap::new(),
            history: Vec::new(),
            watchers: Vec::new(),
        }
    }
}

impl Store {
    pub fn list(&self, collection: &str) -> Vec<Value> {
        self.objects.get(collection).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }

    pub fn get(&self, collection: &str, name: &str) -> Option<Value> {
        self.objects.get(collection)?.get(name).cloned()
    }

    /// Creates or replaces an object under a new version.
    pub fn put(&mut self, collection: &str, mut object: Value) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        let of = self.objects.entry(collection.to_owned()).or_default();
        let kind = match of.insert(name_of(&object), object.clone()) {
            Some(_) => "MODIFIED",
            None => "ADDED",
        };
        self.tell(collection, kind, &object);
        object
    }

    pub fn delete(&mut self, collection: &str, name: &str) {
        let Some(mut object) = self.objects.get_mut(collection).and_then(|of| of.remove(name)) else {
            return;
        };
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.tell(collection, "DELETED", &object);
    }

    fn tell(&mut self, collection: &str, kind: &str, object: &Value) {
        let event = json!({ "collection": collection, "type": kind, "object": object });
        self.history.push((self.version, collection.to_owned(), event));
        self.send(collection, &line(kind, object));
    }

    /// Sends a line to all who watch the collection.
    pub fn send(&mut self, collection: &str, line: &Bytes) {
        self.watchers.retain(|watcher| {
            watcher.collection != collection || watcher.events.send(Ok(line.clone())).is_ok()
        });
    }

    /// What happened in a collection after a version; `None` when that is forgotten.
    pub fn since(&self, collection: &str, version: u64) -> Option<Vec<Bytes>> {
        (version >= self.compacted).then(|| {
            let after = self.history.iter().filter(|(at, of, _)| *at > version && of == collection);
            after.map(|(_, _, e)| line(e["type"].as_str().unwrap(), &e["object"])).collect()
        })
    }

    pub fn bookmark(&self, annotations: &Value) -> Bytes {
        let meta = json!({ "resourceVersion": self.version.to_string(), "annotations": annotations });
        line("BOOKMARK", &json!({ "kind": "Machine", "apiVersion": "v1", "metadata": meta }))
    }
}
