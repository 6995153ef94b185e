//! A screen for tests: draws a state as the console would and gives the lines back; keys go through `update`.
use ratatui::{Terminal, backend::TestBackend};

use super::{Look, frame};
use crate::{
    command::COMMANDS,
    keymap::{self, Chord, Keymap},
    msg::Msg,
    state::State,
    theme::{Depth, Glyphs, Theme},
    update::{Context, update},
};

fn keymap() -> Keymap {
    let ids: Vec<&str> = COMMANDS.iter().map(|c| c.id).collect();
    keymap::load("default", None, &|_| true, &ids).0
}

/// The frame of a state at its size.
pub fn draw(state: &State) -> Vec<String> {
    let look = Look {
        theme: Theme::load("dark", None, Depth::TrueColor).0,
        glyphs: Glyphs::new(state.look.ascii),
        ascii: state.look.ascii,
        keymap: keymap(),
    };
    let mut terminal = Terminal::new(TestBackend::new(state.width, state.height)).unwrap();
    terminal.draw(|f| frame(state, &look, f)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| (0..state.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..state.height).map(line).map(|l| l.trim_end().to_owned()).collect()
}

/// The cells of a line that are drawn in a role's background or weight, as a string of `^` and blanks.
pub fn marked(state: &State, y: u16, role: crate::theme::Role) -> String {
    let theme = Theme::load("dark", None, Depth::TrueColor).0;
    let look = Look { theme, glyphs: Glyphs::new(false), ascii: false, keymap: Keymap::default() };
    let style = look.theme.style(role);
    let mut terminal = Terminal::new(TestBackend::new(state.width, state.height)).unwrap();
    terminal.draw(|f| frame(state, &look, f)).unwrap();
    let buffer = terminal.backend().buffer();
    let is_marked = |x| {
        style.bg.is_none_or(|bg| buffer[(x, y)].bg == bg) && style.fg.is_none_or(|fg| buffer[(x, y)].fg == fg)
    };
    let line: String = (0..state.width).map(|x| if is_marked(x) { '^' } else { ' ' }).collect();
    line.trim_end().to_owned()
}

/// Presses keys, as in `j j enter`.
pub fn keys(state: &mut State, keys: &str) {
    let context = Context { keymap: keymap() };
    for key in keys.split(' ') {
        let chord: Chord = key.parse().unwrap();
        update(state, &context, Msg::Key(chord));
    }
}
