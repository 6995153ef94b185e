//! What control planes, machine deployments and machine sets have in common: counters in three
//! spellings.
use serde::Deserialize;

use super::{
    conditions::{Conditions, Newer},
    lax::{Flag, Int, Part, Word},
};
use crate::domain::pool::Replicas;

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
    /// The counters, the newer spelling first; `None` for up to date where the kind has no such counter.
    pub(super) fn numbers(&self, desired: Int) -> (Replicas, Option<i64>) {
        let newer = &self.v1beta2.0;
        let current = self.replicas.0.unwrap_or(0);
        let ready = newer.ready_replicas.0.or(self.ready_replicas.0).unwrap_or(0);
        let available = newer
            .available_replicas
            .0
            .or(self.available_replicas.0)
            .or_else(|| self.unavailable_replicas.0.map(|n| current.saturating_sub(n).max(0)))
            .unwrap_or(ready);
        let up_to_date =
            newer.up_to_date_replicas.0.or(self.up_to_date_replicas.0).or(self.updated_replicas.0);
        let replicas =
            Replicas { desired: desired.0, current, ready, available, up_to_date: up_to_date.unwrap_or(0) };
        (replicas, up_to_date)
    }
}
