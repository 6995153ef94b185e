//! What a cluster hangs on: of all conditions that say something of their own, the one to look at first.
use jiff::Timestamp;
use serde::Serialize;

use super::{
    echo::Part,
    tree::{self, Branch, What},
};
use crate::{
    domain::{
        ClusterKey, Facts, Health, Object, ResourceRef,
        condition::{is_about_others, is_summary},
    },
    state::{
        State,
        tree::{LineId, TreeView},
    },
};

/// The one thing a cluster hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub target: ResourceRef,
    /// The API's kind name of the object.
    pub kind: String,
    pub health: Health,
    pub condition: String,
    /// `False`, `True`, `Unknown`; empty where it is no condition.
    pub status: String,
    pub reason: String,
    pub message: String,
    pub since: Option<Timestamp>,
}

/// Seconds without a step forward after which work that is on its way counts as stalled: no machine of TKG takes
/// longer to boot and join.
pub const STALLED_AFTER: i64 = 30 * 60;

impl Cause {
    /// How a cluster stands to its cause, in words, and the health to show with them. Work that has not moved for
    /// long is nothing to wait for.
    pub fn standing(&self, state: &State) -> (Health, &'static str) {
        let still = self.since.is_some_and(|since| state.since(since) > STALLED_AFTER);
        match self.health {
            health if health.is_fault() => (health, "hangs on"),
            Health::Unknown => (Health::Unknown, "not known"),
            _ if still => (Health::Warning, "stalled"),
            health => (health, "on its way"),
        }
    }
    /// `Machine x: BootstrapConfigReady False WaitingForX`.
    pub fn words(&self) -> String {
        let mut words = format!("{} {}: {}", self.kind, self.target.key.name, self.condition);
        for part in [&self.status, &self.reason] {
            if !part.is_empty() {
                words.push(' ');
                words.push_str(part);
            }
        }
        words
    }
}

/// What the cluster hangs on; `None` when nothing that is read here says anything is wrong or on its way.
pub fn of(state: &State, cluster: &ClusterKey) -> Option<Cause> {
    in_tree(&tree::of(state, cluster, &TreeView::default())?)
}

/// The cause in a tree that hides echoes: of the worst, what does not only wait for others, the deepest,
/// and of these what changed last.
pub fn in_tree(root: &Branch<'_>) -> Option<Cause> {
    let mut best = None;
    visit(root, root, 0, &mut best);
    best.map(|(_, cause)| cause)
}

/// Worst health, what it says, is no consequence, depth, newest.
type Rank = (Health, Says, bool, usize, Option<Timestamp>);

/// What a line tells of causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// It only waits for others.
    Waits,
    /// It has a cause of its own.
    Own,
    /// It explains whatever else is said: nothing works without certificates.
    Explains,
}

fn visit(branch: &Branch<'_>, owner: &Branch<'_>, depth: usize, best: &mut Option<(Rank, Cause)>) {
    if let Some((says, cause)) = cause(branch, owner) {
        let is_check = matches!(owner.what, What::Object(o) if matches!(o.facts, Facts::HealthCheck(_)));
        // What is missing would stand one level below the line that misses it.
        let depth = depth + usize::from(matches!(branch.what, What::Missing { .. }));
        let rank = (branch.health, says, !is_check, depth, branch.since);
        if best.as_ref().is_none_or(|(known, _)| rank > *known) {
            *best = Some((rank, cause));
        }
    }
    for child in &branch.below {
        let is_heading = matches!(child.what, What::Section(_) | What::Group { .. });
        if child.worst > Health::Paused {
            visit(child, branch, depth + usize::from(!is_heading), best);
        }
    }
}

/// A line that says what is wrong, as a cause; and what that tells.
fn cause(branch: &Branch<'_>, owner: &Branch<'_>) -> Option<(Says, Cause)> {
    if branch.worst <= Health::Paused {
        return None;
    }
    let target = branch.id.target().clone();
    let base = |kind: &str, condition: &str| Cause {
        target,
        kind: kind.to_owned(),
        health: branch.health,
        condition: condition.to_owned(),
        status: String::new(),
        reason: String::new(),
        message: String::new(),
        since: branch.since,
    };
    match &branch.what {
        What::Condition(object, shown) => {
            let c = shown.condition;
            let mut cause = base(&object.meta.kind, &c.kind);
            tree::condition_status(c.status).clone_into(&mut cause.status);
            c.short_reason().clone_into(&mut cause.reason);
            cause.message = c.message.to_string();
            let own = !is_about_others(c) && !is_summary(&c.kind);
            Some((if own { Says::Own } else { Says::Waits }, cause))
        }
        What::Remark { kind, text } => {
            let mut cause = base(kind_of(owner), kind);
            cause.reason = text.to_string();
            Some((if *kind == tree::EXPIRED { Says::Explains } else { Says::Own }, cause))
        }
        What::Missing { kind, name, why } if branch.part != Part::Node => {
            let mut cause = base(kind_of(owner), &format!("{kind} {name}"));
            cause.reason = why.to_string();
            Some((Says::Own, cause))
        }
        What::Object(object) if !has_line(branch) => {
            Some((Says::Waits, base(&object.meta.kind, without_words(object))))
        }
        _ => None,
    }
}

/// Some line below says why the object is as it is.
fn has_line(branch: &Branch<'_>) -> bool {
    branch.below.iter().any(|b| b.worst > Health::Paused)
}

/// What stands for an object that says nothing itself.
fn without_words(object: &Object) -> &'static str {
    if object.meta.deleted.is_some() {
        "Deleting"
    } else if object.meta.is_behind() {
        "its controller has not seen the newest spec"
    } else {
        "no status"
    }
}

fn kind_of<'a>(branch: &Branch<'a>) -> &'a str {
    match (&branch.what, &branch.id) {
        (What::Object(object), _) => &object.meta.kind,
        (What::Missing { kind, .. }, LineId::Missing(..)) => kind,
        _ => "object",
    }
}
