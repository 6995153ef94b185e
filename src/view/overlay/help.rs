//! Help: made from the keymap, so it is never wrong; only what works in the place at hand.
use crate::{
    actions, command,
    keymap::Keymap,
    state::{Place, State},
    text,
    theme::Role,
    tutor,
    view::{
        Paint,
        layout::{Area, centred},
    },
};

/// From this width on there is room for a command's title and its sentence.
const BOTH: u16 = 100;

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, top: usize, screen: Area) {
    let lines = lines(state, &paint.look.keymap);
    let inside = paint.window(area(screen, lines.len()), "Help: the keys that work here");
    let room = usize::from(inside.height);
    let top = top.min(lines.len().saturating_sub(room));
    paint.more_below(inside, lines.len().saturating_sub(top + room));
    for (y, (keys, title, help)) in (0..inside.height).zip(lines.iter().skip(top)) {
        let line = inside.line(y);
        paint.cell(line, 1, 16, keys, text::Align::Left, Role::KeyHint);
        if inside.width < BOTH {
            // Half a sentence says less than none of the title.
            paint.text(line, 18, help, Role::Overlay);
            continue;
        }
        paint.cell(line, 18, 22, title, text::Align::Left, Role::Overlay);
        paint.text(line, 41, help, Role::TextDim);
    }
}

fn area(screen: Area, lines: usize) -> Area {
    centred(screen.width, screen.height, 122, u16::try_from(lines + 2).unwrap_or(u16::MAX))
}

/// How far the help can be scrolled.
pub(super) fn last_top(state: &State, keymap: &Keymap, screen: Area) -> usize {
    let lines = lines(state, keymap).len();
    lines.saturating_sub(usize::from(area(screen, lines).inner().height))
}

fn lines(state: &State, keymap: &Keymap) -> Vec<(String, String, String)> {
    let layers: Vec<&str> = match state.screen.place() {
        Place::Table(pane) => vec![pane, "table", "global"],
        Place::Tree(_) => vec!["tree", "global"],
        Place::Object { .. } => vec!["object", "global"],
    };
    let mut lines = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for binding in keymap.bindings(&layers) {
        if !seen.insert(binding.id.clone()) {
            continue;
        }
        let keys = keymap.keys_for(&binding.id, &layers).join(" ");
        if binding.id == tutor::LEAVE && state.tutor.is_none() {
            continue;
        }
        if let Some(command) = command::find(&binding.id) {
            lines.push((keys, command.title.to_owned(), command.help.to_owned()));
        } else if let Some(action) = actions::find(&binding.id) {
            lines.push((keys, action.title().to_owned(), action.help().to_owned()));
        }
    }
    for hidden in hidden_panes(state) {
        lines.push((String::new(), hidden.0, hidden.1));
    }
    lines
}

/// Panes that have nothing to show here, and why.
fn hidden_panes(state: &State) -> Vec<(String, String)> {
    let mut hidden = Vec::new();
    for pane in crate::panes::PANES {
        if let Some(why) = pane.locked(state) {
            hidden.push((pane.title.to_owned(), why));
        }
    }
    hidden
}
