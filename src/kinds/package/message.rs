//! Error texts of the Carvel tools: the line in them that says something, and their last lines. They may be
//! megabytes, and values may be quoted in them, so little is kept and secrets are masked.
use serde::{Deserialize, Deserializer};

use crate::{
    domain::Text,
    kinds::lax::{Scalar, reads_any_scalar},
    text::redact,
};

/// Bytes of a line that are kept.
pub(super) const LONGEST: usize = 400;
/// Lines and bytes of a tail.
const TAIL: (usize, usize) = (12, 1200);
/// Where a first line is looked for: no tool explains itself for longer.
const LOOKED_AT: usize = 16 * 1024;

/// What a tool says before every error.
const TOOLS: [&str; 6] = ["kapp", "ytt", "vendir", "kbld", "imgpkg", "helm template"];

/// Headings that say what was being done, not what is wrong.
const FRAMES: [&str; 3] = ["Syncing directory", "Fetching", "Overlaying data values"];

/// A text of a tool, as much of it as is kept.
#[derive(Debug, Default, Clone)]
pub(super) struct Message {
    pub line: Text,
    pub tail: Text,
}

impl Scalar for Message {
    fn text(text: &str) -> Self {
        Self { line: first_line(text), tail: last_lines(text) }
    }
}
reads_any_scalar!(Message);

/// The first line that says something; with the heading it stands under where that is needed to
/// understand it.
pub(super) fn first_line(text: &str) -> Text {
    let mut heading = "";
    let mut under = 0;
    for line in head(text).lines() {
        let line = strip(line);
        if line.is_empty() || is_pointer(line) {
            continue;
        }
        if let Some(title) = line.strip_suffix(':') {
            if heading.is_empty() && !FRAMES.iter().any(|frame| title.starts_with(frame)) {
                heading = title;
            }
            under += 1;
            continue;
        }
        if heading.is_empty() || under > 2 {
            return cut(line);
        }
        return cut(&format!("{heading}: {line}"));
    }
    cut(heading)
}

/// The beginning of a text, at a character.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text)
}

/// A line without bullets and without the name of the tool.
fn strip(line: &str) -> &str {
    let mut line = line.trim();
    for tool in TOOLS {
        if let Some(rest) = line.strip_prefix(tool).and_then(|rest| rest.strip_prefix(": Error:")) {
            line = rest.trim();
        }
    }
    line.strip_prefix("- ").unwrap_or(line).trim()
}

/// A line that only says where the error is to be found, or that there is one.
fn is_pointer(line: &str) -> bool {
    line.contains("see .status.usefulErrorMessage")
        || line.starts_with("exit status")
        || line.chars().all(|c| matches!(c, '=' | '-' | '^' | '|' | ' '))
}

fn cut(line: &str) -> Text {
    let masked = redact(line);
    if masked.len() <= LONGEST {
        return Text::from(&*masked);
    }
    let end = masked.floor_char_boundary(LONGEST);
    Text::from(format!("{}…", &masked[..end]))
}

/// The last lines of a text.
fn last_lines(text: &str) -> Text {
    let start = text.ceil_char_boundary(text.len().saturating_sub(TAIL.1));
    let end = &text[start..];
    // A line that was cut in two says something wrong.
    let whole = if start == 0 { end } else { end.split_once('\n').map_or(end, |(_, rest)| rest) };
    let lines: Vec<&str> = whole.lines().filter(|l| !l.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(TAIL.0)..];
    Text::from(&*redact(&last.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_says_something_is_found_below_its_boilerplate() {
        for (text, line) in [
            ("", ""),
            ("Could not find package", "Could not find package"),
            ("Templating dir: Error (see .status.usefulErrorMessage for details)", ""),
            (
                "ytt: Error: \n- undefined variable: data.values.fqdn\n    in <toplevel>",
                "undefined variable: data.values.fqdn",
            ),
            (
                "kapp: Error: waiting on reconcile deployment/contour (apps/v1) namespace: ingress:\n  Finished unsuccessfully (Deployment is not progressing)",
                "waiting on reconcile deployment/contour (apps/v1) namespace: ingress: Finished unsuccessfully (Deployment is not progressing)",
            ),
            (
                "vendir: Error: Syncing directory '0':\n  Syncing directory '.' with imgpkgBundle contents:\n    Fetching image:\n      Get \"https://r.example.com/v2/\": x509: certificate signed by unknown authority\n",
                "Get \"https://r.example.com/v2/\": x509: certificate signed by unknown authority",
            ),
            ("kapp: Error: Applying create x:", "Applying create x"),
        ] {
            assert_eq!(first_line(text), *line, "{text}");
        }
    }

    #[test]
    fn megabytes_become_a_line_and_a_tail() {
        let text = format!("é: {}\nlast", "é".repeat(3_000_000));
        let message = Message::text(&text);
        assert!(message.line.len() <= LONGEST + 4 && message.line.ends_with('…'));
        assert_eq!(message.tail, "last");
        let lines = (0..1000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        assert_eq!(Message::text(&lines).tail.lines().count(), TAIL.0);
        assert!(Message::text(&lines).tail.ends_with("line 999"));
    }

    #[test]
    fn values_that_are_secret_are_not_kept() {
        let message = Message::text("ytt: Error: cannot use adminPassword: hunter2 here");
        assert!(!message.line.contains("hunter2") && !message.tail.contains("hunter2"), "{message:?}");
    }
}
