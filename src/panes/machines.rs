//! Machines of Cluster API over all sites.
use super::{
    Align, Cell, Column, Pane, Rows,
    column::{AGE, BASE, CONDITION, NAME, NAMESPACE, SINCE, SITE},
    pools::CLUSTER,
    unhealthy,
};
use crate::{
    domain::{Health, Object, machine::Machine},
    state::{Row, table::SortKey},
};

pub static PANE: Pane = Pane {
    id: "machines",
    title: "Machines",
    noun: "machine",
    rows: Rows::Management(&["machine"]),
    joins: &["cluster"],
    columns: &[
        SITE,
        NAMESPACE,
        CLUSTER,
        NAME,
        PHASE,
        VERSION,
        NODE,
        CONDITION,
        SINCE,
        ROLE,
        DOMAIN,
        REMEDIATION,
        OWNER,
        EXPIRY,
        PROVIDER_ID,
        ADDRESS,
        AGE,
    ],
    sort: "name",
    fault: unhealthy,
    empty: "no Machines in scope",
};

fn machine(row: Row<'_>) -> Option<&Machine> {
    row.object().and_then(Object::machine)
}

/// Health by the phase, as Cluster API names its phases.
fn phase_health(phase: &str, object: &Object) -> Health {
    match phase {
        "Running" => object.health(),
        "Failed" => Health::Bad,
        "Unknown" | "" => Health::Unknown,
        _ => Health::Progressing.max(if object.health().is_fault() {
            object.health()
        } else {
            Health::Progressing
        }),
    }
}

const PHASE: Column = Column {
    id: "phase",
    title: "PHASE",
    width: 14,
    drop: 0,
    cell: |_, row| match (row.object(), machine(row)) {
        (Some(o), Some(_)) if o.meta.deleted.is_some() => Cell::state(Health::Progressing, "Deleting"),
        (Some(o), Some(m)) if m.phase.is_empty() => Cell::state(phase_health("", o), "no status"),
        (Some(o), Some(m)) => Cell::state(phase_health(&m.phase, o), &*m.phase),
        _ => Cell::unknown(),
    },
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.phase)),
    ..BASE
};

const VERSION: Column = Column {
    id: "version",
    title: "VERSION",
    width: 17,
    drop: 3,
    cell: |_, row| Cell::or_none(machine(row).map_or("", |m| &m.version)),
    sort: |_, row| SortKey::version(machine(row).map_or("", |m| &m.version)),
    ..BASE
};

const NODE: Column = Column {
    id: "node",
    title: "NODE",
    width: 20,
    grow: 1,
    drop: 6,
    cell: |_, row| Cell::or_none(machine(row).map_or("", |m| &m.node)),
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.node)),
    ..BASE
};

const ROLE: Column = Column {
    id: "role",
    title: "ROLE",
    width: 13,
    drop: 7,
    cell: |_, row| {
        machine(row).map_or_else(Cell::unknown, |m| {
            if m.control_plane { Cell::plain("control plane") } else { Cell::plain("worker") }
        })
    },
    sort: |_, row| SortKey::Number(i64::from(machine(row).is_some_and(|m| !m.control_plane))),
    ..BASE
};

const DOMAIN: Column = Column {
    id: "domain",
    title: "DOMAIN",
    width: 10,
    drop: 9,
    cell: |_, row| Cell::or_none(machine(row).map_or("", |m| &m.failure_domain)),
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.failure_domain)),
    ..BASE
};

const REMEDIATION: Column = Column {
    id: "remediation",
    title: "REMEDIATION",
    width: 14,
    drop: 8,
    cell: |_, row| match machine(row) {
        Some(m) if m.remediation.is_empty() => Cell::none(),
        Some(m) => Cell::tinted(Health::Warning, &*m.remediation),
        None => Cell::unknown(),
    },
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.remediation)),
    ..BASE
};

const OWNER: Column = Column {
    id: "owner",
    title: "OWNER",
    width: 22,
    wide: true,
    drop: 11,
    cell: |_, row| match row.object().and_then(|o| o.meta.owners.iter().find(|o| o.controller)) {
        Some(owner) => Cell::plain(format!("{}/{}", owner.kind, owner.name)),
        None => Cell::none(),
    },
    sort: |_, row| {
        SortKey::text(
            row.object().and_then(|o| o.meta.owners.iter().find(|o| o.controller)).map_or("", |o| &o.name),
        )
    },
    ..BASE
};

/// When the control plane certificates of the machine end.
const EXPIRY: Column = Column {
    id: "expiry",
    title: "CERT",
    width: 6,
    align: Align::Right,
    wide: true,
    drop: 10,
    cell: |state, row| match machine(row).and_then(|m| m.certificates(state.now)) {
        None => Cell::none(),
        Some(c) if c.ended() => Cell::tinted(c.health, "ended"),
        Some(c) => Cell::tinted(c.health, format!("{}d", c.days)),
    },
    sort: |_, row| {
        SortKey::number(machine(row).and_then(|m| m.certificates_expiry).map(jiff::Timestamp::as_second))
    },
    ..BASE
};

const PROVIDER_ID: Column = Column {
    id: "provider-id",
    title: "PROVIDER ID",
    width: 30,
    grow: 1,
    wide: true,
    drop: 12,
    cell: |_, row| Cell::or_none(machine(row).map_or("", |m| &m.provider_id)),
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.provider_id)),
    ..BASE
};

const ADDRESS: Column = Column {
    id: "address",
    title: "ADDRESS",
    width: 15,
    wide: true,
    drop: 13,
    cell: |_, row| Cell::or_none(machine(row).map_or("", |m| &m.address)),
    sort: |_, row| SortKey::text(machine(row).map_or("", |m| &m.address)),
    ..BASE
};
