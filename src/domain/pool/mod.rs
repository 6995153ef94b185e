//! Control planes (KubeadmControlPlane) and node pools (MachineDeployment).
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Text, cluster::ObjectLink};

/// Replica counters, named as v1beta2 does; v1beta1's `updatedReplicas` is `up_to_date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Replicas {
    /// `spec.replicas`; unset when somebody else decides.
    pub desired: Option<i64>,
    /// What the controller counted; `None` until it has counted at all, which is not "none there".
    #[serde(flatten)]
    pub counted: Option<Counts>,
}

/// The machines that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub current: i64,
    pub ready: i64,
    pub available: i64,
    pub up_to_date: i64,
}

/// Where a rollout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rollout {
    Settled,
    ScalingUp,
    ScalingDown,
    RollingOut,
    Paused,
    Deleting,
    /// The controller has not seen the newest spec.
    Pending,
    /// All there and up to date, but some are not ready: being made, or broken; the machines tell.
    Unready,
}

impl Rollout {
    pub fn word(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::ScalingUp => "scaling up",
            Self::ScalingDown => "scaling down",
            Self::RollingOut => "rolling out",
            Self::Paused => "paused",
            Self::Deleting => "deleting",
            Self::Pending => "pending",
            Self::Unready => "not ready",
        }
    }

    /// Somebody stopped it, or nobody has looked at it yet: the numbers do not matter.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Deleting | Self::Paused | Self::Pending)
    }

    /// The number or the machines are being changed by somebody.
    pub fn is_moving(self) -> bool {
        matches!(
            self,
            Self::ScalingUp | Self::ScalingDown | Self::RollingOut | Self::Deleting | Self::Pending
        )
    }
}

impl Replicas {
    /// Judged from the numbers, because phases flip during a roll (kube-apis §1.6).
    pub fn rollout(&self, behind: bool, paused: bool, deleting: bool) -> Rollout {
        let Counts { current, ready, up_to_date, .. } = self.counted.unwrap_or_default();
        let desired = self.desired.unwrap_or(current);
        if deleting {
            Rollout::Deleting
        } else if paused {
            Rollout::Paused
        } else if behind {
            Rollout::Pending
        } else if up_to_date < current {
            Rollout::RollingOut
        } else if current < desired {
            Rollout::ScalingUp
        } else if current > desired {
            Rollout::ScalingDown
        } else if ready < desired {
            Rollout::Unready
        } else {
            Rollout::Settled
        }
    }
}

/// A KubeadmControlPlane (controlplane.cluster.x-k8s.io).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ControlPlane {
    pub cluster: Text,
    pub replicas: Replicas,
    /// `spec.version`, wanted; `status.version`, the lowest that runs.
    pub version: Text,
    pub running_version: Text,
    pub initialized: bool,
    pub paused: bool,
    /// Machines made before it are to be replaced; in the future the restart is still to come.
    #[serde(default)]
    pub rollout_after: Option<Timestamp>,
}

/// A MachineDeployment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pool {
    pub cluster: Text,
    /// Name in the topology (label `topology.cluster.x-k8s.io/deployment-name`); empty when class-less.
    pub topology_name: Text,
    pub replicas: Replicas,
    pub version: Text,
    pub failure_domain: Text,
    pub phase: Text,
    pub paused: bool,
    pub infrastructure: ObjectLink,
    /// Machines made before it are to be replaced; in the future the restart is still to come.
    #[serde(default)]
    pub rollout_after: Option<Timestamp>,
}

/// A `MachineSet`: one generation of a pool's machines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MachineSet {
    pub cluster: Text,
    pub replicas: Replicas,
    pub version: Text,
    /// Rollout number within its pool, from the annotation of the MachineDeployment controller.
    pub revision: Text,
}

#[cfg(test)]
mod tests;
