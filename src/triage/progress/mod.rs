//! How far a job's engine is, read from the objects, and how long such a thing usually takes here. What cannot be
//! seen is waited for, never taken for done.
mod crew;
mod ends;
mod replaced;
mod version;

use crate::{
    actions::plan::Goal,
    domain::{Problem, ProblemKind, ResourceRef},
    state::{Freshness, State, jobs::Job},
};
use crew::Crew;

pub use crew::{machines_of, machines_of_plane};

/// Where a job stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    Waiting {
        waiting: String,
        progress: String,
    },
    Reached(String),
    /// What it was about is gone.
    Gone(Problem),
}

impl Progress {
    fn waiting(waiting: impl Into<String>, progress: impl Into<String>) -> Self {
        Self::Waiting { waiting: waiting.into(), progress: progress.into() }
    }
    fn gone(what: &str, target: &ResourceRef) -> Self {
        Self::Gone(Problem::new(ProblemKind::NotFound, format!("the {what} {} is gone", target.key)))
    }
}

/// How far a job is.
pub fn of(state: &State, job: &Job) -> Progress {
    match &job.plan.goal {
        Goal::Immediate => Progress::Reached("done".into()),
        Goal::PoolSize { pool: at, replicas } | Goal::PlaneSize { plane: at, replicas } => {
            sized(state, at, *replicas)
        }
        Goal::Version { cluster, version } => version::of(state, cluster, version),
        Goal::RolledOut { owner, after } => replaced::rolled_out(state, owner, *after),
        Goal::Replaced { machine, uid, owner } => replaced::machine(state, machine, uid, owner),
        Goal::Paused { cluster, paused } => ends::paused(state, cluster, *paused),
        Goal::PoolMade { cluster, name, replicas } => pool_made(state, cluster, name, *replicas),
        Goal::Gone { target, uid } => ends::gone(state, target, uid),
        Goal::Cordoned { node, cordoned } => ends::cordoned(state, node, *cordoned),
    }
}

fn sized(state: &State, at: &ResourceRef, wanted: i64) -> Progress {
    match Crew::of(state, at) {
        Ok(crew) => crew.sized(wanted),
        Err(end) => end,
    }
}

/// The pool that a topology names; its object has a name of the controller's making.
fn pool_made(state: &State, cluster: &ResourceRef, name: &str, wanted: i64) -> Progress {
    if state.fleet.find(cluster).is_none() && is_live(state, cluster) {
        return Progress::gone("cluster", cluster);
    }
    let made = state.fleet.members(&cluster.cluster_key()).find_map(|(_, source, object)| {
        let ours = object.pool().is_some_and(|p| *p.topology_name == *name);
        ours.then(|| ResourceRef { source: source.clone(), key: object.meta.key() })
    });
    match made {
        Some(pool) => sized(state, &pool, wanted),
        None => Progress::waiting(
            format!("the topology controller to make the pool {name}"),
            format!("0 of {wanted} machines run"),
        ),
    }
}

/// All objects of the target's kind are known here at this moment.
fn is_live(state: &State, target: &ResourceRef) -> bool {
    state.fleet.collection(&target.source).is_some_and(|c| c.freshness == Freshness::Live)
}

/// Seconds a machine usually takes here from creation until its node is healthy: the median over
/// the machines of the site whose node never fell ill since (at least three of them). Only for goals that wait for
/// machines.
pub fn usual(state: &State, job: &Job) -> Option<i64> {
    let site = match &job.plan.goal {
        Goal::PoolSize { pool: at, .. }
        | Goal::PlaneSize { plane: at, .. }
        | Goal::PoolMade { cluster: at, .. }
        | Goal::RolledOut { owner: at, .. }
        | Goal::Replaced { owner: at, .. }
        | Goal::Version { cluster: at, .. } => &at.source.site,
        Goal::Paused { .. } | Goal::Gone { .. } | Goal::Cordoned { .. } | Goal::Immediate => return None,
    };
    let mut took: Vec<i64> = state
        .fleet
        .of_kind("machine")
        .filter(|(_, source, _)| source.site == *site)
        .filter_map(|(_, _, m)| {
            let joined = m.condition("NodeHealthy").or_else(|| m.condition("Ready"))?;
            let seconds = joined.since?.as_second() - m.meta.created?.as_second();
            (joined.health() == crate::domain::Health::Ok && (1..3600).contains(&seconds)).then_some(seconds)
        })
        .collect();
    if took.len() < 3 {
        return None;
    }
    took.sort_unstable();
    Some(took[took.len() / 2])
}
