//! One press of a key as data, written as in `ctrl-x`, `shift-tab`, `f5`, `g`, `G`. The terminal library's
//! own types are translated to it at the edge and are not known here.
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::nearest::nearest;

/// The key itself, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A character as typed: `g` and `G` are two keys.
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Home,
    End,
    PageUp,
    PageDown,
    Up,
    Down,
    Left,
    Right,
    /// `f1` to `f24`.
    F(u8),
}

/// Names that files and help use; the first of a key is the one that is printed.
const NAMES: &[(&str, Key)] = &[
    ("space", Key::Char(' ')),
    ("enter", Key::Enter),
    ("return", Key::Enter),
    ("esc", Key::Esc),
    ("escape", Key::Esc),
    ("tab", Key::Tab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("del", Key::Delete),
    ("insert", Key::Insert),
    ("ins", Key::Insert),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PageUp),
    ("pageup", Key::PageUp),
    ("page-up", Key::PageUp),
    ("pgdn", Key::PageDown),
    ("pagedown", Key::PageDown),
    ("page-down", Key::PageDown),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
];
const LAST_F: u8 = 24;

/// A key with its modifiers, always in the one form a terminal can tell apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    key: Key,
    ctrl: bool,
    alt: bool,
    shift: bool,
}

impl Chord {
    /// A key alone.
    pub fn plain(key: Key) -> Self {
        Self::new(key, false, false, false)
    }

    /// A key with modifiers. Shift turns a letter into its capital and is then forgotten, since a terminal
    /// reports the character; with ctrl it cannot report capitals, so letters become small.
    pub fn new(key: Key, ctrl: bool, alt: bool, shift: bool) -> Self {
        let (key, shift) = match key {
            Key::Char(c) if ctrl => (Key::Char(c.to_ascii_lowercase()), false),
            Key::Char(c) if shift => (Key::Char(capital(c)), false),
            Key::Char(_) => (key, false),
            _ => (key, shift),
        };
        Self { key, ctrl, alt, shift }
    }

    pub fn key(self) -> Key {
        self.key
    }

    /// The character this press would type into a text field.
    pub fn typed(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads several chords separated by blanks, as in `g g`.
    pub fn sequence(text: &str) -> Result<Vec<Self>, BadChord> {
        let chords: Vec<Self> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if chords.is_empty() { Err(BadChord { text: text.to_owned(), meant: None }) } else { Ok(chords) }
    }
}

/// The capital of a letter when it is one character; others stay.
fn capital(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Several chords as a file or a hint writes them.
pub fn print_sequence(chords: &[Chord]) -> String {
    chords.iter().map(Chord::to_string).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match (self.key, NAMES.iter().find(|(_, key)| *key == self.key)) {
            (_, Some((name, _))) => f.write_str(name),
            (Key::F(number), None) => write!(f, "f{number}"),
            (Key::Char(c), None) => write!(f, "{c}"),
            (other, None) => write!(f, "{other:?}"),
        }
    }
}

/// A text that is no chord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadChord {
    pub text: String,
    /// The chord that was probably meant.
    pub meant: Option<String>,
}

impl fmt::Display for BadChord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no key", self.text)?;
        match &self.meant {
            Some(meant) => write!(f, "; did you mean \"{meant}\"?"),
            None => f.write_str("; a key is written like g, G, ctrl-d, shift-tab, f5, enter"),
        }
    }
}

impl std::error::Error for BadChord {}

impl FromStr for Chord {
    type Err = BadChord;

    fn from_str(text: &str) -> Result<Self, BadChord> {
        let (mut rest, mut ctrl, mut alt, mut shift) = (text, false, false, false);
        loop {
            let lower = rest.get(..6).unwrap_or(rest).to_ascii_lowercase();
            let held = [("ctrl-", &mut ctrl), ("alt-", &mut alt), ("shift-", &mut shift)]
                .into_iter()
                .find(|(name, held)| lower.starts_with(name) && rest.len() > name.len() && !**held);
            let Some((name, held)) = held else { break };
            *held = true;
            rest = &rest[name.len()..];
        }
        let prefix = &text[..text.len() - rest.len()];
        match key(rest) {
            Some(key) => Ok(Self::new(key, ctrl, alt, shift)),
            None => Err(BadChord { text: text.to_owned(), meant: meant(prefix, rest) }),
        }
    }
}

fn key(text: &str) -> Option<Key> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_whitespace() && !c.is_control()).then_some(Key::Char(c));
    }
    if let Some((_, key)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Some(*key);
    }
    let number = text.strip_prefix(['f', 'F'])?;
    let number: u8 = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()))?;
    (1..=LAST_F).contains(&number).then_some(Key::F(number))
}

/// The nearest valid chord: of the key's name, or of a modifier that was written wrong.
fn meant(prefix: &str, rest: &str) -> Option<String> {
    if let Some((modifier, after)) = rest.split_once(['-', '+'])
        && key(after).is_some()
    {
        let modifier = match modifier.to_ascii_lowercase().as_str() {
            "c" | "control" | "strg" => Some("ctrl"),
            "m" | "meta" | "option" => Some("alt"),
            "s" => Some("shift"),
            other => nearest(other, ["ctrl", "alt", "shift"]),
        }?;
        return Some(format!("{prefix}{modifier}-{after}"));
    }
    nearest(rest, NAMES.iter().map(|(name, _)| *name)).map(|name| format!("{prefix}{name}"))
}

impl Serialize for Chord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Chord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chord(text: &str) -> Chord {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn one_key_has_one_form() {
        for (written, printed) in [
            ("shift-g", "G"),
            ("G", "G"),
            ("CTRL-X", "ctrl-x"),
            ("alt-ctrl-x", "ctrl-alt-x"),
            ("shift-!", "!"),
            ("PageDown", "pgdn"),
            ("escape", "esc"),
            ("ctrl--", "ctrl--"),
            ("-", "-"),
            ("f12", "f12"),
            ("F", "F"),
            ("alt-1", "alt-1"),
            ("space", "space"),
            ("shift-tab", "shift-tab"),
            ("ß", "ß"),
        ] {
            assert_eq!(chord(written).to_string(), printed, "{written}");
        }
    }

    #[test]
    fn a_bad_chord_names_the_likely_one() {
        for (bad, meant) in [
            ("ctlr-x", Some("ctrl-x")),
            ("C-x", Some("ctrl-x")),
            ("ctrl+x", Some("ctrl-x")),
            ("ctrl-entre", Some("ctrl-enter")),
            ("pgdown", Some("pgdn")),
            ("f25", None),
            ("ctrl-", None),
            ("zebra-q", None),
        ] {
            let error = bad.parse::<Chord>().unwrap_err();
            assert_eq!(error.meant.as_deref(), meant, "{bad}");
            assert!(meant.is_none_or(|meant| meant.parse::<Chord>().is_ok()));
        }
        assert!(Chord::sequence("  ").is_err());
    }

    #[test]
    fn only_unmodified_characters_type() {
        assert_eq!(chord("G").typed(), Some('G'));
        assert_eq!(chord("space").typed(), Some(' '));
        assert_eq!(chord("ctrl-g").typed(), None);
        assert_eq!(chord("enter").typed(), None);
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let named: Vec<Key> = NAMES.iter().map(|(_, key)| *key).collect();
        let typed = any::<char>().prop_filter("a key", |c| !c.is_whitespace() && !c.is_control());
        prop_oneof![typed.prop_map(Key::Char), (1..=LAST_F).prop_map(Key::F), prop::sample::select(named)]
    }

    proptest! {
        #[test]
        fn print_and_parse_are_inverse(key in any_key(), ctrl: bool, alt: bool, shift: bool) {
            let chord = Chord::new(key, ctrl, alt, shift);
            prop_assert_eq!(chord.to_string().parse::<Chord>(), Ok(chord));
            let json = serde_json::to_string(&chord).unwrap();
            prop_assert_eq!(serde_json::from_str::<Chord>(&json).unwrap(), chord);
        }

        #[test]
        fn parsing_never_falls_over(text in "\\PC*") {
            let _ = text.parse::<Chord>();
            let _ = Chord::sequence(&text);
        }
    }
}
