//! The whole object as YAML, with folds. Line numbers of the whole text are identities here; a fold is
//! named by the line that heads its block.
use super::Line;
use crate::{
    domain::{Health, ResourceRef},
    state::{Place, State, screen::Tab},
    text,
    theme::Role,
};

/// The YAML with its folds closed.
pub(super) fn lines(state: &State, target: &ResourceRef) -> Vec<Line> {
    match state.documents.get(target) {
        None => return vec![Line::state(Health::Progressing, "fetching")],
        Some(Err(problem)) => {
            return vec![
                Line::state(Health::Bad, problem.summary.clone()),
                Line::of(problem.hint.clone(), Role::TextDim),
            ];
        }
        Some(Ok(_)) => {}
    }
    let all = whole(state, target);
    let mut lines = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let folded = state.screen.card.folds.contains(&at);
        let end = if folded { fold_end(&all, at) } else { at + 1 };
        let mut line = line(all[at]);
        line.source = at;
        if folded && end > at + 1 {
            let hidden = end - at - 1;
            let lines = if hidden == 1 { "line" } else { "lines" };
            let count = text::thousands(u64::try_from(hidden).unwrap_or(u64::MAX));
            line.spans.push((format!("  [{count} {lines}]"), Role::TextDim));
        }
        lines.push(line);
        at = end;
    }
    lines
}

/// Every line of the document; none before it has come.
pub(super) fn whole<'a>(state: &'a State, target: &ResourceRef) -> Vec<&'a str> {
    match state.documents.get(target) {
        Some(Ok(document)) => document.yaml.lines().collect(),
        _ => Vec::new(),
    }
}

/// The lines of the document on the screen, if it is one.
fn shown(state: &State) -> Vec<&str> {
    match state.screen.place() {
        Place::Object { target, tab: Tab::Yaml } => whole(state, target),
        _ => Vec::new(),
    }
}

/// Key, value and comment in their roles.
fn line(line: &str) -> Line {
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

/// The head of the block that a line of the screen stands in, in numbers of the whole text.
pub fn fold_at(state: &State, line: usize) -> Option<usize> {
    let all = shown(state);
    if all.is_empty() {
        return None;
    }
    let at = super::lines(state).get(line)?.source;
    if fold_end(&all, at) > at + 1 {
        return Some(at);
    }
    (0..at).rev().find(|head| fold_end(&all, *head) > at)
}

/// The heads of all blocks at the second level, to fold at once.
pub fn fold_heads(state: &State) -> Vec<usize> {
    let all = shown(state);
    (0..all.len()).filter(|at| indent(all[*at]) == 2 && fold_end(&all, *at) > at + 1).collect()
}

/// The closed folds that hide a line.
pub fn folds_over(state: &State, line: usize) -> Vec<usize> {
    let all = shown(state);
    let hides = |head: &&usize| **head < line && **head < all.len() && fold_end(&all, **head) > line;
    state.screen.card.folds.iter().filter(hides).copied().collect()
}
