//! What the terminal can do, as far as its environment tells. Pure but for `Facts::new`.
use std::io::{self, IsTerminal};

use super::{Finding, Level};
use crate::{
    runtime::{clipboard::Wrap, terminal},
    theme::Depth,
    view::layout::SMALLEST,
};

/// What was learnt of the terminal.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts of the environment that have nothing to do with each other"
)]
#[derive(Debug)]
pub(super) struct Facts {
    /// Both ends are one; else only the environment speaks.
    is_terminal: bool,
    term: String,
    colorterm: String,
    no_color: bool,
    ascii: bool,
    /// The value and name of the variable that decides the character set.
    locale: (String, String),
    size: Option<(u16, u16)>,
    wrap: Wrap,
    ssh: bool,
}

impl Facts {
    pub(super) fn new(env: impl Fn(&str) -> Option<String>, no_color: bool, ascii: bool) -> Self {
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| Some((env(name).filter(|v| !v.is_empty())?, name.to_owned())))
            .unwrap_or_default();
        Self {
            is_terminal,
            term: env("TERM").unwrap_or_default(),
            colorterm: env("COLORTERM").unwrap_or_default(),
            no_color,
            ascii,
            locale,
            size: terminal::size().ok().filter(|_| is_terminal).map(|s| (s.width, s.height)),
            wrap: Wrap::from_env(&env),
            ssh: env("SSH_CONNECTION").is_some(),
        }
    }
}

pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![kind(facts), colours(facts), charset(facts)];
    if let Some((width, height)) = facts.size {
        let small = width < SMALLEST.0 || height < SMALLEST.1;
        let finding = Finding::new(
            if small { Level::Warning } else { Level::Ok },
            "size",
            format!("{width} columns, {height} lines"),
        );
        findings.push(if small {
            finding.fix(format!("the console needs {} columns and {} lines", SMALLEST.0, SMALLEST.1))
        } else {
            finding
        });
    }
    findings.push(clipboard(facts));
    findings
}

fn kind(facts: &Facts) -> Finding {
    match &*facts.term {
        "" => Finding::new(Level::Warning, "TERM", "not set")
            .fix("set it to what the terminal is, such as xterm-256color"),
        "dumb" => Finding::new(Level::Warning, "TERM", "dumb: the console cannot draw on it")
            .fix("use another terminal, or the commands without a screen (`tko get`)"),
        term if facts.is_terminal => Finding::ok("TERM", term),
        term => {
            Finding::new(Level::Note, "TERM", format!("{term}; not looked at: this output is not a terminal"))
        }
    }
}

fn colours(facts: &Facts) -> Finding {
    let depth = Depth::detect(Some(&facts.colorterm), Some(&facts.term), facts.no_color.then_some("1"));
    match depth {
        Depth::TrueColor => Finding::ok("colours", "16 million"),
        Depth::Ansi256 => Finding::new(Level::Note, "colours", "256")
            .fix("set COLORTERM=truecolor if the terminal can do it, as most can"),
        Depth::Ansi16 => Finding::new(Level::Note, "colours", "16")
            .fix("set TERM=xterm-256color or COLORTERM=truecolor if the terminal can do it"),
        Depth::Mono if facts.no_color => Finding::ok("colours", "none, as NO_COLOR asks"),
        Depth::Mono => Finding::new(Level::Note, "colours", "none"),
    }
}

fn charset(facts: &Facts) -> Finding {
    let (value, name) = &facts.locale;
    let upper = value.to_ascii_uppercase();
    if upper.contains("UTF-8") || upper.contains("UTF8") {
        return Finding::ok("characters", format!("UTF-8 ({name}={value})"));
    }
    if facts.ascii {
        return Finding::ok("characters", "ASCII, as asked");
    }
    let found =
        if value.is_empty() { "no locale is set".to_owned() } else { format!("{name}={value} is not UTF-8") };
    Finding::new(Level::Warning, "characters", found).fix("set LC_ALL=C.UTF-8, or start with --ascii")
}

/// Copying goes through the terminal (OSC 52), which does not tell whether it takes it.
fn clipboard(facts: &Facts) -> Finding {
    match facts.wrap {
        Wrap::Tmux => Finding::new(Level::Note, "clipboard", "inside tmux")
            .fix("in tmux.conf: set -g set-clipboard on, and set -g allow-passthrough on"),
        Wrap::Screen => {
            Finding::new(Level::Note, "clipboard", "inside screen, which passes on 768 bytes at a time")
                .fix("copy long texts outside of screen, or use tmux")
        }
        Wrap::None if facts.ssh => Finding::new(
            Level::Note,
            "clipboard",
            "over ssh, by OSC 52: the terminal at the other end must allow it",
        ),
        Wrap::None => Finding::ok("clipboard", "by OSC 52, if the terminal allows it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(vars: &[(&str, &str)]) -> Vec<(String, Level)> {
        let env = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        judge(&Facts::new(env, false, false)).into_iter().map(|f| (f.what, f.level)).collect()
    }

    #[test]
    fn a_bare_environment_is_worth_warnings_with_fixes() {
        let found = found(&[]);
        assert!(found.contains(&("TERM".into(), Level::Warning)), "{found:?}");
        assert!(found.contains(&("characters".into(), Level::Warning)), "{found:?}");
    }

    #[test]
    fn a_modern_terminal_inside_tmux_gets_advice_only() {
        let found = found(&[
            ("TERM", "tmux-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "en_US.utf8"),
            ("TMUX", "x"),
        ]);
        assert!(found.iter().all(|(_, level)| matches!(level, Level::Ok | Level::Note)), "{found:?}");
        assert!(found.contains(&("clipboard".into(), Level::Note)), "{found:?}");
        assert!(found.contains(&("colours".into(), Level::Ok)), "{found:?}");
    }
}
