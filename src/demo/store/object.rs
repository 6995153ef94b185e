//! One object as it is kept: its JSON, and the few fields that the store itself needs again and again.
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::Key;

/// One version of one object. Never changes; a write makes another one.
#[derive(Debug)]
pub struct Object {
    /// The whole object, with `apiVersion` and `kind`.
    pub json: Bytes,
    pub namespace: Arc<str>,
    pub name: Arc<str>,
    pub uid: Arc<str>,
    pub revision: u64,
    /// Uids of its owners.
    pub owners: Box<[Arc<str>]>,
    /// It has a `deletionTimestamp`.
    pub deleting: bool,
}

impl Object {
    /// Takes an object in; what is missing of the fields is left empty.
    pub(super) fn new(value: &Value, revision: u64) -> Self {
        let meta = &value["metadata"];
        let text = |field: &str| Arc::from(meta[field].as_str().unwrap_or_default());
        let owners = meta["ownerReferences"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            json: serde_json::to_vec(value).unwrap_or_default().into(),
            namespace: text("namespace"),
            name: text("name"),
            uid: text("uid"),
            revision,
            owners: owners.iter().filter_map(|o| o["uid"].as_str()).map(Arc::from).collect(),
            deleting: meta["deletionTimestamp"].is_string(),
        }
    }

    /// The object as a tree, to read or change.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }

    /// A few fields alone, for those who know which: much cheaper than [`Object::value`].
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_slice(&self.json).ok()
    }

    /// Its labels.
    pub fn labels(&self) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
        head_of(&self.json).metadata.labels
    }

    pub fn key(&self) -> Key {
        (self.namespace.clone(), self.name.clone())
    }
}

/// What selectors look at.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Head<'a> {
    #[serde(borrow)]
    pub metadata: HeadMeta<'a>,
}

/// The metadata of a [`Head`].
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct HeadMeta<'a> {
    #[serde(borrow)]
    pub labels: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

/// Reads what selectors look at.
pub fn head_of(json: &[u8]) -> Head<'_> {
    serde_json::from_slice(json).unwrap_or_default()
}
