//! Packages × clusters: which version stands where, how it is, and where it differs from the others. Made from the
//! subjects that rules are checked on, so that what was not read is never taken for not installed.
use std::{cmp::Ordering, collections::BTreeMap};

use serde::Serialize;

use crate::{
    domain::{
        Health,
        package::{Keeper, Reconcile, reconcile},
        version,
    },
    rules::Subject,
};

/// One column: an API server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub site: String,
    /// `namespace/name`; none for the management API.
    pub cluster: Option<String>,
    /// Why it is not known what is installed there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

impl Place {
    /// `site` or `site/cluster`, for a heading.
    pub fn words(&self) -> String {
        match &self.cluster {
            Some(cluster) => format!("{}:{cluster}", self.site),
            None => self.site.clone(),
        }
    }
}

/// What stands where a package and a place meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    pub version: String,
    pub state: Reconcile,
    /// Another version than most have.
    pub drifts: bool,
    /// Held by a pause or a cancellation.
    pub held: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error: String,
}

/// One line: a package over all places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// `spec.packageRef.refName`.
    pub package: String,
    /// The version that most places have; of several the newest.
    pub usual: String,
    /// How many places have each version.
    pub versions: BTreeMap<String, usize>,
    /// One for each place; none where it is not installed, or where that is not known.
    pub cells: Vec<Option<Cell>>,
}

/// The whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    pub places: Vec<Place>,
    pub lines: Vec<Line>,
}

/// Lays out what the subjects have.
pub fn of(subjects: &[Subject<'_>]) -> Matrix {
    let mut lines: BTreeMap<&str, Vec<Option<Cell>>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for served in subject.packages.iter().flatten() {
            let Some(package) = served.package().filter(|p| !p.package.is_empty()) else { continue };
            // The kapp-controller of each cluster stands on the management API; it is of its cluster.
            let owner = served.object.package_for();
            let at = match (owner, subject.cluster) {
                (Some(name), None) if package.keeper == Keeper::ClusterBootstrap => {
                    let is_it = |s: &Subject<'_>| {
                        s.site == subject.site && s.cluster.is_some_and(|c| &*c.key.name == name)
                    };
                    let Some(at) = subjects.iter().position(is_it) else { continue };
                    at
                }
                _ => at,
            };
            let state = reconcile(served.object).unwrap_or(Reconcile::NoStatus);
            let cell = Cell {
                version: if package.version.is_empty() { &package.attempted } else { &package.version }
                    .to_string(),
                state,
                drifts: false,
                held: state.health() == Health::Paused,
                error: package.error.to_string(),
            };
            let cells = lines.entry(&package.package).or_insert_with(|| vec![None; subjects.len()]);
            // Installed twice: what is worse counts.
            if cells[at].as_ref().is_none_or(|known| known.state < cell.state) {
                cells[at] = Some(cell);
            }
        }
    }
    let places = subjects.iter().map(place).collect();
    Matrix { places, lines: lines.into_iter().map(|(package, cells)| line(package, cells)).collect() }
}

fn place(subject: &Subject<'_>) -> Place {
    Place {
        site: subject.site.to_string(),
        cluster: subject.cluster.map(|c| c.key.to_string()),
        unread: subject.packages.as_ref().err().cloned(),
    }
}

fn line(package: &str, mut cells: Vec<Option<Cell>>) -> Line {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for cell in cells.iter().flatten().filter(|cell| !cell.version.is_empty()) {
        *versions.entry(cell.version.clone()).or_default() += 1;
    }
    let more = |(a, n): &(&String, &usize), (b, m): &(&String, &usize)| -> Ordering {
        n.cmp(m).then_with(|| version::compare(a, b))
    };
    let usual = versions.iter().max_by(more).map(|(v, _)| v.clone()).unwrap_or_default();
    for cell in cells.iter_mut().flatten() {
        cell.drifts = cell.version != usual;
    }
    Line { package: package.to_owned(), usual, versions, cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(version: &str) -> Cell {
        let state = Reconcile::Succeeded;
        Cell { version: version.into(), state, drifts: false, held: false, error: String::new() }
    }

    #[test]
    fn most_have_it_or_it_is_the_newest_and_the_others_drift() {
        let drifting = |versions: &[&str]| -> (String, usize) {
            let line = line("contour", versions.iter().map(|v| Some(cell(v))).chain([None]).collect());
            (line.usual, line.cells.iter().flatten().filter(|c| c.drifts).count())
        };
        assert_eq!(drifting(&["1.24.4", "1.22.3", "1.24.4"]), ("1.24.4".into(), 1));
        assert_eq!(drifting(&["1.9.0", "1.10.0"]), ("1.10.0".into(), 1));
        assert_eq!(drifting(&["1.9.0"]), ("1.9.0".into(), 0));
        assert_eq!(drifting(&[]), (String::new(), 0));
    }
}
