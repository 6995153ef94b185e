//! Jobs: plans being carried out and how they ended.
use super::{
    Cell, Column, Pane, Rows,
    column::{Align, BASE, SITE},
    unhealthy,
};
use crate::state::{
    jobs::{Job, Phase},
    table::SortKey,
};

pub static PANE: Pane = Pane {
    id: "jobs",
    title: "Jobs",
    noun: "job",
    rows: Rows::Jobs,
    joins: &[],
    columns: &[NUMBER, TITLE, SITE, TARGET, STATUS, PROGRESS, FOR],
    sort: "started",
    fault: unhealthy,
    empty: "nothing has been done in this run",
};

const NUMBER: Column = Column {
    id: "started",
    title: "#",
    width: 3,
    align: Align::Right,
    drop: 0,
    cell: |_, row| row.job().map_or_else(Cell::unknown, |j| Cell::dim(j.id.0.to_string())),
    sort: |_, row| SortKey::number(row.job().and_then(|j| i64::try_from(j.id.0).ok()).map(|n| -n)),
    ..BASE
};

const TITLE: Column = Column {
    id: "job",
    title: "JOB",
    width: 28,
    grow: 2,
    drop: 0,
    cell: |_, row| row.job().map_or_else(Cell::unknown, |j| Cell::plain(&*j.plan.summary)),
    sort: |_, row| SortKey::text(row.job().map_or("", |j| &j.plan.summary)),
    ..BASE
};

const TARGET: Column = Column {
    id: "target",
    title: "TARGET",
    width: 24,
    grow: 1,
    drop: 2,
    cell: |_, row| row.job().map_or_else(Cell::unknown, |j| Cell::plain(j.plan.target.key.to_string())),
    sort: |_, row| SortKey::text(&row.job().map(|j| j.plan.target.key.to_string()).unwrap_or_default()),
    ..BASE
};

const STATUS: Column = Column {
    id: "status",
    title: "STATUS",
    width: 12,
    drop: 0,
    cell: |_, row| row.job().map_or_else(Cell::unknown, |job| Cell::state(job.health(), word(job))),
    sort: |_, row| SortKey::text(row.job().map_or("", word)),
    ..BASE
};

/// The phase of a job in one word.
pub fn word(job: &Job) -> &'static str {
    match job.phase {
        Phase::Queued => "queued",
        Phase::Writing => "writing",
        Phase::Following { .. } => "following",
        Phase::Done => "done",
        Phase::Failed { .. } => "failed",
        Phase::Left => "left",
    }
}

const PROGRESS: Column = Column {
    id: "progress",
    title: "WAITING FOR",
    width: 40,
    grow: 4,
    drop: 1,
    cell: |_, row| match row.job().map(|j| &j.phase) {
        Some(Phase::Following { waiting, progress }) => Cell::plain(format!("{waiting}; {progress}")),
        Some(Phase::Failed { problem }) => Cell::tinted(crate::domain::Health::Bad, &*problem.summary),
        Some(_) => Cell::none(),
        None => Cell::unknown(),
    },
    ..BASE
};

/// How long it has taken, of how long it usually takes.
const FOR: Column = Column {
    id: "duration",
    title: "FOR",
    width: 16,
    align: Align::Right,
    drop: 2,
    cell: |state, row| {
        let Some(job) = row.job() else { return Cell::unknown() };
        let took = crate::text::age(job.ended.unwrap_or(state.now).as_second() - job.started.as_second());
        match job.usual {
            Some(usual) => Cell::plain(format!("{took} of ~{}", crate::text::age(usual))),
            None => Cell::plain(took),
        }
    },
    ..BASE
};
