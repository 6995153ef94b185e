//! Whether the terminal is dark or light. Asks the terminal itself for a moment; never holds up the start
//! for longer and never mistakes silence for an answer.
use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The longest a start may wait for the terminal's answer.
pub const CAP: Duration = Duration::from_millis(50);

/// OSC 11 with a question mark asks for the background. The request for device attributes behind it is
/// answered by every terminal, which ends the wait at once where OSC 11 is not known.
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";
const PREFIX: &[u8] = b"\x1b]11;";

/// What themes need to know of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    Dark,
    Light,
    Unknown,
}

impl Background {
    /// By the brightness that the eye sees.
    pub fn of(Colour(red, green, blue): Colour) -> Self {
        let brightness = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        if brightness > 500 * 255 { Self::Light } else { Self::Dark }
    }
}

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    pub background: Background,
    /// The terminal was asked and has not answered yet: `input::listen` must expect it.
    pub pending: bool,
}

/// Finds out the background. Must be called between `Screen::enter` and `input::listen`; keys pressed while
/// it waits are lost. With a cap of zero it only asks, and the answer comes as an input.
pub fn probe(cap: Duration, env: impl Fn(&str) -> Option<String>) -> Probe {
    let by_env = env("COLORFGBG").map_or(Background::Unknown, |value| from_colorfgbg(&value));
    let terminals = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !terminals || !worth_asking(env) || !crossterm::terminal::is_raw_mode_enabled().unwrap_or(false) {
        return Probe { background: by_env, pending: false };
    }
    match ask(cap) {
        Ok(Heard::Colour(colour)) => Probe { background: Background::of(colour), pending: false },
        Ok(Heard::NotKnown) | Err(_) => Probe { background: by_env, pending: false },
        Ok(Heard::Nothing) => Probe { background: by_env, pending: true },
    }
}

/// Terminals that do not answer, or pass the question on to one whose answer gets lost, are not asked.
fn worth_asking(env: impl Fn(&str) -> Option<String>) -> bool {
    let term = env("TERM").unwrap_or_default();
    let silent = ["", "dumb", "linux", "unknown"].contains(&term.as_str());
    let screen = env("STY").is_some() || (term.starts_with("screen") && env("TMUX").is_none());
    !silent && !screen
}

/// `COLORFGBG` as some terminals set it: foreground and background as numbers of the 16 colours.
fn from_colorfgbg(value: &str) -> Background {
    match value.rsplit(';').next().and_then(|number| number.parse::<u8>().ok()) {
        Some(7 | 9..=15) => Background::Light,
        Some(0..=6 | 8) => Background::Dark,
        _ => Background::Unknown,
    }
}

enum Heard {
    Colour(Colour),
    /// The terminal answered the second question only.
    NotKnown,
    Nothing,
}

fn ask(cap: Duration) -> io::Result<Heard> {
    let mut out = io::stdout();
    out.write_all(QUESTION)?;
    out.flush()?;
    let start = now();
    let mut heard = Vec::new();
    loop {
        if let Some(colour) = find_answer(&heard) {
            // The second answer is taken by the terminal library whenever it comes.
            return Ok(Heard::Colour(colour));
        }
        if has_attributes(&heard) {
            return Ok(Heard::NotKnown);
        }
        let left = cap.saturating_sub(now().duration_since(start));
        if left.is_zero() || !readable(left)? {
            return Ok(Heard::Nothing);
        }
        let mut bytes = [0; 256];
        match rustix::io::read(rustix::stdio::stdin(), &mut bytes)? {
            0 => return Ok(Heard::Nothing),
            length => heard.extend_from_slice(&bytes[..length]),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "bounds a wait for the terminal; no state depends on it")]
fn now() -> Instant {
    Instant::now()
}

fn readable(within: Duration) -> io::Result<bool> {
    let timeout = Timespec::try_from(within).map_err(io::Error::other)?;
    let mut stdin = [PollFd::from_borrowed_fd(rustix::stdio::stdin(), PollFlags::IN)];
    Ok(poll(&mut stdin, Some(&timeout))? > 0)
}

fn find_answer(bytes: &[u8]) -> Option<Colour> {
    (0..bytes.len()).find_map(|at| match scan(&bytes[at..]) {
        Scan::Answer(colour) => Some(colour),
        _ => None,
    })
}

/// An answer to the request for device attributes is in the bytes: `ESC [ ? … c`.
fn has_attributes(bytes: &[u8]) -> bool {
    bytes.windows(3).enumerate().any(|(at, window)| {
        let number = |byte: &&u8| byte.is_ascii_digit() || **byte == b';';
        window == b"\x1b[?" && bytes[at + 3..].iter().find(|byte| !number(byte)) == Some(&b'c')
    })
}

/// What bytes are, seen as an answer to OSC 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    Answer(Colour),
    /// May become one.
    Partial,
    /// Cannot become one.
    Other,
}

/// Reads an answer from the beginning of the bytes; what follows its end is ignored.
pub fn scan(bytes: &[u8]) -> Scan {
    /// The longest answer has four colours of four digits.
    const LONGEST: usize = 32;
    let Some(rest) = bytes.strip_prefix(PREFIX) else {
        return if PREFIX.starts_with(bytes) { Scan::Partial } else { Scan::Other };
    };
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || b":/#".contains(byte);
    let length = rest.iter().position(|byte| !part(byte)).unwrap_or(rest.len());
    match &rest[length..] {
        [] | [0x1b] if length <= LONGEST => Scan::Partial,
        [0x07, ..] | [0x1b, b'\\', ..] => {
            std::str::from_utf8(&rest[..length]).ok().and_then(colour).map_or(Scan::Other, Scan::Answer)
        }
        _ => Scan::Other,
    }
}

/// `rgb:rrrr/gggg/bbbb` with one to four digits each, `rgba:` with a fourth, or `#rrggbb`.
fn colour(text: &str) -> Option<Colour> {
    if let Some(digits) = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()) {
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        return Some(Colour(byte(0)?, byte(2)?, byte(4)?));
    }
    let mut parts = text.strip_prefix("rgb:").or_else(|| text.strip_prefix("rgba:"))?.split('/').map(scaled);
    Some(Colour(parts.next()??, parts.next()??, parts.next()??))
}

/// One to four hexadecimal digits as a share of 255.
fn scaled(digits: &str) -> Option<u8> {
    let largest = match digits.len() {
        length @ 1..=4 => (1u32 << (4 * length)) - 1,
        _ => return None,
    };
    u8::try_from(u32::from_str_radix(digits, 16).ok()? * 255 / largest).ok()
}

#[cfg(test)]
mod tests;
