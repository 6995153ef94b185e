//! How a command ends: the codes that `cli::EXIT_CODES` documents, and which failure becomes which.
use std::process::ExitCode;

use crate::domain::{Problem, ProblemKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok,
    /// The outcome was bad.
    Bad,
    /// The command line or a file of the operator is wrong.
    Usage,
    /// Some of the answer is not known.
    Partly,
    Refused,
    Conflict,
    NotFound,
    TimedOut,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Bad => 1,
            Self::Usage => 2,
            Self::Partly => 3,
            Self::Refused => 4,
            Self::Conflict => 5,
            Self::NotFound => 6,
            Self::TimedOut => 124,
        }
    }

    /// What a failed request or a refused plan amounts to.
    pub fn of(problem: &Problem) -> Self {
        match problem.kind {
            ProblemKind::Forbidden | ProblemKind::Refused | ProblemKind::Policy => Self::Refused,
            ProblemKind::Conflict => Self::Conflict,
            ProblemKind::NotFound => Self::NotFound,
            ProblemKind::File => Self::Usage,
            _ => Self::Bad,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not go on, and the code that says so.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub problem: Problem,
    /// Nobody reads what we say (the reader of a pipe is gone).
    pub quiet: bool,
}

impl Failure {
    pub fn new(exit: Exit, problem: Problem) -> Self {
        Self { exit, problem, quiet: false }
    }
    /// The command line asks for something that is not there or not possible.
    pub fn usage(summary: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Problem::new(ProblemKind::Policy, summary))
    }
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.problem = self.problem.hint(hint);
        self
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::new(Exit::of(&problem), problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented() {
        use Exit::{Bad, Conflict, NotFound, Ok, Partly, Refused, TimedOut, Usage};
        for exit in [Ok, Bad, Usage, Partly, Refused, Conflict, NotFound, TimedOut] {
            let code = exit.code().to_string();
            let named = crate::cli::EXIT_CODES.lines().any(|l| l.split_whitespace().next() == Some(&*code));
            assert!(named, "{code}");
        }
    }

    #[test]
    fn failures_end_with_the_code_of_their_kind() {
        for (kind, exit) in [
            (ProblemKind::Forbidden, Exit::Refused),
            (ProblemKind::Refused, Exit::Refused),
            (ProblemKind::Conflict, Exit::Conflict),
            (ProblemKind::NotFound, Exit::NotFound),
            (ProblemKind::File, Exit::Usage),
            (ProblemKind::Unreachable, Exit::Bad),
        ] {
            assert_eq!(Exit::of(&Problem::new(kind, "")), exit, "{kind:?}");
        }
    }
}
