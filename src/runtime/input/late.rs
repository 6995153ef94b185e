//! Takes a terminal's late answer to the background probe out of the keys. Without this it would be typed
//! into the console: `]11;rgb:…` opens things.
use crossterm::event::{Event, KeyCode, KeyModifiers};

use super::{Input, translate};
use crate::runtime::probe::{Background, Scan, scan};

/// Holds back what may be the beginning of an answer, until it is one or cannot be one.
pub(super) struct LateAnswer {
    expected: bool,
    bytes: Vec<u8>,
    held: Vec<Event>,
}

impl LateAnswer {
    pub(super) fn new(expected: bool) -> Self {
        Self { expected, bytes: Vec::new(), held: Vec::new() }
    }

    /// What an event means, together with those held back before it.
    pub(super) fn sift(&mut self, event: Event) -> Vec<Input> {
        let Some(mut bytes) = as_sent(&event).filter(|_| self.expected) else {
            let mut inputs = self.release();
            inputs.extend(translate(event));
            return inputs;
        };
        let began = !self.bytes.is_empty();
        self.bytes.append(&mut bytes);
        self.held.push(event);
        match scan(&self.bytes) {
            Scan::Partial => Vec::new(),
            Scan::Answer(colour) => {
                *self = Self::new(false);
                vec![Input::Background(Background::of(colour))]
            }
            Scan::Other if began => {
                // The last key may begin an answer itself.
                let last = self.held.pop();
                let mut inputs = self.release();
                inputs.extend(last.into_iter().flat_map(|event| self.sift(event)));
                inputs
            }
            Scan::Other => self.release(),
        }
    }

    fn release(&mut self) -> Vec<Input> {
        self.bytes.clear();
        self.held.drain(..).filter_map(translate).collect()
    }
}

/// The bytes that the library read a key from, for keys that an answer can consist of.
fn as_sent(event: &Event) -> Option<Vec<u8>> {
    let Event::Key(key) = event else { return None };
    let KeyCode::Char(c) = key.code else { return None };
    let byte = u8::try_from(c).ok().filter(u8::is_ascii)?;
    match key.modifiers.difference(KeyModifiers::SHIFT) {
        KeyModifiers::NONE => Some(vec![byte]),
        KeyModifiers::ALT => Some(vec![0x1b, byte]),
        KeyModifiers::CONTROL if byte == b'g' => Some(vec![0x07]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    /// Keys as the library makes them from the bytes of an answer.
    fn events(text: &str) -> Vec<Event> {
        let mut bytes = text.chars();
        let mut events = Vec::new();
        while let Some(c) = bytes.next() {
            let (c, modifiers) = match c {
                '\x1b' => (bytes.next().unwrap(), KeyModifiers::ALT),
                '\x07' => ('g', KeyModifiers::CONTROL),
                c => (c, KeyModifiers::NONE),
            };
            events.push(Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers)));
        }
        events
    }

    fn sifted(expected: bool, text: &str) -> Vec<String> {
        let mut late = LateAnswer::new(expected);
        let inputs = events(text).into_iter().flat_map(|event| late.sift(event)).collect::<Vec<_>>();
        inputs
            .into_iter()
            .map(|input| match input {
                Input::Key(chord) => chord.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn an_answer_among_keys_is_taken_out_and_understood() {
        assert_eq!(sifted(true, "j\x1b]11;rgb:ffff/ffff/ffff\x07k"), ["j", "Background(Light)", "k"]);
        assert_eq!(sifted(true, "\x1b]11;rgb:00/00/00\x1b\\q"), ["Background(Dark)", "q"]);
    }

    #[test]
    fn keys_that_only_look_like_an_answer_come_through_in_order() {
        assert_eq!(sifted(true, "\x1b]1x"), ["alt-]", "1", "x"]);
        assert_eq!(sifted(true, "\x1b]\x1b]11;rgb:0/0/0\x07"), ["alt-]", "Background(Dark)"]);
        assert_eq!(sifted(true, "jk"), ["j", "k"]);
    }

    #[test]
    fn nothing_is_held_back_when_no_answer_is_expected() {
        assert_eq!(sifted(false, "\x1b]11"), ["alt-]", "1", "1"]);
    }
}
