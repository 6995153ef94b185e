//! The line above a table: pane, counts, filter, and how far the data can be trusted.
use std::collections::BTreeSet;

use super::grid::Grid;
use crate::{
    panes::{Pane, Rows},
    state::{
        State,
        collection::{Collection, Freshness},
        table::TableView,
        workloads::Reach,
    },
    text,
    theme::Role,
    view::{Paint, layout::Area},
};

/// What the line is about.
pub(super) struct Shown<'a> {
    pub pane: &'static Pane,
    pub table: &'a TableView,
    /// The least fresh of what is behind the rows.
    pub behind: Option<&'a Collection>,
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, shown: &Shown<'_>, grid: &Grid, line: Area) {
    let mut at = paint.text(line, 0, shown.pane.title, Role::Title);
    at += paint.text(line, at, &count(shown), Role::Text);
    at += filter(paint, shown.table, line, at);
    // What must be known comes first: the line may be short.
    for (words, role) in chips(state, paint, shown, grid) {
        at += 2;
        at += paint.text(line, at, &words, role);
    }
}

/// `37 of 8,412`; no number while none is known.
fn count(shown: &Shown<'_>) -> String {
    let (some, all) = (shown.table.index.shown(), shown.table.index.total());
    let own_rows = matches!(shown.pane.rows, Rows::Sites | Rows::Jobs | Rows::Notices);
    if all == 0 && !own_rows && shown.behind.is_none_or(|c| c.freshness != Freshness::Live) {
        return String::new();
    }
    if some == all {
        return format!(" {}", text::thousands(all as u64));
    }
    format!(" {} of {}", text::thousands(some as u64), text::thousands(all as u64))
}

fn filter(paint: &mut Paint<'_>, table: &TableView, line: Area, from: u16) -> u16 {
    let prompt = &table.filter;
    if !prompt.editing && prompt.text.is_empty() {
        return 0;
    }
    let mut at = from + paint.text(line, from, "  /", Role::KeyHint);
    let role = if prompt.error.is_some() { Role::InputError } else { Role::Input };
    at += paint.input(line, at, &prompt.editor, role, prompt.editing);
    if let Some((_, message)) = &prompt.error {
        at += 1;
        at += paint.text(line, at, message, Role::InputError);
    } else if prompt.mode == crate::filter::Mode::Fuzzy {
        at += paint.text(line, at, " ~fuzzy", Role::TextDim);
    }
    at - from
}

fn chips(state: &State, paint: &Paint<'_>, shown: &Shown<'_>, grid: &Grid) -> Vec<(String, Role)> {
    let table = shown.table;
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
    chips.extend(trust(state, shown));
    chips.extend(unreached(state, shown));
    if grid.hidden > 0 {
        let word = if grid.hidden == 1 { "column" } else { "columns" };
        chips.push((format!("+{} {word}", grid.hidden), Role::TextDim));
    }
    if !grid.columns.iter().any(|(column, ..)| column.id == table.sort) {
        let glyphs = &paint.look.glyphs;
        let arrow = if table.reverse { glyphs.sort_down } else { glyphs.sort_up };
        let title = shown.pane.column(&table.sort).map_or(&*table.sort, |c| c.title);
        chips.push((format!("by {title}{arrow}"), Role::TextDim));
    }
    chips
}

/// Clusters in scope whose API is not read: what is there of the others must not look like all.
fn unreached(state: &State, shown: &Shown<'_>) -> Option<(String, Role)> {
    let clusters = &state.screen.scope.clusters;
    let is_asked = matches!(shown.pane.rows, Rows::Workload(_) | Rows::Everywhere { .. });
    shown.behind.filter(|_| is_asked)?;
    let live = |c: &&_| matches!(state.workloads.get(c), Some(Reach::Live { .. }));
    let missing = clusters.len() - clusters.iter().filter(live).count();
    // Where all rows are of one that is not read any more, the title says so already.
    let is_said = missing == clusters.len() && matches!(shown.pane.rows, Rows::Workload(_));
    (missing > 0 && !is_said)
        .then(|| (format!("{missing} of {} clusters not read", clusters.len()), Role::HealthUnknown))
}

/// How far the rows can be trusted; nothing when they are live.
fn trust(state: &State, shown: &Shown<'_>) -> Option<(String, Role)> {
    let whose = whose(state, shown);
    let behind = shown.behind?;
    let age = behind.old_since().map(|since| text::age(state.since(since)));
    let as_of = |word: &str| match &age {
        Some(age) if behind.is_old() => format!("as of {age} ago, {word}"),
        _ => word.to_owned(),
    };
    match &behind.freshness {
        Freshness::Live => None,
        // A kind that was never there has no rows, and the table says so.
        Freshness::Absent { .. } if behind.is_empty() => None,
        Freshness::Absent { why } => {
            Some((format!("{whose}{}: {}", as_of("not served any more"), why.summary), Role::HealthBad))
        }
        Freshness::Loading => Some((format!("{whose}loading"), Role::HealthProgressing)),
        Freshness::Stale { why, retry_at, .. } => {
            let wait = retry_at.map(|t| t.as_second() - state.now.as_second());
            let retry = match wait {
                Some(seconds) if seconds > 0 => format!(", retry in {seconds}s"),
                Some(_) => ", retrying".into(),
                None => String::new(),
            };
            let age = age.map_or_else(|| "not read".into(), |age| format!("as of {age} ago"));
            Some((format!("{whose}{age}: {}{retry}", why.summary), Role::HealthBad))
        }
        Freshness::Forbidden { why } => {
            Some((format!("{whose}{}: {}", as_of("denied"), why.summary), Role::HealthUnknown))
        }
    }
}

/// Of which sites the worst is said: `prod-eu `, `2 of 5 sites `; nothing where it is all of them.
fn whose(state: &State, shown: &Shown<'_>) -> String {
    let Some(worst) = shown.behind.map(|c| &c.freshness) else { return String::new() };
    let kinds = shown.pane.kinds();
    let mut all = BTreeSet::new();
    let mut such = BTreeSet::new();
    for collection in state.fleet.collections() {
        let source = &collection.source;
        if kinds.contains(&source.kind.as_str()) && state.screen.followed.contains(source) {
            all.insert(source.site.as_str());
            if std::mem::discriminant(&collection.freshness) == std::mem::discriminant(worst) {
                such.insert(source.site.as_str());
            }
        }
    }
    match such.iter().next() {
        Some(site) if such.len() == 1 && all.len() > 1 => format!("{site} "),
        Some(_) if such.len() < all.len() => format!("{} of {} sites ", such.len(), all.len()),
        _ => String::new(),
    }
}
