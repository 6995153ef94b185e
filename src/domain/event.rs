//! Events (events.k8s.io/v1, or core/v1 on old servers): what controllers said about an object.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Text;

/// The object an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Regarding {
    pub kind: Text,
    pub namespace: Text,
    pub name: Text,
    pub uid: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Event {
    pub regarding: Regarding,
    /// `Normal` or `Warning`.
    #[serde(rename = "type")]
    pub severity: Text,
    pub reason: Text,
    pub note: Text,
    /// The controller that speaks.
    pub reporter: Text,
    /// How often it was said; 1 for a single event.
    pub count: i64,
    pub last_seen: Option<Timestamp>,
}

impl Event {
    pub fn is_warning(&self) -> bool {
        self.severity == "Warning"
    }
}
