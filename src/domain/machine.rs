//! Machines of Cluster API.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cluster::ObjectLink;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    pub cluster: String,
    /// `status.phase` as the controller writes it.
    pub phase: String,
    pub version: String,
    /// Name of the Node; empty until it has joined.
    pub node: String,
    pub provider_id: String,
    pub failure_domain: String,
    pub address: String,
    pub control_plane: bool,
    pub infrastructure: ObjectLink,
    pub bootstrap: ObjectLink,
    /// `status.certificatesExpiryDate`, control plane machines only.
    pub certificates_expiry: Option<Timestamp>,
    /// What remediation is doing, in one word; empty when nothing.
    pub remediation: String,
}
