//! After each message: the table on the screen takes in the rows that changed, and only those.
use crate::{
    domain::SiteId,
    panes::{self, Pane, Rows, record},
    state::{
        Row, RowId, State,
        collection::{Collection, Freshness},
        fleet::Changes,
        table::{Entry, Index, TableView},
    },
    view::layout,
};

/// Brings the visible table up to date.
pub fn settle(state: &mut State) {
    let changes = state.fleet.take_changes();
    if changes.freshness {
        // A site is as well as what is followed there.
        outdate_rows(state, Rows::Sites);
        state.touch();
    }
    if state.notices.take_news() {
        outdate_rows(state, Rows::Notices);
        state.touch();
    }
    let moved = !changes.rows.is_empty();
    let counted = count_clusters(state, &changes);
    if moved {
        super::tree::settle(state, &changes);
        mark_others(state);
        if state.screen.pane().is_none() || !state.screen.overlays.is_empty() {
            state.touch();
        }
    }
    let Some(pane) = state.screen.pane().and_then(panes::find) else { return };
    let Some(mut table) = state.screen.tables.remove(pane.id) else { return };
    if table.outdated && !table.frozen {
        rebuild(state, pane, &mut table);
        state.touch();
    } else if pane.rows == Rows::Sites {
        if counted {
            rebuild(state, pane, &mut table);
            state.touch();
        }
    } else if moved {
        take_in(state, pane, &mut table, changes);
    }
    table.settle(layout::page(state.width, state.height));
    state.screen.tables.insert(pane.id.to_owned(), table);
}

/// Keeps the count of clusters by health; says whether a count is another now.
fn count_clusters(state: &mut State, changes: &Changes) -> bool {
    let mut news = false;
    for id in &changes.rows {
        let now = match state.fleet.get(*id) {
            Some((source, object)) if object.cluster().is_some() => {
                Some((source.site.clone(), panes::cluster_health(state, source, object)))
            }
            Some(_) => continue,
            None => None,
        };
        news |= state.tallies.set(*id, now);
    }
    news
}

/// Tables that are not on the screen are made anew when they are opened.
fn mark_others(state: &mut State) {
    let shown = state.screen.pane().map(str::to_owned);
    for (id, table) in &mut state.screen.tables {
        if Some(id) != shown.as_ref() {
            table.outdated = true;
        }
    }
}

/// Everything about the visible table may have changed (scope, sort, another pane).
pub(super) fn outdate(state: &mut State) {
    if let Some(table) = state.screen.table_mut() {
        table.outdated = true;
    }
    state.touch();
}

/// A site's row, or a job's or notice's, has changed.
pub(super) fn site_changed(state: &mut State, _site: &SiteId) {
    outdate_rows(state, Rows::Sites);
}

/// Rows that are not objects are few: their table is made anew.
pub(super) fn outdate_rows(state: &mut State, rows: Rows) {
    for pane in panes::PANES.iter().filter(|p| p.rows == rows) {
        if let Some(table) = state.screen.tables.get_mut(pane.id) {
            table.outdated = true;
        }
    }
}

/// Makes the order of a table from all rows in scope.
pub fn rebuild(state: &State, pane: &'static Pane, table: &mut TableView) {
    let entries: Vec<Entry> =
        rows_of(state, pane).into_iter().filter_map(|id| record::entry(state, pane, table, id)).collect();
    super::filter::choose_mode(state, pane, table, &entries);
    let index = Index::rebuild(entries, table.reverse, |entry| record::shown(state, pane, table, entry));
    table.index = index;
    table.waiting.clear();
    table.marks.retain(|id| state.row(*id).is_some());
    table.outdated = false;
}

/// The rows of a pane that the scope leaves.
pub fn rows_of(state: &State, pane: &'static Pane) -> Vec<RowId> {
    let held = |id: &RowId| state.row(*id).is_some_and(|row| state.screen.scope.holds(row));
    match pane.rows {
        Rows::Sites => {
            (0..u32::try_from(state.sites.len()).unwrap_or(0)).map(RowId::Site).filter(held).collect()
        }
        Rows::Jobs => state.jobs.iter().map(|j| RowId::Job(j.id)).collect(),
        Rows::Notices => state.notices.iter().map(|n| RowId::Notice(n.number)).collect(),
        Rows::Management(kinds) | Rows::Workload(kinds) | Rows::Everywhere { kinds, .. } => kinds
            .iter()
            .flat_map(|kind| state.fleet.of_kind(kind))
            .map(|(id, _, _)| RowId::Object(id))
            .filter(held)
            .collect(),
    }
}

fn take_in(state: &mut State, pane: &'static Pane, table: &mut TableView, changes: Changes) {
    match pane.rows {
        Rows::Sites | Rows::Jobs | Rows::Notices => {}
        Rows::Management(_) | Rows::Workload(_) | Rows::Everywhere { .. } => {
            let mut seen = false;
            for id in changes.rows {
                seen |= take_in_row(state, pane, table, RowId::Object(id));
            }
            if seen {
                state.touch();
            }
        }
    }
}

/// Takes in one row; says whether anything on the screen is other than before.
fn take_in_row(state: &State, pane: &'static Pane, table: &mut TableView, id: RowId) -> bool {
    let visible = |table: &TableView| {
        let lines = layout::page(state.width, state.height);
        table.index.position(id).is_some_and(|at| (table.top..table.top + lines).contains(&at))
    };
    let row = state.row(id);
    if row.is_none() {
        table.marks.remove(&id);
    }
    let belongs = matches!(row, Some(Row::Object { source, .. }) if pane.kinds().contains(&source.kind.as_str()) && source.fields.is_empty());
    if !belongs && !table.index.contains(id) {
        return false;
    }
    if table.frozen {
        let new = table.waiting.insert(id);
        return new || visible(table);
    }
    let was = (visible(table), table.index.shown(), table.index.total());
    let held = belongs && row.is_some_and(|row| state.screen.scope.holds(row));
    match held.then(|| record::entry(state, pane, table, id)).flatten() {
        Some(entry) => {
            let shown = record::shown(state, pane, table, &entry);
            table.index.put(entry, shown);
        }
        None => table.index.take(id),
    }
    was.0 || (visible(table), table.index.shown(), table.index.total()) != was
}

/// The least fresh of the collections behind a pane, for its title: what is shown is no better than that.
pub fn least_fresh<'a>(state: &'a State, pane: &Pane) -> Option<&'a Collection> {
    let rank = |c: &&Collection| match &c.freshness {
        Freshness::Live => 0,
        Freshness::Absent { .. } if c.is_empty() => 1,
        Freshness::Forbidden { .. } => 2,
        Freshness::Absent { .. } => 3,
        Freshness::Stale { .. } => 4,
        Freshness::Loading => 5,
    };
    let behind = state.fleet.collections().filter(|c| {
        pane.kinds().contains(&c.source.kind.as_str()) && state.screen.followed.contains(&c.source)
    });
    behind.max_by_key(rank)
}
