//! What control planes, machine deployments and machine sets have in common: counters in three
//! spellings.
use serde::Deserialize;

use super::{
    conditions::{Conditions, Newer},
    lax::{Flag, Int, Part, Word},
};
use crate::domain::pool::{Counts, Replicas};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ReplicaStatus {
    pub observed_generation: Int,
    pub phase: Word,
    pub version: Word,
    pub initialized: Flag,
    pub initialization: Part<Initialization>,
    pub conditions: Conditions,
    pub v1beta2: Part<Newer>,
    replicas: Int,
    ready_replicas: Int,
    available_replicas: Int,
    unavailable_replicas: Int,
    up_to_date_replicas: Int,
    updated_replicas: Int,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Initialization {
    pub control_plane_initialized: Flag,
}

impl ReplicaStatus {
    /// The counters, the newer spelling first; `None` for up to date where the kind has no such counter. A status
    /// leaves out counters of nought, so where it says anything of the kind the others are nought.
    pub(super) fn numbers(&self, desired: Int) -> (Replicas, Option<i64>) {
        let newer = &self.v1beta2.0;
        let up_to_date =
            newer.up_to_date_replicas.0.or(self.up_to_date_replicas.0).or(self.updated_replicas.0);
        let ready = newer.ready_replicas.0.or(self.ready_replicas.0);
        let available = newer.available_replicas.0.or(self.available_replicas.0);
        let said = [self.replicas.0, ready, available, up_to_date, self.unavailable_replicas.0];
        let is_counted = said.iter().any(Option::is_some) || self.observed_generation.0.is_some();
        let current = self.replicas.0.unwrap_or(0);
        let ready = ready.unwrap_or(0);
        let counts = || Counts {
            current,
            ready,
            available: available
                .or_else(|| self.unavailable_replicas.0.map(|n| current.saturating_sub(n).max(0)))
                .unwrap_or(ready),
            up_to_date: up_to_date.unwrap_or(0),
        };
        (Replicas { desired: desired.0, counted: is_counted.then(counts) }, up_to_date)
    }
}
