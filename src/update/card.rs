//! An object's card: search, folds, and the whole object fetched when it is wanted.
use std::collections::HashSet;

use crate::{
    effect::Effect,
    state::{Place, State, screen::Tab},
    view::card,
};

/// Search and fold commands, on a card or in a tree.
pub(super) fn run(state: &mut State, id: &str) {
    if let Place::Tree(cluster) = state.screen.place().clone() {
        super::tree::fold(state, &cluster, id);
        return;
    }
    match id {
        "search.open" => {
            state.screen.card.searching = true;
            state.screen.card.search.clear();
        }
        "search.next" => find(state, true),
        "search.prev" => find(state, false),
        "fold.toggle" => toggle(state),
        _ => {
            let all = card::fold_heads(state);
            let folds = &mut state.screen.card.folds;
            *folds = if folds.is_empty() { all.into_iter().collect() } else { HashSet::default() };
            super::cursor::go(state, super::cursor::Step::Lines(0));
        }
    }
}

/// Enter on a card: a line that names an object opens it, a block of YAML folds.
fn toggle(state: &mut State) {
    let line = state.screen.card.line;
    if let Some(target) = card::lines(state).into_iter().nth(line).and_then(|l| l.target) {
        state.screen.go(super::choose::place_of(&target));
        return;
    }
    let Some(head) = card::fold_at(state, line) else { return };
    let folds = &mut state.screen.card.folds;
    if !folds.remove(&head) {
        folds.insert(head);
    }
    show_source(state, head);
}

/// Moves the cursor to a line of the whole text, opening the folds that hide it.
fn show_source(state: &mut State, source: usize) {
    let shown = card::lines(state);
    if let Some(line) = shown.iter().position(|l| l.source == source) {
        state.screen.card.line = line;
    }
    super::cursor::go(state, super::cursor::Step::Lines(0));
}

/// Moves to the next line (or the one before) that holds the search text, folded ones included.
fn find(state: &mut State, forward: bool) {
    let hits = card::hits(state);
    let here = card::lines(state).get(state.screen.card.line).map_or(0, |l| l.source);
    let next = if forward {
        hits.iter().find(|h| **h > here).or(hits.first())
    } else {
        hits.iter().rev().find(|h| **h < here).or(hits.last())
    };
    match next {
        Some(line) => {
            let line = *line;
            let hiding = card::folds_over(state, line);
            state.screen.card.folds.retain(|head| !hiding.contains(head));
            show_source(state, line);
        }
        None if state.screen.card.search.is_empty() => {}
        None => {
            let text = format!("`{}` is not here", state.screen.card.search);
            state.notices.tell(state.now, text);
        }
    }
}

/// Asks for the whole object when its YAML is shown and not there.
pub(super) fn fetch(state: &mut State) -> Vec<Effect> {
    match state.screen.place() {
        Place::Object { target, tab: Tab::Yaml } if state.documents.get(target).is_none() => {
            vec![Effect::Fetch(target.clone())]
        }
        _ => vec![],
    }
}
