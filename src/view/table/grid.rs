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
    if state.sites.len() == 1 {
        wanted.retain(|c| c.id != "site" || pane.rows == Rows::Sites);
    }
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
    while needed(&kept) > width && kept.len() > 1 {
        let end = kept.len() - 1;
        let least = (0..kept.len()).rev().max_by_key(|i| kept[*i].drop).filter(|i| kept[*i].drop > 0);
        match if table.wide { Some(end) } else { least } {
            Some(at) => drop(kept.remove(at)),
            None => break,
        }
    }
    let hidden = all - kept.len() + skipped;
    Grid { columns: placed(&kept, width), hidden }
}

/// The gutter, and each column with a blank after it.
fn needed(columns: &[&Column]) -> u16 {
    2 + columns.iter().map(|c| c.width + 1).sum::<u16>()
}

fn placed(columns: &[&'static Column], width: u16) -> Vec<(&'static Column, u16, u16)> {
    let mut spare = width.saturating_sub(needed(columns));
    let mut shares: u16 = columns.iter().map(|c| c.grow).sum();
    let mut x = 2;
    let mut placed = Vec::with_capacity(columns.len());
    for column in columns {
        let extra = if column.grow == 0 { 0 } else { spare * column.grow / shares.max(1) };
        shares -= column.grow;
        spare -= extra;
        placed.push((*column, x, column.width + extra));
        x += column.width + extra + 1;
    }
    placed
}
