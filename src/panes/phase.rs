//! TKG's phase of a cluster, as `tanzu cluster list` words it, and when work on a cluster counts as stalled.
use super::{
    Cell,
    clusters::{Count, control_plane, health, key_of, workers},
};
use crate::{
    domain::{Health, Object, Source, operation::Operation},
    state::State,
    triage::cause::STALLED_AFTER,
};

/// TKG's phase of a cluster, Stalled included: a cluster that has been on its way for long without moving.
pub fn phase<'a>(state: &'a State, source: &Source, object: &'a Object) -> Cell<'a> {
    let Some(cluster) = object.cluster() else { return Cell::unknown() };
    let health = health(state, source, object);
    if object.meta.deleted.is_some() {
        return Cell::state(Health::Progressing, "Deleting");
    }
    if cluster.paused {
        return Cell::state(health.max(Health::Paused), "Paused");
    }
    if cluster.phase.is_empty() {
        return Cell::state(Health::Unknown, "no status");
    }
    if is_stalled(state, source, object) {
        return Cell::state(Health::Bad, "Stalled");
    }
    if cluster.phase == "Provisioned" && is_updating(state, source, object) {
        return Cell::state(Health::Progressing, "Updating");
    }
    match cluster.phase.as_str() {
        "Provisioned" => Cell::state(health, "Running"),
        "Failed" => Cell::state(Health::Bad, "Failed"),
        other => Cell::state(health.max(Health::Progressing), other),
    }
}

/// Work on the cluster has stopped before its end: the CLI says so, or nothing has moved for long.
pub(super) fn is_stalled(state: &State, source: &Source, object: &Object) -> bool {
    let Some(cluster) = object.cluster().filter(|c| !c.paused && !c.phase.is_empty()) else {
        return false;
    };
    if object.meta.deleted.is_some() {
        return false;
    }
    let newest = || object.conditions.iter().filter_map(|c| c.since).max().or(object.meta.created);
    let is_still = || newest().is_some_and(|t| state.since(t) > STALLED_AFTER);
    let noted = Operation::of(&object.meta).map(|o| (o.is_overdue(state.now), o.name));
    match (cluster.phase.as_str(), noted) {
        ("Provisioning", Some((overdue, name))) if name == "Create" => overdue,
        ("Provisioning", _) => is_still(),
        // What was noted of an upgrade says nothing of a scaling after it.
        (_, Some((true, name))) if name == "Upgrade" => {
            is_updating(state, source, object) && (is_still() || is_rolling(state, source, object))
        }
        (_, Some((false, name))) if name == "Upgrade" => false,
        // The cheap question first: this is asked whenever something of the cluster changes.
        _ => is_still() && is_updating(state, source, object),
    }
}

/// Some of the machines that are there are of an older spec: not only their number changes.
fn is_rolling(state: &State, source: &Source, object: &Object) -> bool {
    let counted = object.cluster().map(|c| [c.control_plane_counts, c.worker_counts]).unwrap_or_default();
    let mut behind = counted.iter().flatten().map(|c| c.up_to_date < c.replicas);
    let key = key_of(source, object);
    let below = state.fleet.members(&key).filter_map(|(_, _, m)| {
        m.pool().map(|p| &p.replicas).or_else(|| m.control_plane().map(|p| &p.replicas))
    });
    behind.any(|is_behind| is_behind)
        || below.into_iter().any(|r| r.counted.is_some_and(|c| c.up_to_date < c.current))
}

/// Machines are missing, surplus or of an older spec.
fn is_updating(state: &State, source: &Source, object: &Object) -> bool {
    let behind = |c: Count| {
        c.desired.is_some()
            && (c.up_to_date.is_some_and(|n| Some(n) < c.desired)
                || c.ready.is_some_and(|n| Some(n) != c.desired))
    };
    object.meta.is_behind()
        || behind(control_plane(state, source, object))
        || behind(workers(state, source, object))
}
