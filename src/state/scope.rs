//! What the tables are narrowed to: some sites, namespaces or clusters. Empty means everything.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Row;
use crate::domain::{ClusterKey, SiteId};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scope {
    pub sites: BTreeSet<SiteId>,
    pub namespaces: BTreeSet<String>,
    pub clusters: BTreeSet<ClusterKey>,
}

impl Scope {
    pub fn is_everything(&self) -> bool {
        self.sites.is_empty() && self.namespaces.is_empty() && self.clusters.is_empty()
    }

    /// Whether a row belongs to what is looked at. A cluster in scope never hides the Fleet's sites.
    pub fn holds(&self, row: Row<'_>) -> bool {
        if self.is_everything() {
            return true;
        }
        if !self.sites.is_empty() && !self.sites.iter().any(|s| s.as_str() == row.site_name()) {
            return false;
        }
        let Row::Object { object, .. } = row else { return true };
        if !self.clusters.is_empty() && !row.cluster_key().is_some_and(|c| self.clusters.contains(&c)) {
            return false;
        }
        self.namespaces.is_empty() || self.namespaces.contains(&*object.meta.namespace)
    }

    /// `prod-eu · pay-07 +2`, for the header, with this sign between the parts.
    pub fn words(&self, separator: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut add = |names: Vec<String>| match names.as_slice() {
            [] => {}
            [one] => parts.push(one.clone()),
            [first, rest @ ..] => parts.push(format!("{first} +{}", rest.len())),
        };
        add(self.sites.iter().map(ToString::to_string).collect());
        add(self.namespaces.iter().map(|n| format!("ns {n}")).collect());
        add(self.clusters.iter().map(|c| c.key.to_string()).collect());
        parts.join(&format!(" {separator} "))
    }
}
