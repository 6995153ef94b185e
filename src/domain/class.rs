//! `ClusterClass` objects: what classy clusters are made from.
use serde::{Deserialize, Serialize};

use super::Text;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClusterClass {
    /// Names of the variables the class takes; their schemas are fetched when a form needs them.
    pub variables: Vec<Text>,
    /// Classes a pool may choose (`spec.workers.machineDeployments[].class`).
    pub worker_classes: Vec<Text>,
    /// `spec.kubernetesVersions`: listed ones allow an upgrade over several minors in one write.
    pub kubernetes_versions: Vec<Text>,
}
