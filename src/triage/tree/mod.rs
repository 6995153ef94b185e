//! The tree of one cluster: Cluster → control plane and pools → machines → what they stand on. Made from
//! the fleet whenever it is drawn or walked; its cost is bounded by the size of one cluster. Equal healthy
//! machines are one line, and a parent's condition that only repeats a child's is not shown.
mod build;
mod judge;
mod machines;
mod remark;
mod words;

pub use remark::EXPIRED;

pub use words::{Tone, Word, facts, first_line, object_words, status as condition_status};

use std::borrow::Cow;

use jiff::Timestamp;

use super::echo::{Part, Shown};
use crate::{
    domain::{ClusterKey, Health, Object},
    state::{
        State,
        tree::{LineId, TreeView},
    },
};

/// A thing in the tree and all that hangs under it.
#[derive(Debug)]
pub struct Branch<'a> {
    pub id: LineId,
    pub what: What<'a>,
    pub part: Part,
    /// What it says of itself.
    pub health: Health,
    /// The worst of it and of all below. What is not read here does not count.
    pub worst: Health,
    /// Since when it is as it is.
    pub since: Option<Timestamp>,
    /// There is more below that was not built, since it is closed and well.
    pub hidden: bool,
    /// Whether what is below is shown unless the operator chose otherwise.
    pub open: bool,
    pub below: Vec<Branch<'a>>,
}

/// What a line of the tree stands for.
#[derive(Debug)]
pub enum What<'a> {
    Object(&'a Object),
    /// Equal healthy machines of one owner.
    Group {
        count: usize,
        phase: &'a str,
        version: &'a str,
    },
    Section(&'static str),
    Condition(&'a Object, Shown<'a>),
    /// Something else that an object has to say: its finalizers, a terminal failure.
    Remark {
        kind: &'static str,
        text: Cow<'a, str>,
    },
    /// Referred to, and not seen.
    Missing {
        kind: &'a str,
        name: &'a str,
        why: Cow<'a, str>,
    },
}

/// Whether a line has something below it, and whether that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Leaf,
    Open,
    Closed,
}

/// One line of the tree as it is shown.
#[derive(Debug)]
pub struct TreeLine<'a> {
    pub id: LineId,
    pub what: What<'a>,
    /// For each level above, whether more siblings follow; the last is the line's own.
    pub more: Vec<bool>,
    pub health: Health,
    pub since: Option<Timestamp>,
    pub fold: Fold,
}

/// The whole tree of a cluster; `None` when the cluster is not known.
pub fn of<'a>(state: &'a State, cluster: &'a ClusterKey, view: &TreeView) -> Option<Branch<'a>> {
    build::Builder::new(state, cluster, view).cluster()
}

/// The lines of a cluster's tree, as folded and opened.
pub fn lines<'a>(state: &'a State, cluster: &'a ClusterKey, view: Option<&TreeView>) -> Vec<TreeLine<'a>> {
    let fresh = TreeView::default();
    let view = view.unwrap_or(&fresh);
    let Some(root) = of(state, cluster, view) else { return Vec::new() };
    flat(root, view)
}

/// A tree as lines.
pub fn flat<'a>(root: Branch<'a>, view: &TreeView) -> Vec<TreeLine<'a>> {
    let mut lines = Vec::new();
    lay(root, view, &mut Vec::new(), &mut lines);
    lines
}

fn lay<'a>(branch: Branch<'a>, view: &TreeView, more: &mut Vec<bool>, lines: &mut Vec<TreeLine<'a>>) {
    let Branch { id, what, health, since, open, below, hidden, .. } = branch;
    let fold = match (below.is_empty() && !hidden, view.is_open(&id, open)) {
        (true, _) => Fold::Leaf,
        (false, true) => Fold::Open,
        (false, false) => Fold::Closed,
    };
    lines.push(TreeLine { id, what, more: more.clone(), health, since, fold });
    if fold == Fold::Open {
        let last = below.len().saturating_sub(1);
        for (at, child) in below.into_iter().enumerate() {
            more.push(at < last);
            lay(child, view, more, lines);
            more.pop();
        }
    }
}

#[cfg(test)]
mod tests;
