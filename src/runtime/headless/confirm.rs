//! The question before a change, for runs without a screen. The same danger asks for the same as on the
//! screen: a yes, or the name typed.
use std::io::{self, IsTerminal, Write};

use super::exit::{Exit, Failure};
use crate::{
    actions::spec::Confirmation,
    domain::{Problem, ProblemKind, site::Protection},
};

/// What the command line and the terminal say about asking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    pub(super) yes: bool,
    pub(super) reason: bool,
    pub(super) terminal: bool,
}

impl Asking {
    pub(super) fn new(yes: bool, reason: Option<&str>) -> Self {
        let reason = reason.is_some_and(|r| !r.trim().is_empty());
        Self { yes, reason, terminal: io::stdin().is_terminal() }
    }

    /// Refuses what can never be agreed to, before anything is asked of a server.
    pub(super) fn check(self, protection: Protection) -> Result<(), Failure> {
        let refuse = |summary: &str, hint: &str| {
            Err(Failure::new(Exit::Refused, Problem::new(ProblemKind::Policy, summary).hint(hint)))
        };
        if self.yes && protection == Protection::High && !self.reason {
            return refuse(
                "the site is protected: --yes needs a --reason here",
                "it is written to the journal",
            );
        }
        if !self.yes && !self.terminal {
            return refuse(
                "nobody can be asked: standard input is not a terminal",
                "look at it with --dry-run, then agree with --yes",
            );
        }
        Ok(())
    }
}

/// Asks on standard error and reads the answer. Waits for as long as it takes.
pub(super) async fn ask(confirmation: Confirmation) -> bool {
    let answer = tokio::task::spawn_blocking(move || {
        let question = match &confirmation {
            Confirmation::Accept => "Do it? [y/N] ".to_owned(),
            Confirmation::Type(name) => format!("Type {name} to do it: "),
        };
        let mut err = io::stderr().lock();
        let _ = write!(err, "{question}");
        let _ = err.flush();
        drop(err);
        let mut line = String::new();
        io::stdin().read_line(&mut line).is_ok() && is_yes(&confirmation, &line)
    });
    answer.await.unwrap_or(false)
}

fn is_yes(confirmation: &Confirmation, line: &str) -> bool {
    let line = line.trim();
    match confirmation {
        Confirmation::Accept => ["y", "yes"].iter().any(|yes| line.eq_ignore_ascii_case(yes)),
        Confirmation::Type(name) => line == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_must_say_yes_and_protected_sites_want_a_reason() {
        let check = |yes, reason, terminal, protection| {
            Asking { yes, reason, terminal }.check(protection).map_err(|f| f.exit)
        };
        assert_eq!(check(false, false, true, Protection::High), Ok(()));
        assert_eq!(check(false, true, false, Protection::Low), Err(Exit::Refused));
        assert_eq!(check(true, false, false, Protection::Normal), Ok(()));
        assert_eq!(check(true, false, true, Protection::High), Err(Exit::Refused));
        assert_eq!(check(true, true, false, Protection::High), Ok(()));
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for (line, yes) in [("y\n", true), ("YES\r\n", true), ("\n", false), ("", false), ("yep\n", false)] {
            assert_eq!(is_yes(&Confirmation::Accept, line), yes, "{line:?}");
        }
        let typed = Confirmation::Type("md-0".into());
        assert!(is_yes(&typed, "md-0\n") && !is_yes(&typed, "y\n") && !is_yes(&typed, "MD-0\n"));
    }
}
