//! Sites: the management endpoints of the fleet, how they are reached and what they serve.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Problem, SiteId};

/// How careful the console is with a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// Lab: ordinary confirmation.
    Low,
    #[default]
    Normal,
    /// Production: typed names, a reason, headless `--yes` refused without one.
    High,
}

/// What the operator said about a site; never a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSpec {
    pub id: SiteId,
    /// The kubeconfig context it is reached by.
    pub context: String,
    /// API server address, for display and for matching workload contexts.
    pub server: String,
    pub tags: BTreeMap<String, String>,
    pub protection: Protection,
    /// A theme role or palette name for the site's badge; empty for the default.
    pub colour: String,
    /// The operator asked for write access when starting (`--write SITE`).
    pub write: bool,
}

/// One API group and version that a site serves, with its kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServedKind {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub plural: String,
    pub namespaced: bool,
    /// An aggregated API whose server is down: the kind exists but cannot be read now.
    pub stale: bool,
}

/// What discovery said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Discovery {
    pub kinds: Vec<ServedKind>,
    /// Aggregated discovery was served, or the plain calls had to do.
    pub aggregated: bool,
}

impl Discovery {
    /// The served kind of a group, in the first of `versions` that is served, else in the first found.
    pub fn find(&self, group: &str, plural: &str, versions: &[&str]) -> Option<&ServedKind> {
        let served = || self.kinds.iter().filter(|k| k.group == group && k.plural == plural);
        versions.iter().find_map(|v| served().find(|k| k.version == *v)).or_else(|| served().next())
    }
    pub fn serves_group(&self, group: &str) -> bool {
        self.kinds.iter().any(|k| k.group == group)
    }
}

/// What a site told us when we connected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Greeting {
    /// `gitVersion` of the API server.
    pub version: String,
    /// Who we are there, where the server says (`SelfSubjectReview`).
    pub identity: String,
    pub groups: Vec<String>,
    pub discovery: Discovery,
    /// Round trip of a small request, milliseconds.
    pub latency_ms: u64,
    /// Server clock minus ours, seconds, from the `Date` header.
    pub clock_skew_s: i64,
}

/// The connection to a site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Connection {
    /// Not tried yet.
    #[default]
    Idle,
    Connecting,
    Live {
        since: Timestamp,
    },
    /// It answered before or never; tried again at `retry_at`.
    Failing {
        since: Timestamp,
        problem: Problem,
        retry_at: Option<Timestamp>,
        attempt: u32,
    },
}
