//! One term of a filter and whether a row holds it.
use super::fuzzy::Needle;
use super::pattern::Pattern;
use super::value::{Comparison, Operand};
use super::{Mode, Record};

/// A test, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Lower case unless `exact`.
    Word {
        needle: String,
        exact: bool,
        fuzzy: Needle,
    },
    Column {
        column: String,
        comparison: Comparison,
        operand: Operand,
    },
    /// The label is there.
    Label {
        name: String,
    },
    LabelValue {
        name: String,
        value: String,
    },
    Pattern(Pattern),
}

impl Test {
    pub(super) fn word(text: &str) -> Self {
        let exact = text.chars().any(char::is_uppercase);
        let needle = if exact { text.to_owned() } else { text.to_lowercase() };
        Self::Word { fuzzy: Needle::new(&needle), needle, exact }
    }

    fn holds(&self, record: &dyn Record, mode: Mode) -> bool {
        match self {
            Self::Word { fuzzy, .. } if mode == Mode::Fuzzy => fuzzy.fits(&record.text()),
            Self::Word { needle, exact: true, .. } => record.text_exact().contains(needle.as_str()),
            Self::Word { needle, exact: false, .. } => record.text().contains(needle.as_str()),
            Self::Column { column, comparison, operand } => {
                operand.holds(record.field(column).as_ref(), *comparison)
            }
            Self::Label { name } => record.label(name).is_some(),
            Self::LabelValue { name, value } => record.label(name) == Some(value),
            Self::Pattern(pattern) => pattern.holds(record),
        }
    }
}

impl Term {
    pub(super) fn holds(&self, record: &dyn Record, mode: Mode) -> bool {
        // What is left out is left out by what it says: a fuzzy "not" would hide rows nobody named.
        let mode = if self.negated { Mode::Plain } else { mode };
        self.test.holds(record, mode) != self.negated
    }

    /// The word that a row must contain.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.test {
            Test::Word { needle, .. } if !self.negated => Some(needle),
            _ => None,
        }
    }

    /// Whether the row contains the word as it stands.
    pub(super) fn contained<R: Record + ?Sized>(&self, record: &R) -> bool {
        match &self.test {
            Test::Word { needle, exact: true, .. } => record.text_exact().contains(needle.as_str()),
            Test::Word { needle, .. } => record.text().contains(needle.as_str()),
            _ => true,
        }
    }

    /// Where this holds, `old` holds.
    pub(super) fn implies(&self, old: &Self) -> bool {
        if self == old {
            return true;
        }
        let (
            Test::Word { needle: new, exact: new_exact, .. },
            Test::Word { needle: old_needle, exact: old_exact, .. },
        ) = (&self.test, &old.test)
        else {
            return false;
        };
        if self.negated != old.negated || new_exact != old_exact {
            return false;
        }
        // A longer word is rarer; left out, a shorter one takes more away.
        if self.negated { old_needle.contains(new.as_str()) } else { new.contains(old_needle.as_str()) }
    }
}
