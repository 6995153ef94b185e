//! The one table. Only the rows on the screen are looked at; columns give way by their `drop` rank.
use super::{Paint, layout::Area};
use crate::{
    domain::{Health, Problem},
    panes::{self, Align, Column, Pane, Rows, column::role_of},
    state::{Row, RowId, State, collection::Freshness, table::TableView, workloads::Reach},
    text,
    theme::Role,
    update,
};

/// Columns that are shown: where each starts and how wide it is.
struct Grid {
    columns: Vec<(&'static Column, u16, u16)>,
    hidden: usize,
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, id: &str, area: Area) {
    let (Some(pane), Some(table)) = (panes::find(id), state.screen.tables.get(id)) else { return };
    let freshness = update::freshness(state, pane);
    let grid = grid(state, pane, table, area.width);
    title(state, paint, pane, table, freshness.as_ref(), &grid, area.line(0));
    titles(paint, table, &grid, area.line(1));
    let body = area.below(2);
    if table.index.shown() == 0 {
        return nothing(state, paint, pane, table, freshness.as_ref(), body);
    }
    for (at, id) in (0_u16..).zip(table.index.rows().skip(table.top).take(usize::from(body.height))) {
        if let Some(row) = state.row(id) {
            line(state, paint, table, &grid, id, row, body.line(at));
        }
    }
    if matches!(freshness, Some(Freshness::Stale { .. })) {
        paint.overlay(body, Role::RowStale);
    }
}

/// Pane, counts, filter, sort, and how far the data can be trusted.
fn title(
    state: &State,
    paint: &mut Paint<'_>,
    pane: &Pane,
    table: &TableView,
    freshness: Option<&Freshness>,
    grid: &Grid,
    line: Area,
) {
    let (shown, total) = (table.index.shown(), table.index.total());
    let mut at = paint.text(line, 0, pane.title, Role::Title);
    let count = if shown == total {
        format!(" {}", text::thousands(total as u64))
    } else {
        format!(" {} of {}", text::thousands(shown as u64), text::thousands(total as u64))
    };
    at += paint.text(line, at, &count, Role::Text);
    if table.filter.editing || !table.filter.text.is_empty() {
        at += paint.text(line, at, "  /", Role::KeyHint);
        let start = at;
        let role = if table.filter.error.is_some() { Role::InputError } else { Role::Input };
        at += paint.text(line, at, &table.filter.editor.text(), role);
        if table.filter.editing {
            let (_, column) = table.filter.editor.cursor();
            let before: String = table.filter.editor.text().chars().take(column).collect();
            paint.set_cursor(line.x + start + u16::try_from(text::width(&before)).unwrap_or(0), line.y);
        }
        if let Some((_, message)) = &table.filter.error {
            at += 1;
            at += paint.text(line, at, message, Role::InputError);
        } else if table.filter.mode == crate::filter::Mode::Fuzzy {
            at += paint.text(line, at, " ~fuzzy", Role::TextDim);
        }
    }
    let mut chips: Vec<(String, Role)> = Vec::new();
    if table.faults_only {
        chips.push(("faults only".into(), Role::HealthWarning));
    }
    if !table.marks.is_empty() {
        let hidden = table.hidden_marks();
        let hidden = if hidden > 0 { format!(" ({hidden} hidden)") } else { String::new() };
        chips.push((format!("{} marked{hidden}", table.marks.len()), Role::RowMarked));
    }
    if table.frozen {
        chips.push((format!("frozen, {} changed", table.waiting.len()), Role::HealthPaused));
    }
    if let Some(chip) = trust(state, freshness) {
        chips.push(chip);
    }
    if grid.hidden > 0 {
        chips.push((format!("+{} columns", grid.hidden), Role::TextDim));
    }
    for (words, role) in chips {
        at += 2;
        at += paint.text(line, at, &words, role);
    }
}

/// How far the rows can be trusted; nothing when they are live.
fn trust(state: &State, freshness: Option<&Freshness>) -> Option<(String, Role)> {
    match freshness? {
        Freshness::Live => None,
        Freshness::Loading => Some(("loading".into(), Role::HealthProgressing)),
        Freshness::Stale { since, why, retry_at } => {
            let retry = retry_at.map_or(String::new(), |t| {
                format!(", retry in {}s", (t.as_second() - state.now.as_second()).max(0))
            });
            Some((
                format!("as of {} ago: {}{retry}", text::age(state.since(*since)), why.summary),
                Role::HealthBad,
            ))
        }
        Freshness::Forbidden { why } => {
            Some((format!("partly denied: {}", why.summary), Role::HealthUnknown))
        }
        Freshness::Absent { .. } => None,
    }
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
    if marked {
        let glyph = paint.look.glyphs.mark;
        paint.text(line, 0, glyph, Role::RowMarked);
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

/// Chooses columns for a width: the least important go first, what is left over is shared out.
fn grid(state: &State, pane: &'static Pane, table: &TableView, width: u16) -> Grid {
    let mut wanted: Vec<&'static Column> = match state.look.columns.get(pane.id) {
        Some(ids) => ids.iter().filter_map(|id| pane.column(id)).collect(),
        None => pane.columns.iter().filter(|c| table.wide || !c.wide).collect(),
    };
    if state.sites.len() == 1 {
        wanted.retain(|c| c.id != "site" || pane.rows == Rows::Sites);
    }
    let skipped = table.column_offset.min(wanted.len().saturating_sub(1));
    let (first, rest) = wanted.split_at(1.min(wanted.len()));
    let mut kept: Vec<&Column> = first.iter().chain(rest.iter().skip(skipped)).copied().collect();
    let all = kept.len();
    let needed = |kept: &[&Column]| 2 + kept.iter().map(|c| c.width + 1).sum::<u16>();
    while needed(&kept) > width && kept.len() > 1 {
        let Some(at) = (0..kept.len()).rev().max_by_key(|i| kept[*i].drop).filter(|i| kept[*i].drop > 0)
        else {
            break;
        };
        kept.remove(at);
    }
    let mut spare = width.saturating_sub(needed(&kept));
    let mut shares: u16 = kept.iter().map(|c| c.grow).sum();
    let mut x = 2;
    let mut columns = Vec::with_capacity(kept.len());
    for column in &kept {
        let extra = if column.grow == 0 { 0 } else { spare * column.grow / shares.max(1) };
        shares -= column.grow;
        spare -= extra;
        columns.push((*column, x, column.width + extra));
        x += column.width + extra + 1;
    }
    Grid { columns, hidden: all - kept.len() + skipped }
}

/// An empty table says why: loading, denied, not served, broken, filtered, or truly nothing.
fn nothing(
    state: &State,
    paint: &mut Paint<'_>,
    pane: &Pane,
    table: &TableView,
    freshness: Option<&Freshness>,
    area: Area,
) {
    let mut lines: Vec<(String, Role)> = Vec::new();
    if table.index.total() > 0 {
        lines.push((
            format!(
                "none of {} {}s match; esc shows them again",
                text::thousands(table.index.total() as u64),
                pane.noun
            ),
            Role::TextDim,
        ));
    } else {
        match freshness {
            Some(Freshness::Loading) => {
                lines.push((format!("loading {}s", pane.noun), Role::HealthProgressing))
            }
            Some(Freshness::Stale { why, .. }) => {
                problem(&mut lines, paint.glyph(Health::Bad), why, Role::HealthBad)
            }
            Some(Freshness::Forbidden { why }) => {
                problem(&mut lines, paint.glyph(Health::Unknown), why, Role::HealthUnknown)
            }
            Some(Freshness::Absent { why }) => {
                problem(&mut lines, paint.glyph(Health::Unknown), why, Role::TextDim)
            }
            Some(Freshness::Live) => lines.push((pane.empty.to_owned(), Role::TextDim)),
            None => unfollowed(state, pane, paint.glyph(Health::Bad), &mut lines),
        }
    }
    for (at, (words, role)) in (0_u16..).zip(&lines) {
        paint.text(area.line(at + 1), 2, words, *role);
    }
}

fn problem(lines: &mut Vec<(String, Role)>, glyph: &str, why: &Problem, role: Role) {
    lines.push((format!("{glyph} {}", why.summary), role));
    if !why.hint.is_empty() {
        lines.push((why.hint.clone(), Role::TextDim));
    }
}

/// No collection is followed for this pane: its sites or workload APIs are not reached yet.
fn unfollowed(state: &State, pane: &Pane, glyph: &str, lines: &mut Vec<(String, Role)>) {
    for site in state.sites.iter() {
        match &site.connection {
            crate::domain::site::Connection::Failing { problem: why, .. }
                if pane.rows != Rows::Jobs && pane.rows != Rows::Notices =>
            {
                lines.push((format!("{glyph} {}: {}", site.spec.id, why.summary), Role::HealthBad));
            }
            crate::domain::site::Connection::Connecting | crate::domain::site::Connection::Idle
                if matches!(pane.rows, Rows::Management(_)) =>
            {
                lines.push((format!("connecting to {}", site.spec.id), Role::HealthProgressing));
            }
            _ => {}
        }
    }
    if let Rows::Workload(_) = pane.rows {
        for cluster in &state.screen.scope.clusters {
            match state.workloads.get(cluster) {
                Some(Reach::NeedsConsent) => lines.push((
                    format!(
                        "{}: only its kubeconfig Secret (cluster-admin) would do; r asks again",
                        cluster.key
                    ),
                    Role::HealthUnknown,
                )),
                Some(Reach::Failing { problem: why, .. }) => problem(lines, glyph, why, Role::HealthBad),
                _ => lines.push((format!("connecting to {}", cluster.key), Role::HealthProgressing)),
            }
        }
    }
    if lines.is_empty() {
        lines.push((pane.empty.to_owned(), Role::TextDim));
    }
}
