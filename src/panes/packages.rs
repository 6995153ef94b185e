//! Carvel packages of the management clusters and of the workload clusters in scope: what is installed, in which
//! version, how the controller is with it, and what it says when it fails.
use std::borrow::Cow;

use super::{
    Align, Cell, Column, Pane, Rows,
    column::{AGE, BASE, NAME, NAMESPACE, SITE, rank},
    unhealthy,
};
use crate::{
    domain::{
        Facts, Health, Object, Text,
        package::{App, Package, Repository, reconcile},
    },
    state::{Row, State, table::SortKey},
    triage::package::app_of,
};

pub static PANE: Pane = Pane {
    id: "packages",
    title: "Packages",
    noun: "package",
    rows: Rows::Everywhere { kinds: &["package-install"], beside: &["app", "package-repository"] },
    joins: &["cluster"],
    columns: &[
        SITE, CLUSTER, NAMESPACE, SHORT_NAME, PACKAGE, VERSION, STATE, WHY, STAGE, TRIED, KEEPER, CONSTRAINT,
        FAILURES, INTO, REFERENCE, ACCOUNT, AGE,
    ],
    sort: "name",
    fault: unhealthy,
    empty: "no PackageInstalls in scope; those of a workload cluster show when the cluster is in scope",
};

pub static REPOSITORIES: Pane = Pane {
    id: "repositories",
    title: "Repositories",
    noun: "repo",
    rows: Rows::Everywhere { kinds: &["package-repository"], beside: &[] },
    joins: &["cluster"],
    columns: &[SITE, CLUSTER, NAMESPACE, SHORT_NAME, STATE, WHY, TRIED, ADDRESS, METHOD, FAILURES, AGE],
    sort: "name",
    fault: unhealthy,
    empty: "no PackageRepositories in scope; those of a workload cluster show when the cluster is in scope",
};

fn package(row: Row<'_>) -> Option<&Package> {
    row.object().and_then(Object::package)
}

fn repository(row: Row<'_>) -> Option<&Repository> {
    row.object().and_then(Object::repository)
}

/// The App that carries a row's package out.
fn app<'a>(state: &'a State, row: Row<'_>) -> Option<&'a App> {
    let Row::Object { source, object } = row else { return None };
    app_of(state, source, object)?.app()
}

fn of_package(row: Row<'_>, text: fn(&Package) -> &str) -> &str {
    package(row).map_or("", text)
}

/// The workload cluster whose API the row is from, or that it is for.
const CLUSTER: Column = Column {
    id: "cluster",
    title: "CLUSTER",
    width: 14,
    drop: 2,
    cell: |_, row| match row.cluster_key() {
        Some(cluster) => Cell::plain(cluster.key.name.to_string()),
        None => Cell::none(),
    },
    sort: |_, row| SortKey::text(&row.cluster_key().map(|c| c.key.name.to_string()).unwrap_or_default()),
    ..BASE
};

/// The errors need the room more than the names.
const SHORT_NAME: Column = Column { width: 16, grow: 1, ..NAME };

const PACKAGE: Column = Column {
    id: "package",
    title: "PACKAGE",
    width: 16,
    drop: 5,
    cell: |_, row| package(row).map_or_else(Cell::unknown, |p| Cell::or_none(p.short_name())),
    sort: |_, row| SortKey::text(of_package(row, Package::short_name)),
    ..BASE
};

const VERSION: Column = Column {
    id: "version",
    title: "VERSION",
    width: 21,
    drop: 3,
    cell: |_, row| match package(row) {
        None => Cell::unknown(),
        Some(p) if p.version.is_empty() && p.attempted.is_empty() => Cell::none(),
        Some(p) => Cell::plain(&**if p.version.is_empty() { &p.attempted } else { &p.version }),
    },
    sort: |_, row| SortKey::version(of_package(row, |p| &p.version)),
    ..BASE
};

const STATE: Column = Column {
    id: "state",
    title: "STATE",
    width: 15,
    drop: 0,
    cell: |_, row| match row.object() {
        Some(Object { facts: Facts::Malformed(_), .. }) => Cell::state(Health::Unknown, "unreadable"),
        Some(object) => reconcile(object).map_or_else(Cell::unknown, |s| Cell::state(s.health(), s.word())),
        None => Cell::unknown(),
    },
    sort: |_, row| {
        let state = row.object().and_then(reconcile);
        SortKey::number(state.map(|s| -(rank(s.health()) * 16 + i64::from(s as u8))))
    },
    ..BASE
};

/// What the controller says is wrong, in its own words.
const WHY: Column = Column {
    id: "why",
    title: "WHY",
    width: 22,
    grow: 6,
    drop: 1,
    cell: |state, row| {
        let Some(object) = row.object() else { return Cell::unknown() };
        match crate::triage::package::why(state, row) {
            Some(why) => {
                let held = reconcile(object).is_some_and(|s| s.health() == Health::Paused);
                let health = if held { Health::Paused } else { object.health() };
                Cell { text: Cow::Owned(why), ..Cell::tinted(health, "") }
            }
            None => Cell::none(),
        }
    },
    sort: |state, row| SortKey::text(&crate::triage::package::why(state, row).unwrap_or_default()),
    ..BASE
};

/// The stage of the App that failed.
const STAGE: Column = Column {
    id: "stage",
    title: "STAGE",
    width: 8,
    drop: 6,
    cell: |state, row| match app(state, row) {
        None => Cell::unknown(),
        Some(app) => app.failed().map_or_else(Cell::none, |(name, _)| Cell::tinted(Health::Bad, name)),
    },
    sort: |state, row| SortKey::text(app(state, row).and_then(App::failed).map_or("", |(name, _)| name)),
    ..BASE
};

/// When it was last worked on. The API does not tell since when a state has been so.
const TRIED: Column = Column {
    id: "tried",
    title: "TRIED",
    width: 6,
    align: Align::Right,
    drop: 4,
    cell: |state, row| match tried(state, row) {
        Some(tried) => Cell::dim(crate::text::age(state.since(tried))),
        None => Cell::unknown(),
    },
    sort: |state, row| SortKey::number(tried(state, row).map(|t| -t.as_second())),
    ..BASE
};

fn tried(state: &State, row: Row<'_>) -> Option<jiff::Timestamp> {
    repository(row).map_or_else(|| app(state, row)?.tried(), |r| r.tried)
}

const KEEPER: Column = Column {
    id: "owner",
    title: "OWNER",
    width: 16,
    drop: 8,
    cell: |_, row| package(row).map_or_else(Cell::unknown, |p| Cell::or_none(p.keeper.word())),
    sort: |_, row| SortKey::text(of_package(row, |p| p.keeper.word())),
    ..BASE
};

const CONSTRAINT: Column = Column {
    id: "constraint",
    title: "CONSTRAINT",
    width: 14,
    drop: 9,
    cell: |_, row| match package(row) {
        None => Cell::unknown(),
        Some(p) if p.constraints.is_empty() => Cell::dim("any"),
        Some(p) => Cell::plain(&*p.constraints),
    },
    sort: |_, row| SortKey::text(of_package(row, |p| &p.constraints)),
    ..BASE
};

/// Attempts that failed one after the other.
const FAILURES: Column = Column {
    id: "failures",
    title: "FAILED",
    width: 6,
    align: Align::Right,
    wide: true,
    drop: 10,
    cell: |state, row| match failures(state, row) {
        Some(0) => Cell::dim("0"),
        number => Cell::number(number),
    },
    sort: |state, row| SortKey::number(failures(state, row).map(|n| -n)),
    ..BASE
};

fn failures(state: &State, row: Row<'_>) -> Option<i64> {
    repository(row).map(|r| r.failures).or_else(|| app(state, row).map(|a| a.failures))
}

/// Namespaces of what the package deployed; not that of the `PackageInstall`.
const INTO: Column = Column {
    id: "into",
    title: "DEPLOYS TO",
    width: 24,
    wide: true,
    drop: 11,
    cell: |state, row| match app(state, row) {
        None => Cell::unknown(),
        Some(app) if app.namespaces.is_empty() => Cell::none(),
        Some(app) => Cell::plain(words(&app.namespaces)),
    },
    sort: |state, row| SortKey::text(&app(state, row).map(|a| words(&a.namespaces)).unwrap_or_default()),
    ..BASE
};

fn words(texts: &[Text]) -> String {
    texts.iter().map(Text::as_str).collect::<Vec<_>>().join(" ")
}

const REFERENCE: Column = Column {
    id: "reference",
    title: "REFERENCE",
    width: 30,
    wide: true,
    drop: 12,
    cell: |_, row| package(row).map_or_else(Cell::unknown, |p| Cell::or_none(&p.package)),
    sort: |_, row| SortKey::text(of_package(row, |p| &p.package)),
    ..BASE
};

const ACCOUNT: Column = Column {
    id: "account",
    title: "ACCOUNT",
    width: 22,
    wide: true,
    drop: 13,
    cell: |_, row| package(row).map_or_else(Cell::unknown, |p| Cell::or_none(&p.service_account)),
    sort: |_, row| SortKey::text(of_package(row, |p| &p.service_account)),
    ..BASE
};

const ADDRESS: Column = Column {
    id: "address",
    title: "FROM",
    width: 30,
    grow: 3,
    drop: 5,
    cell: |_, row| repository(row).map_or_else(Cell::unknown, |r| Cell::or_none(&r.address)),
    sort: |_, row| SortKey::text(repository(row).map_or("", |r| &r.address)),
    ..BASE
};

const METHOD: Column = Column {
    id: "method",
    title: "HOW",
    width: 12,
    wide: true,
    drop: 9,
    cell: |_, row| repository(row).map_or_else(Cell::unknown, |r| Cell::or_none(&r.method)),
    sort: |_, row| SortKey::text(repository(row).map_or("", |r| &r.method)),
    ..BASE
};
