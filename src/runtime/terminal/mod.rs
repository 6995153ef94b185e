//! The terminal: taken over, drawn on, given back. Whatever ends the console — a key, a signal, a panic —
//! the terminal is left as it was found. Knows nothing of what is drawn.
use std::{
    fs::File,
    io::{self, IsTerminal},
    os::fd::AsFd,
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::{Frame, Terminal, backend::TestBackend, buffer::Buffer, layout::Size};

use crate::{
    domain::{Problem, ProblemKind},
    text::width,
};

mod panic;
mod wire;

pub use panic::install_hooks;
use wire::Wire;

/// Alternate screen, bracketed paste, no cursor. The mouse stays the terminal's: operators select text.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Ends a half-sent frame and its colours first.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// What a terminal that does not tell its size is taken for.
const UNKNOWN_SIZE: Size = Size { width: 80, height: 24 };

/// The terminal is ours and has to be given back. Process-wide, since a terminal is.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back; does nothing when it is not ours. May be called from any thread at any time.
pub fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // The modes first: they need no reader at the other end and cannot hang.
        let _ = disable_raw_mode();
        let _ = write_directly(LEAVE);
    }
}

/// The terminal is ours until this is dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Takes the terminal over; on an error it is as before.
    pub fn enter() -> Result<Self, Problem> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(Problem::new(
                ProblemKind::Policy,
                "the console needs a terminal for input and output",
            )
            .hint("in scripts and pipes use `tko get`, `tko tree` or `tko doctor`"));
        }
        take().map_err(|error| lost(&error))?;
        Ok(Self(()))
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<Wire<File>>,
    _guard: TerminalGuard,
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter() -> Result<Self, Problem> {
        let guard = TerminalGuard::enter()?;
        // A descriptor of our own goes around the line buffer of `Stdout`, which would cut frames in pieces.
        let out = io::stdout().as_fd().try_clone_to_owned().map_err(|error| lost(&error))?;
        let terminal = Terminal::new(Wire::new(File::from(out), size)).map_err(|error| lost(&error))?;
        Ok(Self { terminal, _guard: guard })
    }

    /// Draws a frame and sends what differs from the last one, in one piece; nothing when nothing differs.
    /// After `restore` nothing is drawn, so that a late frame cannot spoil the shell's screen.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> Result<(), Problem> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.terminal.draw(render).map(|_| ()).map_err(|error| lost(&error))
    }

    /// Sends a control sequence that draws nothing, such as one for the clipboard.
    pub fn send(&mut self, sequence: &str) -> Result<(), Problem> {
        self.terminal.backend_mut().send(sequence.as_bytes()).map_err(|error| lost(&error))
    }

    /// Gives the terminal back and stops the process, as ctrl-z does elsewhere. Returns before or after the
    /// stop, as the system likes; nothing is drawn until `resume`, which `Signal::Continue` asks for.
    pub fn suspend(&mut self) -> Result<(), Problem> {
        restore();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)
            .map_err(|error| lost(&error.into()))
    }

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    pub fn redraw(&mut self) -> Result<(), Problem> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.terminal.clear().map_err(|error| lost(&error))
    }

    /// Takes the terminal again after a stop, or after somebody else used it; the next frame is drawn whole.
    pub fn resume(&mut self) -> Result<(), Problem> {
        // The shell may have changed the modes meanwhile: start from what is there now.
        restore();
        take().and_then(|()| self.terminal.clear()).map_err(|error| lost(&error))
    }
}

/// Renders one frame without a terminal and returns its lines as text: for recordings and replays.
pub fn lines(size: Size, render: impl FnOnce(&mut Frame<'_>)) -> Vec<String> {
    let Ok(mut terminal) = Terminal::new(TestBackend::new(size.width, size.height));
    let Ok(frame) = terminal.draw(render);
    (0..size.height).map(|row| line(frame.buffer, row)).collect()
}

fn line(buffer: &Buffer, row: u16) -> String {
    let mut text = String::new();
    let mut column = 0;
    while column < buffer.area.width {
        let symbol = buffer[(column, row)].symbol();
        text.push_str(symbol);
        // A wide letter covers the cell behind it.
        column += u16::try_from(width(symbol)).unwrap_or(1).max(1);
    }
    text.truncate(text.trim_end().len());
    text
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    write_directly(ENTER).inspect_err(|_| restore())
}

/// Writes past all buffers and locks, which a panic may have left in any state.
fn write_directly(text: &str) -> io::Result<()> {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match rustix::io::write(rustix::stdio::stdout(), rest) {
            Ok(sent) => rest = &rest[sent..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The terminal's size now.
pub fn size() -> io::Result<Size> {
    let found = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    if found.ws_col == 0 || found.ws_row == 0 {
        return Ok(UNKNOWN_SIZE);
    }
    Ok(Size { width: found.ws_col, height: found.ws_row })
}

fn lost(error: &io::Error) -> Problem {
    Problem::new(ProblemKind::File, format!("the terminal cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use ratatui::widgets::Paragraph;

    use super::*;

    #[test]
    fn a_frame_becomes_lines_with_wide_letters_once_and_no_blanks_at_the_end() {
        let lines = lines(Size::new(12, 3), |frame| {
            frame.render_widget(Paragraph::new("漢字 pool\nmd-0"), frame.area());
        });
        assert_eq!(lines, ["漢字 pool", "md-0", ""]);
    }

    #[test]
    fn without_a_terminal_there_is_a_hint_and_nothing_to_restore() {
        restore();
        // Under a test runner at least one of the two is a pipe; where not, there is nothing to see here.
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            assert!(TerminalGuard::enter().unwrap_err().hint.contains("tko get"));
        }
    }
}
