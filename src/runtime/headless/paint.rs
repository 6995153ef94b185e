//! Colours of printed tables, on a terminal only. Which colours is the theme's business.
use ratatui::style::{Color, Modifier, Style};

use super::out::Out;
use crate::{
    runtime::setup::Setup,
    theme::{Role, Theme},
};

/// How cells are coloured; not at all when nobody looks.
pub(super) struct Paint(Option<Theme>);

impl Paint {
    pub(super) fn new(setup: &Setup, out: &Out) -> Self {
        if !out.is_terminal() {
            return Self(None);
        }
        // The ground of the terminal is not known here, so the theme of its own sixteen colours is used.
        let name = if setup.follows_background() { "ansi16" } else { &setup.settings.theme.value };
        Self(Some(setup.theme(name).0))
    }

    /// The text in its role.
    pub(super) fn text(&self, text: &str, role: Role) -> String {
        match self.0.as_ref().map(|theme| sgr(theme.style(role))) {
            Some(codes) if !codes.is_empty() => format!("\x1b[{codes}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// The parameters of a Select Graphic Rendition sequence (ECMA-48 §8.3.117) for a style; grounds are left out.
fn sgr(style: Style) -> String {
    let mut codes: Vec<String> = Vec::new();
    for (modifier, code) in
        [(Modifier::BOLD, "1"), (Modifier::DIM, "2"), (Modifier::ITALIC, "3"), (Modifier::UNDERLINED, "4")]
    {
        if style.add_modifier.contains(modifier) {
            codes.push(code.to_owned());
        }
    }
    codes.extend(style.fg.and_then(foreground));
    codes.join(";")
}

fn foreground(color: Color) -> Option<String> {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match color {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some(format!("38;2;{r};{g};{b}")),
        Color::Indexed(index) => Some(format!("38;5;{index}")),
        named => {
            let at = NAMED.iter().position(|c| *c == named)?;
            Some(if at < 8 { (30 + at).to_string() } else { (90 + at - 8).to_string() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_codes_and_without_a_terminal_nothing_is_added() {
        assert_eq!(sgr(Style::new().fg(Color::LightRed).add_modifier(Modifier::BOLD)), "1;91");
        assert_eq!(sgr(Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Black)), "38;2;1;2;3");
        assert_eq!(sgr(Style::new()), "");
        assert_eq!(Paint(None).text("x", Role::HealthBad), "x");
    }
}
