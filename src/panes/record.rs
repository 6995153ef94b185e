//! A row as the filter sees it: its searchable text, its columns as values, its labels.
use std::borrow::Cow;

use super::Pane;
use crate::{
    filter::{self, Value},
    state::{
        Row, RowId, State,
        table::{Entry, SortKey, TableView},
    },
};

/// One row of a pane, for matching.
pub struct Record<'a> {
    pub state: &'a State,
    pub pane: &'static Pane,
    pub row: Row<'a>,
    /// Lower-case text made earlier, if there is one.
    pub text: Option<&'a str>,
}

impl filter::Record for Record<'_> {
    fn text(&self) -> Cow<'_, str> {
        match self.text {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(searchable(self.state, self.pane, self.row).to_lowercase()),
        }
    }
    fn text_exact(&self) -> Cow<'_, str> {
        Cow::Owned(searchable(self.state, self.pane, self.row))
    }
    fn field(&self, column: &str) -> Option<Value<'_>> {
        let column = self.pane.column(column)?;
        Some(match (column.id, (column.sort)(self.state, self.row)) {
            ("age" | "since" | "tried", SortKey::Number(n)) => Value::Age(self.state.now.as_second() + n),
            ("condition" | "ready" | "health" | "status" | "state", _) => {
                Value::Text((column.cell)(self.state, self.row).text)
            }
            // Words that sort by rank (roles, kinds, phases) are still words to whoever looks for them.
            (_, SortKey::Number(_)) if !(column.cell)(self.state, self.row).text.starts_with(is_digit) => {
                Value::Text((column.cell)(self.state, self.row).text)
            }
            (_, SortKey::Number(n)) =>
            {
                #[expect(clippy::cast_precision_loss, reason = "replica counts and the like; far below 2^52")]
                Value::Number(n as f64)
            }
            (_, SortKey::Numbers(..)) => Value::Version((column.cell)(self.state, self.row).text),
            _ => Value::Text((column.cell)(self.state, self.row).text),
        })
    }
    fn label(&self, name: &str) -> Option<&str> {
        match self.row {
            Row::Object { object, .. } => object.meta.label(name),
            Row::Site(site) => site.spec.tags.get(name).map(String::as_str),
            _ => None,
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '-'
}

/// What a word in the filter is looked for in: every cell of the row, wide ones too, but no ages.
pub fn searchable(state: &State, pane: &Pane, row: Row<'_>) -> String {
    let mut text = String::with_capacity(128);
    for column in
        pane.columns.iter().filter(|c| !matches!(c.id, "age" | "since" | "tried" | "expiry" | "latency"))
    {
        let cell = (column.cell)(state, row);
        if !matches!(&*cell.text, "-" | "?") {
            text.push_str(&cell.text);
            text.push(' ');
        }
    }
    text
}

/// Makes a row's entry in a table's order.
pub fn entry(state: &State, pane: &'static Pane, table: &TableView, id: RowId) -> Option<Entry> {
    let row = state.row(id)?;
    let sort = pane.column(&table.sort).or_else(|| pane.column(pane.sort));
    let key = sort.map_or(SortKey::Nothing, |column| (column.sort)(state, row));
    let text = (!table.filter.compiled.is_empty())
        .then(|| searchable(state, pane, row).to_lowercase().into_boxed_str());
    Some(Entry::new(id, key, row.tie(), text))
}

/// Whether the filters of a table leave a row.
pub fn shown(state: &State, pane: &'static Pane, table: &TableView, entry: &Entry) -> bool {
    let Some(row) = state.row(entry.row) else { return false };
    if table.faults_only && !(pane.fault)(state, row) {
        return false;
    }
    if table.filter.compiled.is_empty() {
        return true;
    }
    let record = Record { state, pane, row, text: entry.text.as_deref() };
    table.filter.compiled.matches(&record, table.filter.mode)
}
