//! The rules a write of a client must pass, after it was understood and before it is kept: what webhooks are to a
//! real server. The controllers' own writes do not pass them.
use std::sync::PoisonError;

use serde_json::Value;

use super::{Api, Identity, Refusal, Resource};

/// What a client is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Create,
    Update,
    Delete,
}

/// One write before it happens.
pub struct Operation<'a> {
    pub api: &'a Api,
    pub verb: Verb,
    pub resource: &'a Resource,
    /// `status`, `scale`; empty for the object itself.
    pub subresource: &'a str,
    pub who: Identity,
    pub dry_run: bool,
    /// What is there now.
    pub old: Option<&'a Value>,
    /// What shall be there; a rule may fill in defaults. Null for a deletion.
    pub new: &'a mut Value,
}

/// One rule.
pub type Admission = Box<dyn Fn(&mut Operation<'_>) -> Result<(), Refusal> + Send + Sync>;

impl Api {
    /// Adds a rule; rules are asked in the order they were added. A rule may read the store, not write it.
    pub fn admit(&self, rule: Admission) {
        self.shared.admission.write().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    /// Asks every rule.
    pub fn review(&self, operation: &mut Operation<'_>) -> Result<(), Refusal> {
        let rules = self.shared.admission.read().unwrap_or_else(PoisonError::into_inner);
        rules.iter().try_for_each(|rule| rule(operation))
    }
}
