//! `MachineHealthCheck`s: who replaces broken machines, and whether it may now.
use serde::{Deserialize, Serialize};

use super::Text;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HealthCheck {
    pub cluster: Text,
    pub expected: i64,
    pub healthy: i64,
    /// How many more machines it may replace now; unknown on servers that do not say.
    pub allowed: Option<i64>,
    pub paused: bool,
}
