//! The regular expression of a `~` term. Most rows are turned away by a look for plain letters that every match
//! must contain, because the expression itself is fifty times slower.
use regex_lite::{Error, Regex, RegexBuilder};

use super::Record;

/// Bytes of compiled program: more than any prompt needs, little enough to compile at each key.
const LARGEST: usize = 1 << 18;
const DEEPEST: u32 = 32;

/// A regular expression; two are equal when they were written alike.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) regex: Regex,
    /// It has a capital, so case counts.
    exact: bool,
    /// What every match contains, in lower case unless `exact`.
    needed: String,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        let exact = has_capital(text);
        let regex = RegexBuilder::new(text)
            .case_insensitive(!exact)
            .size_limit(LARGEST)
            .nest_limit(DEEPEST)
            .build()?;
        Ok(Self { regex, exact, needed: needed(text) })
    }

    pub(super) fn holds(&self, record: &dyn Record) -> bool {
        let exact = record.text_exact();
        let possible = match (self.needed.is_empty(), self.exact) {
            (true, _) => true,
            (false, true) => exact.contains(&self.needed),
            (false, false) => record.text().contains(&self.needed),
        };
        possible && self.regex.is_match(&exact)
    }
}

/// A capital that stands for itself: one after a backslash names a class.
fn has_capital(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let counts = c.is_uppercase() && !escaped;
        escaped = c == '\\' && !escaped;
        counts
    })
}

/// The longest run of ASCII letters and digits that no match can do without; empty when none is certain. It is
/// read only up to the first group, class or escape, and not at all where there is a choice.
fn needed(pattern: &str) -> String {
    if pattern.contains('|') {
        return String::new();
    }
    let (mut best, mut run) = (String::new(), String::new());
    for c in pattern.chars().chain(['\\']) {
        if c.is_ascii_alphanumeric() || c == '-' {
            run.push(c);
            continue;
        }
        // A repetition belongs to the letter before it and may, alone or with a second one, be of zero times.
        if matches!(c, '?' | '*' | '+' | '{') {
            run.pop();
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
        run.clear();
        if matches!(c, '(' | '[' | '{' | '\\') {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::super::Value;
    use super::*;

    struct Line(String, String);

    impl Record for Line {
        fn text(&self) -> Cow<'_, str> {
            Cow::Borrowed(&self.1)
        }
        fn text_exact(&self) -> Cow<'_, str> {
            Cow::Borrowed(&self.0)
        }
        fn field(&self, _: &str) -> Option<Value<'_>> {
            None
        }
        fn label(&self, _: &str) -> Option<&str> {
            None
        }
    }

    #[test]
    fn the_letters_that_every_match_has() {
        for (pattern, letters) in [
            ("prod", "prod"),
            ("^md-0.*worker$", "worker"),
            ("ab?cd", "cd"),
            ("abc+", "ab"),
            ("abc{0}", "ab"),
            ("node-\\d+x", "node-"),
            ("ab|cd", ""),
            ("(a|b)c", ""),
            ("prod(a)?", "prod"),
            (".*", ""),
        ] {
            assert_eq!(needed(pattern), letters, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn the_first_look_never_changes_the_answer(
            pattern in "[abAB1.*+?|()\\[\\]{}0,^$\\\\dwS -]{0,8}|[ab]{1,3}[.?*+]{0,2}[ab1]{0,3}(\\{0\\}|\\{1,2\\}|\\(b\\)\\?|\\|a)?[ab]{0,2}",
            text in "[abAB1 -]{0,12}",
        ) {
            if let Ok(pattern) = Pattern::new(&pattern) {
                let line = Line(text.clone(), text.to_lowercase());
                prop_assert_eq!(pattern.holds(&line), pattern.regex.is_match(&text), "{}", pattern.regex.as_str());
            }
        }
    }
}
