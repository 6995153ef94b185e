//! Conditions of Kubernetes objects in both Cluster API dialects, read with their polarity.
//!
//! v1beta1 conditions carry a severity; v1beta2 ones are `metav1.Condition` and some of them
//! (`Paused`, `Deleting`, `RollingOut`…) are bad or busy when *true*.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::health::Health;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Status {
    True,
    False,
    #[default]
    Unknown,
}

/// Severity of a false v1beta1 condition (cluster.x-k8s.io/v1beta1 `ConditionSeverity`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Severity {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    #[serde(rename = "type")]
    pub kind: String,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// `lastTransitionTime`: since when the status is what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// Types whose `True` means activity or attention, never health (cluster.x-k8s.io/v1beta2,
/// and the pressure conditions of core/v1 Node).
const NEGATIVE: &[&str] = &[
    "Paused",
    "Deleting",
    "RollingOut",
    "ScalingUp",
    "ScalingDown",
    "Remediating",
    "Updating",
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
    "EtcdIsVoter",
];

/// Reasons of a false or unknown positive condition that say "on its way", not "broken".
const PROGRESS: &[&str] = &[
    "ClusterUpgrading",
    "ControlPlaneUpgradePending",
    "MachineDeploymentsUpgradePending",
    "MachineDeploymentsUpgradeDeferred",
    "MachineDeploymentsCreatePending",
    "ClusterCreating",
    "Deleting",
    "RollingUpdateInProgress",
    "ScalingUp",
    "ScalingDown",
    "WaitingForInfrastructure",
    "WaitingForBootstrapData",
    "WaitingForClusterInfrastructureReady",
    "WaitingForControlPlaneInitialized",
    "WaitingForControlPlaneAvailable",
    "WaitingForKubeadmInit",
    "WaitingForControlPlane",
    "WaitingForNodeRef",
    "Provisioning",
    "NotYetReported",
    "Updating",
    "WaitingForReplicasSet",
];

impl Condition {
    pub fn negative(&self) -> bool {
        NEGATIVE.contains(&self.kind.as_str())
    }

    /// What this one condition says about its object, polarity and severity considered.
    pub fn health(&self) -> Health {
        match (self.negative(), self.status) {
            (false, Status::True) | (true, Status::False) => Health::Ok,
            (_, Status::Unknown) if self.reason_is_progress() => Health::Progressing,
            (_, Status::Unknown) => Health::Unknown,
            (true, Status::True) => self.active(),
            (false, Status::False) => self.failed(),
        }
    }

    fn active(&self) -> Health {
        match self.kind.as_str() {
            "Paused" => Health::Paused,
            "MemoryPressure" | "DiskPressure" | "PIDPressure" | "NetworkUnavailable" => Health::Bad,
            _ => Health::Progressing,
        }
    }

    fn failed(&self) -> Health {
        if self.reason == "Paused" {
            return Health::Paused;
        }
        match self.severity {
            Some(Severity::Info) => Health::Progressing,
            _ if self.reason_is_progress() => Health::Progressing,
            Some(Severity::Warning) => Health::Warning,
            Some(Severity::Error) | None => Health::Bad,
        }
    }

    fn reason_is_progress(&self) -> bool {
        PROGRESS.contains(&self.reason.as_str())
    }

    /// The reason without the ` @ Machine/name` that v1beta1 parents append (kube-apis §1.6).
    pub fn short_reason(&self) -> &str {
        self.reason.split(" @ ").next().unwrap_or(&self.reason)
    }
}

/// The worst condition of an object, with ties going to the summary (`Available`, `Ready`) last:
/// the summary copies its worst child, and the child says more.
pub fn worst(conditions: &[Condition]) -> Option<&Condition> {
    conditions
        .iter()
        .filter(|c| c.health() > Health::Ok)
        .max_by_key(|c| (c.health(), !is_summary(&c.kind), c.since.map_or(i64::MAX, |t| t.as_second())))
}

/// Whether a condition only sums up others.
pub fn is_summary(kind: &str) -> bool {
    matches!(kind, "Ready" | "Available")
}
