//! What is remembered between runs: sort and width per pane. State, not config; losing it is harmless.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub panes: BTreeMap<String, PaneMemory>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaneMemory {
    pub sort: String,
    pub reverse: bool,
    pub wide: bool,
}
