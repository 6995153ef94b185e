//! The kinds the console reads: which group and versions, where they live, how a row is made of
//! their JSON. One file a kind, one line here. Pure: bytes in, `domain::Object` out.
use serde::Serialize;

use crate::domain::{Object, site::Discovery, site::ServedKind};

mod cluster;

/// Which API server holds objects of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Place {
    Management,
    Workload,
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
}

/// Every kind the console reads.
pub static KINDS: &[&Kind] = &[&cluster::KIND];

/// Finds a kind by its id.
pub fn find(id: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|k| k.id == id)
}
