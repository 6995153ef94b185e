//! Kubernetes releases a Tanzu management cluster offers (`TanzuKubernetesRelease`).
use serde::{Deserialize, Serialize};

use super::Text;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Release {
    /// The release's own version: `v1.26.8+vmware.1-tkg.1`.
    pub version: Text,
    /// The Kubernetes in it: `v1.26.8+vmware.1`.
    pub kubernetes: Text,
    /// The label that rules it out (`incompatible`, `deactivated`, `invalid`, `inactive`); empty when usable.
    pub unusable: Text,
}

impl Release {
    pub fn is_usable(&self) -> bool {
        self.unusable.is_empty()
    }
}
