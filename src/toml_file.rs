//! A TOML file read for its entries and their lines, so that one mistake costs one entry and is named by
//! file and line. What the entries mean is for the reader to say.
use std::fmt::Display;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::domain::{Problem, ProblemKind};

/// One `key = value`, with where the key stands.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'t, 'a> {
    pub key: &'t str,
    /// Byte offset of the key.
    pub at: usize,
    pub value: &'t Spanned<DeValue<'a>>,
}

impl<'t, 'a> Entry<'t, 'a> {
    /// The value when it is a string.
    pub fn text(&self) -> Option<&'t str> {
        self.value.get_ref().as_str()
    }

    /// The entries of the value when it is a table.
    pub fn table(&self) -> Option<Vec<Entry<'t, 'a>>> {
        self.value.get_ref().as_table().map(entries)
    }

    /// What the value is instead of what was wanted, in TOML's words.
    pub fn type_name(&self) -> &'static str {
        self.value.get_ref().type_str()
    }
}

/// The text of one file and the name it goes by in messages.
#[derive(Debug, Clone, Copy)]
pub struct TomlFile<'a> {
    name: &'a str,
    text: &'a str,
}

impl<'a> TomlFile<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text }
    }

    /// Reads what can be read; a line that is no TOML becomes a problem and the rest still counts.
    pub fn parse(&self, problems: &mut Vec<Problem>) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let mut last = None;
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            // One slip often upsets the parser several times on the same line.
            if last.replace(self.line(at)) != Some(self.line(at)) {
                problems.push(self.problem(at, format_args!("not valid TOML: {}", error.message())));
            }
        }
        table.into_inner()
    }

    /// The line, counted from 1, on which the byte offset stands.
    pub fn line(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count()
    }

    /// A problem with what stands at the byte offset.
    pub fn problem(&self, at: usize, what: impl Display) -> Problem {
        Problem::new(ProblemKind::File, format!("{}:{}: {what}", self.name, self.line(at)))
    }
}

/// The entries of a table in the order they were written.
pub fn entries<'t, 'a>(table: &'t DeTable<'a>) -> Vec<Entry<'t, 'a>> {
    let mut all: Vec<Entry<'t, 'a>> = table.iter().map(|(key, value)| entry(key, value)).collect();
    all.sort_by_key(|entry| entry.at);
    all
}

fn entry<'t, 'a>(key: &'t Spanned<DeString<'a>>, value: &'t Spanned<DeValue<'a>>) -> Entry<'t, 'a> {
    Entry { key: key.get_ref(), at: key.span().start, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_named_and_the_rest_is_read() {
        let file = TomlFile::new("keys.toml", "[a]\nb = \"1\"\n= what\nc = \"2\"\nb = \"3\"\n");
        let mut problems = Vec::new();
        let table = file.parse(&mut problems);
        let a = entries(&table)[0].table().unwrap();
        let read: Vec<_> = a.iter().map(|entry| (entry.key, entry.text())).collect();
        assert!(read.contains(&("b", Some("1"))) && read.contains(&("c", Some("2"))), "{read:?}");
        let said: Vec<_> = problems.iter().map(|problem| problem.summary.as_str()).collect();
        assert!(said[0].starts_with("keys.toml:3: not valid TOML"), "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("keys.toml:5:")), "{said:?}");
    }

    #[test]
    fn entries_come_in_the_order_of_the_file() {
        let file = TomlFile::new("f", "z = 1\na = 2\nm = 3\n");
        let table = file.parse(&mut Vec::new());
        assert_eq!(entries(&table).iter().map(|entry| entry.key).collect::<String>(), "zam");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fall_over(text in "\\PC*|[\\[\\]=\"'#a-c\n. ]{0,40}") {
            TomlFile::new("f", &text).parse(&mut Vec::new());
        }
    }
}
