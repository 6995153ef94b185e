//! Clusters over all sites: how far they are, what they run, what is worst and since when.
use super::{
    Align, Cell, Column, Pane, Rows,
    column::{AGE, BASE, NAME, NAMESPACE, SITE, condition_words, rank},
    phase::{is_stalled, phase},
};
use crate::{
    domain::{Condition, Health, Object, Source},
    state::{Row, State, table::SortKey},
};

pub static PANE: Pane = Pane {
    id: "clusters",
    title: "Clusters",
    noun: "cluster",
    rows: Rows::Management(&["cluster"]),
    joins: &["control-plane", "pool"],
    columns: &[
        SITE,
        NAMESPACE,
        NAME,
        PHASE,
        VERSION,
        TARGET,
        CONTROL_PLANE,
        WORKERS,
        WORST,
        SINCE,
        CLASS,
        INFRASTRUCTURE,
        ROLE,
        AGE,
    ],
    sort: "condition",
    fault: |state, row| matches!(row, Row::Object { source, object } if health(state, source, object).is_fault()),
    empty: "no Cluster objects: nothing is managed here, or the scope hides it",
};

/// TKG's word for an infrastructure kind: `VSphereCluster` is vSphere.
pub fn provider(kind: &str) -> &str {
    match kind {
        "VSphereCluster" => "vSphere",
        "AWSCluster" => "AWS",
        "AzureCluster" => "Azure",
        "DockerCluster" => "Docker",
        "DevCluster" | "InMemoryCluster" => "in-memory",
        other => other.strip_suffix("Cluster").unwrap_or(other),
    }
}

/// Machines of a part of a cluster: wanted, there, ready and up to date; `None` where nothing is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub desired: Option<i64>,
    pub ready: Option<i64>,
    pub up_to_date: Option<i64>,
}

impl Count {
    /// Both together; what is not known of one is not known of both.
    fn and(self, other: Self) -> Self {
        let add = |a: Option<i64>, b: Option<i64>| Some(a? + b?);
        Self {
            desired: add(self.desired, other.desired),
            ready: add(self.ready, other.ready),
            up_to_date: add(self.up_to_date, other.up_to_date),
        }
    }
}

/// Control plane machines: from the Cluster where the server counts, else from the control plane object.
pub fn control_plane(state: &State, source: &Source, object: &Object) -> Count {
    if let Some(c) = object.cluster().and_then(|c| c.control_plane_counts) {
        return Count { desired: c.desired, ready: c.ready, up_to_date: c.up_to_date };
    }
    let key = key_of(source, object);
    let mut count =
        Count { desired: object.cluster().and_then(|c| c.control_plane_replicas), ..Count::default() };
    for (_, _, member) in state.fleet.members(&key) {
        if let Some(plane) = member.control_plane() {
            let r = plane.replicas;
            count = Count {
                desired: r.desired,
                ready: r.counted.map(|c| c.ready),
                up_to_date: r.counted.map(|c| c.up_to_date),
            };
        }
    }
    count
}

/// Worker machines: from the Cluster where the server counts, else summed over its pools.
pub fn workers(state: &State, source: &Source, object: &Object) -> Count {
    if let Some(c) = object.cluster().and_then(|c| c.worker_counts) {
        return Count { desired: c.desired, ready: c.ready, up_to_date: c.up_to_date };
    }
    let mut sum: Option<Count> = None;
    for (_, _, member) in state.fleet.members(&key_of(source, object)) {
        let Some(pool) = member.pool() else { continue };
        let (r, counted) = (pool.replicas, pool.replicas.counted);
        let of = Count {
            desired: r.desired.or(counted.map(|c| c.current)),
            ready: counted.map(|c| c.ready),
            up_to_date: counted.map(|c| c.up_to_date),
        };
        sum = Some(sum.map_or(of, |sum| sum.and(of)));
    }
    sum.unwrap_or_default()
}

pub(super) fn key_of(source: &Source, object: &Object) -> crate::domain::ClusterKey {
    crate::domain::ClusterKey { site: source.site.clone(), key: object.meta.key() }
}

/// The condition that says most about the cluster: its own worst, or the worst of its control plane and pools.
pub fn worst<'a>(
    state: &'a State,
    source: &Source,
    object: &'a Object,
) -> Option<(&'a Object, &'a Condition)> {
    let own = object.worst_condition().map(|c| (object, c));
    if own.is_some_and(|(o, c)| o.judge(c) >= Health::Bad)
        || object.cluster().is_some_and(|c| c.control_plane_counts.is_some())
    {
        return own;
    }
    let key = key_of(source, object);
    let below = state.fleet.members(&key).filter(|(_, _, m)| m.machine().is_none());
    below
        .filter_map(|(_, _, m)| m.worst_condition().map(|c| (m, c)))
        .chain(own)
        .max_by_key(|(o, c)| o.judge(c))
}

/// How a cluster is: its own conditions, those of its control plane and pools, and whether work on it is stalled.
/// A pause excuses what does not move, never what is broken.
pub fn health(state: &State, source: &Source, object: &Object) -> Health {
    let health = worst(state, source, object).map_or(Health::Ok, |(o, c)| o.judge(c)).max(object.health());
    if health == Health::Bad {
        return health;
    }
    if object.cluster().is_some_and(|c| c.paused) {
        return Health::Paused;
    }
    if is_stalled(state, source, object) { Health::Bad } else { health }
}

fn of<T>(row: Row<'_>, or: T, f: impl FnOnce(&Source, &Object) -> T) -> T {
    if let Row::Object { source, object } = row { f(source, object) } else { or }
}

const PHASE: Column = Column {
    id: "phase",
    title: "PHASE",
    width: 14,
    drop: 0,
    cell: |state, row| {
        if let Row::Object { source, object } = row { phase(state, source, object) } else { Cell::unknown() }
    },
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::Number(-rank(health(state, s, o)))),
    ..BASE
};

/// What runs: the control plane's version.
const VERSION: Column = Column {
    id: "version",
    title: "VERSION",
    width: 17,
    drop: 2,
    cell: |state, row| Cell::plain(of(row, String::new(), |s, o| running(state, s, o))),
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::version(&running(state, s, o))),
    ..BASE
};

fn running(state: &State, source: &Source, object: &Object) -> String {
    let plane = state.fleet.members(&key_of(source, object)).find_map(|(_, _, m)| m.control_plane());
    match plane {
        Some(p) if !p.running_version.is_empty() => p.running_version.to_string(),
        Some(p) if !p.version.is_empty() => p.version.to_string(),
        _ => object.cluster().map(|c| c.version.to_string()).unwrap_or_default(),
    }
}

/// What is wanted, where that is another version.
const TARGET: Column = Column {
    id: "target",
    title: "TARGET",
    width: 17,
    drop: 7,
    cell: |state, row| {
        let target = of(row, String::new(), |s, o| {
            let wanted = wanted(state, s, o);
            if crate::domain::version::compare(&wanted, &running(state, s, o)).is_eq() {
                String::new()
            } else {
                wanted
            }
        });
        if target.is_empty() { Cell::none() } else { Cell::tinted(Health::Progressing, target) }
    },
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::version(&wanted(state, s, o))),
    ..BASE
};

fn wanted(state: &State, source: &Source, object: &Object) -> String {
    let topology = object.cluster().map(|c| c.version.to_string()).unwrap_or_default();
    if !topology.is_empty() {
        return topology;
    }
    state
        .fleet
        .members(&key_of(source, object))
        .find_map(|(_, _, m)| m.control_plane())
        .map(|p| p.version.to_string())
        .unwrap_or_default()
}

fn count_cell<'a>(count: Count) -> Cell<'a> {
    match (count.ready, count.desired) {
        (Some(ready), Some(desired)) if ready >= desired => Cell::plain(format!("{ready}/{desired}")),
        (Some(ready), Some(desired)) => Cell::tinted(
            if ready == 0 && desired > 0 { Health::Bad } else { Health::Warning },
            format!("{ready}/{desired}"),
        ),
        (Some(ready), None) => Cell::plain(format!("{ready}/?")),
        (None, Some(desired)) => Cell::dim(format!("?/{desired}")),
        (None, None) => Cell::unknown(),
    }
}

const CONTROL_PLANE: Column = Column {
    id: "controlplane",
    title: "CP",
    width: 5,
    align: Align::Right,
    drop: 1,
    cell: |state, row| of(row, Cell::unknown(), |s, o| count_cell(control_plane(state, s, o))),
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::number(control_plane(state, s, o).ready)),
    ..BASE
};

const WORKERS: Column = Column {
    id: "workers",
    title: "WORKERS",
    width: 7,
    align: Align::Right,
    drop: 1,
    cell: |state, row| of(row, Cell::unknown(), |s, o| count_cell(workers(state, s, o))),
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::number(workers(state, s, o).ready)),
    ..BASE
};

const WORST: Column = Column {
    id: "condition",
    title: "CONDITION",
    width: 22,
    grow: 2,
    drop: 1,
    cell: |state, row| {
        let Row::Object { source, object } = row else { return Cell::unknown() };
        match worst(state, source, object) {
            Some((at, c)) if std::ptr::eq(at, object) => Cell::state(at.judge(c), condition_words(c)),
            Some((at, c)) => {
                Cell::state(at.judge(c), format!("{} {}: {}", at.meta.kind, at.meta.name, condition_words(c)))
            }
            None => (super::column::CONDITION.cell)(state, row),
        }
    },
    sort: |state, row| of(row, SortKey::Nothing, |s, o| SortKey::Number(-rank(health(state, s, o)))),
    ..BASE
};

const SINCE: Column = Column {
    id: "since",
    title: "SINCE",
    width: 7,
    align: Align::Right,
    drop: 2,
    cell: |state, row| {
        let Row::Object { source, object } = row else { return Cell::unknown() };
        match worst(state, source, object) {
            Some((o, c)) => c
                .since
                .map_or_else(Cell::unknown, |t| Cell::tinted(o.judge(c), crate::text::age(state.since(t)))),
            None => Cell::none(),
        }
    },
    sort: |state, row| {
        of(row, SortKey::Nothing, |s, o| {
            SortKey::number(worst(state, s, o).and_then(|(_, c)| c.since).map(|t| -t.as_second()))
        })
    },
    ..BASE
};

const CLASS: Column = Column {
    id: "class",
    title: "CLASS",
    width: 18,
    drop: 9,
    cell: |_, row| {
        row.object().and_then(Object::cluster).map_or_else(Cell::unknown, |c| Cell::or_none(&c.class))
    },
    sort: |_, row| SortKey::text(row.object().and_then(Object::cluster).map_or("", |c| &c.class)),
    ..BASE
};

const INFRASTRUCTURE: Column = Column {
    id: "infrastructure",
    title: "INFRA",
    width: 9,
    drop: 8,
    cell: |_, row| {
        row.object()
            .and_then(Object::cluster)
            .map_or_else(Cell::unknown, |c| Cell::or_none(provider(&c.infrastructure.kind)))
    },
    sort: |_, row| {
        SortKey::text(row.object().and_then(Object::cluster).map_or("", |c| provider(&c.infrastructure.kind)))
    },
    ..BASE
};

/// TKG role of a cluster, by its labels (tko-reference, management and shared services roles).
const ROLE: Column = Column {
    id: "role",
    title: "ROLE",
    width: 10,
    wide: true,
    drop: 10,
    cell: |_, row| row.object().map_or_else(Cell::unknown, |o| Cell::or_none(role(o))),
    sort: |_, row| SortKey::text(row.object().map_or("", role)),
    ..BASE
};

fn role(object: &Object) -> &'static str {
    let has = |suffix: &str| {
        object
            .meta
            .labels
            .keys()
            .any(|k| k.strip_prefix("cluster-role.tkg.tanzu.vmware.com/") == Some(suffix))
    };
    if has("management") {
        "management"
    } else if has("tanzu-services") {
        "services"
    } else {
        "workload"
    }
}
