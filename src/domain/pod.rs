//! Pods, as far as they explain a node: where they run and what they ask for.
use serde::{Deserialize, Serialize};

use super::{Health, Text, node::Resources};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pod {
    /// Empty until it is scheduled.
    pub node: Text,
    pub phase: Text,
    /// What the scheduler counts for it, init containers, sidecars and overhead included.
    pub requests: Resources,
}

impl Pod {
    pub fn health(&self) -> Health {
        match self.phase.as_str() {
            "Running" | "Succeeded" => Health::Ok,
            "Pending" => Health::Progressing,
            "Failed" => Health::Bad,
            _ => Health::Unknown,
        }
    }
    /// Takes room on its node: a finished pod is no longer counted.
    pub fn is_counted(&self) -> bool {
        !self.node.is_empty() && self.phase != "Succeeded" && self.phase != "Failed"
    }
}
