//! What lies above the place: one file an overlay. Each says what accepting it would do.
mod action;
mod choice;
mod help;
mod question;

use super::{Paint, layout::Area};
use crate::state::{State, overlay::Overlay};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, overlay: &Overlay, screen: Area) {
    match overlay {
        Overlay::Help { top } => help::draw(state, paint, *top, screen),
        Overlay::Palette(choice) => choice::draw(paint, "Command palette", choice, screen),
        Overlay::Actions { target, choice } => {
            choice::draw(paint, &format!("Actions on {}", target.key), choice, screen)
        }
        Overlay::Copy { choice } => choice::draw(paint, "Copy", choice, screen),
        Overlay::Sort { choice } => choice::draw(paint, "Sort by", choice, screen),
        Overlay::Action(flow) => action::draw(state, paint, flow, screen),
        Overlay::Session(form) => question::session(state, paint, form, screen),
        Overlay::Consent { cluster } => question::consent(paint, cluster, screen),
        Overlay::Problem(problem) => question::problem(paint, problem, screen),
    }
}

/// Breaks text into lines of a width, at spaces where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && crate::text::width(&line) + 1 + crate::text::width(word) > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}
