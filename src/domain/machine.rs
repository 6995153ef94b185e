//! Machines of Cluster API.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Text, cluster::ObjectLink};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    pub cluster: Text,
    /// `status.phase` as the controller writes it.
    pub phase: Text,
    pub version: Text,
    /// Name of the Node; empty until it has joined.
    pub node: Text,
    pub provider_id: Text,
    pub failure_domain: Text,
    pub address: Text,
    pub control_plane: bool,
    pub infrastructure: ObjectLink,
    pub bootstrap: ObjectLink,
    /// `status.failureReason` and `failureMessage` of v1beta1: terminal, the machine will not recover.
    pub failure: Text,
    /// `status.certificatesExpiryDate`, control plane machines only.
    pub certificates_expiry: Option<Timestamp>,
    /// What remediation is doing, in one word; empty when nothing.
    pub remediation: Text,
}
