//! Drills: incidents that can be played on a fleet made for it, such as the demo's. A real fleet has none.
use serde::{Deserialize, Serialize};

/// An incident that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    pub name: String,
    /// What happens, in one line.
    pub title: String,
    /// It is being played now.
    #[serde(default)]
    pub playing: bool,
}

/// What is asked of whoever plays incidents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drilling {
    List,
    Play(String),
    /// Take its cause away; what follows from it heals by itself.
    End(String),
}

impl Drilling {
    /// The incident that it is about.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::List => None,
            Self::Play(name) | Self::End(name) => Some(name),
        }
    }
}
