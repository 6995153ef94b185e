//! The signs that stand beside a word of state and structure, in Unicode and in ASCII. Each state has a sign
//! and a word; colour comes second. All signs are one column wide, branches two.
use crate::domain::Health;

/// One set of signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    pub ok: &'static str,
    pub bad: &'static str,
    pub warning: &'static str,
    pub progressing: &'static str,
    pub paused: &'static str,
    pub unknown: &'static str,
    /// The source of a row does not answer any more.
    pub stale: &'static str,
    /// Not allowed, or protected.
    pub locked: &'static str,
    pub mark: &'static str,
    pub cursor: &'static str,
    pub sort_up: &'static str,
    pub sort_down: &'static str,
    pub fold_open: &'static str,
    pub fold_closed: &'static str,
    pub branch: &'static str,
    pub last: &'static str,
    pub pipe: &'static str,
    pub ellipsis: &'static str,
    pub scroll_left: &'static str,
    pub scroll_right: &'static str,
    pub arrow: &'static str,
    pub bullet: &'static str,
    pub separator: &'static str,
    pub spinner: &'static [&'static str],
}

/// For terminals with a Unicode font.
pub const UNICODE: Glyphs = Glyphs {
    ok: "✓",
    bad: "✗",
    warning: "▲",
    progressing: "↻",
    paused: "‖",
    unknown: "?",
    stale: "◌",
    locked: "⊘",
    mark: "◆",
    cursor: "▌",
    sort_up: "↑",
    sort_down: "↓",
    fold_open: "▾",
    fold_closed: "▸",
    branch: "├─",
    last: "└─",
    pipe: "│ ",
    ellipsis: "…",
    scroll_left: "‹",
    scroll_right: "›",
    arrow: "→",
    bullet: "·",
    separator: "│",
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

/// For serial lines, old fonts and screen readers.
pub const ASCII: Glyphs = Glyphs {
    ok: "+",
    bad: "x",
    warning: "!",
    progressing: "~",
    paused: "=",
    unknown: "?",
    stale: "%",
    locked: "#",
    mark: "*",
    cursor: ">",
    sort_up: "^",
    sort_down: "v",
    fold_open: "-",
    fold_closed: "+",
    branch: "|-",
    last: "`-",
    pipe: "| ",
    ellipsis: "~",
    scroll_left: "<",
    scroll_right: ">",
    arrow: ">",
    bullet: "-",
    separator: "|",
    spinner: &["|", "/", "-", "\\"],
};

impl Glyphs {
    /// The set to use.
    pub fn new(ascii: bool) -> Self {
        if ascii { ASCII } else { UNICODE }
    }

    /// The sign of a state.
    pub fn health(&self, health: Health) -> &'static str {
        match health {
            Health::Ok => self.ok,
            Health::Bad => self.bad,
            Health::Warning => self.warning,
            Health::Progressing => self.progressing,
            Health::Paused => self.paused,
            Health::Unknown => self.unknown,
        }
    }

    /// The picture of something at work at the given step.
    pub fn spin(&self, step: usize) -> &'static str {
        self.spinner.get(step % self.spinner.len().max(1)).copied().unwrap_or(self.progressing)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn single(set: &Glyphs) -> Vec<&'static str> {
        let mut all = vec![set.ok, set.bad, set.warning, set.progressing, set.paused, set.unknown, set.stale];
        all.extend([
            set.locked,
            set.mark,
            set.cursor,
            set.sort_up,
            set.sort_down,
            set.fold_open,
            set.fold_closed,
        ]);
        all.extend([set.ellipsis, set.scroll_left, set.scroll_right, set.arrow, set.bullet, set.separator]);
        all.extend(set.spinner);
        all
    }

    #[test]
    fn widths_are_what_the_views_count_on() {
        for set in [UNICODE, ASCII] {
            assert!(single(&set).iter().all(|glyph| glyph.width() == 1));
            assert!([set.branch, set.last, set.pipe].iter().all(|glyph| glyph.width() == 2));
        }
        let ascii = single(&ASCII).into_iter().chain([ASCII.branch, ASCII.last, ASCII.pipe]);
        assert!(ascii.into_iter().all(str::is_ascii));
    }

    #[test]
    fn states_differ_without_colour() {
        for set in [UNICODE, ASCII] {
            let states = [set.ok, set.bad, set.warning, set.progressing, set.paused, set.unknown, set.stale];
            assert_eq!(states.iter().collect::<BTreeSet<_>>().len(), states.len());
            assert_ne!(set.spin(0), set.spin(1));
            assert_eq!(set.spin(0), set.spin(set.spinner.len()));
        }
    }
}
