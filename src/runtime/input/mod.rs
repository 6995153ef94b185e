//! What the operator does, as plain values. Reads in a thread of its own: at the end of its input the
//! terminal library reads for ever, which must not hold up the loop.
use std::thread;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use super::probe::Background;
use crate::{
    domain::{Problem, ProblemKind},
    keymap::chord::{Chord, Key},
};

mod late;

use late::LateAnswer;

/// Something from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(Chord),
    /// Text as pasted, line breaks and all.
    Paste(String),
    Resize {
        width: u16,
        height: u16,
    },
    /// The terminal told its background after we had stopped waiting for it.
    Background(Background),
    /// The terminal is gone; nothing follows.
    Closed,
}

/// Starts to read. `expect_answer` says that the terminal may still answer a probe.
pub fn listen(expect_answer: bool) -> Result<mpsc::Receiver<Input>, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(ProblemKind::Policy, format!("the input cannot be read: {error}"))
    };
    let (sender, receiver) = mpsc::channel(256);
    let closed = sender.clone();
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || read(&sender, expect_answer))
        .map_err(failed)?;
    thread::Builder::new()
        .name("hangup".to_owned())
        .spawn(move || wait_for_hangup(&closed))
        .map_err(failed)?;
    Ok(receiver)
}

fn read(sender: &mpsc::Sender<Input>, expect_answer: bool) {
    let mut late = LateAnswer::new(expect_answer);
    loop {
        let Ok(event) = event::read() else {
            let _ = sender.blocking_send(Input::Closed);
            return;
        };
        for input in late.sift(event) {
            if sender.blocking_send(input).is_err() {
                return;
            }
        }
    }
}

/// Sleeps until the other end of the terminal is closed.
fn wait_for_hangup(sender: &mpsc::Sender<Input>) {
    // No event is asked for: hangup and error are always reported.
    let wait = || poll(&mut [PollFd::from_borrowed_fd(rustix::stdio::stdin(), PollFlags::empty())], None);
    while matches!(wait(), Ok(0) | Err(rustix::io::Errno::INTR)) {}
    tracing::info!("the terminal is closed");
    let _ = sender.blocking_send(Input::Closed);
}

/// An event of the library as a value of ours; `None` for what we do not use.
fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(width, height) => Some(Input::Resize { width, height }),
        _ => None,
    }
}

fn chord(event: KeyEvent) -> Option<Chord> {
    let held = |modifier| event.modifiers.contains(modifier);
    let (ctrl, alt, shift) =
        (held(KeyModifiers::CONTROL), held(KeyModifiers::ALT), held(KeyModifiers::SHIFT));
    let key = match event.code {
        // The bytes 0x1c to 0x1f, which the library names after the digits of old terminals.
        KeyCode::Char(digit @ '4'..='7') if ctrl => {
            Key::Char(['\\', ']', '^', '_'][digit as usize - '4' as usize])
        }
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => return Some(Chord::new(Key::Tab, ctrl, alt, true)),
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::F(number) => Key::F(number),
        _ => return None,
    };
    Some(Chord::new(key, ctrl, alt, shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(code: KeyCode, modifiers: KeyModifiers) -> String {
        chord(KeyEvent::new(code, modifiers)).map_or_else(String::new, |chord| chord.to_string())
    }

    #[test]
    fn keys_are_written_as_keymaps_write_them() {
        let (none, shift) = (KeyModifiers::NONE, KeyModifiers::SHIFT);
        let cases = [
            (KeyCode::Char('x'), KeyModifiers::CONTROL, "ctrl-x"),
            (KeyCode::Char('G'), shift, "G"),
            (KeyCode::Char(':'), shift, ":"),
            (KeyCode::Char(' '), none, "space"),
            (KeyCode::Char('é'), none, "é"),
            (KeyCode::Char('5'), KeyModifiers::CONTROL, "ctrl-]"),
            (KeyCode::Char('5'), none, "5"),
            (KeyCode::Char('b'), KeyModifiers::ALT, "alt-b"),
            (KeyCode::BackTab, shift, "shift-tab"),
            (KeyCode::PageDown, none, "pgdn"),
            (KeyCode::Up, shift, "shift-up"),
            (KeyCode::F(5), none, "f5"),
            (KeyCode::CapsLock, none, ""),
        ];
        for (code, modifiers, text) in cases {
            assert_eq!(printed(code, modifiers), text, "{code:?}");
        }
    }

    #[test]
    fn a_key_counts_when_pressed_and_repeated_but_not_when_released() {
        for (kind, counts) in
            [(KeyEventKind::Press, true), (KeyEventKind::Repeat, true), (KeyEventKind::Release, false)]
        {
            let event = KeyEvent::new_with_kind(KeyCode::Char('j'), KeyModifiers::NONE, kind);
            assert_eq!(translate(Event::Key(event)).is_some(), counts, "{kind:?}");
        }
        assert_eq!(translate(Event::Paste("a\nb".into())), Some(Input::Paste("a\nb".into())));
        assert_eq!(translate(Event::Resize(80, 24)), Some(Input::Resize { width: 80, height: 24 }));
        assert_eq!(translate(Event::FocusGained), None);
    }
}
