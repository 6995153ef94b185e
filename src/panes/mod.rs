//! The tables of the console. A pane is data: which rows, which columns, what it needs watched.
//! One file a pane, one line in `PANES`; table, sort, filter, help, palette and JSON follow.
pub mod column;
pub mod record;

mod clusters;
mod fleet;
mod jobs;
mod machines;
mod nodes;
mod notices;
mod packages;
mod phase;
mod pools;
mod sight;

pub use clusters::health as cluster_health;
pub use column::{Align, Cell, Column};
pub use fleet::health as site_health;
pub use pools::rollout as pool_rollout;
pub use sight::{Sight, sight, trouble};

use crate::state::{Row, State};

/// Where a pane's rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Sites,
    /// Objects of these kinds on the management APIs.
    Management(&'static [&'static str]),
    /// Objects of these kinds on the APIs of the workload clusters in scope.
    Workload(&'static [&'static str]),
    /// Objects of these kinds on the management APIs and on those of the workload clusters in scope; cells look up
    /// objects of the kinds `beside` them.
    Everywhere {
        kinds: &'static [&'static str],
        beside: &'static [&'static str],
    },
    Jobs,
    Notices,
}

pub struct Pane {
    /// Id as in commands (`pane.machines`) and `tko get machines`.
    pub id: &'static str,
    pub title: &'static str,
    /// What one row is, for counts and help: `machine`.
    pub noun: &'static str,
    pub rows: Rows,
    /// Kinds that its cells look up besides those of its rows.
    pub joins: &'static [&'static str],
    pub columns: &'static [Column],
    /// Column it is sorted by unless the operator chose another.
    pub sort: &'static str,
    /// Whether a row has a fault, for the fault filter.
    pub fault: fn(&State, Row<'_>) -> bool,
    /// What an empty pane means, in words.
    pub empty: &'static str,
}

/// Every pane, in the order of the keys and of the palette.
pub static PANES: &[&Pane] = &[
    &fleet::PANE,
    &clusters::PANE,
    &pools::PANE,
    &machines::PANE,
    &nodes::PANE,
    &jobs::PANE,
    &notices::PANE,
    &packages::PANE,
    &packages::REPOSITORIES,
];

/// Kinds that are followed on every site while the console runs, so that the fleet is always known.
pub const ALWAYS: &[&str] = &["cluster", "control-plane", "pool"];

/// Finds a pane by its id.
pub fn find(id: &str) -> Option<&'static Pane> {
    PANES.iter().copied().find(|p| p.id == id)
}

impl Pane {
    pub fn column(&self, id: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.id == id)
    }
    /// Why the pane has nothing to show anywhere: its kinds are not served, or not allowed. `None` while
    /// some site shows something or is not known yet.
    pub fn locked(&self, state: &State) -> Option<String> {
        let kinds = match self.rows {
            Rows::Management(kinds) => kinds,
            // The clusters in scope may have what the management clusters have not.
            Rows::Everywhere { kinds, .. } if state.screen.scope.clusters.is_empty() => kinds,
            _ => return None,
        };
        let mut why = None;
        for site in state.sites.iter() {
            let discovery = site.discovery()?;
            let served = kinds
                .iter()
                .filter_map(|id| crate::kinds::find(id))
                .any(|kind| kind.served(discovery).is_some());
            let denied = kinds.iter().all(|kind| {
                let source = crate::domain::Source::management(&site.spec.id, kind);
                state
                    .fleet
                    .collection(&source)
                    .is_some_and(|c| matches!(c.freshness, crate::state::Freshness::Forbidden { .. }))
            });
            match (served, denied) {
                (false, _) => why = why.or_else(|| Some(format!("not served by {}", site.spec.id))),
                (true, true) => {
                    why = Some(format!("locked: you may not list {} on {}", kinds.join(", "), site.spec.id));
                }
                (true, false) => return None,
            }
        }
        why
    }
    /// Kinds whose objects are the rows.
    pub fn kinds(&self) -> &'static [&'static str] {
        match self.rows {
            Rows::Management(kinds) | Rows::Workload(kinds) | Rows::Everywhere { kinds, .. } => kinds,
            _ => &[],
        }
    }
}

/// The usual meaning of a fault: the row's own health says so.
pub fn unhealthy(_: &State, row: Row<'_>) -> bool {
    row.health().is_fault()
}
