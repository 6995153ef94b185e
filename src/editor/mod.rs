//! Text entry on `tui-textarea`: the one place that edits text, for prompts and forms alike.
//! Pure: keys in, text out; the view asks for lines and cursor.
use tui_textarea::{Input, Key, TextArea};

use crate::keymap::Chord;

/// A text being edited, of one line unless made otherwise.
#[derive(Debug, Default)]
pub struct Editor {
    area: TextArea<'static>,
    multiline: bool,
}

impl Editor {
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![text.to_owned()]);
        area.move_cursor(tui_textarea::CursorMove::End);
        Self { area, multiline: false }
    }
    /// A text that the first typed character replaces: an old value must not become part of the new one.
    pub fn to_replace(text: &str) -> Self {
        let mut editor = Self::new(text);
        editor.area.select_all();
        editor
    }
    pub fn multiline(text: &str) -> Self {
        Self { area: TextArea::new(text.lines().map(str::to_owned).collect()), multiline: true }
    }
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }
    /// Row and column of the cursor, in characters.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }
    pub fn set(&mut self, text: &str) {
        let multiline = self.multiline;
        *self = if multiline { Self::multiline(text) } else { Self::new(text) };
    }
    pub fn paste(&mut self, text: &str) {
        let text: String =
            text.chars().filter(|c| !c.is_control() || (self.multiline && *c == '\n')).collect();
        self.area.insert_str(text);
    }
    /// Takes a key; says whether the text changed. Enter is not for one line.
    pub fn key(&mut self, chord: &Chord) -> bool {
        let Some(input) = input_of(chord) else { return false };
        if !self.multiline && matches!(input.key, Key::Enter | Key::Tab) {
            return false;
        }
        // As in a shell; the text area has an undo there.
        if input.ctrl && input.key == Key::Char('u') {
            return self.area.delete_line_by_head();
        }
        self.area.input(input)
    }
}

/// A chord in the words of the text area.
fn input_of(chord: &Chord) -> Option<Input> {
    let name = chord.to_string();
    let (mut ctrl, mut alt, mut shift) = (false, false, false);
    let mut rest = name.as_str();
    loop {
        if let Some(r) = rest.strip_prefix("ctrl-").filter(|r| !r.is_empty()) {
            (ctrl, rest) = (true, r);
        } else if let Some(r) = rest.strip_prefix("alt-").filter(|r| !r.is_empty()) {
            (alt, rest) = (true, r);
        } else if let Some(r) = rest.strip_prefix("shift-").filter(|r| !r.is_empty()) {
            (shift, rest) = (true, r);
        } else {
            break;
        }
    }
    let key = match rest {
        "space" => Key::Char(' '),
        "backspace" => Key::Backspace,
        "enter" => Key::Enter,
        "left" => Key::Left,
        "right" => Key::Right,
        "up" => Key::Up,
        "down" => Key::Down,
        "tab" => Key::Tab,
        "delete" | "del" => Key::Delete,
        "home" => Key::Home,
        "end" => Key::End,
        "pgup" => Key::PageUp,
        "pgdn" => Key::PageDown,
        one => {
            let mut chars = one.chars();
            let c = chars.next()?;
            if chars.next().is_some() {
                return None;
            }
            Key::Char(c)
        }
    };
    Some(Input { key, ctrl, alt, shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Chord;

    fn typed(mut editor: Editor, keys: &str) -> String {
        for key in keys.split(' ') {
            editor.key(&key.parse::<Chord>().unwrap());
        }
        editor.text()
    }

    #[test]
    fn typing_over_an_old_value_replaces_it_and_moving_keeps_it() {
        assert_eq!(typed(Editor::to_replace("2"), "5"), "5");
        assert_eq!(typed(Editor::to_replace("2"), "backspace"), "");
        assert_eq!(typed(Editor::to_replace("2"), "end 5"), "25");
        assert_eq!(typed(Editor::new("2"), "5"), "25");
    }

    #[test]
    fn a_line_is_emptied_as_in_a_shell() {
        assert_eq!(typed(Editor::new("two words"), "ctrl-u x"), "x");
    }
}
