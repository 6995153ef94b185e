//! An object's card: search, folds, and the whole object fetched when it is wanted.
use crate::{
    effect::Effect,
    state::{Place, State, screen::Tab, tree::LineId},
    view::card,
};

/// Search and fold commands, on a card or in a tree.
pub(super) fn run(state: &mut State, id: &str) {
    if let Place::Tree(cluster) = state.screen.place().clone() {
        fold_tree(state, &cluster, id);
        return;
    }
    match id {
        "search.open" => {
            state.screen.card.searching = true;
            state.screen.card.search.clear();
        }
        "search.next" => find(state, true),
        "search.prev" => find(state, false),
        "fold.toggle" => {
            if let Some(head) = card::fold_at(state, state.screen.card.line) {
                let folds = &mut state.screen.card.folds;
                if !folds.remove(&head) {
                    folds.insert(head);
                }
            }
        }
        _ => {
            let all = card::fold_heads(state);
            let folds = &mut state.screen.card.folds;
            *folds = if folds.is_empty() { all.into_iter().collect() } else { Default::default() };
        }
    }
}

fn fold_tree(state: &mut State, cluster: &crate::domain::ClusterKey, id: &str) {
    let view = state.screen.trees.entry(cluster.clone()).or_default();
    match id {
        "fold.toggle" => {
            if let Some(line) = view.cursor.clone() {
                let set = if matches!(line, LineId::Group(_)) { &mut view.opened } else { &mut view.folded };
                if !set.remove(&line) {
                    set.insert(line);
                }
            }
        }
        "fold.all" => view.all_conditions = !view.all_conditions,
        _ => {}
    }
}

/// Enter on a group of machines in a tree shows them one by one; says whether it was one.
pub(super) fn open_group(state: &mut State) -> bool {
    let Place::Tree(cluster) = state.screen.place().clone() else { return false };
    let is_group =
        state.screen.trees.get(&cluster).is_some_and(|t| matches!(t.cursor, Some(LineId::Group(_))));
    if is_group {
        fold_tree(state, &cluster, "fold.toggle");
    }
    is_group
}

/// Moves to the next line (or the one before) that holds the search text.
fn find(state: &mut State, forward: bool) {
    let lines = card::texts(state);
    let word = state.screen.card.search.to_lowercase();
    if word.is_empty() || lines.is_empty() {
        return;
    }
    let at = state.screen.card.line;
    let hit = |i: &usize| lines[*i].to_lowercase().contains(&word);
    let next = if forward {
        (at + 1..lines.len()).chain(0..=at.min(lines.len() - 1)).find(hit)
    } else {
        (0..at.min(lines.len())).rev().chain((at.min(lines.len() - 1)..lines.len()).rev()).find(hit)
    };
    match next {
        Some(line) => {
            state.screen.card.line = line;
            super::cursor::go(state, super::cursor::Step::Lines(0));
        }
        None => state.notices.tell(state.now, format!("`{word}` is not here")),
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
