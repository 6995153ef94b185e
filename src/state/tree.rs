//! The tree of one cluster: Cluster → control plane and pools → machines → what they stand on.
//! Pure: made from the fleet whenever it is drawn or walked; equal healthy children are one line.
use std::collections::HashSet;

use crate::domain::ResourceRef;

/// What the operator did to a tree: where the cursor is and which groups are open.
#[derive(Debug, Default)]
pub struct TreeView {
    /// Line under the cursor, by identity.
    pub cursor: Option<LineId>,
    pub cursor_at: usize,
    pub top: usize,
    /// Groups of healthy machines that are shown one by one.
    pub opened: HashSet<LineId>,
    /// Lines whose children are hidden.
    pub folded: HashSet<LineId>,
    /// Show every condition, also those that only echo another.
    pub all_conditions: bool,
}

/// Identity of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineId {
    Object(ResourceRef),
    /// The healthy machines of an owner, grouped.
    Group(ResourceRef),
    /// A condition under an object.
    Condition(ResourceRef, String),
    /// An object that is referred to but not known here (not served, not allowed, not there).
    Missing(ResourceRef, String),
}
