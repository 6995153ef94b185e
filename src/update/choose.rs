//! Lists to choose from: the palette, the action sheet, the copy menu, the sort picker.
use super::{Context, action, commands, drill, settle};
use crate::{
    actions::{self, access, spec::Availability},
    command,
    domain::ResourceRef,
    effect::Effect,
    panes,
    state::{
        Place, State,
        overlay::{Choice, Item, Overlay, Run},
        screen::Tab,
    },
    tutor,
};

/// How many objects of a kind the palette offers at most: more than any fleet has, so that one is never missed.
const OBJECTS: usize = 50_000;

/// Opens the palette over commands, actions of the selection, panes and objects.
pub(super) fn palette(state: &mut State) -> Vec<Effect> {
    let mut items: Vec<Item> = Vec::new();
    let target = commands::targets(state).into_iter().next();
    let mut effects = Vec::new();
    if let Some(target) = &target {
        effects = ask(state, target);
        items.extend(action_items(state, target));
    }
    items.extend(command::COMMANDS.iter().filter(|c| is_offered(state, c)).map(|c| Item {
        run: Run::Command(c.id.into()),
        title: c.title.into(),
        note: c.help.into(),
        greyed: false,
    }));
    items.extend(drill::items(state));
    effects.extend(drill::ask(state));
    for kind in ["cluster", "control-plane", "pool", "machine", "node"] {
        items.extend(state.fleet.of_kind(kind).take(OBJECTS).map(|(_, source, object)| Item {
            run: Run::Open(ResourceRef { source: source.clone(), key: object.meta.key() }),
            title: format!("{}/{}", object.meta.namespace, object.meta.name),
            note: format!("{} on {}", object.meta.kind, source.site),
            greyed: false,
        }));
    }
    state.screen.overlays.push(Overlay::Palette(Choice::new(items)));
    state.touch();
    effects
}

/// Commands of overlays work there only, and a tutor that is not shown cannot be left.
fn is_offered(state: &State, command: &command::Command) -> bool {
    command.context != command::Context::Overlay && (command.id != tutor::LEAVE || state.tutor.is_some())
}

/// Opens the sheet of every verb that fits the selection.
pub(super) fn actions(state: &mut State) -> Vec<Effect> {
    let mut targets = commands::targets(state);
    if targets.is_empty() {
        return vec![];
    }
    let target = targets.remove(0);
    sheet(state, target, targets)
}

/// The sheet of a target, and of the marked ones that come after it.
pub(super) fn sheet(state: &mut State, target: ResourceRef, rest: Vec<ResourceRef>) -> Vec<Effect> {
    let effects = ask(state, &target);
    let items = action_items(state, &target);
    if items.is_empty() {
        state.notices.tell(state.now, "no action applies here yet");
    } else {
        state.screen.overlays.push(Overlay::Actions { target, rest, choice: Choice::new(items) });
    }
    state.touch();
    effects
}

/// The rights of every action that fits are asked for, once.
pub fn ask(state: &mut State, target: &ResourceRef) -> Vec<Effect> {
    let fitting = actions::ACTIONS.iter().filter(|a| a.fits(state, target));
    let questions: Vec<_> = fitting.flat_map(|a| access::questions(*a, state, target)).collect();
    let unasked = state.access.unasked(questions);
    if unasked.is_empty() { vec![] } else { vec![Effect::Ask(unasked)] }
}

fn action_items(state: &State, target: &ResourceRef) -> Vec<Item> {
    let item = |action: &&dyn actions::Action| {
        let (note, greyed) = match access::availability(*action, state, target) {
            Availability::NotHere => return None,
            Availability::Ready => (action.help().to_owned(), false),
            Availability::Greyed(why) => (why, true),
        };
        Some(Item { run: Run::Action(action.id().into()), title: action.title().into(), note, greyed })
    };
    actions::ACTIONS.iter().filter_map(item).collect()
}

/// Rights have come in: the sheet says so.
pub(super) fn refresh_actions(state: &mut State) {
    let mut overlays = std::mem::take(&mut state.screen.overlays);
    for overlay in &mut overlays {
        let (target, choice) = match overlay {
            Overlay::Actions { target, choice, .. } => (Some(target.clone()), choice),
            Overlay::Palette(choice) => (commands::targets(state).into_iter().next(), choice),
            _ => continue,
        };
        let Some(target) = target else { continue };
        // In place: what is chosen or found stays where it is under the operator's finger.
        for new in action_items(state, &target) {
            if let Some(item) = choice.items.iter_mut().find(|item| item.run == new.run) {
                *item = new;
            }
        }
    }
    state.screen.overlays = overlays;
}

pub(super) fn sort(state: &mut State) {
    let Some(pane) = state.screen.pane().and_then(panes::find) else { return };
    let item = |c: &panes::Column| Item {
        run: Run::Sort(c.id.into()),
        title: if c.title.is_empty() { c.id.into() } else { c.title.into() },
        note: String::new(),
        greyed: false,
    };
    state
        .screen
        .overlays
        .push(Overlay::Sort { choice: Choice::new(pane.columns.iter().map(item).collect()) });
    state.touch();
}

/// Narrows the list to what matches what was typed, best first.
pub(super) fn narrow(state: &mut State) {
    let Some(
        Overlay::Palette(choice)
        | Overlay::Actions { choice, .. }
        | Overlay::Copy { choice }
        | Overlay::Sort { choice },
    ) = state.screen.overlays.last_mut()
    else {
        return;
    };
    let query = choice.query.text();
    choice.shown = ranked(&query, &choice.items);
    choice.at = 0;
    state.touch();
}

/// Items whose title matches, the best match first; all of them for an empty query.
fn ranked(query: &str, items: &[Item]) -> Vec<usize> {
    let query = query.trim();
    if query.is_empty() {
        return (0..items.len()).collect();
    }
    let needle = crate::filter::fuzzy::Needle::new(query);
    let mut scored: Vec<(u16, usize)> =
        items.iter().enumerate().filter_map(|(at, item)| Some((needle.score(&item.title)?, at))).collect();
    scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    scored.into_iter().map(|(_, at)| at).collect()
}

/// Carries out what is chosen.
pub(super) fn accept(state: &mut State, context: &Context) -> Vec<Effect> {
    let Some(overlay) = state.screen.overlays.pop() else { return vec![] };
    state.touch();
    let (targets, choice) = match overlay {
        Overlay::Actions { target, rest, choice } => (Some([vec![target], rest].concat()), choice),
        Overlay::Palette(choice) | Overlay::Copy { choice } | Overlay::Sort { choice } => (None, choice),
        _ => return vec![],
    };
    let Some(item) = choice.selected().cloned() else { return vec![] };
    match item.run {
        Run::Command(id) => commands::run(state, context, &id),
        Run::Action(id) => {
            let targets = targets.unwrap_or_else(|| commands::targets(state));
            action::start_all(state, &id, targets)
        }
        Run::Open(target) => {
            state.screen.go(place_of(&target));
            vec![]
        }
        Run::Sort(column) => commands::sort_by(state, &column),
        Run::Copy(text) => vec![Effect::Copy(text)],
        Run::Drill(what) => vec![Effect::Drill(what)],
    }
}

/// Where an object is looked at: a cluster in its tree, anything else on its card.
pub(super) fn place_of(target: &ResourceRef) -> Place {
    if target.source.kind == *"cluster" {
        return Place::Tree(target.cluster_key());
    }
    Place::Object { target: target.clone(), tab: Tab::default() }
}

/// What can be copied of the selection.
pub(super) fn copy(state: &mut State) {
    let Some(choice) = crate::view::copy::choices(state) else { return };
    let item = |(title, text): (String, String)| {
        let note = text.lines().next().unwrap_or_default().to_owned();
        Item { run: Run::Copy(text), title, note, greyed: false }
    };
    state.screen.overlays.push(Overlay::Copy { choice: Choice::new(choice.into_iter().map(item).collect()) });
    settle::outdate(state);
}
