//! How an object is, in one word. Unknown is a state of its own, never healthy.
use serde::{Deserialize, Serialize};

/// Worst last, so that `max` of several is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Caught up and every condition is good.
    Ok,
    /// Somebody paused it or switched it off on purpose.
    Paused,
    /// On its way to the desired state; nothing to do.
    Progressing,
    /// Nothing is known: no status yet, a stale source, an API that did not answer.
    #[default]
    Unknown,
    Warning,
    Bad,
}

impl Health {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Paused => "paused",
            Self::Progressing => "progressing",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
    /// A fault that somebody should look at.
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Warning | Self::Bad)
    }
}
