//! What the operator did to the tree of a cluster: cursor, folds. The tree itself is made from the
//! fleet by `triage::tree` whenever it is drawn or walked.
use std::collections::HashSet;

use crate::domain::ResourceRef;

/// Where the cursor is and which branches are open or closed against their default.
#[derive(Debug, Default)]
pub struct TreeView {
    /// Line under the cursor, by identity.
    pub cursor: Option<LineId>,
    pub cursor_at: usize,
    pub top: usize,
    /// Lines whose children are shown though they would not be: groups, healthy machines.
    pub opened: HashSet<LineId>,
    /// Lines whose children are hidden though they would be shown.
    pub folded: HashSet<LineId>,
    /// Show every condition, also those that only echo another.
    pub all_conditions: bool,
}

impl TreeView {
    /// Whether the children of a line are shown, given whether they usually are.
    pub fn is_open(&self, id: &LineId, usually: bool) -> bool {
        if usually { !self.folded.contains(id) } else { self.opened.contains(id) }
    }

    /// Opens or closes a line, whatever it usually is.
    pub fn set_open(&mut self, id: &LineId, open: bool) {
        let (to, from) =
            if open { (&mut self.opened, &mut self.folded) } else { (&mut self.folded, &mut self.opened) };
        from.remove(id);
        to.insert(id.clone());
    }
}

/// Identity of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineId {
    Object(ResourceRef),
    /// Equal healthy machines of an owner, and what they have in common.
    Group(ResourceRef, String),
    /// A condition under an object, or another remark on it.
    Condition(ResourceRef, String),
    /// An object that is referred to but not known here (not served, not allowed, not there).
    Missing(ResourceRef, String),
    /// A heading under a cluster.
    Section(ResourceRef, &'static str),
}

impl LineId {
    /// The object that a line is about: a cluster for a heading, the owner for a group.
    pub fn target(&self) -> &ResourceRef {
        match self {
            Self::Object(target)
            | Self::Group(target, _)
            | Self::Condition(target, _)
            | Self::Missing(target, _)
            | Self::Section(target, _) => target,
        }
    }
}
