//! Ends that one object tells alone: it is gone, it is paused, it takes no new pods.
use super::{Progress, crew::waiting_for};
use crate::{
    domain::{Object, ResourceRef, Status},
    state::State,
};

/// The cluster's controllers stand still, or work again. Where the server has a condition for it, that decides; where it
/// has none, nothing but the spec tells.
pub(super) fn paused(state: &State, cluster: &ResourceRef, wanted: bool) -> Progress {
    let Some(object) = state.fleet.find(cluster) else {
        return lost(state, "cluster", cluster);
    };
    let facts = object.cluster().is_some_and(|c| c.paused);
    let seen = object.condition("Paused").map(|c| c.status == Status::True);
    let (waiting, done) = if wanted {
        ("the controllers to see the pause", "the cluster is paused")
    } else {
        ("the controllers to take up their work", "the cluster is worked on again")
    };
    // A controller that stands still does not say how far it has read.
    let behind = !wanted && object.meta.is_behind();
    if facts == wanted && seen.is_none_or(|seen| seen == wanted) && !behind {
        Progress::Reached(done.into())
    } else {
        Progress::waiting(waiting, if facts { "paused" } else { "not paused" })
    }
}

/// The node takes new pods, or none.
pub(super) fn cordoned(state: &State, node: &ResourceRef, wanted: bool) -> Progress {
    let Some(object) = state.fleet.find(node) else { return lost(state, "node", node) };
    let now = object.node().is_some_and(|n| n.cordoned);
    let word = |cordoned: bool| if cordoned { "takes no new pods" } else { "takes new pods" };
    if now == wanted {
        return Progress::Reached(format!("the node {}", word(wanted)));
    }
    Progress::waiting("the node to say so", format!("the node {}", word(now)))
}

/// The very object is gone, and the machines that were under it.
pub(super) fn gone(state: &State, target: &ResourceRef, uid: &str) -> Progress {
    let object = state.fleet.find(target).filter(|o| *o.meta.uid == *uid);
    if object.is_none() && !super::is_live(state, target) {
        return Progress::waiting("the site to be read again", "not known at the moment");
    }
    let left = left(state, target, object);
    let progress = match left.len() {
        0 => "no machine is left".to_owned(),
        1 => "1 machine is left".to_owned(),
        n => format!("{n} machines are left"),
    };
    let going = left.iter().find(|m| m.meta.deleted.is_some());
    match (object, going) {
        (_, Some(machine)) => Progress::waiting(waiting_for(machine), progress),
        (Some(object), None) if object.meta.deleted.is_none() => {
            Progress::waiting("the controller to begin", progress)
        }
        _ if !left.is_empty() => Progress::waiting("the machines to be given up", progress),
        (Some(object), None) => {
            let held: Vec<&str> = object.meta.finalizers.iter().map(|f| &**f).collect();
            let held = if held.is_empty() { "the server".to_owned() } else { held.join(", ") };
            Progress::waiting(format!("{held} to let it go"), progress)
        }
        (None, None) => Progress::Reached(format!("{} is gone", target.key)),
    }
}

/// The machines that are still there: of the cluster, or of the pool.
fn left<'a>(state: &'a State, target: &ResourceRef, object: Option<&Object>) -> Vec<&'a Object> {
    if target.source.kind == *"cluster" {
        let cluster = target.cluster_key();
        let members = state.fleet.members(&cluster).map(|(.., o)| o);
        return members.filter(|o| o.machine().is_some()).collect();
    }
    if let Some(object) = object {
        return super::machines_of(state, target, object);
    }
    // The machines of a pool may outlive it by a moment.
    let of_pool = |m: &&Object| {
        m.meta.namespace == *target.key.namespace
            && m.meta.label("cluster.x-k8s.io/deployment-name") == Some(&*target.key.name)
    };
    let machines = state.fleet.of_kind("machine");
    machines
        .filter(|(_, source, _)| source.site == target.source.site)
        .map(|(.., m)| m)
        .filter(of_pool)
        .collect()
}

fn lost(state: &State, noun: &str, target: &ResourceRef) -> Progress {
    if super::is_live(state, target) {
        return Progress::gone(noun, target);
    }
    Progress::waiting(format!("the {noun} to be read again"), "not known at the moment")
}
