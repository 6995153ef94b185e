//! Incidents: each brings a world into a state that happens in real fleets, and says what a good console must then
//! name as its cause. One file each, and one line in [`SCENARIOS`].
mod certificate;
mod etcd;
mod hold;
mod join;
mod package;
mod site;
mod wave;

use jiff::{SignedDuration, Timestamp};

use super::{
    control::{Key, World},
    fleet::Trouble,
};
use crate::domain::ProblemKind;

/// One incident.
pub struct Scenario {
    /// As on the command line.
    pub name: &'static str,
    /// What happened, in one line.
    pub title: &'static str,
    /// The cause that a console must name once it was injected.
    pub truth: fn(&World) -> Option<Truth>,
    pub inject: fn(&mut World),
    /// Takes the cause away; what follows from it heals by itself.
    pub heal: fn(&mut World),
}

impl Scenario {
    /// It is told by packages and repositories, not by the tree of a cluster.
    pub fn is_of_packages(&self) -> bool {
        package::ALL.iter().any(|scenario| scenario.name == self.name)
    }
}

/// The true cause of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// An object of a cluster says so.
    Condition {
        cluster: Key,
        kind: &'static str,
        name: String,
        condition: &'static str,
        reason: &'static str,
    },
    /// A package or a repository of a cluster, and words that its row must show.
    Package { cluster: Key, reference: &'static str, says: String },
    /// A site cannot be read, or a part of it; and why.
    Site { site: &'static str, problem: ProblemKind },
}

/// The machine of a cluster that runs and gets no node, and what its condition says by then.
fn never_joins(world: &World, cluster: Key, reason: &'static str) -> Option<Truth> {
    let stuck = world.cluster(&cluster)?.machines().find(|m| m.trouble == Trouble::NeverJoins)?;
    let name = stuck.name.to_string();
    Some(Truth::Condition { kind: "Machine", name, condition: "NodeHealthy", reason, cluster })
}

/// All of them.
pub static SCENARIOS: &[&Scenario] = &[
    &hold::SCENARIO,
    &join::SCENARIO,
    &etcd::SCENARIO,
    &certificate::SCENARIO,
    &wave::SCENARIO,
    &site::UNREACHABLE,
    &site::CREDENTIALS,
    &site::FORBIDDEN,
    &site::THROTTLED,
    &package::VALUES,
    &package::DEPENDENCY,
    &package::DELETION,
    &package::DRIFTING,
    &package::REPOSITORY,
];

/// What a demo starts with when nothing is asked for.
pub static OPENING: &[&Scenario] = &[&hold::SCENARIO, &join::SCENARIO];

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().copied().find(|s| s.name == name)
}

/// The names, to suggest the nearest of.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCENARIOS.iter().map(|s| s.name)
}

/// So long ago.
fn ago(world: &World, hours: i64, minutes: i64) -> Timestamp {
    world.now() - SignedDuration::from_mins(hours * 60 + minutes)
}

#[cfg(test)]
mod tests;
