//! The first message: the state begins, and every site is connected to at once.
use crate::{
    domain::{SiteId, drill::Drilling},
    effect::Effect,
    msg::Start,
    panes,
    state::{Place, Sites, State, table::TableView},
};

pub(super) fn started(state: &mut State, start: Start) -> Vec<Effect> {
    state.now = start.now;
    super::tutor::resize(state, start.width, start.height);
    state.look = start.look;
    state.headless = start.headless;
    state.sites = Sites::new(start.sites);
    for pane in panes::PANES {
        let remembered = start.memory.panes.get(pane.id).cloned().unwrap_or_default();
        let known = pane.column(&remembered.sort).is_some();
        let table = TableView {
            sort: if known { remembered.sort } else { pane.sort.to_owned() },
            reverse: known && remembered.reverse,
            wide: remembered.wide,
            outdated: true,
            ..TableView::default()
        };
        state.screen.tables.insert(pane.id.to_owned(), table);
    }
    if let Some(pane) = panes::find(&start.pane) {
        state.screen.replace(Place::Table(pane.id.to_owned()));
        if !start.filter.is_empty() {
            super::filter::set(state, &start.filter);
        }
    }
    for problem in start.problems {
        state.notices.fail(state.now, problem);
    }
    if start.practice.tutor {
        super::tutor::begin(state);
    }
    state.touch();
    let ids: Vec<SiteId> = state.sites.iter().map(|s| s.spec.id.clone()).collect();
    let mut effects: Vec<Effect> = ids.into_iter().map(Effect::Connect).collect();
    if start.practice.drills {
        effects.push(Effect::Drill(Drilling::List));
    }
    effects
}
