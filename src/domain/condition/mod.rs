//! Conditions of Kubernetes objects in both Cluster API dialects, read with their polarity.
//!
//! v1beta1 conditions carry a severity; v1beta2 ones are `metav1.Condition` and some of them
//! (`Paused`, `Deleting`, `RollingOut`…) are bad or busy when *true*.
use std::cmp::Reverse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Text, health::Health};

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
    pub kind: Text,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub reason: Text,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub message: Text,
    /// `lastTransitionTime`: since when the status is what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// Types whose `True` means activity, never health (cluster.x-k8s.io/v1beta2).
const ACTIVITY: &[&str] = &[
    "Paused",
    "Deleting",
    "RollingOut",
    "ScalingUp",
    "ScalingDown",
    "Remediating",
    "Updating",
    "Reconciling",
];

/// Types whose `True` is a fault: the pressures of core/v1 Node, what node-problem-detector adds to
/// them, and the failures Carvel reports.
const FAULTS: &[&str] = &[
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
    "KernelDeadlock",
    "ReadonlyFilesystem",
    "CorruptDockerOverlay2",
    "FrequentKubeletRestart",
    "FrequentContainerdRestart",
    "FrequentDockerRestart",
    "FrequentUnregisterNetDevice",
    "ReconcileFailed",
    "DeleteFailed",
];

/// Types that inform only: neither value is a fault (TKG says there whether a newer release exists).
const NEWS: &[&str] = &["UpdatesAvailable"];

/// Reasons of a false or unknown positive condition that say "on its way", not "broken".
const PROGRESS: &[&str] = &[
    // topology of a Cluster
    "ClusterCreating",
    "ClusterUpgrading",
    "ControlPlaneUpgradePending",
    "MachineDeploymentsUpgradePending",
    "MachineDeploymentsUpgradeDeferred",
    "MachineDeploymentsCreatePending",
    "MachinePoolsUpgradePending",
    "MachinePoolsUpgradeDeferred",
    "MachinePoolsCreatePending",
    "LifecycleHookBlocking",
    // rollouts and scaling
    "NotUpToDate",
    "RollingUpdateInProgress",
    "ScalingUp",
    "ScalingDown",
    "Updating",
    "InPlaceUpdating",
    "WaitingForReplicasSet",
    "WaitingForMachineSet",
    "WaitingForMinReadySeconds",
    // being made
    "MissingNodeRef",
    "NodeProvisioning",
    "NotInitialized",
    "NotYetReported",
    "PodProvisioning",
    "Provisioning",
    "WaitingForBootstrapData",
    "WaitingForClusterInfrastructure",
    "WaitingForClusterInfrastructureReady",
    "WaitingForControlPlane",
    "WaitingForControlPlaneAvailable",
    "WaitingForControlPlaneInitialized",
    "WaitingForControlPlaneProviderInitialized",
    "WaitingForDataSecret",
    "WaitingForInfrastructure",
    "WaitingForKubeadmInit",
    "WaitingForNodeRef",
    // being replaced or removed
    "Deleting",
    "Deleted",
    "Draining",
    "MachineDeleting",
    "RemediationDeferred",
    "RemediationInProgress",
    "WaitingExternalHook",
    "WaitingForRemediation",
    "WaitingForVolumeDetach",
];

/// Reasons that repeat the status without a cause: while an object is being made they are expected.
const BARE: &[&str] =
    &["NotReady", "NotAvailable", "NotProvisioned", "NotHealthy", "ProbeFailed", "DoesNotExist"];

/// Types that only sum up other objects: each of those has a row that says more.
const AGGREGATES: &[&str] = &[
    "MachinesReady",
    "WorkersAvailable",
    "WorkerMachinesReady",
    "ControlPlaneMachinesReady",
    "MachineSetReady",
];

/// The last part of a type: addons write `Antrea-ReconcileFailed`.
fn bare_kind(kind: &str) -> &str {
    kind.rsplit('-').next().unwrap_or(kind)
}

impl Condition {
    /// Whether `True` is the value that wants attention.
    pub fn negative(&self) -> bool {
        let kind = bare_kind(&self.kind);
        ACTIVITY.contains(&kind) || FAULTS.contains(&kind)
    }

    /// What this one condition says about its object, polarity and severity considered.
    pub fn health(&self) -> Health {
        if NEWS.contains(&self.kind.as_str()) {
            return Health::Ok;
        }
        match (self.negative(), self.status) {
            (false, Status::True) | (true, Status::False) => Health::Ok,
            (_, Status::Unknown) => self.unknown(),
            (true, Status::True) => self.active(),
            (false, Status::False) => self.failed(),
        }
    }

    fn unknown(&self) -> Health {
        match self.short_reason() {
            // The node controller says so of a kubelet that stopped posting.
            "NodeStatusUnknown" | "NodeStatusNeverUpdated" if self.kind == "Ready" => Health::Bad,
            reason if PROGRESS.contains(&reason) => Health::Progressing,
            _ => Health::Unknown,
        }
    }

    fn active(&self) -> Health {
        match bare_kind(&self.kind) {
            "Paused" => Health::Paused,
            kind if FAULTS.contains(&kind) => Health::Bad,
            _ => Health::Progressing,
        }
    }

    fn failed(&self) -> Health {
        let reason = self.short_reason();
        if reason == "Paused" {
            return Health::Paused;
        }
        match self.severity {
            Some(Severity::Info) => Health::Progressing,
            _ if PROGRESS.contains(&reason) => Health::Progressing,
            Some(Severity::Warning) => Health::Warning,
            None if self.is_bare()
                && (is_summary(&self.kind) || AGGREGATES.contains(&self.kind.as_str())) =>
            {
                Health::Warning
            }
            Some(Severity::Error) | None => Health::Bad,
        }
    }

    /// The reason repeats the status and names no cause (`NotReady`).
    pub fn is_bare(&self) -> bool {
        BARE.contains(&self.short_reason())
    }

    /// The reason without the ` @ Machine/name` that v1beta1 parents append (kube-apis §1.6).
    pub fn short_reason(&self) -> &str {
        self.reason.split(" @ ").next().unwrap_or(&self.reason)
    }
}

/// The condition that says most about what is wrong: the worst one; among equals not a summary (it
/// copies its child), then the one that has lasted longest, then the first.
pub fn worst(conditions: &[Condition]) -> Option<&Condition> {
    worst_by(conditions, Condition::health)
}

/// `worst`, where the caller knows more about the object than a condition does.
pub fn worst_by(conditions: &[Condition], health: impl Fn(&Condition) -> Health) -> Option<&Condition> {
    conditions
        .iter()
        .map(|c| (health(c), c))
        .filter(|(health, _)| *health > Health::Ok)
        .min_by_key(|(health, c)| (Reverse(*health), is_summary(&c.kind), c.since.unwrap_or(Timestamp::MAX)))
        .map(|(_, c)| c)
}

/// Whether a condition only sums up others.
pub fn is_summary(kind: &str) -> bool {
    matches!(kind, "Ready" | "Available")
}

/// Whether a condition only says that its object waits for another one, which then is the cause.
pub fn is_about_others(condition: &Condition) -> bool {
    const WAITS: &[&str] = &[
        "WaitingForAvailableMachines",
        "WaitingForClusterInfrastructure",
        "WaitingForControlPlane",
        "WaitingForBootstrapData",
        "WaitingForDataSecret",
        "WaitingForInfrastructure",
        "WaitingForNodeRef",
        "WaitingForVMProvisioned",
    ];
    let message = condition.message.as_str();
    WAITS.iter().any(|w| condition.reason.starts_with(w))
        || message.starts_with("Waiting for Cluster ")
        || message.ends_with(" to report spec.providerID")
        || message.ends_with("not yet reported")
}

#[cfg(test)]
mod tests;
