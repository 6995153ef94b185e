//! Nodes of the workload clusters in scope, read from their own APIs.
use super::{
    Align, Cell, Column, Pane, Rows,
    column::{AGE, BASE, NAME, SITE},
};
use crate::{
    domain::{
        Condition, Health, Object,
        node::Node,
        quantity::{human_bytes, human_cpu},
        version::minors_behind,
    },
    state::{Row, State, table::SortKey},
};

pub static PANE: Pane = Pane {
    id: "nodes",
    title: "Nodes",
    noun: "node",
    rows: Rows::Workload(&["node"]),
    joins: &["cluster", "control-plane"],
    columns: &[
        SITE, CLUSTER, NAME, STATUS, ROLES, KUBELET, SKEW, CPU, MEMORY, PODS, REQUESTED, TAINTS, ADDRESS, OS,
        AGE,
    ],
    sort: "name",
    fault: |_, row| row.object().is_some_and(|o| health(o).is_fault()),
    empty: "no cluster is selected: press the scope key on a cluster, or open its tree",
};

fn node(row: Row<'_>) -> Option<&Node> {
    row.object().and_then(Object::node)
}

/// Ready, pressures and cordon together.
pub fn health(object: &Object) -> Health {
    let own = object.conditions.iter().map(Condition::health).max().unwrap_or(Health::Unknown);
    if object.node().is_some_and(|n| n.cordoned) { own.max(Health::Paused) } else { own }
}

const CLUSTER: Column = Column {
    id: "cluster",
    title: "CLUSTER",
    width: 18,
    drop: 3,
    cell: |_, row| Cell::plain(row.cluster_key().map(|c| c.key.name.to_string()).unwrap_or_default()),
    sort: |_, row| SortKey::text(&row.cluster_key().map(|c| c.key.name.to_string()).unwrap_or_default()),
    ..BASE
};

/// Ready or not, then every pressure, then the cordon.
const STATUS: Column = Column {
    id: "status",
    title: "STATUS",
    width: 18,
    grow: 1,
    drop: 0,
    cell: |_, row| {
        let (Some(object), Some(node)) = (row.object(), node(row)) else { return Cell::unknown() };
        let mut words = vec![match object.condition("Ready") {
            Some(c) if c.health() == Health::Ok => "Ready",
            Some(c) if c.status == crate::domain::Status::False => "NotReady",
            Some(_) => "Silent",
            None => "no status",
        }];
        words.extend(
            object.conditions.iter().filter(|c| c.negative() && c.health().is_fault()).map(|c| &*c.kind),
        );
        if node.cordoned {
            words.push("cordoned");
        }
        Cell::state(health(object), words.join(" "))
    },
    sort: |_, row| SortKey::number(row.object().map(|o| -super::column::rank(health(o)))),
    ..BASE
};

const ROLES: Column = Column {
    id: "roles",
    title: "ROLES",
    width: 14,
    drop: 4,
    cell: |_, row| {
        node(row).map_or_else(Cell::unknown, |n| {
            if n.roles.is_empty() { Cell::plain("worker") } else { Cell::plain(n.roles.join(",")) }
        })
    },
    sort: |_, row| SortKey::text(&node(row).map(|n| n.roles.join(",")).unwrap_or_default()),
    ..BASE
};

const KUBELET: Column = Column {
    id: "version",
    title: "KUBELET",
    width: 16,
    drop: 2,
    cell: |_, row| Cell::or_none(node(row).map_or("", |n| &n.kubelet)),
    sort: |_, row| SortKey::version(node(row).map_or("", |n| &n.kubelet)),
    ..BASE
};

/// Minor versions that the kubelet is behind its API server. More than three is out of support
/// (Kubernetes version skew policy).
const SKEW: Column = Column {
    id: "skew",
    title: "SKEW",
    width: 5,
    align: Align::Right,
    drop: 6,
    cell: |state, row| match skew(state, row) {
        None => Cell::unknown(),
        Some(0) => Cell::dim("0"),
        Some(n @ 1..=3) => Cell::plain(format!("-{n}")),
        Some(n) if n > 3 => Cell::tinted(Health::Bad, format!("-{n}")),
        Some(n) => Cell::tinted(Health::Bad, format!("+{}", -n)),
    },
    sort: |state, row| SortKey::number(skew(state, row).map(|n| -n)),
    ..BASE
};

fn skew(state: &State, row: Row<'_>) -> Option<i64> {
    let cluster = row.cluster_key()?;
    let from_greeting = match state.workloads.get(&cluster) {
        Some(crate::state::workloads::Reach::Live { greeting, .. }) if !greeting.version.is_empty() => {
            Some(&*greeting.version)
        }
        _ => None,
    };
    let from_plane =
        || state.fleet.members(&cluster).find_map(|(_, _, m)| m.control_plane()).map(|p| &*p.running_version);
    minors_behind(&node(row)?.kubelet, from_greeting.or_else(from_plane)?)
}

const CPU: Column = Column {
    id: "cpu",
    title: "CPU",
    width: 9,
    align: Align::Right,
    drop: 5,
    cell: |_, row| share(node(row), |r| r.cpu, human_cpu),
    sort: |_, row| SortKey::number(node(row).and_then(|n| i64::try_from(n.allocatable.cpu?).ok())),
    ..BASE
};

const MEMORY: Column = Column {
    id: "memory",
    title: "MEMORY",
    width: 13,
    align: Align::Right,
    drop: 5,
    cell: |_, row| share(node(row), |r| r.memory, human_bytes),
    sort: |_, row| SortKey::number(node(row).and_then(|n| i64::try_from(n.allocatable.memory?).ok())),
    ..BASE
};

/// Allocatable, of capacity.
fn share<'a>(
    node: Option<&Node>,
    of: fn(&crate::domain::node::Resources) -> Option<u64>,
    human: fn(u64) -> String,
) -> Cell<'a> {
    let Some(node) = node else { return Cell::unknown() };
    match (of(&node.allocatable), of(&node.capacity)) {
        (Some(a), Some(c)) if a != c => Cell::plain(format!("{}/{}", human(a), human(c))),
        (Some(a), _) => Cell::plain(human(a)),
        _ => Cell::unknown(),
    }
}

const PODS: Column = Column {
    id: "pods",
    title: "PODS",
    width: 8,
    align: Align::Right,
    drop: 6,
    cell: |state, row| {
        let Some(allocatable) = node(row).and_then(|n| n.allocatable.pods) else { return Cell::unknown() };
        match requested(state, row) {
            Some(r) => Cell::plain(format!("{}/{allocatable}", r.pods.unwrap_or(0))),
            None => Cell::plain(format!("?/{allocatable}")),
        }
    },
    sort: |state, row| SortKey::number(requested(state, row).and_then(|r| i64::try_from(r.pods?).ok())),
    ..BASE
};

/// Share of allocatable that the pods on the node request: CPU and memory.
const REQUESTED: Column = Column {
    id: "requested",
    title: "REQUESTED",
    width: 15,
    drop: 4,
    cell: |state, row| {
        let (Some(node), Some(r)) = (node(row), requested(state, row)) else { return Cell::unknown() };
        let percent = |part: Option<u64>, whole: Option<u64>| {
            whole.filter(|w| *w > 0).map(|w| part.unwrap_or(0) * 100 / w)
        };
        let (cpu, memory) =
            (percent(r.cpu, node.allocatable.cpu), percent(r.memory, node.allocatable.memory));
        let word = |p: Option<u64>| p.map_or("?".to_owned(), |p| format!("{p}%"));
        let text = format!("cpu {} mem {}", word(cpu), word(memory));
        if cpu.max(memory).is_some_and(|p| p >= 90) {
            Cell::tinted(Health::Warning, text)
        } else {
            Cell::plain(text)
        }
    },
    sort: |state, row| {
        SortKey::number(requested(state, row).and_then(|r| i64::try_from(r.cpu?).ok()).map(|n| -n))
    },
    ..BASE
};

fn requested(state: &State, row: Row<'_>) -> Option<crate::domain::node::Resources> {
    let Row::Object { source, object } = row else { return None };
    state.fleet.requested(source, &object.meta.name)
}

const TAINTS: Column = Column {
    id: "taints",
    title: "TAINTS",
    width: 20,
    drop: 8,
    cell: |_, row| match node(row) {
        Some(n) if n.taints.is_empty() => Cell::none(),
        Some(n) => Cell::plain(n.taints.join(" ")),
        None => Cell::unknown(),
    },
    sort: |_, row| SortKey::text(&node(row).map(|n| n.taints.join(" ")).unwrap_or_default()),
    ..BASE
};

const ADDRESS: Column = Column {
    id: "address",
    title: "ADDRESS",
    width: 15,
    wide: true,
    drop: 10,
    cell: |_, row| Cell::or_none(node(row).map_or("", |n| &n.address)),
    sort: |_, row| SortKey::text(node(row).map_or("", |n| &n.address)),
    ..BASE
};

const OS: Column = Column {
    id: "os",
    title: "OS IMAGE",
    width: 22,
    wide: true,
    drop: 11,
    cell: |_, row| Cell::or_none(node(row).map_or("", |n| &n.os_image)),
    sort: |_, row| SortKey::text(node(row).map_or("", |n| &n.os_image)),
    ..BASE
};
