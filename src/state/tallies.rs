//! Clusters by health, per site: kept as clusters change, so that the fleet is never counted anew.
use std::collections::HashMap;

use super::fleet::ObjId;
use crate::domain::{Health, SiteId};

/// Clusters of a site by health.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    by_health: [usize; 6],
}

impl Tally {
    pub fn total(&self) -> usize {
        self.by_health.iter().sum()
    }
    pub fn of(&self, health: Health) -> usize {
        self.by_health[health as usize]
    }
    pub fn faults(&self) -> usize {
        self.of(Health::Bad) + self.of(Health::Warning)
    }
}

#[derive(Debug, Default)]
pub struct Tallies {
    by_cluster: HashMap<ObjId, (SiteId, Health)>,
    by_site: HashMap<SiteId, Tally>,
}

impl Tallies {
    pub fn of(&self, site: &SiteId) -> Tally {
        self.by_site.get(site).copied().unwrap_or_default()
    }
    /// How a cluster was when it was last counted.
    pub fn health_of(&self, cluster: ObjId) -> Option<Health> {
        self.by_cluster.get(&cluster).map(|(_, health)| *health)
    }
    /// A cluster is as `now` says, or gone. Says whether that is news.
    pub fn set(&mut self, cluster: ObjId, now: Option<(SiteId, Health)>) -> bool {
        if self.by_cluster.get(&cluster) == now.as_ref() {
            return false;
        }
        if let Some((site, health)) = self.by_cluster.remove(&cluster)
            && let Some(tally) = self.by_site.get_mut(&site)
        {
            tally.by_health[health as usize] = tally.by_health[health as usize].saturating_sub(1);
        }
        if let Some((site, health)) = now {
            self.by_site.entry(site.clone()).or_default().by_health[health as usize] += 1;
            self.by_cluster.insert(cluster, (site, health));
        }
        true
    }
}
