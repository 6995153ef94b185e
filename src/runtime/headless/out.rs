//! Standard output and standard error of commands. A reader that goes away ends a command quietly.
use std::io::{self, BufWriter, IsTerminal, Write};

use super::exit::{Exit, Failure};
use crate::{
    domain::{Problem, ProblemKind},
    text::{Newlines, clean},
};

/// Where a command prints its answer.
pub(super) struct Out {
    to: Box<dyn Write>,
    terminal: bool,
}

impl Out {
    pub(super) fn stdout() -> Self {
        Self { to: Box::new(BufWriter::new(io::stdout())), terminal: io::stdout().is_terminal() }
    }
    /// Somebody looks at it, so it may be coloured.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }
    /// Prints one line (or several).
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        writeln!(self.to, "{}", text.as_ref()).map_err(|e| lost(&e))
    }
    /// What was printed is out.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.to.flush().map_err(|e| lost(&e))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Output that is no longer wanted is no failure; output that cannot be written is one.
pub(super) fn lost(error: &io::Error) -> Failure {
    let problem = Problem::new(ProblemKind::File, format!("cannot write to standard output: {error}"));
    let gone = error.kind() == io::ErrorKind::BrokenPipe;
    Failure { exit: if gone { Exit::Ok } else { Exit::Bad }, problem, quiet: gone }
}

/// One line on standard error.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "tko: {}", clean(text, Newlines::Space));
}

/// A problem with all that is known of it, on standard error.
pub fn complain(problem: &Problem) {
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "tko: {}", clean(&problem.summary, Newlines::Space));
    for more in [&problem.detail, &problem.hint] {
        for line in clean(more, Newlines::Keep).lines() {
            let _ = writeln!(err, "     {line}");
        }
    }
}
