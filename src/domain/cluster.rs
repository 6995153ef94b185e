//! Clusters of Cluster API, in either dialect and with or without a ClusterClass.
use serde::{Deserialize, Serialize};

use super::Text;

/// A pool as the topology of a classy Cluster declares it (`spec.topology.workers.machineDeployments[]`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TopologyPool {
    pub name: Text,
    pub class: Text,
    /// Unset when an autoscaler owns the number.
    pub replicas: Option<i64>,
    /// Annotations of the pool's metadata that the console reads (autoscaler bounds, hold, defer).
    pub annotations: Vec<(Text, Text)>,
}

/// Counters as v1beta2 puts them on the Cluster (`status.controlPlane`, `status.workers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub desired: Option<i64>,
    pub replicas: Option<i64>,
    pub ready: Option<i64>,
    pub available: Option<i64>,
    pub up_to_date: Option<i64>,
}

/// A reference to another object of the same namespace: kind and name (the version is discovered).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectLink {
    pub group: Text,
    pub kind: Text,
    pub name: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cluster {
    /// `status.phase`: for display only, Cluster API forbids deciding on it.
    pub phase: Text,
    /// ClusterClass name; empty for a cluster without one.
    pub class: Text,
    pub class_namespace: Text,
    /// `spec.topology.version`: what is wanted.
    pub version: Text,
    pub paused: bool,
    pub control_plane_replicas: Option<i64>,
    pub pools: Vec<TopologyPool>,
    pub infrastructure: ObjectLink,
    pub control_plane: ObjectLink,
    pub infrastructure_ready: bool,
    pub control_plane_ready: bool,
    /// `spec.controlPlaneEndpoint` as `host:port`; empty until it is known.
    pub endpoint: Text,
    /// Only where the server is v1beta2; otherwise counted from control plane and pools.
    pub control_plane_counts: Option<Counts>,
    pub worker_counts: Option<Counts>,
}

impl Cluster {
    /// Managed through `spec.topology` (kube-apis §1.5: always write the Cluster then).
    pub fn is_classy(&self) -> bool {
        !self.class.is_empty()
    }
}
