//! The `/` prompt: which rows hold. Terms are separated by blanks and all of them must hold.
//!
//! | term | holds when |
//! |---|---|
//! | `word` | the row's text contains it; case counts only when it has a capital |
//! | `!term` | the term does not hold |
//! | `key=value`, `key!=value` | the column has, or has not, that value; `key=""` is an empty one |
//! | `key>value` `<` `>=` `<=` | by value: numbers, quantities, versions, ages (`age>2d`, `cpu>500m`) |
//! | `label:name`, `label:name=value` | the object has the label, with that value |
//! | `~regex` | the row's text matches |
//! | `"two words"`, `key="a b"` | quotes take blanks and signs literally |
//!
//! When no row at all contains the words, they are looked for fuzzily instead ([`Filter::mode`]). Pure; the
//! rows stay with the caller and nothing is kept of them.
pub mod fuzzy;
mod parse;
mod pattern;
mod term;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use term::{Term, Test};
pub use value::Value;

/// What the filter asks of a row. Texts come ready, so that a look at ten thousand rows allocates nothing.
pub trait Record {
    /// Everything searchable of the row in lower case.
    fn text(&self) -> Cow<'_, str>;
    /// The same as it is shown.
    fn text_exact(&self) -> Cow<'_, str>;
    /// The value of a column, `None` when the row has none.
    fn field(&self, column: &str) -> Option<Value<'_>>;
    /// The value of a label of the object.
    fn label(&self, name: &str) -> Option<&str>;
}

/// How words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// As they stand.
    #[default]
    Plain,
    /// By their letters in that order and close together; words that are left out by `!` stay plain.
    Fuzzy,
}

/// Why a text is no filter, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    pub message: String,
    /// The character, counted from 0, at which it goes wrong.
    pub at: usize,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FilterError {}

/// A text that was understood. The empty one holds for every row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

impl Filter {
    /// Reads the prompt's text; `columns` are the ids that `key` may name.
    pub fn parse(text: &str, columns: &[&str]) -> Result<Self, FilterError> {
        Ok(Self { text: text.to_owned(), terms: parse::terms(text, columns)? })
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It holds for every row.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the row is shown.
    pub fn matches(&self, record: &dyn Record, mode: Mode) -> bool {
        self.terms.iter().all(|term| term.holds(record, mode))
    }

    /// Fuzzy when there are words and no row contains all of them, whatever the other terms say. Needed only
    /// when no row matched plainly: one that did settles it.
    pub fn mode<'r, R: Record + ?Sized + 'r>(&self, rows: impl IntoIterator<Item = &'r R>) -> Mode {
        let words: Vec<&Term> = self.terms.iter().filter(|term| term.word().is_some()).collect();
        if words.is_empty() {
            return Mode::Plain;
        }
        let contains = |row: &R| words.iter().all(|term| term.contained(row));
        if rows.into_iter().any(contains) { Mode::Plain } else { Mode::Fuzzy }
    }

    /// Every row that this filter shows was shown by `previous` in the same mode, so that only those need a
    /// new look. It may say no when a cleverer reading would find yes.
    pub fn narrows(&self, previous: &Self) -> bool {
        previous.terms.iter().all(|old| self.terms.iter().any(|new| new.implies(old)))
    }

    /// Where in a shown text the words and patterns are found, as byte ranges in order and apart.
    pub fn spans(&self, shown: &str) -> Vec<Range<usize>> {
        let lower = shown.to_lowercase();
        let mut found: Vec<Range<usize>> = Vec::new();
        for term in self.terms.iter().filter(|term| !term.negated) {
            match &term.test {
                Test::Word { needle, exact: true, .. } => found.extend(occurrences(shown, needle)),
                // A few letters change their length in lower case; then places cannot be told.
                Test::Word { needle, .. } if lower.len() == shown.len() => {
                    found.extend(occurrences(&lower, needle));
                }
                Test::Pattern(pattern) => {
                    found.extend(pattern.regex.find_iter(shown).map(|found| found.range()));
                }
                _ => {}
            }
        }
        found.retain(|span| {
            !span.is_empty() && shown.is_char_boundary(span.start) && shown.is_char_boundary(span.end)
        });
        found.sort_by_key(|span| span.start);
        let mut apart: Vec<Range<usize>> = Vec::new();
        for span in found {
            match apart.last_mut().filter(|last| span.start <= last.end) {
                Some(last) => last.end = last.end.max(span.end),
                None => apart.push(span),
            }
        }
        apart
    }
}

fn occurrences<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    text.match_indices(needle).map(|(at, found)| at..at + found.len())
}
