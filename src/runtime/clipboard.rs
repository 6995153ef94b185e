//! Copies text to the operator's clipboard through the terminal, which works over ssh where no other way
//! does. The terminal does not confirm; what is too long for one goes to a private file instead.
use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::private;
use crate::domain::Problem;

/// The longest base64 text that terminals in wide use accept.
pub const LONGEST: usize = 74_994;
/// GNU screen passes on strings up to 768 bytes, frame included.
const SCREEN_PIECE: usize = 700;
/// The file in the state folder for what does not fit; overwritten each time.
const FILE: &str = "copied.txt";

/// What stands between us and the terminal and must be told to pass a sequence on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    None,
    Tmux,
    Screen,
}

impl Wrap {
    /// Told by the variables that the multiplexers set.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Self {
        if env("TMUX").is_some_and(|value| !value.is_empty()) {
            Self::Tmux
        } else if env("STY").is_some() || env("TERM").is_some_and(|term| term.starts_with("screen")) {
            Self::Screen
        } else {
            Self::None
        }
    }
}

/// Where a copied text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copy {
    /// To be sent to the terminal with `Screen::send`.
    Sequence(String),
    /// Too long for terminals: it is in this file.
    File(PathBuf),
}

/// Prepares a copy: a sequence for the terminal, or a private file for what is too long for one.
pub fn copy(text: &str, wrap: Wrap, state: &Path) -> Result<Copy, Problem> {
    if encoded_length(text) <= LONGEST {
        return Ok(Copy::Sequence(osc52(text, wrap)));
    }
    private::folder(state)?;
    let path = state.join(FILE);
    private::open(&path, OpenOptions::new().create(true).write(true).truncate(true))?
        .write_all(text.as_bytes())
        .map_err(|error| private::problem("cannot write the copied text to", &path, &error))?;
    Ok(Copy::File(path))
}

/// The sequence that sets the clipboard.
pub fn osc52(text: &str, wrap: Wrap) -> String {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    match wrap {
        Wrap::None => plain,
        // tmux takes either form or both, depending on two settings of its own; twice the same does no harm.
        Wrap::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        // All bytes of the sequence are ASCII, so that any cut is one between letters.
        Wrap::Screen => plain.as_bytes().chunks(SCREEN_PIECE).fold(String::new(), |mut sent, piece| {
            sent.push_str("\x1bP");
            sent.push_str(&String::from_utf8_lossy(piece));
            sent.push_str("\x1b\\");
            sent
        }),
    }
}

fn encoded_length(text: &str) -> usize {
    text.len().div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_sequence_is_wrapped_for_what_stands_between() {
        assert_eq!(osc52("hi", Wrap::None), "\x1b]52;c;aGk=\x07");
        assert_eq!(osc52("hi", Wrap::Tmux), "\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
        assert_eq!(osc52("hi", Wrap::Screen), "\x1bP\x1b]52;c;aGk=\x07\x1b\\");
    }

    #[test]
    fn screen_gets_pieces_that_join_to_the_whole() {
        let text = "x".repeat(3000);
        let sent = osc52(&text, Wrap::Screen);
        let pieces: Vec<&str> = sent.split_terminator("\x1b\\").collect();
        assert!(pieces.len() > 4 && pieces.iter().all(|piece| piece.len() <= 768 - 2));
        let joined: String = pieces.iter().map(|piece| piece.strip_prefix("\x1bP").unwrap()).collect();
        assert_eq!(joined, osc52(&text, Wrap::None));
    }

    #[test]
    fn the_environment_tells_the_multiplexer() {
        let wrap = |vars: &[(&str, &str)]| {
            Wrap::from_env(|name| {
                vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(wrap(&[("TERM", "xterm-256color")]), Wrap::None);
        assert_eq!(wrap(&[("TMUX", "/run/tmux,1,0"), ("TERM", "screen-256color")]), Wrap::Tmux);
        assert_eq!(wrap(&[("TERM", "screen.xterm")]), Wrap::Screen);
        assert_eq!(wrap(&[("STY", "1.tty"), ("TERM", "xterm")]), Wrap::Screen);
    }

    #[test]
    fn what_is_too_long_for_a_terminal_is_in_a_private_file() {
        let state = tempfile::tempdir().unwrap();
        let just_fits = "é".repeat(LONGEST / 4 * 3 / 2);
        assert!(matches!(copy(&just_fits, Wrap::None, state.path()).unwrap(), Copy::Sequence(_)));

        let long = "x".repeat(LONGEST);
        let Copy::File(path) = copy(&long, Wrap::None, state.path()).unwrap() else { panic!("it was sent") };
        assert_eq!(std::fs::read_to_string(&path).unwrap(), long);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
