//! How many colours the terminal has, and how a style is brought down to them. Environment values come in as
//! data; nothing is read here.
use ratatui::style::{Color, Modifier, Style};

use super::color::{nearest_16, nearest_256};
use super::role::Role;

/// The colours a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None, by `NO_COLOR` or because the terminal has none: bold, dim, underline and reverse only.
    Mono,
    Ansi16,
    Ansi256,
    TrueColor,
}

impl Depth {
    /// Reads it from the values of `COLORTERM`, `TERM` and `NO_COLOR`.
    pub fn detect(colorterm: Option<&str>, term: Option<&str>, no_color: Option<&str>) -> Self {
        let term = term.unwrap_or_default().to_ascii_lowercase();
        let known = |words: &[&str]| words.iter().any(|word| term.contains(word));
        if no_color.is_some_and(|value| !value.is_empty()) || term == "dumb" || term.starts_with("vt") {
            return Self::Mono;
        }
        // The kernel's console promises nothing, whatever COLORTERM was inherited.
        if term == "linux" {
            return Self::Ansi16;
        }
        let promised = colorterm.unwrap_or_default();
        let promised = promised.eq_ignore_ascii_case("truecolor") || promised.eq_ignore_ascii_case("24bit");
        if promised || known(&["-direct", "kitty", "alacritty", "wezterm", "ghostty", "foot", "iterm"]) {
            Self::TrueColor
        } else if known(&["256"]) {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// Brings a role's style down to what this depth can show.
    pub(super) fn reduce(self, role: Role, style: Style) -> Style {
        let map = |color: Option<Color>| match self {
            Self::Mono => None,
            Self::Ansi16 => color.map(nearest_16),
            Self::Ansi256 => color.map(nearest_256),
            Self::TrueColor => color,
        };
        let mut reduced = Style { fg: map(style.fg), bg: map(style.bg), ..style };
        if self == Self::Mono {
            let shown = Modifier::BOLD | Modifier::DIM | Modifier::UNDERLINED | Modifier::REVERSED;
            reduced.add_modifier = (style.add_modifier & shown) | emphasis(role);
        } else if reduced.fg.is_some() && reduced.fg == reduced.bg {
            // Two colours fell into one: the ground stays, the text takes whatever the terminal writes on it.
            reduced.fg = Some(if reduced.bg == Some(Color::Black) { Color::White } else { Color::Black });
        }
        reduced
    }
}

/// How a role stands out without any colour.
fn emphasis(role: Role) -> Modifier {
    match role {
        Role::RowSelected | Role::Badge => Modifier::REVERSED,
        Role::SessionWrite | Role::Protected | Role::HeaderWarning => {
            Modifier::REVERSED.union(Modifier::BOLD)
        }
        Role::Title
        | Role::BorderFocus
        | Role::RowMarked
        | Role::ColumnTitle
        | Role::HealthBad
        | Role::HealthWarning
        | Role::DiffAdd
        | Role::YamlKey
        | Role::KeyHint
        | Role::NoticeWarning
        | Role::NoticeError
        | Role::OverlayTitle
        | Role::InputError => Modifier::BOLD,
        Role::TextDim | Role::RowStale | Role::DiffRemove | Role::DiffContext | Role::YamlComment => {
            Modifier::DIM
        }
        Role::ColumnSorted | Role::FilterMatch | Role::Input => Modifier::UNDERLINED,
        _ => Modifier::empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_depth() {
        for (colorterm, term, no_color, depth) in [
            (Some("truecolor"), Some("xterm-256color"), None, Depth::TrueColor),
            (Some("24bit"), None, None, Depth::TrueColor),
            (None, Some("xterm-kitty"), None, Depth::TrueColor),
            (None, Some("tmux-256color"), Some(""), Depth::Ansi256),
            (None, Some("xterm"), None, Depth::Ansi16),
            (Some("truecolor"), Some("linux"), None, Depth::Ansi16),
            (None, None, None, Depth::Ansi16),
            (None, Some("vt100"), None, Depth::Mono),
            (Some("truecolor"), Some("dumb"), None, Depth::Mono),
            (Some("truecolor"), Some("xterm-256color"), Some("1"), Depth::Mono),
        ] {
            assert_eq!(
                Depth::detect(colorterm, term, no_color),
                depth,
                "{colorterm:?} {term:?} {no_color:?}"
            );
        }
    }

    #[test]
    fn two_colours_that_become_one_stay_readable() {
        let style = Style::new().fg(Color::Rgb(0, 0, 0)).bg(Color::Rgb(10, 10, 10));
        let reduced = Depth::Ansi16.reduce(Role::Badge, style);
        assert_eq!((reduced.fg, reduced.bg), (Some(Color::White), Some(Color::Black)));
    }

    #[test]
    fn without_colour_only_plain_attributes_remain() {
        let style =
            Style::new().fg(Color::Red).bg(Color::Blue).add_modifier(Modifier::ITALIC | Modifier::BOLD);
        let reduced = Depth::Mono.reduce(Role::RowSelected, style);
        assert_eq!(reduced, Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED));
    }
}
