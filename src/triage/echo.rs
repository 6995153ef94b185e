//! Which conditions of an object say something that no other line of the tree says. A parent repeats its
//! children (kube-apis §1.3, §1.6): v1beta1 with ` @ Machine/name` in the reason, v1beta2 with a list of
//! children in the message; and a summary repeats the conditions beside it.
use crate::domain::{
    Condition, Facts, Health, Object, Status,
    condition::{is_about_others, is_summary},
};

/// What a branch of a tree is to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Infrastructure,
    Bootstrap,
    ControlPlane,
    Workers,
    /// Machines, and the sets they come from.
    Machines,
    Node,
    /// A condition or a remark of the parent itself.
    Remark,
}

/// A condition worth a line, and how many others of the object say the same words.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub condition: &'a Condition,
    pub health: Health,
    pub alike: usize,
}

/// The conditions that say what is wrong with the object itself, the worst first, then the longest lasting.
/// `below` is how each part under it is at worst.
pub fn shown<'a>(object: &'a Object, below: &[(Part, Health)]) -> Vec<Shown<'a>> {
    let bad: Vec<(&Condition, Health)> = object
        .conditions
        .iter()
        .map(|c| (c, object.judge(c)))
        .filter(|(_, health)| *health > Health::Paused)
        .collect();
    if bad.is_empty() {
        return Vec::new();
    }
    let worst = |part: Option<Part>| {
        below.iter().filter(|(p, _)| part.is_none_or(|part| part == *p)).map(|(_, h)| *h).max()
    };
    let explained = |c: &Condition, health: Health, part: Option<Part>| {
        worst(part).is_some_and(|w| {
            w > Health::Paused && (w >= health || c.is_bare() || c.status == Status::Unknown)
        })
    };
    let has_detail = bad.iter().any(|(c, _)| !is_summary(&c.kind));
    let said_elsewhere = |c: &Condition, health: Health| {
        if is_summary(&c.kind) {
            // Whatever it calls it, a summary of parts that are not well yet says nothing new.
            return has_detail || worst(None).is_some_and(|w| w > Health::Paused);
        }
        sums_up(object, &c.kind).is_some_and(|part| explained(c, health, Some(part)))
            || (names_children(c) && worst(None).is_some_and(|w| w > Health::Paused))
    };
    let kept: Vec<_> = bad.into_iter().filter(|(c, h)| !said_elsewhere(c, *h)).collect();
    let other_cause = worst(None).is_some_and(|w| w > Health::Paused)
        || kept.iter().any(|(c, _)| !is_about_others(c) && !is_summary(&c.kind));
    merge(kept.into_iter().filter(|(c, _)| !(other_cause && is_about_others(c))))
}

/// Every condition of the object, what matters first.
pub fn all(object: &Object) -> Vec<Shown<'_>> {
    let mut all: Vec<_> = object
        .conditions
        .iter()
        .map(|condition| Shown { condition, health: object.judge(condition), alike: 0 })
        .collect();
    all.sort_by_key(|s| (std::cmp::Reverse(s.health), is_summary(&s.condition.kind), s.condition.since));
    all
}

/// Conditions with the same words are one line. Of two bare summaries the first is enough.
fn merge<'a>(conditions: impl Iterator<Item = (&'a Condition, Health)>) -> Vec<Shown<'a>> {
    let mut out: Vec<Shown<'a>> = Vec::new();
    for (condition, health) in conditions {
        let same = out.iter_mut().find(|s| {
            let other = s.condition;
            other.status == condition.status
                && other.reason == condition.reason
                && (other.message == condition.message
                    || (is_summary(&other.kind) && is_summary(&condition.kind)))
        });
        match same {
            Some(same) => same.alike += 1,
            None => out.push(Shown { condition, health, alike: 0 }),
        }
    }
    out.sort_by_key(|s| (std::cmp::Reverse(s.health), s.condition.since));
    out
}

/// The part of an object that a condition of that type only sums up.
fn sums_up(object: &Object, kind: &str) -> Option<Part> {
    match (&object.facts, kind) {
        (Facts::Cluster(_) | Facts::Machine(_), "InfrastructureReady") => Some(Part::Infrastructure),
        (Facts::Cluster(_), _) if kind.starts_with("ControlPlane") => Some(Part::ControlPlane),
        (Facts::Cluster(_), _) if kind.starts_with("Worker") => Some(Part::Workers),
        (
            Facts::ControlPlane(_),
            "EtcdClusterHealthy" | "ControlPlaneComponentsHealthy" | "MachinesSpecUpToDate",
        )
        | (
            Facts::ControlPlane(_) | Facts::Pool(_) | Facts::MachineSet(_),
            "MachinesReady" | "MachinesUpToDate" | "MachineSetReady",
        ) => Some(Part::Machines),
        (Facts::Machine(_), "BootstrapReady" | "BootstrapConfigReady") => Some(Part::Bootstrap),
        (Facts::Machine(_), "NodeHealthy" | "NodeReady") => Some(Part::Node),
        _ => None,
    }
}

/// The condition speaks of objects below by their names.
fn names_children(condition: &Condition) -> bool {
    let bullet = condition.message.trim_start().strip_prefix("* ").and_then(|l| l.split(' ').next());
    condition.reason.contains(" @ ")
        || matches!(
            bullet.map(|word| word.trim_end_matches('s')),
            Some("Machine" | "MachineDeployment" | "MachineSet" | "MachinePool" | "KubeadmControlPlane")
        )
}
