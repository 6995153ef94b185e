//! The events of an object, newest first; none, not allowed, not there and not yet differ.
use super::Line;
use crate::{
    domain::{Health, Object, ResourceRef, event::Event},
    panes::column::role_of,
    state::{State, collection::Freshness},
    text,
    theme::Role,
    update,
};

/// Cells before the words of an event: glyph, age.
const BEFORE: usize = 10;

pub(super) fn lines(state: &State, target: &ResourceRef, object: &Object, room: usize) -> Vec<Line> {
    let source = update::events_of(target, &object.meta.uid);
    let Some(collection) = state.fleet.collection(&source) else {
        return vec![Line::state(Health::Progressing, "loading")];
    };
    let mut lines = Vec::new();
    match &collection.freshness {
        Freshness::Live => {}
        Freshness::Loading => lines.push(Line::state(Health::Progressing, "loading")),
        Freshness::Stale { since, why, .. } => {
            let age = text::age(state.since(*since));
            lines.push(Line::state(Health::Unknown, format!("as of {age} ago: {}", why.summary)));
        }
        Freshness::Forbidden { why } => {
            lines.push(Line::state(Health::Unknown, format!("you may not read events: {}", why.summary)));
        }
        Freshness::Absent { why } => lines.push(Line::state(Health::Unknown, why.summary.clone())),
    }
    let mut events: Vec<&Event> = collection.iter().filter_map(|(_, o)| o.event()).collect();
    events.sort_by_key(|e| std::cmp::Reverse(e.last_seen));
    for event in &events {
        lines.extend(one(state, event, room));
    }
    if lines.is_empty() {
        lines.push(Line::of("no events in the time the server keeps them (usually an hour)", Role::TextDim));
    }
    lines
}

/// When, what, by whom; then the note.
fn one(state: &State, event: &Event, room: usize) -> Vec<Line> {
    let health = if event.is_warning() { Health::Warning } else { Health::Ok };
    let ago = event.last_seen.map_or("?".into(), |t| text::age(state.since(t)));
    let times = if event.count > 1 { format!(" {} times", event.count) } else { String::new() };
    let head = Line {
        health: Some(health),
        spans: vec![
            (format!("{ago:>6}  "), Role::TextDim),
            (event.reason.to_string(), role_of(health)),
            (times, Role::Text),
            (format!("  {}", event.reporter), Role::TextDim),
        ],
        ..Line::default()
    };
    let note = text::wrap(&event.note, room.saturating_sub(BEFORE));
    let note = note.into_iter().filter(|l| !l.trim().is_empty());
    let indented = note.map(|l| Line::of(format!("{:BEFORE$}{l}", ""), Role::Text));
    std::iter::once(head).chain(indented).collect()
}
