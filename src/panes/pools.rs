//! Node pools: control planes and `MachineDeployments`, and where their rollouts stand.
use super::{
    Align, Cell, Column, Pane, Rows,
    column::{AGE, BASE, CONDITION, NAME, NAMESPACE, SINCE, SITE},
    unhealthy,
};
use crate::{
    domain::{
        Health, Object,
        pool::{Counts, Replicas, Rollout},
    },
    state::table::SortKey,
};

pub static PANE: Pane = Pane {
    id: "pools",
    title: "Node pools",
    noun: "pool",
    rows: Rows::Management(&["control-plane", "pool"]),
    joins: &["cluster"],
    columns: &[
        SITE, NAMESPACE, CLUSTER, NAME, KIND, DESIRED, CURRENT, READY, UP_TO_DATE, VERSION, ROLLOUT, DOMAIN,
        CONDITION, SINCE, AGE,
    ],
    sort: "cluster",
    fault: unhealthy,
    empty: "no control planes or MachineDeployments in scope",
};

/// Name of the cluster that an object of Cluster API belongs to.
pub fn cluster_of(object: &Object) -> &str {
    object.meta.cluster_name().unwrap_or("")
}

fn replicas(object: Option<&Object>) -> Option<Replicas> {
    object?.replicas()
}

fn counted(object: Option<&Object>) -> Option<Counts> {
    replicas(object)?.counted
}

/// Where the rollout of a pool or control plane stands.
pub fn rollout(object: &Object) -> Option<Rollout> {
    object.rollout()
}

pub const CLUSTER: Column = Column {
    id: "cluster",
    title: "CLUSTER",
    width: 18,
    grow: 1,
    drop: 3,
    cell: |_, row| row.object().map_or_else(Cell::unknown, |o| Cell::or_none(cluster_of(o))),
    sort: |_, row| SortKey::text(row.object().map_or("", cluster_of)),
    ..BASE
};

const KIND: Column = Column {
    id: "kind",
    title: "KIND",
    width: 13,
    drop: 4,
    cell: |_, row| {
        row.object().map_or_else(Cell::unknown, |o| {
            if o.control_plane().is_some() { Cell::plain("control plane") } else { Cell::plain("pool") }
        })
    },
    sort: |_, row| SortKey::Number(i64::from(row.object().is_some_and(|o| o.control_plane().is_none()))),
    ..BASE
};

const DESIRED: Column = Column {
    id: "desired",
    title: "DESIRED",
    width: 7,
    align: Align::Right,
    drop: 0,
    cell: |_, row| Cell::number(replicas(row.object()).and_then(|r| r.desired)),
    sort: |_, row| SortKey::number(replicas(row.object()).and_then(|r| r.desired)),
    ..BASE
};

const CURRENT: Column = Column {
    id: "replicas",
    title: "CURRENT",
    width: 7,
    align: Align::Right,
    drop: 2,
    cell: |_, row| Cell::number(counted(row.object()).map(|c| c.current)),
    sort: |_, row| SortKey::number(counted(row.object()).map(|c| c.current)),
    ..BASE
};

const READY: Column = Column {
    id: "ready",
    title: "READY",
    width: 5,
    align: Align::Right,
    drop: 0,
    cell: |_, row| short(replicas(row.object()), |c| c.ready),
    sort: |_, row| SortKey::number(counted(row.object()).map(|c| c.ready)),
    ..BASE
};

const UP_TO_DATE: Column = Column {
    id: "uptodate",
    title: "UPTODATE",
    width: 8,
    align: Align::Right,
    drop: 3,
    cell: |_, row| short(replicas(row.object()), |c| c.up_to_date),
    sort: |_, row| SortKey::number(counted(row.object()).map(|c| c.up_to_date)),
    ..BASE
};

/// A counter, tinted when it is short of what is wanted.
fn short<'a>(replicas: Option<Replicas>, of: fn(&Counts) -> i64) -> Cell<'a> {
    let Some((r, counted)) = replicas.and_then(|r| Some((r, r.counted?))) else { return Cell::unknown() };
    let n = of(&counted);
    if r.desired.is_some_and(|d| n < d) {
        Cell::tinted(Health::Warning, n.to_string())
    } else {
        Cell::plain(n.to_string())
    }
}

const VERSION: Column = Column {
    id: "version",
    title: "VERSION",
    width: 17,
    drop: 2,
    cell: |_, row| Cell::or_none(version(row.object())),
    sort: |_, row| SortKey::version(version(row.object())),
    ..BASE
};

fn version(object: Option<&Object>) -> &str {
    let Some(object) = object else { return "" };
    object.pool().map(|p| &*p.version).or_else(|| object.control_plane().map(|c| &*c.version)).unwrap_or("")
}

const ROLLOUT: Column = Column {
    id: "rollout",
    title: "ROLLOUT",
    width: 14,
    drop: 1,
    cell: |_, row| match row.object().and_then(rollout) {
        None => Cell::unknown(),
        Some(Rollout::Settled) => Cell::state(Health::Ok, "settled"),
        Some(Rollout::Paused) => Cell::state(Health::Paused, "paused"),
        Some(other) => Cell::state(Health::Progressing, other.word()),
    },
    sort: |_, row| SortKey::Number(i64::from(row.object().and_then(rollout) == Some(Rollout::Settled))),
    ..BASE
};

const DOMAIN: Column = Column {
    id: "domain",
    title: "FAILURE DOMAIN",
    width: 14,
    drop: 8,
    cell: |_, row| {
        row.object().and_then(Object::pool).map_or_else(Cell::none, |p| Cell::or_none(&p.failure_domain))
    },
    sort: |_, row| SortKey::text(row.object().and_then(Object::pool).map_or("", |p| &p.failure_domain)),
    ..BASE
};
