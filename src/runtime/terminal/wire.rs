//! What goes over the wire to the terminal: one write for a frame, none for a frame without a change.
//! A line to a bastion host is slow, so every byte here counts.
use std::io::{self, Write};

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    queue,
};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

/// Frames above this size are marked as one update, so that the terminal never shows half of one; smaller
/// ones arrive in one piece anyway.
const SYNCHRONIZED_ABOVE: usize = 256;
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// How ratatui's backend ends each drawing, and the shorter sequence that does the same.
const LONG_RESET: &[u8] = b"\x1b[39m\x1b[49m\x1b[59m\x1b[0m";
const RESET: &[u8] = b"\x1b[0m";

/// A backend of ratatui that gathers a frame and writes it at once.
pub(super) struct Wire<W: Write> {
    out: W,
    /// Always begins with `BEGIN`, so that marking a frame moves no bytes.
    frame: Vec<u8>,
    cursor_shown: bool,
    /// Where the terminal's cursor is, if known.
    cursor: Option<Position>,
    size: fn() -> io::Result<Size>,
}

impl<W: Write> Wire<W> {
    pub(super) fn new(out: W, size: fn() -> io::Result<Size>) -> Self {
        Self { out, frame: BEGIN.to_vec(), cursor_shown: false, cursor: None, size }
    }

    /// Sends bytes that are no part of a frame.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

impl<W: Write> Backend for Wire<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        CrosstermBackend::new(&mut self.frame).draw(content)?;
        if self.frame.ends_with(LONG_RESET) {
            self.frame.truncate(self.frame.len() - LONG_RESET.len());
            self.frame.extend_from_slice(RESET);
        }
        self.cursor = None;
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown {
            queue!(self.frame, Hide)?;
        }
        self.cursor_shown = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor_shown {
            queue!(self.frame, Show)?;
        }
        self.cursor_shown = true;
        Ok(())
    }

    /// Told from memory: asking the terminal would take the answer from the input.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            queue!(self.frame, MoveTo(position.x, position.y))?;
        }
        self.cursor = Some(position);
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        // Somebody else may have been at the terminal: nothing that we remember of it holds.
        self.cursor = None;
        self.cursor_shown = false;
        queue!(self.frame, Hide)?;
        CrosstermBackend::new(&mut self.frame).clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let length = self.frame.len() - BEGIN.len();
        if length == 0 {
            return Ok(());
        }
        let sent = if length > SYNCHRONIZED_ABOVE {
            self.frame.extend_from_slice(END);
            self.out.write_all(&self.frame)
        } else {
            self.out.write_all(&self.frame[BEGIN.len()..])
        };
        self.frame.truncate(BEGIN.len());
        sent.and_then(|()| self.out.flush())
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use ratatui::{
        Terminal,
        style::Stylize,
        widgets::{Paragraph, Wrap},
    };

    use super::*;

    /// Keeps each write as an item of its own.
    #[derive(Clone, Default)]
    struct Writes(Rc<RefCell<Vec<Vec<u8>>>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().push(bytes.to_vec());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Writes {
        fn take(&self) -> Vec<String> {
            self.0.take().into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect()
        }
    }

    fn terminal() -> (Terminal<Wire<Writes>>, Writes) {
        let writes = Writes::default();
        let wire = Wire::new(writes.clone(), || Ok(Size::new(60, 20)));
        (Terminal::new(wire).unwrap(), writes)
    }

    #[test]
    fn a_frame_is_one_synchronized_write_that_clears_nothing() {
        let (mut terminal, writes) = terminal();
        let text = "all work and no play ".repeat(40);
        let wrapped = Paragraph::new(text).wrap(Wrap::default());
        terminal.draw(|frame| frame.render_widget(wrapped, frame.area())).unwrap();
        let sent = writes.take();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].starts_with("\x1b[?2026h") && sent[0].ends_with("\x1b[?2026l"), "{sent:?}");
        assert!(!sent[0].contains("\x1b[2J"), "{sent:?}");
    }

    #[test]
    fn a_frame_without_a_change_sends_nothing_and_a_small_change_few_bytes() {
        let (mut terminal, writes) = terminal();
        let mut draw = |text: &'static str| {
            terminal.draw(|frame| frame.render_widget(Paragraph::new(text.red()), frame.area())).unwrap();
            writes.take()
        };
        draw("age 5m");
        assert_eq!(draw("age 5m"), Vec::<String>::new());
        let sent = draw("age 6m");
        assert_eq!(sent.len(), 1);
        assert!(sent[0].len() <= 40, "{} bytes: {sent:?}", sent[0].len());
    }

    #[test]
    fn the_cursor_is_moved_only_where_it_is_not() {
        let (mut terminal, writes) = terminal();
        let mut draw = |x: u16| {
            terminal.draw(|frame| frame.set_cursor_position((x, 2))).unwrap();
            writes.take().concat()
        };
        assert_eq!(draw(3), "\x1b[?25h\x1b[3;4H");
        assert_eq!(draw(3), "");
        assert_eq!(draw(4), "\x1b[3;5H");
        terminal.draw(|_| {}).unwrap();
        assert_eq!(writes.take().concat(), "\x1b[?25l");
    }

    #[test]
    fn after_a_clear_everything_is_sent_again() {
        let (mut terminal, writes) = terminal();
        for _ in 0..2 {
            terminal.draw(|frame| frame.render_widget("hello", frame.area())).unwrap();
        }
        writes.take();
        terminal.clear().unwrap();
        terminal.draw(|frame| frame.render_widget("hello", frame.area())).unwrap();
        let sent = writes.take().concat();
        assert!(sent.contains("\x1b[2J") && sent.contains("hello"), "{sent:?}");
    }
}
