//! The one table. Only the rows on the screen are looked at; columns give way by their `drop` rank.
mod grid;
mod nothing;
mod title;

use super::{Paint, layout::Area};
use crate::{
    panes::{self, Align, column::role_of},
    state::{Row, RowId, State, collection::Collection, table::TableView},
    text,
    theme::Role,
    update,
};
use grid::Grid;

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, id: &str, area: Area) {
    let (Some(pane), Some(table)) = (panes::find(id), state.screen.tables.get(id)) else { return };
    let behind = update::least_fresh(state, pane);
    let freshness = behind.map(|c| &c.freshness);
    let grid = grid::of(state, pane, table, area.width);
    title::draw(state, paint, &title::Shown { pane, table, behind }, &grid, area.line(0));
    titles(paint, table, &grid, area.line(1));
    let body = area.below(2);
    if table.index.shown() == 0 {
        return nothing::draw(state, paint, pane, table, freshness, body);
    }
    for (at, id) in (0_u16..).zip(table.index.rows().skip(table.top).take(usize::from(body.height))) {
        if let Some(row) = state.row(id) {
            line(state, paint, table, &grid, id, row, body.line(at));
        }
    }
}

/// Whether the row's source does not answer any more, or not with rows: it shows what was, not what is.
fn is_stale(state: &State, row: Row<'_>) -> bool {
    let Row::Object { source, .. } = row else { return false };
    state.fleet.collection(source).is_some_and(Collection::is_old)
}

fn titles(paint: &mut Paint<'_>, table: &TableView, grid: &Grid, line: Area) {
    paint.fill(line, Role::ColumnTitle);
    for (column, x, width) in &grid.columns {
        let sorted = column.id == table.sort;
        let arrow = if table.reverse { paint.look.glyphs.sort_down } else { paint.look.glyphs.sort_up };
        let title = if sorted { format!("{}{arrow}", column.title) } else { column.title.to_owned() };
        let role = if sorted { Role::ColumnSorted } else { Role::ColumnTitle };
        paint.cell(line, *x, *width, &title, align(column.align), role);
    }
}

fn line(
    state: &State,
    paint: &mut Paint<'_>,
    table: &TableView,
    grid: &Grid,
    id: RowId,
    row: Row<'_>,
    line: Area,
) {
    let selected = table.cursor == Some(id);
    let marked = table.marks.contains(&id);
    if selected {
        paint.fill(line, Role::RowSelected);
    } else if marked {
        paint.fill(line, Role::RowMarked);
    }
    let frozen = is_stale(state, row);
    if marked {
        let glyph = paint.look.glyphs.mark;
        paint.text(line, 0, glyph, Role::RowMarked);
    } else if frozen {
        let glyph = paint.look.glyphs.stale;
        paint.text(line, 0, glyph, Role::RowStale);
    }
    for (column, x, width) in &grid.columns {
        let cell = (column.cell)(state, row);
        match cell.health {
            Some(health) => {
                let glyph = paint.glyph(health);
                let used = paint.text(line, *x, glyph, role_of(health)) + 1;
                paint.cell(
                    line,
                    x + used,
                    width.saturating_sub(used),
                    &cell.text,
                    align(column.align),
                    cell.role,
                );
            }
            None => paint.cell(line, *x, *width, &cell.text, align(column.align), cell.role),
        }
        if !cell.colour.is_empty() {
            paint.tint(line, *x, *width, cell.colour);
        }
    }
    if frozen {
        paint.overlay(line, Role::RowStale);
    }
    if selected {
        paint.overlay(line, Role::RowSelected);
    }
}

fn align(align: Align) -> text::Align {
    match align {
        Align::Left => text::Align::Left,
        Align::Right => text::Align::Right,
    }
}
