//! The console's own commands, by id; an id that is none of them is an action.
use super::{
    Context, action, choose,
    cursor::{self, Step},
    filter, overlay, scope, session, settle,
};
use crate::{
    actions,
    domain::{ResourceRef, SiteId},
    effect::Effect,
    panes,
    state::{
        Place, RowId, State,
        memory::{Memory, PaneMemory},
        overlay::Overlay,
        screen::Tab,
        tree::LineId,
    },
};

/// Runs a command or starts an action.
pub(super) fn run(state: &mut State, context: &Context, id: &str) -> Vec<Effect> {
    state.touch();
    if let Some(pane) = id.strip_prefix("pane.") {
        return open_pane(state, pane);
    }
    if let Some(what) = id.strip_prefix("cursor.") {
        return move_cursor(state, what);
    }
    match id {
        "app.quit" => return vec![Effect::Quit],
        "app.suspend" => return vec![Effect::Suspend],
        "theme.next" => return vec![Effect::Theme(None)],
        "screen.redraw" => return vec![Effect::Redraw],
        "retry.now" => return retry(state),
        "help.open" => state.screen.overlays.push(Overlay::Help { top: 0 }),
        "palette.open" => return choose::palette(state),
        "screen.back" => back(state, false),
        "screen.forward" => back(state, true),
        "overlay.close" => return overlay::close(state),
        "overlay.accept" if !state.screen.overlays.is_empty() => return overlay::accept(state, context),
        "overlay.accept" => accept_prompt(state),
        "plan.confirm" => return action::confirm(state),
        "consent.allow" => super::consent::allow(state),
        "overlay.next" => cursor::overlay(state, context, 1),
        "overlay.prev" => cursor::overlay(state, context, -1),
        "session.open" => return open_session(state),
        "session.close" => return close_session(state),
        "job.cancel" => return cancel(state),
        "job.undo" => return undo(state),
        _ => return run_in_place(state, id),
    }
    vec![]
}

/// Commands on what is selected, or on how the table is shown.
fn run_in_place(state: &mut State, id: &str) -> Vec<Effect> {
    match id {
        "filter.open" => filter::open(state),
        "filter.clear" if state.screen.card.searching => {
            state.screen.card.searching = false;
            state.screen.card.search.clear();
        }
        "filter.clear" => {
            filter::clear(state);
        }
        "row.open" | "row.tree" | "row.describe" | "row.yaml" | "row.events" | "row.conditions"
        | "row.owners" => return open_row(state, id),
        "row.actions" => return choose::actions(state),
        "row.copy" => choose::copy(state),
        "row.mark" | "row.mark-range" | "mark.clear" | "mark.all" => mark(state, id),
        "fault.toggle" | "wide.toggle" | "freeze.toggle" | "sort.next" | "sort.reverse" => {
            return show(state, id);
        }
        "sort.pick" => choose::sort(state),
        "column.left" | "column.right" => return scroll_columns(state, id == "column.right"),
        "scope.cluster" => scope::to_cluster(state),
        "scope.namespace" | "scope.site" => scope::to(state, id == "scope.site"),
        "scope.clear" => {
            state.screen.scope = crate::state::scope::Scope::default();
            scope::outdate_all(state);
        }
        _ if id.starts_with("search.") || id.starts_with("fold.") => super::card::run(state, id),
        _ if id.starts_with("copy.") => return copy_one(state, id),
        _ if actions::find(id).is_some() => {
            let targets = targets(state);
            return action::start_all(state, id, targets);
        }
        _ => state.notices.tell(state.now, format!("`{id}` has nothing to do here")),
    }
    vec![]
}

/// What the cursor is on, by identity.
pub fn selected(state: &State) -> Option<ResourceRef> {
    match state.screen.place() {
        Place::Table(_) => state.resource(state.screen.table()?.cursor?),
        Place::Tree(cluster) => match state.screen.trees.get(cluster).and_then(|t| t.cursor.as_ref()) {
            Some(LineId::Missing(..)) => None,
            Some(line) => Some(line.target().clone()),
            None => Some(ResourceRef {
                source: crate::domain::Source::management(&cluster.site, "cluster"),
                key: cluster.key.clone(),
            }),
        },
        Place::Object { target, .. } => Some(target.clone()),
    }
}

/// What an action acts on: every marked row in the order of the table, those the filter hides last; without
/// marks what is selected.
pub(super) fn targets(state: &State) -> Vec<ResourceRef> {
    let Some(table) = state.screen.table().filter(|t| !t.marks.is_empty()) else {
        return selected(state).into_iter().collect();
    };
    let mut rows: Vec<RowId> = table.marks.iter().copied().collect();
    rows.sort_by_key(|row| table.index.position(*row).unwrap_or(usize::MAX));
    rows.into_iter().filter_map(|row| state.resource(row)).collect()
}

fn open_pane(state: &mut State, pane: &str) -> Vec<Effect> {
    let at = panes::PANES.iter().position(|p| Some(p.id) == state.screen.pane());
    let count = panes::PANES.len();
    let open = |pane: &&&panes::Pane| pane.locked(state).is_none();
    let to = match pane {
        // Panes that have nothing to show anywhere are passed over; help says why.
        "next" => (1..=count).map(|n| &panes::PANES[(at.unwrap_or(count - 1) + n) % count]).find(open),
        "prev" => (1..=count).map(|n| &panes::PANES[(at.unwrap_or(0) + count - n) % count]).find(open),
        id => panes::PANES.iter().find(|p| p.id == id),
    };
    if let Some(pane) = to {
        state.screen.go(Place::Table(pane.id.to_owned()));
    }
    vec![]
}

fn move_cursor(state: &mut State, what: &str) -> Vec<Effect> {
    let step = match what {
        "down" => Step::Lines(1),
        "up" => Step::Lines(-1),
        "page-down" => Step::HalfPages(2),
        "page-up" => Step::HalfPages(-2),
        "half-down" => Step::HalfPages(1),
        "half-up" => Step::HalfPages(-1),
        "top" => Step::Top,
        _ => Step::Bottom,
    };
    cursor::go(state, step);
    vec![]
}

fn back(state: &mut State, forward: bool) {
    let scope = state.screen.scope.clone();
    let moved = if forward { state.screen.forward() } else { state.screen.back() };
    if state.screen.scope != scope {
        scope::outdate_all(state);
    }
    if !moved {
        state
            .notices
            .tell(state.now, if forward { "nothing to go forward to" } else { "nothing to go back to" });
    }
}

fn accept_prompt(state: &mut State) {
    if state.screen.card.searching {
        state.screen.card.searching = false;
        super::card::run(state, "search.next");
    } else {
        filter::close(state);
    }
}

/// Opens the selected row: a site's clusters, a cluster's tree, any object's card.
fn open_row(state: &mut State, id: &str) -> Vec<Effect> {
    if let Some(table) = state.screen.table()
        && let Some(row) = table.cursor.and_then(|id| state.row(id))
    {
        if let Some(site) = row.site() {
            let sites = [site.spec.id.clone()].into();
            // The place that is left keeps the scope it had.
            state.screen.go(Place::Table("clusters".into()));
            state.screen.scope.sites = sites;
            scope::outdate_all(state);
            return vec![];
        }
        if let Some(problem) = row.notice().and_then(|n| n.problem.clone()) {
            state.screen.overlays.push(Overlay::Problem(Box::new(problem)));
            return vec![];
        }
    }
    if id == "row.open" && super::tree::open_group(state) {
        return vec![];
    }
    let Some(target) = selected(state) else { return vec![] };
    let in_tree = matches!(state.screen.place(), Place::Tree(_));
    match id {
        "row.tree" => {
            if let Some(cluster) = state
                .fleet
                .id_of(&target)
                .and_then(|id| state.row(crate::state::RowId::Object(id)))
                .and_then(crate::state::Row::cluster_key)
            {
                state.screen.go(Place::Tree(cluster));
            }
            return vec![];
        }
        "row.open" if !in_tree => state.screen.go(choose::place_of(&target)),
        _ => {
            let tab = match id {
                "row.events" => Tab::Events,
                "row.owners" => Tab::Owners,
                "row.yaml" => Tab::Yaml,
                _ => Tab::Conditions,
            };
            let place = Place::Object { target: target.clone(), tab };
            if matches!(state.screen.place(), Place::Object { .. }) {
                state.screen.replace(place);
            } else {
                state.screen.go(place);
            }
        }
    }
    super::card::fetch(state)
}

fn mark(state: &mut State, id: &str) {
    let page = crate::view::layout::page(state.width, state.height);
    let Some(table) = state.screen.table_mut() else { return };
    match id {
        "mark.clear" => table.marks.clear(),
        "mark.all" => table.marks = table.index.rows().collect(),
        "row.mark" => {
            if let Some(row) = table.cursor {
                if !table.marks.remove(&row) {
                    table.marks.insert(row);
                }
                table.anchor = Some(row);
                table.move_to(table.cursor_at + 1);
                table.scroll(page);
            }
        }
        _ => {
            let from = table.anchor.and_then(|row| table.index.position(row)).unwrap_or(table.cursor_at);
            let (low, high) = (from.min(table.cursor_at), from.max(table.cursor_at));
            let range: Vec<_> = (low..=high).filter_map(|at| table.index.at(at)).collect();
            table.marks.extend(range);
        }
    }
}

/// How the table is shown; sort and width are remembered per pane.
fn show(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(pane) = state.screen.pane().and_then(panes::find) else { return vec![] };
    let Some(table) = state.screen.table_mut() else { return vec![] };
    match id {
        "fault.toggle" => table.faults_only = !table.faults_only,
        "wide.toggle" => table.wide = !table.wide,
        "freeze.toggle" => table.frozen = !table.frozen,
        "sort.reverse" => table.reverse = !table.reverse,
        _ => {
            let at = pane.columns.iter().position(|c| c.id == table.sort).unwrap_or(0);
            pane.columns[(at + 1) % pane.columns.len()].id.clone_into(&mut table.sort);
            table.reverse = false;
        }
    }
    settle::outdate(state);
    remember(state)
}

pub(super) fn sort_by(state: &mut State, column: &str) -> Vec<Effect> {
    if let Some(table) = state.screen.table_mut() {
        table.reverse = table.sort == column && !table.reverse;
        column.clone_into(&mut table.sort);
    }
    settle::outdate(state);
    remember(state)
}

fn remember(state: &State) -> Vec<Effect> {
    let pane = |t: &crate::state::table::TableView| PaneMemory {
        sort: t.sort.clone(),
        reverse: t.reverse,
        wide: t.wide,
    };
    vec![Effect::Remember(Memory {
        panes: state.screen.tables.iter().map(|(id, t)| (id.clone(), pane(t))).collect(),
    })]
}

fn scroll_columns(state: &mut State, right: bool) -> Vec<Effect> {
    let count = state.screen.pane().and_then(panes::find).map_or(0, |p| p.columns.len());
    if let Place::Object { target, tab } = state.screen.place().clone() {
        state.screen.replace(Place::Object { target, tab: tab.step(right) });
        return super::card::fetch(state);
    }
    if let Some(table) = state.screen.table_mut() {
        table.column_offset = if right {
            (table.column_offset + 1).min(count.saturating_sub(2))
        } else {
            table.column_offset.saturating_sub(1)
        };
    }
    vec![]
}

fn retry(state: &mut State) -> Vec<Effect> {
    let ids: Vec<SiteId> = state.sites.iter().map(|s| s.spec.id.clone()).collect();
    if let Place::Object { target, tab: Tab::Yaml } = state.screen.place().clone() {
        state.documents.forget(&target);
    }
    super::consent::ask_again(state);
    for id in &ids {
        state.access.forget_site(id);
    }
    let mut effects: Vec<Effect> = ids.into_iter().map(Effect::RetryNow).collect();
    effects.extend(super::card::fetch(state));
    effects
}

/// The site of the selection, or the only one there is.
fn current_site(state: &State) -> Option<SiteId> {
    let of_row = || {
        state
            .screen
            .table()
            .and_then(|t| state.row(t.cursor?))
            .map(|r| SiteId::new(r.site_name()))
            .filter(|s| !s.as_str().is_empty())
    };
    selected(state)
        .map(|t| t.source.site)
        .or_else(of_row)
        .or_else(|| state.sites.at(0).filter(|_| state.sites.len() == 1).map(|s| s.spec.id.clone()))
}

fn open_session(state: &mut State) -> Vec<Effect> {
    match current_site(state) {
        Some(site) => session::open(state, site, None),
        None => state.notices.tell(state.now, "select a site first"),
    }
    vec![]
}

fn close_session(state: &mut State) -> Vec<Effect> {
    current_site(state).map(Effect::CloseSession).into_iter().collect()
}

fn cancel(state: &mut State) -> Vec<Effect> {
    let row = state.screen.table().and_then(|t| t.cursor);
    match row {
        Some(crate::state::RowId::Job(id)) => super::jobs::cancel(state, id),
        _ => vec![],
    }
}

fn undo(state: &mut State) -> Vec<Effect> {
    match state.screen.table().and_then(|t| t.cursor) {
        Some(RowId::Job(id)) => super::jobs::undo(state, id),
        _ => vec![],
    }
}

fn copy_one(state: &State, id: &str) -> Vec<Effect> {
    let choices = crate::view::copy::choices(state).unwrap_or_default();
    let wanted = id.trim_start_matches("copy.");
    choices
        .into_iter()
        .find(|(title, _)| title.to_lowercase().starts_with(wanted))
        .map(|(_, text)| Effect::Copy(text))
        .into_iter()
        .collect()
}
