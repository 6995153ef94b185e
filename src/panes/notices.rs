//! What the console told the operator, newest first; failures with their hints.
use super::{Align, Cell, Column, Pane, Rows, column::BASE, unhealthy};
use crate::{domain::Health, state::table::SortKey};

pub static PANE: Pane = Pane {
    id: "notices",
    title: "Notices",
    noun: "notice",
    rows: Rows::Notices,
    joins: &[],
    columns: &[AGO, STATUS, TEXT, HINT],
    sort: "age",
    fault: unhealthy,
    empty: "nothing to report",
};

const AGO: Column = Column {
    id: "age",
    title: "AGO",
    width: 7,
    align: Align::Right,
    drop: 1,
    cell: |state, row| {
        row.notice().map_or_else(Cell::unknown, |n| Cell::dim(crate::text::age(state.since(n.at))))
    },
    sort: |_, row| SortKey::number(row.notice().and_then(|n| i64::try_from(n.number).ok()).map(|n| -n)),
    ..BASE
};

const STATUS: Column = Column {
    id: "status",
    title: "",
    width: 9,
    drop: 0,
    cell: |_, row| match row.notice().map(|n| n.problem.is_some()) {
        Some(true) => Cell::state(Health::Bad, "problem"),
        _ => Cell::state(Health::Ok, "news"),
    },
    ..BASE
};

const TEXT: Column = Column {
    id: "text",
    title: "WHAT",
    width: 50,
    grow: 3,
    drop: 0,
    cell: |_, row| row.notice().map_or_else(Cell::unknown, |n| Cell::plain(&*n.text)),
    sort: |_, row| SortKey::text(row.notice().map_or("", |n| &n.text)),
    ..BASE
};

const HINT: Column = Column {
    id: "hint",
    title: "HINT",
    width: 40,
    grow: 2,
    drop: 2,
    cell: |_, row| Cell::or_none(row.notice().and_then(|n| n.problem.as_ref()).map_or("", |p| &p.hint)),
    ..BASE
};
