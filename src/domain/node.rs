//! Nodes of a workload cluster (core/v1).
use serde::{Deserialize, Serialize};

use super::Text;

/// CPU in millicores, memory in bytes, pods as a count; `None` is not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Resources {
    pub cpu: Option<u64>,
    pub memory: Option<u64>,
    pub pods: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Node {
    pub roles: Vec<Text>,
    pub cordoned: bool,
    /// `key=value:Effect`.
    pub taints: Vec<Text>,
    pub kubelet: Text,
    pub os_image: Text,
    pub runtime: Text,
    pub provider_id: Text,
    pub address: Text,
    pub capacity: Resources,
    pub allocatable: Resources,
    /// Sum of the requests of the pods on it, where pods may be read.
    pub requested: Option<Resources>,
    /// When the unschedulable taint was added, where the server says so.
    pub unschedulable_since: Option<jiff::Timestamp>,
}
