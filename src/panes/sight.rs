//! How well a site is seen: its connection, and whether what is always followed there keeps up. A connection
//! that stands is no proof that anything comes through it: silence is not health.
use super::ALWAYS;
use crate::{
    domain::{Health, Problem, Source, site::Connection},
    kinds,
    state::{
        Site, State,
        collection::{Collection, Freshness},
    },
};

/// How a site is seen, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    Live,
    /// Not tried yet, or being connected to.
    Waiting,
    /// Connected, but something that is always followed may not be read.
    Denied,
    /// Connected, but something that is always followed is not kept up to date.
    Stale,
    Unreachable,
}

impl Sight {
    pub const COUNT: usize = 5;

    pub fn health(self) -> Health {
        match self {
            Self::Live => Health::Ok,
            Self::Waiting | Self::Denied => Health::Unknown,
            Self::Stale | Self::Unreachable => Health::Bad,
        }
    }
}

/// What is wrong with the collections of a site that are always followed.
pub struct Trouble<'a> {
    /// The worst of them.
    pub worst: &'a Collection,
    /// Plurals of the kinds concerned.
    kinds: Vec<&'static str>,
}

impl Trouble<'_> {
    /// Which kinds, and the words of the error of the worst.
    pub fn words(&self) -> String {
        let why = self.worst.why().map_or("", |why: &Problem| &why.summary);
        let kinds = self.kinds.join(", ");
        match (&self.kinds[..], &self.worst.freshness) {
            // The words of a watch name it themselves.
            ([one], _) if why.starts_with(&format!("watch {one}:")) => why.to_owned(),
            // What breaks watches is the same for all of them, and must be seen where room is short.
            (_, Freshness::Stale { .. }) => {
                let cause = why.split_once(": ").filter(|(what, _)| what.starts_with("watch "));
                format!("{} ({kinds})", cause.map_or(why, |(_, cause)| cause))
            }
            _ => format!("{kinds}: {why}"),
        }
    }
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self.worst.freshness {
            Freshness::Forbidden { .. } => "denied",
            Freshness::Absent { .. } => "not served",
            _ => "stale",
        }
    }
}

/// How a site is seen.
pub fn sight(state: &State, site: &Site) -> Sight {
    match &site.connection {
        Connection::Failing { .. } => Sight::Unreachable,
        Connection::Idle | Connection::Connecting => Sight::Waiting,
        Connection::Live { .. } => {
            always(state, site).filter_map(|c| troubled(site, c)).max().unwrap_or(Sight::Live)
        }
    }
}

/// Which of the collections that are always followed are not live, and why.
pub fn trouble<'a>(state: &'a State, site: &Site) -> Option<Trouble<'a>> {
    let troubled = || always(state, site).filter_map(|c| Some((troubled(site, c)?, c)));
    let (_, worst) = troubled().max_by_key(|(sight, c)| (*sight, c.old_since().is_some()))?;
    let kinds = troubled().filter_map(|(_, c)| Some(kinds::find(c.source.kind.as_str())?.plural));
    Some(Trouble { worst, kinds: kinds.collect() })
}

fn always<'a>(state: &'a State, site: &Site) -> impl Iterator<Item = &'a Collection> {
    let id = site.spec.id.clone();
    ALWAYS.iter().filter_map(move |kind| state.fleet.collection(&Source::management(&id, kind)))
}

/// A site without Cluster API is in order; one that has it and does not serve it is not.
fn troubled(site: &Site, collection: &Collection) -> Option<Sight> {
    let is_served = || {
        let kind = kinds::find(collection.source.kind.as_str());
        site.discovery().is_some_and(|d| kind.is_some_and(|k| k.served(d).is_some()))
    };
    match &collection.freshness {
        Freshness::Live | Freshness::Loading => None,
        Freshness::Stale { .. } => Some(Sight::Stale),
        Freshness::Forbidden { .. } => Some(Sight::Denied),
        Freshness::Absent { .. } => (!collection.is_empty() || is_served()).then_some(Sight::Stale),
    }
}
