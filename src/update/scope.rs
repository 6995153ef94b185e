//! Narrowing every pane to what is selected or marked, and widening again.
use std::collections::BTreeSet;

use crate::{
    domain::SiteId,
    state::{Place, RowId, State},
};

/// Narrows every table to the cluster of the selection, or of all marked rows.
pub(super) fn to_cluster(state: &mut State) {
    let rows = chosen_rows(state);
    let mut clusters: BTreeSet<_> = rows.iter().filter_map(|r| state.row(*r)?.cluster_key()).collect();
    if let Place::Tree(cluster) = state.screen.place() {
        clusters.insert(cluster.clone());
    }
    if clusters.is_empty() {
        state.notices.tell(state.now, "no cluster is selected");
        return;
    }
    state.screen.scope.clusters = clusters;
    outdate_all(state);
    state.notices.tell(state.now, format!("scope: {}", state.screen.scope.words("and")));
}

/// Narrows every table to the namespaces (or sites) of the selection, or of all marked rows.
pub(super) fn to(state: &mut State, sites: bool) {
    let rows: Vec<_> = chosen_rows(state).into_iter().filter_map(|id| state.row(id)).collect();
    let names: BTreeSet<String> = rows
        .iter()
        .map(|row| {
            if sites {
                row.site_name().to_owned()
            } else {
                row.object().map_or("", |o| &*o.meta.namespace).to_owned()
            }
        })
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        state.notices.tell(state.now, "nothing is selected that has one");
        return;
    }
    if sites {
        state.screen.scope.sites = names.iter().map(SiteId::new).collect();
    } else {
        state.screen.scope.namespaces = names;
    }
    outdate_all(state);
    let words = state.screen.scope.words("and");
    state.notices.tell(state.now, format!("scope: {words}"));
}

/// The marked rows, or the one under the cursor.
fn chosen_rows(state: &State) -> Vec<RowId> {
    match state.screen.table() {
        Some(t) if !t.marks.is_empty() => t.marks.iter().copied().collect(),
        Some(t) => t.cursor.into_iter().collect(),
        None => Vec::new(),
    }
}

/// Every table is made anew before it is shown again.
pub(super) fn outdate_all(state: &mut State) {
    for table in state.screen.tables.values_mut() {
        table.outdated = true;
    }
}
