//! Which columns a width holds.
use crate::{
    panes::{Column, Pane, Rows},
    state::{State, table::TableView},
};

/// Columns that are shown: where each starts and how wide it is.
pub(super) struct Grid {
    pub columns: Vec<(&'static Column, u16, u16)>,
    pub hidden: usize,
}

/// Chooses columns for a width: the least important go first, what is left over is shared out. In wide mode
/// none goes: those that do not fit are scrolled to.
pub(super) fn of(state: &State, pane: &'static Pane, table: &TableView, width: u16) -> Grid {
    let mut wanted: Vec<&'static Column> = match state.look.columns.get(pane.id) {
        Some(ids) => ids.iter().filter_map(|id| pane.column(id)).collect(),
        None => pane.columns.iter().filter(|c| table.wide || !c.wide).collect(),
    };
    if sites_in_scope(state) == 1 {
        wanted.retain(|c| c.id != "site" || pane.rows == Rows::Sites);
    }
    let is_troubled = pane.rows == Rows::Sites
        && state.sites.iter().any(|s| crate::panes::sight(state, s) > crate::panes::Sight::Waiting);
    let rank = |column: &Column| rank(state, is_troubled, column);
    // Why a site is not seen gets a good part of the room there is.
    let wide = |c: &Column| {
        if is_troubled && c.id == "why" { c.width + width.saturating_sub(80) / 2 } else { c.width }
    };
    let skipped = table.column_offset.min(wanted.len().saturating_sub(1));
    let mut kept = wanted;
    if skipped > 0 {
        // What a row is called never scrolls away.
        let name = kept.iter().position(|c| c.id == "name").unwrap_or(0);
        let name = kept.remove(name);
        kept.drain(..skipped);
        kept.insert(0, name);
    }
    let all = kept.len();
    while needed(&kept, wide) > width && kept.len() > 1 {
        let end = kept.len() - 1;
        let least = (0..kept.len()).rev().max_by_key(|i| rank(kept[*i])).filter(|i| rank(kept[*i]) > 0);
        match if table.wide { Some(end) } else { least } {
            Some(at) => drop(kept.remove(at)),
            None => break,
        }
    }
    let hidden = all - kept.len() + skipped;
    Grid { columns: placed(&kept, width, wide), hidden }
}

fn sites_in_scope(state: &State) -> usize {
    let scope = &state.screen.scope.sites;
    if scope.is_empty() { state.sites.len() } else { scope.len() }
}

/// Which column goes first where there is no room: the one of the highest rank; never one of rank 0. What tells rows
/// apart that may be called alike goes last, and so does why a site is not seen.
fn rank(state: &State, is_troubled: bool, column: &Column) -> u8 {
    let scope = &state.screen.scope;
    match column.id {
        "site" if sites_in_scope(state) > 1 => 1,
        "cluster" if scope.clusters.len() > 1 => 1,
        "namespace" if scope.namespaces.len() > 1 => 1,
        "why" if is_troubled => 1,
        _ => column.drop.saturating_mul(2),
    }
}

/// The gutter, and each column with a blank after it.
fn needed(columns: &[&Column], wide: impl Fn(&Column) -> u16) -> u16 {
    2 + columns.iter().map(|c| wide(c) + 1).sum::<u16>()
}

fn placed(
    columns: &[&'static Column],
    width: u16,
    wide: impl Fn(&Column) -> u16,
) -> Vec<(&'static Column, u16, u16)> {
    let mut spare = width.saturating_sub(needed(columns, &wide));
    let mut shares: u16 = columns.iter().map(|c| c.grow).sum();
    let mut x = 2;
    let mut placed = Vec::with_capacity(columns.len());
    for column in columns {
        let extra = if column.grow == 0 { 0 } else { spare * column.grow / shares.max(1) };
        shares -= column.grow;
        spare -= extra;
        let own = wide(column) + extra;
        placed.push((*column, x, own));
        x += own + 1;
    }
    placed
}
