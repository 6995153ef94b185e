//! Rows as aligned columns: the pane's own, in the order the config file may have given them.
use super::{exit::Failure, out::Out, paint::Paint};
use crate::{
    panes::{Align, Column, Pane},
    state::{Row, State},
    text::{self, Newlines, clean},
    theme::Role,
};

/// Blanks between two columns.
const GAP: &str = "  ";

/// The columns to print: as configured, else those that are not wide; all of them in wide mode.
pub(super) fn columns(state: &State, pane: &Pane, wide: bool) -> Vec<&'static Column> {
    let all: Vec<&'static Column> = pane.columns.iter().collect();
    if wide {
        return all;
    }
    match state.look.columns.get(pane.id) {
        Some(ids) if !ids.is_empty() => ids.iter().filter_map(|id| pane.column(id)).collect(),
        _ => all.into_iter().filter(|c| !c.wide).collect(),
    }
}

/// Prints titles and rows. Each column is as wide as its widest cell.
pub(super) fn print(
    state: &State,
    columns: &[&'static Column],
    rows: &[Row<'_>],
    paint: &Paint,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut widths: Vec<usize> = columns.iter().map(|c| text::width(c.title)).collect();
    let cells: Vec<Vec<(String, Role)>> = rows
        .iter()
        .map(|row| {
            columns
                .iter()
                .zip(&mut widths)
                .map(|(column, width)| {
                    let cell = (column.cell)(state, *row);
                    let words = clean(&cell.text, Newlines::Sign).into_owned();
                    *width = (*width).max(text::width(&words));
                    (words, cell.role)
                })
                .collect()
        })
        .collect();
    let titles: Vec<(String, Role)> =
        columns.iter().map(|c| (c.title.to_owned(), Role::ColumnTitle)).collect();
    for line in std::iter::once(&titles).chain(&cells) {
        out.line(aligned(columns, &widths, line, paint))?;
    }
    Ok(())
}

fn aligned(columns: &[&'static Column], widths: &[usize], cells: &[(String, Role)], paint: &Paint) -> String {
    let mut line = String::new();
    for (at, ((words, role), (column, width))) in cells.iter().zip(columns.iter().zip(widths)).enumerate() {
        let blanks = " ".repeat(width - text::width(words));
        let (before, after) = if column.align == Align::Right { (&*blanks, "") } else { ("", &*blanks) };
        if at > 0 {
            line.push_str(GAP);
        }
        line.push_str(before);
        line.push_str(&paint.text(words, *role));
        // No blanks at the end of a line.
        if at + 1 < columns.len() {
            line.push_str(after);
        }
    }
    line
}
