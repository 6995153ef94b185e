//! The first side of a card: what an object says of itself, the conditions before all.
use super::Line;
use crate::{
    domain::{Facts, Health, Object, Text},
    panes::column::role_of,
    state::State,
    text,
    theme::Role,
    triage::{echo, tree},
};

/// Cells before the words of a fact.
const KEY: usize = 13;

/// Conditions, then what the metadata tells.
pub(super) fn lines(state: &State, object: &Object, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let words: Vec<_> = tree::facts(object, object.health());
    if !words.is_empty() {
        let mut line = Line { health: Some(object.health()), ..Line::default() };
        for word in &words {
            line.spans.push((format!("{} ", word.text), super::super::tree::role(word.tone)));
        }
        lines.push(line);
    }
    lines.extend(deletion(state, object));
    lines.extend(conditions(state, object, room));
    lines.push(Line::default());
    lines.extend(meta(state, object, room));
    lines
}

fn deletion(state: &State, object: &Object) -> Option<Line> {
    let since = object.meta.deleted?;
    let held: Vec<&str> = object.meta.finalizers.iter().map(Text::as_str).collect();
    let held = if held.is_empty() { "nothing".to_owned() } else { held.join(", ") };
    let words = format!("deleting for {}, held by {held}", text::age(state.since(since)));
    Some(Line::state(Health::Progressing, words))
}

fn meta(state: &State, object: &Object, room: usize) -> Vec<Line> {
    let meta = &object.meta;
    let mut lines = Vec::new();
    let mut fact = |key: &str, value: &str| {
        for (at, part) in text::wrap(value, room.saturating_sub(KEY)).into_iter().enumerate() {
            let key = if at == 0 { key } else { "" };
            lines.push(Line {
                spans: vec![(format!("{key:<KEY$}"), Role::YamlKey), (part, Role::YamlValue)],
                ..Line::default()
            });
        }
    };
    fact("api", &meta.api_version);
    if let Some(created) = meta.created {
        fact("created", &format!("{created}, {} ago", text::age(state.since(created))));
    }
    let finalizers: Vec<&str> = meta.finalizers.iter().map(Text::as_str).collect();
    fact("finalizers", &finalizers.join(" "));
    let behind = if meta.is_behind() { ": the controller has not seen the newest spec" } else { "" };
    if meta.observed_generation > 0 {
        fact("generation", &format!("{}, observed {}{behind}", meta.generation, meta.observed_generation));
    } else {
        fact("generation", &meta.generation.to_string());
    }
    fact("uid", &meta.uid);
    for (key, value) in &meta.labels {
        fact("label", &if value.is_empty() { key.to_string() } else { format!("{key}={value}") });
    }
    for (key, value) in &meta.annotations {
        fact("annotation", &format!("{key}={value}"));
    }
    lines
}

/// The conditions of an object, what matters first, each with its reason, age and whole message.
pub fn conditions(state: &State, object: &Object, room: usize) -> Vec<Line> {
    if let Facts::Malformed(why) = &object.facts {
        let words = format!("this object could not be read: {why}");
        let mut lines: Vec<Line> = text::wrap(&words, room.saturating_sub(2))
            .into_iter()
            .map(|part| Line::state(Health::Unknown, part))
            .collect();
        lines.push(Line::of("  its YAML shows what the server has", Role::TextDim));
        return lines;
    }
    if object.conditions.is_empty() {
        return vec![Line::state(Health::Unknown, "no conditions yet")];
    }
    let kind = object.conditions.iter().map(|c| text::width(&c.kind)).max().unwrap_or(0);
    // On a narrow screen long names push the rest along instead of cutting it.
    let kind = kind.min(room / 3);
    let mut lines = Vec::new();
    for shown in echo::all(object) {
        let c = shown.condition;
        let age = c.since.map_or("?".into(), |t| text::age(state.since(t)));
        lines.push(Line {
            health: Some(shown.health),
            spans: vec![
                (format!("{:<kind$}", &*c.kind), role_of(shown.health)),
                (format!(" {:<8}", tree::condition_status(c.status)), Role::Text),
                (format!("{age:>7}  "), Role::TextDim),
                (c.reason.to_string(), Role::Text),
            ],
            ..Line::default()
        });
        let message = c.message.lines().filter(|l| !l.trim().is_empty());
        let message = message.flat_map(|l| text::wrap(l, room.saturating_sub(4)));
        lines.extend(message.map(|l| Line::of(format!("    {l}"), Role::TextDim)));
    }
    lines
}
