//! An object's card: conditions, events, owners and children, YAML. The lines are made by pure
//! functions that `update` walks too (search, folds, cursor).
mod events;
mod family;
mod package;
mod status;
mod yaml;

pub(super) use family::lines as family;
pub use status::conditions;
pub use yaml::{fold_at, fold_heads, folds_over};

use std::borrow::Cow;

use super::{
    Paint,
    layout::{self, Area},
};
use crate::{
    domain::{Health, ResourceRef},
    panes::column::role_of,
    state::{Place, State, collection::Freshness, screen::Tab},
    text,
    theme::Role,
};

/// Lines above the text: title and tabs.
pub const HEAD: usize = 2;

/// One line of a card: pieces in their roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub health: Option<Health>,
    pub spans: Vec<(String, Role)>,
    /// Number of the line in the whole text, for folds and search.
    pub source: usize,
    /// The object that the line names and that enter opens.
    pub target: Option<ResourceRef>,
}

impl Line {
    pub fn of(words: impl Into<String>, role: Role) -> Self {
        Self { spans: vec![(words.into(), role)], ..Self::default() }
    }
    /// With the glyph of a state before it.
    pub fn state(health: Health, words: impl Into<String>) -> Self {
        Self { health: Some(health), ..Self::of(words, role_of(health)) }
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
    at += paint.text(area.line(0), at, &format!("  on {}", target.source.site), Role::TextDim);
    if let Some(cluster) = target.source.cluster() {
        at += paint.text(area.line(0), at, &format!(", in {}", cluster.key), Role::TextDim);
    }
    if let Some(object) = object {
        let health = object.health();
        at += 2;
        at += paint.text(area.line(0), at, paint.glyph(health), role_of(health)) + 1;
        at += paint.text(area.line(0), at, health.word(), role_of(health));
    }
    if let Some(collection) = state.fleet.collection(&target.source)
        && let (Some(since), Some(why)) = (collection.old_since(), collection.why())
    {
        let words = format!("  as of {} ago: {}", text::age(state.since(since)), why.summary);
        paint.text(area.line(0), at, &words, Role::RowStale);
    }
    let shown = lines(state);
    tabs(state, paint, tab, &shown, area.line(1));
    let body = area.below(2);
    let card = &state.screen.card;
    for (y, (number, line)) in (0..body.height).zip(shown.iter().enumerate().skip(card.top)) {
        let here = body.line(y);
        line.draw(paint, here);
        if number == card.line {
            paint.overlay(here, Role::RowSelected);
        }
        mark_matches(paint, line, &card.search, here);
    }
}

/// Lays the role of a match over every place that holds the search text.
fn mark_matches(paint: &mut Paint<'_>, line: &Line, search: &str, here: Area) {
    if search.is_empty() {
        return;
    }
    let words = line.text();
    let (low, needle) = (words.to_ascii_lowercase(), search.to_ascii_lowercase());
    let start = if line.health.is_some() { 2 } else { 0 };
    for (at, _) in low.match_indices(&needle) {
        let before = start + text::width(&words[..at]);
        let Ok(x) = u16::try_from(before) else { return };
        if x >= here.width {
            return;
        }
        let width = u16::try_from(text::width(&words[at..at + needle.len()])).unwrap_or(u16::MAX);
        let width = width.min(here.width - x);
        paint.overlay(Area::new(here.x + x, here.y, width, here.height), Role::FilterMatch);
    }
}

/// The names of the tabs, the search and how many places hold it.
fn tabs(state: &State, paint: &mut Paint<'_>, tab: Tab, shown: &[Line], line: Area) {
    let card = &state.screen.card;
    let mut at = 0;
    for other in Tab::ALL {
        let role = if other == tab { Role::ColumnSorted } else { Role::TextDim };
        at += paint.text(line, at, other.title(), role) + 2;
    }
    if !card.searching && card.search.is_empty() {
        return;
    }
    at += paint.text(line, at, "/", Role::KeyHint);
    at += paint.text(line, at, &card.search, Role::Input);
    if card.searching {
        paint.set_cursor(line.x + at, line.y);
    }
    if !card.search.is_empty() {
        let hits = hits(state);
        let here = shown.get(card.line).map(|l| l.source);
        let words = match hits.iter().position(|h| Some(*h) == here) {
            Some(number) => format!("{} of {}", number + 1, hits.len()),
            None if hits.is_empty() => "not here".to_owned(),
            None => format!("{} lines", hits.len()),
        };
        paint.text(line, at + 2, &words, Role::TextDim);
    }
}

/// The lines of the card that is open.
pub fn lines(state: &State) -> Vec<Line> {
    let Place::Object { target, tab } = state.screen.place() else { return Vec::new() };
    if *tab == Tab::Yaml {
        return yaml::lines(state, target);
    }
    let mut lines = match (state.fleet.find(target), tab) {
        (None, _) => vec![missing(state, target)],
        (Some(object), Tab::Events) => events::lines(state, target, object, room(state)),
        (Some(object), Tab::Owners) => family::lines(state, target, object),
        (Some(object), _) => {
            let mut lines = package::lines(state, target, object, room(state));
            lines.extend(status::lines(state, object, room(state)));
            lines
        }
    };
    for (number, line) in lines.iter_mut().enumerate() {
        line.source = number;
    }
    lines
}

/// Cells a line of the card has.
fn room(state: &State) -> usize {
    usize::from(layout::parts(state.width, state.height).main.width)
}

/// Why an object is not to be seen.
pub(super) fn missing(state: &State, target: &ResourceRef) -> Line {
    match state.fleet.collection(&target.source).map(|c| &c.freshness) {
        None | Some(Freshness::Loading) => Line::state(Health::Progressing, "loading"),
        Some(Freshness::Live) => Line::state(Health::Unknown, "the object is gone"),
        Some(Freshness::Stale { why, .. } | Freshness::Forbidden { why } | Freshness::Absent { why }) => {
            Line::state(Health::Bad, why.summary.clone())
        }
    }
}

/// Number of lines, for the cursor.
pub fn count(state: &State) -> usize {
    lines(state).len()
}

/// Lines of the whole text that hold the search text, those in closed folds too.
pub fn hits(state: &State) -> Vec<usize> {
    let needle = state.screen.card.search.to_ascii_lowercase();
    if needle.is_empty() {
        return Vec::new();
    }
    let holds = |text: &str| text.to_ascii_lowercase().contains(&needle);
    match state.screen.place() {
        Place::Object { target, tab: Tab::Yaml } => {
            let all = yaml::whole(state, target);
            all.iter().enumerate().filter(|(_, l)| holds(l)).map(|(at, _)| at).collect()
        }
        _ => lines(state).iter().filter(|l| holds(&l.text())).map(|l| l.source).collect(),
    }
}

#[cfg(test)]
mod tests;
