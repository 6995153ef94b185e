//! The kinds the console reads: which group and versions, where they live, how a row is made of
//! their JSON. One file a kind, one line here. Pure: bytes in, `domain::Object` out.
use serde::Serialize;

use crate::domain::{
    Facts, Object,
    site::{Discovery, ServedKind},
};

pub mod any;

mod bootstrap;
mod cluster;
mod cluster_class;
mod conditions;
mod control_plane;
mod event;
mod health_check;
mod lax;
mod machine;
mod machine_set;
mod meta;
mod node;
mod package;
mod plain;
mod pod;
mod pool;
mod release;
mod replicas;
mod words;

pub use any::AnyKind;
pub use meta::is_kept_annotation;
pub use plain::decode_plain;

/// Which API server holds objects of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Place {
    Management,
    Workload,
    /// Every API server has its own.
    Both,
}

/// One kind, as data.
pub struct Kind {
    /// Id used in sources, config and commands: `machine`.
    pub id: &'static str,
    /// The API's own kind name, for display: `Machine`.
    pub kind: &'static str,
    pub group: &'static str,
    pub plural: &'static str,
    /// Versions whose JSON `decode` understands, the preferred first.
    pub versions: &'static [&'static str],
    pub place: Place,
    /// Shown in the tree of a cluster, so followed while one is open.
    pub in_tree: bool,
    /// Makes a row of one object's JSON, given the version it was read in.
    pub decode: fn(version: &str, json: &str) -> Result<Object, serde_json::Error>,
}

impl Kind {
    /// The served version to read: the first we understand that the site serves.
    pub fn served<'a>(&self, discovery: &'a Discovery) -> Option<&'a ServedKind> {
        discovery.find(self.group, self.plural, self.versions)
    }

    /// `decode`, where an object that cannot be read becomes a row that says so: one bad object must
    /// not cost the others.
    pub fn read(&self, version: &str, json: &str) -> Object {
        (self.decode)(version, json).unwrap_or_else(|error| {
            let called = meta::Called { group: self.group, version, kind: self.kind };
            Object {
                meta: meta::salvage(json, called),
                conditions: Vec::new(),
                facts: Facts::Malformed(error.to_string()),
            }
        })
    }
}

/// Every kind the console reads.
pub static KINDS: &[&Kind] = &[
    &cluster::KIND,
    &control_plane::KIND,
    &pool::KIND,
    &machine_set::KIND,
    &machine::KIND,
    &health_check::KIND,
    &bootstrap::KIND,
    &cluster_class::KIND,
    &node::KIND,
    &pod::KIND,
    &event::KIND,
    &event::CORE,
    &release::KIND,
    &package::install::KIND,
    &package::app::KIND,
    &package::repository::KIND,
];

/// Finds a kind by its id.
pub fn find(id: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|k| k.id == id)
}

#[cfg(test)]
mod tests;
