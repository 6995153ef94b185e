//! A column is data; the one table draws it, sorts by it and filters by it.
use std::borrow::Cow;

use crate::{
    domain::{Condition, Health},
    state::{Row, State, table::SortKey},
    theme::Role,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// What a cell says, and in which role it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub role: Role,
    /// State that is shown by a glyph before the words.
    pub health: Option<Health>,
    /// A colour the operator chose, in words of the theme; none where it is empty.
    pub colour: &'a str,
}

impl<'a> Cell<'a> {
    fn new(text: impl Into<Cow<'a, str>>, role: Role, health: Option<Health>) -> Self {
        Self { text: text.into(), role, health, colour: "" }
    }
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(text, Role::Text, None)
    }
    pub fn dim(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(text, Role::TextDim, None)
    }
    /// Glyph and word, colour second.
    pub fn state(health: Health, text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(text, role_of(health), Some(health))
    }
    /// Coloured words without a glyph.
    pub fn tinted(health: Health, text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(text, role_of(health), None)
    }
    /// In a colour that the operator chose.
    #[must_use]
    pub fn coloured(self, colour: &'a str) -> Self {
        Self { colour, ..self }
    }
    /// Not known: never empty, zero or healthy.
    pub fn unknown() -> Self {
        Self::dim("?")
    }
    /// Known to be nothing.
    pub fn none() -> Self {
        Self::dim("-")
    }
    /// The text, or a dash where it is empty.
    pub fn or_none(text: &'a str) -> Self {
        if text.is_empty() { Self::none() } else { Self::plain(text) }
    }
    pub fn number(number: Option<i64>) -> Self {
        number.map_or_else(Self::unknown, |n| Self::plain(n.to_string()))
    }
}

/// The role in which a health is drawn.
pub fn role_of(health: Health) -> Role {
    match health {
        Health::Ok => Role::HealthOk,
        Health::Paused => Role::HealthPaused,
        Health::Progressing => Role::HealthProgressing,
        Health::Unknown => Role::HealthUnknown,
        Health::Warning => Role::HealthWarning,
        Health::Bad => Role::HealthBad,
    }
}

pub struct Column {
    /// As in `sort`, `columns` and `key=value` filters.
    pub id: &'static str,
    pub title: &'static str,
    /// Usual width in cells.
    pub width: u16,
    /// Share of the space that is left over; 0 keeps to `width`.
    pub grow: u16,
    pub align: Align,
    /// Only in wide mode.
    pub wide: bool,
    /// Dropped first when the screen is narrow: the higher, the sooner. 0 is never dropped.
    pub drop: u8,
    pub cell: for<'a> fn(&'a State, Row<'a>) -> Cell<'a>,
    pub sort: fn(&State, Row<'_>) -> SortKey,
}

/// A left-aligned column with the usual manners, to be changed with struct update syntax.
pub const BASE: Column = Column {
    id: "",
    title: "",
    width: 10,
    grow: 0,
    align: Align::Left,
    wide: false,
    drop: 5,
    cell: |_, _| Cell::unknown(),
    sort: |_, _| SortKey::Nothing,
};

/// Which site the row is of.
pub const SITE: Column = Column {
    id: "site",
    title: "SITE",
    width: 12,
    drop: 4,
    cell: |state, row| {
        let site = row.site_id().and_then(|id| state.sites.get(id));
        Cell::dim(row.site_name()).coloured(site.map_or("", |s| &s.spec.colour))
    },
    sort: |_, row| SortKey::text(row.site_name()),
    ..BASE
};

pub const NAMESPACE: Column = Column {
    id: "namespace",
    title: "NAMESPACE",
    width: 14,
    drop: 6,
    cell: |_, row| Cell::plain(row.object().map_or("", |o| &*o.meta.namespace)),
    sort: |_, row| SortKey::text(row.object().map_or("", |o| &o.meta.namespace)),
    ..BASE
};

pub const NAME: Column = Column {
    id: "name",
    title: "NAME",
    width: 24,
    grow: 3,
    drop: 0,
    cell: |_, row| Cell::plain(row.object().map_or("", |o| &*o.meta.name)),
    sort: |_, row| SortKey::text(row.object().map_or("", |o| &o.meta.name)),
    ..BASE
};

/// Since when the object exists.
pub const AGE: Column = Column {
    id: "age",
    title: "AGE",
    width: 7,
    align: Align::Right,
    drop: 3,
    cell: |state, row| match row.object().and_then(|o| o.meta.created) {
        Some(created) => Cell::dim(crate::text::age(state.since(created))),
        None => Cell::unknown(),
    },
    // The youngest has the smallest age, so the newest creation sorts first.
    sort: |_, row| SortKey::number(row.object().and_then(|o| o.meta.created).map(|t| -t.as_second())),
    ..BASE
};

/// The worst condition with its reason.
pub const CONDITION: Column = Column {
    id: "condition",
    title: "CONDITION",
    width: 22,
    grow: 2,
    drop: 1,
    cell: |_, row| {
        let Some(object) = row.object() else { return Cell::unknown() };
        if let crate::domain::Facts::Malformed(why) = &object.facts {
            return Cell::state(Health::Unknown, format!("unreadable: {why}"));
        }
        match object.worst_condition() {
            Some(c) => Cell::state(object.judge(c), condition_words(c)),
            None if object.conditions.is_empty() => Cell::state(Health::Unknown, "no status yet"),
            None => Cell::state(object.health(), object.health().word()),
        }
    },
    sort: |_, row| SortKey::Number(-row.object().map_or(0, |o| rank(o.health()))),
    ..BASE
};

/// Type and reason of a condition; one of them where the other says the same.
pub fn condition_words(condition: &Condition) -> String {
    let reason = condition.short_reason();
    if reason.is_empty() || reason == &*condition.kind {
        return condition.kind.to_string();
    }
    format!("{} {reason}", condition.kind)
}

/// How long the worst condition has been so.
pub const SINCE: Column = Column {
    id: "since",
    title: "SINCE",
    width: 7,
    align: Align::Right,
    drop: 2,
    cell: |state, row| match row.object().and_then(|o| Some((o, o.worst_condition()?))) {
        Some((o, c)) => {
            c.since.map_or_else(Cell::unknown, |t| Cell::tinted(o.judge(c), crate::text::age(state.since(t))))
        }
        None => Cell::none(),
    },
    sort: |_, row| {
        SortKey::number(row.object().and_then(|o| o.worst_condition()?.since).map(|t| -t.as_second()))
    },
    ..BASE
};

/// Worse is higher.
pub fn rank(health: Health) -> i64 {
    match health {
        Health::Ok => 0,
        Health::Paused => 1,
        Health::Progressing => 2,
        Health::Unknown => 3,
        Health::Warning => 4,
        Health::Bad => 5,
    }
}
