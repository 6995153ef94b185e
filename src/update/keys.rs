//! A key press: which layer it goes to, whether it types into a text field or runs something.
use super::{Context, commands};
use crate::{
    actions::input::Wanted,
    editor::Editor,
    effect::Effect,
    keymap::{Chord, Key, Resolved},
    state::{
        Place, State,
        overlay::{Overlay, Stage},
    },
};

/// The layers that are asked for a key now, the first that knows it wins.
pub fn layers(state: &State) -> Vec<&str> {
    if let Some(overlay) = state.screen.overlays.last() {
        return if has_text(overlay) { vec!["form"] } else { vec!["overlay"] };
    }
    match state.screen.place() {
        Place::Table(pane) if state.screen.table().is_some_and(|t| t.filter.editing) => {
            let _ = pane;
            vec!["filter"]
        }
        Place::Object { .. } if state.screen.card.searching => vec!["filter"],
        Place::Table(pane) => vec![pane, "table", "global"],
        Place::Tree(_) => vec!["tree", "global"],
        Place::Object { .. } => vec!["object", "global"],
    }
}

/// Whether typing goes into a text field of the overlay.
fn has_text(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Palette(_)
        | Overlay::Actions { .. }
        | Overlay::Copy { .. }
        | Overlay::Sort { .. }
        | Overlay::Session(_) => true,
        Overlay::Action(flow) => match &flow.stage {
            Stage::Form => true,
            Stage::Preview { confirm, .. } => matches!(confirm, crate::actions::spec::Confirmation::Type(_)),
        },
        Overlay::Help { .. } | Overlay::Consent { .. } | Overlay::Problem(_) | Overlay::Login { .. } => false,
    }
}

pub(super) fn key(state: &mut State, context: &Context, chord: Chord) -> Vec<Effect> {
    state.touch();
    if let Some(table) = state.screen.table_mut() {
        table.touched = true;
    }
    let resolved = context.keymap.resolve(&layers(state), &state.screen.pending, &chord);
    match resolved {
        Resolved::Command(id) => {
            state.screen.pending.clear();
            commands::run(state, context, &id)
        }
        Resolved::Pending => {
            state.screen.pending.push(chord);
            vec![]
        }
        Resolved::Unbound => {
            let waited = !std::mem::take(&mut state.screen.pending).is_empty();
            // What does not go on with a sequence is a key of its own, but for the one that only ends it.
            if waited && chord != Chord::plain(Key::Esc) {
                return key(state, context, chord);
            }
            if !waited {
                type_key(state, &chord);
            }
            vec![]
        }
    }
}

pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    state.touch();
    let typed = edit(state, |editor| {
        editor.paste(text);
        true
    });
    if typed {
        typed_into(state);
    }
    vec![]
}

fn type_key(state: &mut State, chord: &Chord) {
    if turn(state, chord) {
        return typed_into(state);
    }
    if edit(state, |editor| editor.key(chord)) {
        typed_into(state);
    }
}

/// In a field with options left and right go through them, and a switch takes nothing but that and the blank.
fn turn(state: &mut State, chord: &Chord) -> bool {
    let Some(Overlay::Action(flow)) = state.screen.overlays.last_mut() else { return false };
    let Some(field) = flow.fields.get_mut(flow.focus).filter(|_| matches!(flow.stage, Stage::Form)) else {
        return false;
    };
    let is = |key: Key| *chord == Chord::plain(key);
    let turns = is(Key::Left) || is(Key::Right) || field.input.wanted == Wanted::Switch && is(Key::Char(' '));
    let text = field.editor.text();
    match field.input.turn(&text, !is(Key::Left)).filter(|_| turns).map(str::to_owned) {
        Some(to) => {
            field.editor = Editor::to_replace(&to);
            true
        }
        None => field.input.wanted == Wanted::Switch,
    }
}

/// Gives the text field that has the keys, if there is one, to a change.
fn edit(state: &mut State, change: impl FnOnce(&mut Editor) -> bool) -> bool {
    if let Some(overlay) = state.screen.overlays.last_mut() {
        return field(overlay).is_some_and(change);
    }
    if state.screen.card.searching {
        let mut editor = Editor::new(&state.screen.card.search);
        let changed = change(&mut editor);
        state.screen.card.search = editor.text();
        return changed;
    }
    match state.screen.table_mut() {
        Some(table) if table.filter.editing => change(&mut table.filter.editor),
        _ => false,
    }
}

fn field(overlay: &mut Overlay) -> Option<&mut Editor> {
    match overlay {
        Overlay::Palette(choice)
        | Overlay::Actions { choice, .. }
        | Overlay::Copy { choice }
        | Overlay::Sort { choice } => Some(&mut choice.query),
        Overlay::Session(form) => Some(if form.focus == 0 { &mut form.reason } else { &mut form.minutes }),
        Overlay::Action(flow) => match &mut flow.stage {
            Stage::Form => flow.fields.get_mut(flow.focus).map(|f| &mut f.editor),
            Stage::Preview { typed, .. } => Some(typed),
        },
        _ => None,
    }
}

/// What follows from another text in the field.
fn typed_into(state: &mut State) {
    match state.screen.overlays.last() {
        Some(Overlay::Palette(_) | Overlay::Actions { .. } | Overlay::Copy { .. } | Overlay::Sort { .. }) => {
            super::choose::narrow(state);
        }
        Some(Overlay::Action(_)) => super::overlay::validate(state),
        Some(_) => {}
        None if state.screen.card.searching => {}
        None => super::filter::typed(state),
    }
}
