//! How far a guided incident is. Data only: what the steps are and when they are done stands in `tutor`.
use crate::domain::{ClusterKey, ResourceRef};

/// A guided incident that is being shown.
#[derive(Debug, Default)]
pub struct Tutor {
    /// The step that comes next; past the last one the lesson is over.
    pub at: usize,
    /// What it is about, once it was seen.
    pub patient: Option<Patient>,
}

/// What is ill in the incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    pub cluster: ClusterKey,
    pub machine: ResourceRef,
    pub pool: ResourceRef,
    /// How many machines the pool asked for when it was seen first.
    pub asked: i64,
}
