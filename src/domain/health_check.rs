//! `MachineHealthCheck`s: who replaces broken machines, and whether it may now.
use serde::{Deserialize, Serialize};

use super::{Object, Text};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HealthCheck {
    pub cluster: Text,
    pub expected: i64,
    pub healthy: i64,
    /// How many more machines it may replace now; unknown on servers that do not say.
    pub allowed: Option<i64>,
    pub paused: bool,
    /// Labels that a machine must have for it to be watched.
    #[serde(default)]
    pub selector: Vec<(Text, Text)>,
    /// It selects by more than labels, which is not read here.
    #[serde(default)]
    pub selects_by_more: bool,
}

impl HealthCheck {
    /// Whether it surely watches this machine of its namespace.
    pub fn selects(&self, machine: &Object) -> bool {
        !self.selector.is_empty()
            && !self.selects_by_more
            && machine.machine().is_some_and(|m| m.cluster == self.cluster)
            && self.selector.iter().all(|(name, value)| machine.meta.label(name) == Some(value))
    }
}
