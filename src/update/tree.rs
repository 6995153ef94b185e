//! The tree of a cluster: moving in it, folds, and a cursor that stays with what it is on.
use crate::{
    domain::{ClusterKey, ResourceRef, Source},
    state::{
        Place, State,
        fleet::Changes,
        tree::{LineId, TreeView},
    },
    triage::tree::{self, Fold, TreeLine},
    view::tree::page,
};

/// Moves the cursor from its line (and the number of lines) to another.
pub(super) fn walk(state: &mut State, cluster: &ClusterKey, to: impl FnOnce(usize, usize) -> usize) {
    let mut view = state.screen.trees.remove(cluster).unwrap_or_default();
    let lines = tree::lines(state, cluster, Some(&view));
    let at = to(position(&lines, &view), lines.len());
    put(&mut view, &lines, at, page(state.width, state.height));
    drop(lines);
    state.screen.trees.insert(cluster.clone(), view);
}

/// The line the cursor is on; the first before anybody moved.
fn position(lines: &[TreeLine<'_>], view: &TreeView) -> usize {
    let Some(cursor) = &view.cursor else { return 0 };
    lines.iter().position(|l| l.id == *cursor).unwrap_or(view.cursor_at).min(lines.len().saturating_sub(1))
}

fn put(view: &mut TreeView, lines: &[TreeLine<'_>], at: usize, page: usize) {
    view.cursor_at = at;
    view.cursor = lines.get(at).map(|l| l.id.clone());
    view.top = view.top.min(at).max((at + 1).saturating_sub(page));
}

/// Folds and unfolds: the branch under the cursor, or every condition.
pub(super) fn fold(state: &mut State, cluster: &ClusterKey, id: &str) {
    match id {
        "fold.toggle" => toggle(state, cluster),
        "fold.all" => {
            let view = state.screen.trees.entry(cluster.clone()).or_default();
            view.all_conditions = !view.all_conditions;
            settle_now(state, cluster);
        }
        _ => {}
    }
}

/// Opens or closes the branch under the cursor; from a leaf, closes the branch it stands in.
fn toggle(state: &mut State, cluster: &ClusterKey) {
    let mut view = state.screen.trees.remove(cluster).unwrap_or_default();
    let lines = tree::lines(state, cluster, Some(&view));
    let mut at = position(&lines, &view);
    if lines.get(at).is_some_and(|l| l.fold == Fold::Leaf) {
        let depth = lines[at].more.len();
        at = lines[..at].iter().rposition(|l| l.more.len() < depth).unwrap_or(at);
    }
    if let Some(line) = lines.get(at).filter(|l| l.fold != Fold::Leaf) {
        view.set_open(&line.id, line.fold == Fold::Closed);
        put(&mut view, &lines, at, page(state.width, state.height));
    }
    drop(lines);
    state.screen.trees.insert(cluster.clone(), view);
}

/// Enter on a group of machines shows them one by one; says whether it was one.
pub(super) fn open_group(state: &mut State) -> bool {
    let Place::Tree(cluster) = state.screen.place().clone() else { return false };
    let cursor = state.screen.trees.get(&cluster).and_then(|t| t.cursor.as_ref());
    let is_branch = matches!(cursor, Some(LineId::Group(..) | LineId::Section(..)));
    if is_branch {
        toggle(state, &cluster);
    }
    is_branch
}

/// The fleet has changed: the cursor stays on its line, or goes to what that line hung under. Never to a
/// neighbour: a key pressed at that moment would act on another object.
pub(super) fn settle(state: &mut State, changes: &Changes) {
    let Place::Tree(cluster) = state.screen.place() else { return };
    let root = ResourceRef { source: Source::management(&cluster.site, "cluster"), key: cluster.key.clone() };
    let root = state.fleet.id_of(&root);
    let touched = changes.rows.iter().any(|id| {
        Some(*id) == root
            || state.fleet.get(*id).is_none_or(|(s, _)| s.cluster().is_some_and(|c| c == *cluster))
    });
    if touched {
        let cluster = cluster.clone();
        settle_now(state, &cluster);
    }
}

fn settle_now(state: &mut State, cluster: &ClusterKey) {
    let Some(mut view) = state.screen.trees.remove(cluster) else { return };
    let lines = tree::lines(state, cluster, Some(&view));
    if let Some(cursor) = view.cursor.clone() {
        let find = |id: &LineId| lines.iter().position(|l| l.id == *id);
        let at = find(&cursor).or_else(|| parents(state, &cursor).iter().find_map(find)).unwrap_or(0);
        // The line keeps its height on the screen when others come or go above it.
        view.top = (view.top + at).saturating_sub(view.cursor_at);
        put(&mut view, &lines, at, page(state.width, state.height));
    }
    drop(lines);
    state.screen.trees.insert(cluster.clone(), view);
}

/// What a line that is gone hung under, the nearest first.
fn parents(state: &State, line: &LineId) -> Vec<LineId> {
    let mut parents = vec![LineId::Object(line.target().clone())];
    let mut target = line.target().clone();
    // A chain of owners is short; a circle of them must end too.
    for _ in 0..4 {
        let Some(owner) = state
            .fleet
            .find(&target)
            .and_then(|o| o.meta.owners.iter().find(|w| w.controller).or(o.meta.owners.first()))
        else {
            break;
        };
        let Some(source) =
            crate::triage::link::beside(state, &target.source, &owner.api_version, &owner.kind)
        else {
            break;
        };
        let key = crate::domain::ObjectKey::new(&target.key.namespace, &owner.name);
        target = ResourceRef { source, key };
        parents.push(LineId::Object(target.clone()));
    }
    parents
}
