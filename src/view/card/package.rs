//! What a package's card says before its conditions: why it is as it is, the stages of its App with what the tools
//! printed last, and where its values are. Values themselves are never shown.
use super::Line;
use crate::{
    domain::{
        Facts, Health, Object, ResourceRef, Text,
        package::{App, Package, Repository, Stage, reconcile},
    },
    panes::column::role_of,
    state::{Row, State},
    text,
    theme::Role,
    triage::package::{app_of, why},
};

/// Cells before the words of a fact.
const KEY: usize = 13;

pub(super) fn lines(state: &State, target: &ResourceRef, object: &Object, room: usize) -> Vec<Line> {
    let Some(standing) = reconcile(object) else { return Vec::new() };
    let mut lines = vec![Line::state(standing.health(), standing.word())];
    let row = Row::Object { source: &target.source, object };
    if let Some(why) = why(state, row) {
        lines.extend(fact("why", &why, role_of(standing.health()), room));
    }
    match &object.facts {
        Facts::Package(package) => {
            let app = app_of(state, &target.source, object);
            match app.and_then(|app| Some((app, app.app()?))) {
                Some((object, app)) => {
                    lines.extend(stages(state, app, room));
                    let source = crate::domain::Source {
                        kind: crate::domain::KindId::new("app"),
                        ..target.source.clone()
                    };
                    let target = ResourceRef { source, key: object.meta.key() };
                    lines.push(Line {
                        target: Some(target),
                        ..key_line("app", &object.meta.name, Role::Text)
                    });
                    lines.extend(deployed(app, room));
                }
                None => lines.push(key_line("app", "not read, or not there", Role::HealthUnknown)),
            }
            lines.extend(of_package(package, room));
        }
        Facts::App(app) => {
            lines.extend(stages(state, app, room));
            lines.extend(deployed(app, room));
        }
        Facts::Repository(repository) => lines.extend(of_repository(repository, room)),
        _ => {}
    }
    lines.push(Line::default());
    lines
}

fn key_line(key: &str, value: &str, role: Role) -> Line {
    Line { spans: vec![(format!("{key:<KEY$}"), Role::YamlKey), (value.to_owned(), role)], ..Line::default() }
}

fn fact(key: &str, value: &str, role: Role, room: usize) -> Vec<Line> {
    let parts = text::wrap(value, room.saturating_sub(KEY));
    let keys = std::iter::once(key).chain(std::iter::repeat(""));
    parts.into_iter().zip(keys).map(|(part, key)| key_line(key, &part, role)).collect()
}

/// Each stage with its end, how long it took and when it was; below a failed or running one its last lines.
fn stages(state: &State, app: &App, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut newest = None;
    for (name, stage) in app.stages() {
        // A later stage that is older than an earlier one is of an attempt before.
        let is_old = newest.is_some_and(|newest| stage.updated.is_some_and(|at| at < newest));
        newest = newest.max(stage.updated);
        let health = match (is_old, stage.is_failed(), stage.exit_code) {
            (true, ..) => Health::Unknown,
            (_, true, _) => Health::Bad,
            (_, _, None) => Health::Progressing,
            _ => Health::Ok,
        };
        let end = stage.exit_code.map_or_else(|| "running".to_owned(), |code| format!("exit {code}"));
        let mut spans = vec![(format!("{name:<11}"), Role::YamlKey), (format!("{end:<9}"), role_of(health))];
        spans.push((times(state, stage), Role::TextDim));
        if is_old {
            spans.push((", of an attempt before".into(), Role::TextDim));
        }
        lines.push(Line { health: Some(health), spans, ..Line::default() });
        let tail = stage.tail.lines().filter(|_| !is_old);
        for line in tail.flat_map(|line| text::wrap(line, room.saturating_sub(4))) {
            lines.push(Line::of(format!("    {line}"), Role::Text));
        }
    }
    lines
}

/// `3m ago, took 2s`.
fn times(state: &State, of: &Stage) -> String {
    let ago = of.updated.or(of.started).map(|at| format!("{} ago", text::age(state.since(at))));
    let took = match (of.started, of.updated) {
        (Some(start), Some(end)) if end >= start => {
            Some(format!("took {}", text::age(end.as_second() - start.as_second())))
        }
        _ => None,
    };
    ago.into_iter().chain(took).collect::<Vec<_>>().join(", ")
}

fn deployed(app: &App, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if app.failures > 0 {
        lines.extend(fact("failed", &format!("{} times in a row", app.failures), Role::HealthBad, room));
    }
    if !app.namespaces.is_empty() {
        lines.extend(fact("deploys to", &words(&app.namespaces), Role::YamlValue, room));
    }
    if !app.label.is_empty() {
        lines.extend(fact("by label", &app.label, Role::YamlValue, room));
    }
    lines
}

fn of_package(package: &Package, room: usize) -> Vec<Line> {
    let constraints = if package.constraints.is_empty() { "any" } else { &package.constraints };
    let mut lines = fact("package", &package.package, Role::YamlValue, room);
    lines.extend(fact("allowed", constraints, Role::YamlValue, room));
    if package.attempted != package.version && !package.attempted.is_empty() {
        lines.extend(fact("attempted", &package.attempted, Role::HealthProgressing, room));
    }
    let values = if package.values.is_empty() { "none given".to_owned() } else { words(&package.values) };
    lines.extend(fact("values in", &values, Role::YamlValue, room));
    lines.extend(fact("account", &package.service_account, Role::YamlValue, room));
    lines.extend(fact("owner", package.keeper.word(), Role::YamlValue, room));
    lines
}

fn of_repository(repository: &Repository, room: usize) -> Vec<Line> {
    let mut lines = fact("fetched by", &repository.method, Role::YamlValue, room);
    lines.extend(fact("from", &repository.address, Role::YamlValue, room));
    if repository.failures > 0 {
        lines.extend(fact(
            "failed",
            &format!("{} times in a row", repository.failures),
            Role::HealthBad,
            room,
        ));
    }
    lines
}

fn words(texts: &[Text]) -> String {
    texts.iter().map(Text::as_str).collect::<Vec<_>>().join(" ")
}
