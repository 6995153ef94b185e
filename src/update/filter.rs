//! The `/` prompt: compiled at each key, over the rows that are there.
use super::settle;
use crate::{
    editor::Editor,
    filter::{Filter, Mode},
    panes::{self, Pane, record},
    state::{
        State,
        table::{Entry, TableView},
    },
};

pub(super) fn open(state: &mut State) {
    if let Some(table) = state.screen.table_mut() {
        table.filter.editing = true;
    }
    state.touch();
}

/// Enter: the prompt closes, the filter stays.
pub(super) fn close(state: &mut State) {
    if let Some(table) = state.screen.table_mut() {
        table.filter.editing = false;
    }
    state.touch();
}

/// Esc: the filter goes; without one, the marks; without those, old notices.
pub(super) fn clear(state: &mut State) -> bool {
    let Some(table) = state.screen.table_mut() else { return false };
    let had = table.filter.editing || !table.filter.text.is_empty();
    table.filter.editing = false;
    table.filter.editor = Editor::default();
    if had {
        apply(state);
        return true;
    }
    if !table.marks.is_empty() {
        table.marks.clear();
        state.touch();
        return true;
    }
    let had = state.notices.dismiss();
    state.touch();
    had
}

/// Sets a filter from outside (flags, palette).
pub(super) fn set(state: &mut State, text: &str) {
    if let Some(table) = state.screen.table_mut() {
        table.filter.editor = Editor::new(text);
    }
    apply(state);
}

pub(super) fn typed(state: &mut State) {
    apply(state);
}

/// Compiles the prompt's text. One that does not parse leaves the last good filter in force.
fn apply(state: &mut State) {
    let Some(pane) = state.screen.pane().and_then(panes::find) else { return };
    let Some(mut table) = state.screen.tables.remove(pane.id) else { return };
    let columns: Vec<&str> = pane.columns.iter().map(|c| c.id).collect();
    let text = table.filter.editor.text();
    match Filter::parse(&text, &columns) {
        Ok(filter) => {
            table.filter.error = None;
            let narrows = !table.outdated
                && !table.filter.compiled.is_empty()
                && filter.narrows(&table.filter.compiled);
            table.filter.compiled = filter;
            refilter(state, pane, &mut table, narrows);
        }
        Err(error) => table.filter.error = Some((error.at, error.message)),
    }
    table.filter.text = text;
    table.settle(crate::view::layout::page(state.width, state.height));
    state.screen.tables.insert(pane.id.to_owned(), table);
    state.touch();
}

fn refilter(state: &State, pane: &'static Pane, table: &mut TableView, narrows: bool) {
    if table.outdated || table.frozen {
        table.outdated = true;
        return;
    }
    // Rows get their searchable text when a filter first needs it.
    if !table.filter.compiled.is_empty() && table.index.entries().any(|e| e.text.is_none()) {
        settle::rebuild(state, pane, table);
        return;
    }
    let before = table.filter.mode;
    if table.filter.compiled.is_empty() {
        table.filter.mode = Mode::Plain;
    } else if !(narrows && before == Mode::Plain && plain_hit(state, pane, table, true)) {
        table.filter.mode = if plain_hit(state, pane, table, false) { Mode::Plain } else { Mode::Fuzzy };
    }
    let narrow = narrows && table.filter.mode == before;
    let mut index = std::mem::take(&mut table.index);
    index.refilter(narrow, |entry| record::shown(state, pane, table, entry));
    table.index = index;
}

/// Whether any row (of those shown, or of all) holds the words as they are.
fn plain_hit(state: &State, pane: &'static Pane, table: &TableView, shown_only: bool) -> bool {
    let hit = |entry: &Entry| matches(state, pane, table, entry, Mode::Plain);
    if shown_only {
        return table.index.rows().filter_map(|row| table.index.entry(row)).any(hit);
    }
    table.index.entries().any(hit)
}

fn matches(state: &State, pane: &'static Pane, table: &TableView, entry: &Entry, mode: Mode) -> bool {
    let Some(row) = state.row(entry.row) else { return false };
    let record = record::Record { state, pane, row, text: entry.text.as_deref() };
    table.filter.compiled.matches(&record, mode)
}

/// Words are looked for as they are; only when no row holds them, fuzzily.
pub(super) fn choose_mode(state: &State, pane: &'static Pane, table: &mut TableView, entries: &[Entry]) {
    if table.filter.compiled.is_empty() {
        table.filter.mode = Mode::Plain;
        return;
    }
    let plain = entries.iter().any(|entry| matches(state, pane, table, entry, Mode::Plain));
    table.filter.mode = if plain || entries.is_empty() { Mode::Plain } else { Mode::Fuzzy };
}
