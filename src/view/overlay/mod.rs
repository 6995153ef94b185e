//! What lies above the place: one file an overlay. Each says what accepting it would do.
mod action;
mod choice;
mod help;
mod question;

use super::{Paint, layout::Area};
use crate::{
    keymap::Keymap,
    state::{State, overlay::Overlay},
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, overlay: &Overlay, screen: Area) {
    match overlay {
        Overlay::Help { top } => help::draw(state, paint, *top, screen),
        Overlay::Palette(choice) => choice::draw(paint, "Command palette", choice, screen),
        Overlay::Actions { target, rest, choice } => {
            let title = match rest.len() {
                0 => format!("Actions on {} on {}", target.key, target.source.site),
                n => format!("Actions on {} marked, one after the other: first {}", n + 1, target.key),
            };
            choice::draw(paint, &title, choice, screen);
        }
        Overlay::Copy { choice } => choice::draw(paint, "Copy", choice, screen),
        Overlay::Sort { choice } => choice::draw(paint, "Sort by", choice, screen),
        Overlay::Action(flow) => action::draw(state, paint, flow, screen),
        Overlay::Session(form) => question::session(state, paint, form, screen),
        Overlay::Consent { cluster } => question::consent(paint, cluster, screen),
        Overlay::Login { plugin, text, .. } => question::login(paint, plugin, text, screen),
        Overlay::Problem(problem) => question::problem(paint, problem, screen),
    }
}

/// How far the topmost overlay can be scrolled.
pub fn last_top(state: &State, keymap: &Keymap, overlay: &Overlay) -> usize {
    let screen = Area::new(0, 0, state.width, state.height);
    match overlay {
        Overlay::Help { .. } => help::last_top(state, keymap, screen),
        Overlay::Action(flow) => action::last_top(state, flow, screen),
        _ => 0,
    }
}

/// Breaks text into lines of a width, at spaces where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let space = usize::from(!line.is_empty());
            if crate::text::width(&line) + space + crate::text::width(word) <= width {
                line.push_str(&" ".repeat(space));
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            // A word that is longer than a line is cut, so that nothing of it is lost.
            for c in word.chars() {
                if crate::text::width(&line) + crate::text::width(c.encode_utf8(&mut [0; 4])) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}
