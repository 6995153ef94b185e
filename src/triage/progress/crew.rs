//! The machines of one pool or control plane, and how far they are from being as many as wanted.
use super::Progress;
use crate::{
    domain::{
        ClusterKey, Object, ObjectKey, Problem, ProblemKind, ResourceRef, condition::worst, pool::Replicas,
    },
    state::State,
};

/// A pool or a control plane with its machines.
pub(super) struct Crew<'a> {
    pub(super) object: &'a Object,
    pub(super) machines: Vec<&'a Object>,
    replicas: Replicas,
    /// `pool` or `control plane`.
    pub(super) noun: &'static str,
}

impl<'a> Crew<'a> {
    /// The one at this address, or why there is none to look at.
    pub(super) fn of(state: &'a State, at: &ResourceRef) -> Result<Self, Progress> {
        let noun = if at.source.kind == *"control-plane" { "control plane" } else { "pool" };
        let Some(object) = state.fleet.find(at) else {
            if super::is_live(state, at) {
                return Err(Progress::gone(noun, at));
            }
            let waiting = format!("the {noun} {} to be read again", at.key);
            return Err(Progress::waiting(waiting, "not known at the moment"));
        };
        let machines = match object.control_plane() {
            Some(facts) => {
                let key = ObjectKey::new(&object.meta.namespace, &facts.cluster);
                machines_of_plane(state, &ClusterKey { site: at.source.site.clone(), key })
            }
            None => machines_of(state, at, object),
        };
        let Some(replicas) = object.replicas() else {
            let why = format!("the {noun} {} cannot be read", at.key);
            return Err(Progress::Gone(Problem::new(ProblemKind::Malformed, why)));
        };
        Ok(Self { object, machines, replicas, noun })
    }

    pub(super) fn desired(&self) -> Option<i64> {
        self.replicas.desired
    }

    pub(super) fn running(&self) -> usize {
        self.machines.iter().filter(|m| is_running(m)).count()
    }

    /// As many machines as wanted, all of them Running with a node and ready, none more.
    pub(super) fn sized(&self, wanted: i64) -> Progress {
        let running = self.running();
        let progress = format!("{running} of {wanted} machines run");
        if self.replicas.desired != Some(wanted) {
            let now = self.replicas.desired.unwrap_or(0);
            return Progress::waiting(format!("the {} to want {wanted} (now {now})", self.noun), progress);
        }
        if self.object.meta.is_behind() {
            return Progress::waiting("the controller to see the new spec", progress);
        }
        let count = i64::try_from(self.machines.len()).unwrap_or(i64::MAX);
        let ready = self.replicas.counted.map_or(0, |c| c.ready);
        if count == wanted && running == self.machines.len() && ready == wanted {
            return Progress::Reached(progress);
        }
        let waiting = match self.machines.iter().find(|m| !is_running(m)) {
            Some(machine) => waiting_for(machine),
            None if count < wanted => format!("{} more machines to be made", wanted - count),
            None if count > wanted => format!("{} machines to go", count - wanted),
            None => format!("{} machines to count as ready", wanted - ready),
        };
        Progress::waiting(waiting, progress)
    }
}

/// The machines of a pool, by the label that Cluster API gives them (kube-apis §1.4).
pub fn machines_of<'a>(state: &'a State, pool: &ResourceRef, object: &Object) -> Vec<&'a Object> {
    let Some(cluster) = object.meta.cluster_name() else { return Vec::new() };
    let cluster =
        ClusterKey { site: pool.source.site.clone(), key: ObjectKey::new(&object.meta.namespace, cluster) };
    labelled(state, &cluster, |m| {
        m.meta.label("cluster.x-k8s.io/deployment-name") == Some(&*object.meta.name)
    })
}

/// The machines of a cluster's control plane.
pub fn machines_of_plane<'a>(state: &'a State, cluster: &ClusterKey) -> Vec<&'a Object> {
    labelled(state, cluster, |m| m.machine().is_some_and(|m| m.control_plane))
}

fn labelled<'a>(state: &'a State, cluster: &ClusterKey, is_of: impl Fn(&Object) -> bool) -> Vec<&'a Object> {
    let members = state.fleet.members(cluster).map(|(_, _, m)| m);
    let mut machines: Vec<&Object> = members.filter(|m| m.machine().is_some() && is_of(m)).collect();
    machines.sort_by(|a, b| a.meta.name.cmp(&b.meta.name));
    machines
}

pub(super) fn is_running(machine: &Object) -> bool {
    machine.meta.deleted.is_none()
        && machine.machine().is_some_and(|m| &*m.phase == "Running" && !m.node.is_empty())
}

/// The condition a machine hangs on.
pub(super) fn waiting_for(machine: &Object) -> String {
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
