//! How far a job's engine is, read from the objects, and how long such a thing usually takes here.
use crate::{
    actions::plan::Goal,
    domain::{ClusterKey, Object, ObjectKey, Problem, ProblemKind, ResourceRef, condition::worst},
    state::{State, jobs::Job},
};

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

/// How far a job is.
pub fn of(state: &State, job: &Job) -> Progress {
    match &job.plan.goal {
        Goal::Immediate => Progress::Reached("done".into()),
        Goal::PoolSize { pool, replicas } => pool_size(state, pool, *replicas),
    }
}

fn pool_size(state: &State, pool: &ResourceRef, wanted: i64) -> Progress {
    let Some(object) = state.fleet.find(pool) else {
        return Progress::Gone(Problem::new(ProblemKind::NotFound, format!("the pool {} is gone", pool.key)));
    };
    let Some(facts) = object.pool() else {
        return Progress::Gone(Problem::new(
            ProblemKind::Malformed,
            format!("the pool {} cannot be read", pool.key),
        ));
    };
    let machines = machines_of(state, pool, object);
    let running = machines.iter().filter(|m| is_running(m)).count();
    let progress = format!("{running} of {wanted} machines run");
    if facts.replicas.desired != Some(wanted) {
        return Progress::Waiting {
            waiting: format!("the pool to want {wanted} (now {})", facts.replicas.desired.unwrap_or(0)),
            progress,
        };
    }
    if object.meta.is_behind() {
        return Progress::Waiting { waiting: "the controller to see the new spec".into(), progress };
    }
    let count = i64::try_from(machines.len()).unwrap_or(i64::MAX);
    let ready = facts.replicas.counted.map_or(0, |c| c.ready);
    if count == wanted && running == machines.len() && ready == wanted {
        return Progress::Reached(progress);
    }
    let waiting = match machines.iter().find(|m| !is_running(m)) {
        Some(machine) => waiting_for(machine),
        None if count < wanted => format!("{} more machines to be made", wanted - count),
        None if count > wanted => format!("{} machines to go", count - wanted),
        None => format!("{} machines to count as ready", wanted - ready),
    };
    Progress::Waiting { waiting, progress }
}

/// The machines of a pool, by the label that Cluster API gives them (kube-apis §1.4).
pub fn machines_of<'a>(state: &'a State, pool: &ResourceRef, object: &Object) -> Vec<&'a Object> {
    let Some(cluster) = object.meta.cluster_name() else { return Vec::new() };
    let cluster =
        ClusterKey { site: pool.source.site.clone(), key: ObjectKey::new(&object.meta.namespace, cluster) };
    let of_pool = |m: &&Object| {
        m.machine().is_some() && m.meta.label("cluster.x-k8s.io/deployment-name") == Some(&*object.meta.name)
    };
    let mut machines: Vec<&Object> =
        state.fleet.members(&cluster).map(|(_, _, m)| m).filter(of_pool).collect();
    machines.sort_by(|a, b| a.meta.name.cmp(&b.meta.name));
    machines
}

fn is_running(machine: &Object) -> bool {
    machine.meta.deleted.is_none()
        && machine.machine().is_some_and(|m| &*m.phase == "Running" && !m.node.is_empty())
}

/// The condition a machine hangs on.
fn waiting_for(machine: &Object) -> String {
    let name = &machine.meta.name;
    if machine.meta.deleted.is_some() {
        return format!("{name} to be deleted");
    }
    match worst(&machine.conditions) {
        Some(c) if c.reason.is_empty() => format!("{} of {name}", c.kind),
        Some(c) => format!("{} of {name} ({})", c.kind, c.short_reason()),
        None => format!("{name} to run"),
    }
}

/// Seconds a machine usually takes here from creation until its node is healthy: the median over
/// the machines of the site whose node never fell ill since (at least three of them).
pub fn usual(state: &State, job: &Job) -> Option<i64> {
    let Goal::PoolSize { pool, .. } = &job.plan.goal else { return None };
    let mut took: Vec<i64> = state
        .fleet
        .of_kind("machine")
        .filter(|(_, source, _)| source.site == pool.source.site)
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
