//! One table: which rows it shows, in which order, and what is selected. Work per change is
//! proportional to the change: a row that keeps its sort key and stays matched costs one comparison.
use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::RowId;

/// What a column sorts by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    Number(i64),
    Text(Box<str>),
    /// Versions and other things that compare by several numbers.
    Numbers([u32; 3], Box<str>),
    /// Nothing known: always last.
    Nothing,
}

impl SortKey {
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.into()) }
    }
    pub fn number(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
    pub fn version(text: &str) -> Self {
        match crate::domain::version::Version::parse(text) {
            Some(v) => Self::Numbers([v.major, v.minor, v.patch], v.rest.into()),
            None => Self::text(text),
        }
    }
}

/// A row in a table's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub row: RowId,
    key: SortKey,
    /// Site, cluster, namespace and name: two rows never compare equal.
    tie: Box<str>,
    /// What the filter searches, lower case; made when a filter is open.
    pub text: Option<Box<str>>,
}

impl Entry {
    pub fn new(row: RowId, key: SortKey, tie: String, text: Option<Box<str>>) -> Self {
        Self { row, key, tie: tie.into_boxed_str(), text }
    }
    fn compare(&self, other: &Self, reverse: bool) -> Ordering {
        let keys = match (&self.key, &other.key) {
            (SortKey::Nothing, SortKey::Nothing) => Ordering::Equal,
            (SortKey::Nothing, _) => Ordering::Greater,
            (_, SortKey::Nothing) => Ordering::Less,
            (a, b) if reverse => b.cmp(a),
            (a, b) => a.cmp(b),
        };
        keys.then_with(|| self.tie.cmp(&other.tie)).then_with(|| self.row.cmp(&other.row))
    }
}

/// The rows of a table: all that are in scope, and those of them that the filter leaves, in order.
#[derive(Debug, Default)]
pub struct Index {
    all: HashMap<RowId, Arc<Entry>>,
    order: Vec<Arc<Entry>>,
    reverse: bool,
}

impl Index {
    /// Starts over with these rows; `shown` says which of them the filter leaves.
    pub fn rebuild(entries: Vec<Entry>, reverse: bool, shown: impl Fn(&Entry) -> bool) -> Self {
        let mut index = Self { all: HashMap::with_capacity(entries.len()), order: Vec::new(), reverse };
        for entry in entries {
            let entry = Arc::new(entry);
            if shown(&entry) {
                index.order.push(entry.clone());
            }
            index.all.insert(entry.row, entry);
        }
        index.order.sort_unstable_by(|a, b| a.compare(b, reverse));
        index
    }
    /// Another filter over the same rows. `narrow` looks only at what is shown now.
    pub fn refilter(&mut self, narrow: bool, shown: impl Fn(&Entry) -> bool) {
        if narrow {
            self.order.retain(|entry| shown(entry));
            return;
        }
        let reverse = self.reverse;
        self.order = self.all.values().filter(|entry| shown(entry)).cloned().collect();
        self.order.sort_unstable_by(|a, b| a.compare(b, reverse));
    }
    /// One row is new or has changed; `shown` says whether the filter leaves it.
    pub fn put(&mut self, entry: Entry, shown: bool) {
        let entry = Arc::new(entry);
        let old = self.all.insert(entry.row, entry.clone());
        let at = old.as_ref().and_then(|old| self.find(old));
        match (at, shown) {
            (Some(at), true) if old.is_some_and(|old| old.key == entry.key && old.tie == entry.tie) => {
                self.order[at] = entry;
            }
            (at, shown) => {
                if let Some(at) = at {
                    self.order.remove(at);
                }
                if shown {
                    let reverse = self.reverse;
                    let at =
                        self.order.partition_point(|other| other.compare(&entry, reverse) == Ordering::Less);
                    self.order.insert(at, entry);
                }
            }
        }
    }
    /// One row is gone.
    pub fn take(&mut self, row: RowId) {
        let Some(old) = self.all.remove(&row) else { return };
        if let Some(at) = self.find(&old) {
            self.order.remove(at);
        }
    }
    fn find(&self, entry: &Entry) -> Option<usize> {
        let reverse = self.reverse;
        self.order.binary_search_by(|other| other.compare(entry, reverse)).ok()
    }
    /// Where a row stands in the order, if it is shown.
    pub fn position(&self, row: RowId) -> Option<usize> {
        self.find(self.all.get(&row)?)
    }
    pub fn contains(&self, row: RowId) -> bool {
        self.all.contains_key(&row)
    }
    pub fn entry(&self, row: RowId) -> Option<&Entry> {
        self.all.get(&row).map(AsRef::as_ref)
    }
    pub fn at(&self, position: usize) -> Option<RowId> {
        self.order.get(position).map(|entry| entry.row)
    }
    pub fn shown(&self) -> usize {
        self.order.len()
    }
    pub fn total(&self) -> usize {
        self.all.len()
    }
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = RowId> + ExactSizeIterator + '_ {
        self.order.iter().map(|entry| entry.row)
    }
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.all.values().map(AsRef::as_ref)
    }
}

/// The `/` prompt of a table.
#[derive(Debug, Default)]
pub struct FilterPrompt {
    pub editor: crate::editor::Editor,
    /// The text that was last looked at.
    pub text: String,
    /// Keys go into the prompt.
    pub editing: bool,
    pub compiled: crate::filter::Filter,
    pub mode: crate::filter::Mode,
    /// What is wrong with the text, and at which character; the last good filter stays in force.
    pub error: Option<(usize, String)>,
}

/// A table of one pane: everything about it but the data.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, each with a key of its own")]
pub struct TableView {
    pub index: Index,
    /// The index is not of the newest data (the pane was not open) and is made anew before use.
    pub outdated: bool,
    pub sort: String,
    pub reverse: bool,
    pub filter: FilterPrompt,
    /// Only rows with a fault.
    pub faults_only: bool,
    pub wide: bool,
    /// The order stands still; changes wait.
    pub frozen: bool,
    /// Rows whose changes wait because of `frozen`.
    pub waiting: BTreeSet<RowId>,
    pub marks: BTreeSet<RowId>,
    /// Where a range of marks starts.
    pub anchor: Option<RowId>,
    /// The selected row, by identity.
    pub cursor: Option<RowId>,
    /// The operator has pressed a key here. Until then there is no choice to protect, and the cursor stays
    /// on the first row while lists come in.
    pub touched: bool,
    /// Where the selected row stood last; where the cursor goes when it is gone.
    pub cursor_at: usize,
    /// First row on the screen.
    pub top: usize,
    /// Columns scrolled out to the left, after the first one.
    pub column_offset: usize,
}

impl TableView {
    /// Puts the cursor on a position, as near as there are rows.
    pub fn move_to(&mut self, position: usize) {
        let last = self.index.shown().saturating_sub(1);
        self.cursor_at = position.min(last);
        self.cursor = self.index.at(self.cursor_at);
    }

    /// After rows came and went: the cursor stays on its row, or on the place where that row was.
    pub fn settle(&mut self, page: usize) {
        if !self.touched {
            self.move_to(0);
        }
        match self.cursor.and_then(|row| self.index.position(row)) {
            Some(position) => self.cursor_at = position,
            None => self.move_to(self.cursor_at),
        }
        self.scroll(page);
    }

    /// Keeps the cursor on the screen, and the screen full.
    pub fn scroll(&mut self, page: usize) {
        let page = page.max(1);
        self.top = self.top.min(self.cursor_at).max((self.cursor_at + 1).saturating_sub(page));
        self.top = self.top.min(self.index.shown().saturating_sub(page));
    }

    /// Marks that the filter hides: a bulk action must not touch what cannot be seen.
    pub fn hidden_marks(&self) -> usize {
        self.marks.iter().filter(|row| self.index.position(**row).is_none()).count()
    }
}

#[cfg(test)]
mod tests;
