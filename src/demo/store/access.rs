//! Who asks, and what is wrong with a server for the moment. Only data: `demo::api` acts on it.
use std::sync::PoisonError;

use tokio::sync::watch;

use super::Api;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// May do everything.
    Admin,
    /// May read everything but Secrets.
    Viewer,
}

impl Identity {
    pub fn user(self) -> &'static str {
        match self {
            Self::Admin => "demo-admin",
            Self::Viewer => "demo-viewer",
        }
    }

    pub fn group(self) -> &'static str {
        match self {
            Self::Admin => "demo:operators",
            Self::Viewer => "demo:viewers",
        }
    }
}

/// What ails a server, as an incident has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    #[default]
    None,
    /// Connections are refused, open ones are cut.
    Refusing,
    /// Connections are taken, and nothing is ever answered.
    Hanging,
    /// Every credential is refused.
    Unauthorized,
    /// Every request but the health checks is asked to come back after so many seconds.
    Throttling { seconds: u64 },
    /// Every request is answered with 500: etcd does not.
    Broken,
}

impl Api {
    /// Makes the server ill, or well again.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.fault.send_replace(fault);
    }

    /// What ails it, and a way to hear when that changes.
    pub fn fault(&self) -> watch::Receiver<Fault> {
        self.shared.fault.subscribe()
    }

    /// From now on nobody may read or write these groups (all others are allowed again).
    pub fn forbid(&self, groups: &[&str]) {
        let groups = groups.iter().map(|g| (*g).to_owned()).collect();
        *self.shared.forbidden.write().unwrap_or_else(PoisonError::into_inner) = groups;
        // Watches look up: a real server would let them go on until their time is up.
        self.shared.fault.send_modify(|_| {});
    }

    /// Whether a group may not be touched.
    pub fn is_forbidden(&self, group: &str) -> bool {
        self.shared.forbidden.read().unwrap_or_else(PoisonError::into_inner).iter().any(|g| g == group)
    }
}
