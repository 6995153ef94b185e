//! An object's card: conditions, events, owners and children, YAML. The lines are made by pure
//! functions that `update` walks too (search, folds, cursor).
use std::borrow::Cow;

use super::{Paint, layout::Area};
use crate::{
    domain::{Health, Object, ResourceRef},
    panes::column::role_of,
    state::{Place, State, collection::Freshness, screen::Tab},
    text,
    theme::Role,
    update,
};

/// Lines above the text: title and tabs.
pub const HEAD: usize = 2;

/// One line of a card: pieces in their roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub health: Option<Health>,
    pub spans: Vec<(String, Role)>,
    /// Number of the line in the whole text, for folds.
    pub source: usize,
}

impl Line {
    pub fn of(words: impl Into<String>, role: Role) -> Self {
        Self { health: None, spans: vec![(words.into(), role)], source: 0 }
    }
    pub fn text(&self) -> String {
        self.spans.iter().map(|(t, _)| t.as_str()).collect()
    }
    pub(super) fn draw(&self, paint: &mut Paint<'_>, line: Area) {
        let mut at = 0;
        if let Some(health) = self.health {
            let glyph = paint.glyph(health);
            at += paint.text(line, 0, glyph, role_of(health)) + 1;
        }
        for (words, role) in &self.spans {
            at += paint.text(line, at, words, *role);
        }
    }
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, target: &ResourceRef, tab: Tab, area: Area) {
    let object = state.fleet.find(target);
    let kind = object.map_or_else(|| target.source.kind.as_str().into(), |o| Cow::Borrowed(&*o.meta.kind));
    let title = format!("{kind} {}", target.key);
    let mut at = paint.text(area.line(0), 0, &title, Role::Title);
    at += paint.text(area.line(0), at + 2, &format!("on {}", target.source.site), Role::TextDim) + 2;
    if let Some(object) = object {
        let health = object.health();
        at += 2;
        at += paint.text(area.line(0), at, paint.glyph(health), role_of(health));
        paint.text(area.line(0), at + 1, health.word(), role_of(health));
    }
    tabs(paint, tab, area.line(1), &state.screen.card.search, state.screen.card.searching);
    let body = area.below(2);
    let lines = lines(state);
    let card = &state.screen.card;
    for (y, (number, line)) in (0..body.height).zip(lines.iter().enumerate().skip(card.top)) {
        let here = body.line(y);
        line.draw(paint, here);
        if !card.search.is_empty() && line.text().to_lowercase().contains(&card.search.to_lowercase()) {
            paint.overlay(here, Role::FilterMatch);
        }
        if number == card.line {
            paint.overlay(here, Role::RowSelected);
        }
    }
}

fn tabs(paint: &mut Paint<'_>, tab: Tab, line: Area, search: &str, searching: bool) {
    let mut at = 0;
    for other in Tab::ALL {
        let role = if other == tab { Role::ColumnSorted } else { Role::TextDim };
        at += paint.text(line, at, other.title(), role) + 2;
    }
    if searching || !search.is_empty() {
        at += paint.text(line, at, "/", Role::KeyHint);
        at += paint.text(line, at, search, Role::Input);
        if searching {
            paint.set_cursor(line.x + at, line.y);
        }
    }
}

/// The lines of the card that is open.
pub fn lines(state: &State) -> Vec<Line> {
    let Place::Object { target, tab } = state.screen.place() else { return Vec::new() };
    let Some(object) = state.fleet.find(target) else {
        return vec![missing(state, target)];
    };
    match tab {
        Tab::Conditions => summary(state, object),
        Tab::Events => events(state, target, object),
        Tab::Owners => super::tree::family(state, target, object),
        Tab::Yaml => yaml(state, target),
    }
}

fn missing(state: &State, target: &ResourceRef) -> Line {
    match state.fleet.collection(&target.source).map(|c| &c.freshness) {
        None | Some(Freshness::Loading) => Line::of("loading", Role::HealthProgressing),
        Some(Freshness::Live) => Line::of("the object is gone", Role::HealthUnknown),
        Some(Freshness::Stale { why, .. } | Freshness::Forbidden { why } | Freshness::Absent { why }) => {
            Line::of(why.summary.clone(), Role::HealthBad)
        }
    }
}

/// Metadata in brief, then the conditions.
fn summary(state: &State, object: &Object) -> Vec<Line> {
    let meta = &object.meta;
    let mut lines = Vec::new();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            lines.push(Line {
                spans: vec![(format!("{key:<14}"), Role::YamlKey), (value, Role::YamlValue)],
                ..Line::default()
            });
        }
    };
    fact("api", meta.api_version.to_string());
    fact(
        "created",
        meta.created.map(|t| format!("{t}, {} ago", text::age(state.since(t)))).unwrap_or_default(),
    );
    fact(
        "deleting",
        meta.deleted.map(|t| format!("since {}", text::age(state.since(t)))).unwrap_or_default(),
    );
    fact("finalizers", meta.finalizers.iter().map(|f| f.to_string()).collect::<Vec<_>>().join(" "));
    let behind = if meta.is_behind() { " (controller behind)" } else { "" };
    fact(
        "generation",
        if meta.observed_generation > 0 {
            format!("{}, observed {}{behind}", meta.generation, meta.observed_generation)
        } else {
            meta.generation.to_string()
        },
    );
    fact("uid", meta.uid.to_string());
    for (key, value) in &meta.labels {
        fact("label", if value.is_empty() { key.to_string() } else { format!("{key}={value}") });
    }
    for (key, value) in &meta.annotations {
        fact("annotation", format!("{key}={value}"));
    }
    lines.push(Line::default());
    lines.extend(conditions(state, object));
    lines
}

/// The conditions of an object, the worst first, with reason, message and age.
pub fn conditions(state: &State, object: &Object) -> Vec<Line> {
    if let crate::domain::Facts::Malformed(why) = &object.facts {
        return vec![Line {
            health: Some(Health::Unknown),
            ..Line::of(format!("this object could not be read: {why}"), Role::HealthUnknown)
        }];
    }
    if object.conditions.is_empty() {
        return vec![Line { health: Some(Health::Unknown), ..Line::of("no conditions yet", Role::TextDim) }];
    }
    let mut sorted: Vec<_> = object.conditions.iter().collect();
    sorted.sort_by_key(|c| std::cmp::Reverse(object.judge(c)));
    let mut lines = Vec::new();
    for c in sorted {
        let health = object.judge(c);
        let since = c.since.map_or("?".into(), |t| text::age(state.since(t)));
        let mut spans = vec![
            (format!("{:<30}", &*c.kind), role_of(health)),
            (format!(" {:<8}", format!("{:?}", c.status)), Role::Text),
            (format!("{since:>7}  "), Role::TextDim),
        ];
        spans.push((c.reason.to_string(), Role::Text));
        lines.push(Line { health: Some(health), spans, source: 0 });
        lines.extend(
            c.message
                .lines()
                .filter(|l| !l.trim().is_empty())
                .map(|l| Line::of(format!("    {l}"), Role::TextDim)),
        );
    }
    lines
}

fn events(state: &State, target: &ResourceRef, object: &Object) -> Vec<Line> {
    let source = update::events_of(target, &object.meta.uid);
    let Some(collection) = state.fleet.collection(&source) else {
        return vec![Line::of("loading", Role::HealthProgressing)];
    };
    let mut events: Vec<_> = collection.iter().filter_map(|(_, o)| o.event()).collect();
    events.sort_by_key(|e| std::cmp::Reverse(e.last_seen));
    let mut lines: Vec<Line> = match &collection.freshness {
        Freshness::Live => Vec::new(),
        Freshness::Loading => vec![Line::of("loading", Role::HealthProgressing)],
        Freshness::Stale { why, .. } | Freshness::Forbidden { why } | Freshness::Absent { why } => {
            vec![Line::of(why.summary.clone(), Role::HealthBad)]
        }
    };
    for e in &events {
        let health = if e.is_warning() { Health::Warning } else { Health::Ok };
        let ago = e.last_seen.map_or("?".into(), |t| text::age(state.since(t)));
        let times = if e.count > 1 { format!(" x{}", e.count) } else { String::new() };
        lines.push(Line {
            health: Some(health),
            spans: vec![
                (format!("{ago:>6} "), Role::TextDim),
                (format!("{}{times} ", e.reason), role_of(health)),
                (e.note.to_string(), Role::Text),
            ],
            source: 0,
        });
    }
    if lines.is_empty() {
        lines.push(Line::of("no events in the time the server keeps them (usually an hour)", Role::TextDim));
    }
    lines
}

/// The YAML with its folds closed.
fn yaml(state: &State, target: &ResourceRef) -> Vec<Line> {
    let document = match state.documents.get(target) {
        None => return vec![Line::of("fetching", Role::HealthProgressing)],
        Some(Err(problem)) => {
            return vec![
                Line::of(problem.summary.clone(), Role::HealthBad),
                Line::of(problem.hint.clone(), Role::TextDim),
            ];
        }
        Some(Ok(document)) => document,
    };
    let all: Vec<&str> = document.yaml.lines().collect();
    let mut lines = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let folded = state.screen.card.folds.contains(&at);
        let end = if folded { fold_end(&all, at) } else { at + 1 };
        let mut line = yaml_line(all[at]);
        line.source = at;
        if folded && end > at + 1 {
            line.spans.push((format!("  [{} lines]", end - at - 1), Role::TextDim));
        }
        lines.push(line);
        at = end;
    }
    lines
}

/// Key, value and comment in their roles.
fn yaml_line(line: &str) -> Line {
    let trimmed = line.trim_start();
    if trimmed.starts_with('#') {
        return Line::of(line, Role::YamlComment);
    }
    match line.find(": ").map(|i| i + 1).or_else(|| line.ends_with(':').then_some(line.len())) {
        Some(at) if !trimmed.starts_with('"') => Line {
            spans: vec![(line[..at].to_owned(), Role::YamlKey), (line[at..].to_owned(), Role::YamlValue)],
            ..Line::default()
        },
        _ => Line::of(line, Role::YamlValue),
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The line after the block that begins at `head`.
fn fold_end(lines: &[&str], head: usize) -> usize {
    let depth = indent(lines[head]);
    let inside = |l: &&str| {
        l.trim().is_empty()
            || indent(l) > depth
            || (indent(l) == depth && l.trim_start().starts_with("- ") && lines[head].ends_with(':'))
    };
    head + 1 + lines[head + 1..].iter().take_while(|l| inside(l)).count()
}

/// Number of lines, for the cursor.
pub fn count(state: &State) -> usize {
    lines(state).len()
}

/// The lines as plain text, for the search.
pub fn texts(state: &State) -> Vec<String> {
    lines(state).iter().map(Line::text).collect()
}

/// The head of the block that a line of the screen stands in, in numbers of the whole text.
pub fn fold_at(state: &State, line: usize) -> Option<usize> {
    let shown = lines(state);
    let at = shown.get(line)?.source;
    let Place::Object { target, tab: Tab::Yaml } = state.screen.place() else { return None };
    let Some(Ok(document)) = state.documents.get(target) else { return None };
    let all: Vec<&str> = document.yaml.lines().collect();
    if fold_end(&all, at) > at + 1 {
        return Some(at);
    }
    (0..at).rev().find(|head| fold_end(&all, *head) > at)
}

/// The heads of all blocks at the second level, to fold at once.
pub fn fold_heads(state: &State) -> Vec<usize> {
    let Place::Object { target, tab: Tab::Yaml } = state.screen.place() else { return Vec::new() };
    let Some(Ok(document)) = state.documents.get(target) else { return Vec::new() };
    let all: Vec<&str> = document.yaml.lines().collect();
    (0..all.len()).filter(|at| indent(all[*at]) == 2 && fold_end(&all, *at) > at + 1).collect()
}
