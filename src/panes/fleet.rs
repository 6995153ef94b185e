//! The fleet: every site, whether it is reached, what runs there and how that is.
use super::{Align, Cell, Column, Pane, Rows, Sight, column::BASE, sight, trouble};
use crate::{
    domain::{Health, Source, site::Connection, site::Protection},
    state::{Row, Site, State, collection::Freshness, table::SortKey, tallies::Tally},
};

pub static PANE: Pane = Pane {
    id: "fleet",
    title: "Fleet",
    noun: "site",
    rows: Rows::Sites,
    joins: &[],
    columns: &[
        NAME, REACHABLE, VERSION, PROVIDER, CLUSTERS, FAULTS, LATENCY, DATA, TAGS, IDENTITY, SERVER, WHY,
    ],
    sort: "name",
    fault: |state, row| {
        row.site().is_some_and(|s| health(state, s).is_fault() || tally(state, s).faults() > 0)
    },
    empty: "no kubeconfig context was found: set KUBECONFIG, or see `tko doctor`",
};

/// How a site is: not better than what is followed there.
pub fn health(state: &State, site: &Site) -> Health {
    sight(state, site).health()
}

/// Clusters of a site by health.
pub fn tally(state: &State, site: &Site) -> Tally {
    state.tallies.of(&site.spec.id)
}

const NAME: Column = Column {
    id: "name",
    title: "SITE",
    width: 16,
    grow: 2,
    drop: 0,
    cell: |_, row| match row.site() {
        Some(site) => Cell::plain(site.spec.id.as_str()).coloured(&site.spec.colour),
        None => Cell::unknown(),
    },
    sort: |_, row| SortKey::text(row.site_name()),
    ..BASE
};

const REACHABLE: Column = Column {
    id: "status",
    title: "STATUS",
    width: 14,
    drop: 0,
    cell: |state, row| {
        row.site().map_or_else(Cell::unknown, |site| match &site.connection {
            Connection::Idle => Cell::state(Health::Unknown, "not tried"),
            Connection::Connecting => Cell::state(Health::Progressing, "connecting"),
            Connection::Live { .. } => {
                let word = trouble(state, site).map_or("live", |t| t.word());
                Cell::state(health(state, site), word)
            }
            Connection::Failing { problem, .. } => Cell::state(Health::Bad, failing_word(problem.kind)),
        })
    },
    sort: |state, row| {
        SortKey::Number(-row.site().map_or(0, |site| super::column::rank(health(state, site))))
    },
    ..BASE
};

fn failing_word(kind: crate::domain::ProblemKind) -> &'static str {
    use crate::domain::ProblemKind as K;
    match kind {
        K::Unauthenticated => "no login",
        K::Forbidden => "denied",
        K::Tls => "TLS error",
        K::Dns => "no such host",
        K::Throttled => "throttled",
        K::Server => "server error",
        _ => "unreachable",
    }
}

const VERSION: Column = Column {
    id: "version",
    title: "VERSION",
    width: 16,
    drop: 4,
    cell: |_, row| match row.site().and_then(|s| s.greeting.as_ref()) {
        Some(g) => Cell::plain(&*g.version),
        None => Cell::unknown(),
    },
    sort: |_, row| SortKey::version(row.site().and_then(|s| s.greeting.as_ref()).map_or("", |g| &g.version)),
    ..BASE
};

const PROVIDER: Column = Column {
    id: "provider",
    title: "PROVIDER",
    width: 14,
    drop: 5,
    cell: |state, row| match row.site().and_then(|s| providers(state, s)) {
        Some(names) if names.is_empty() => Cell::none(),
        Some(names) => Cell::plain(names),
        None => Cell::unknown(),
    },
    sort: |state, row| SortKey::text(&row.site().and_then(|s| providers(state, s)).unwrap_or_default()),
    ..BASE
};

/// Infrastructure of the site's clusters: `vSphere`, or several, as their infrastructure kinds say; `None`
/// where that is not known.
fn providers(state: &State, site: &Site) -> Option<String> {
    let collection = state.fleet.collection(&Source::management(&site.spec.id, "cluster"))?;
    let mut names: Vec<&str> = Vec::new();
    for (_, object) in collection.iter() {
        let name = object.cluster().map_or("", |c| super::clusters::provider(&c.infrastructure.kind));
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    let is_known = !names.is_empty() || (collection.is_empty() && collection.freshness == Freshness::Live);
    is_known.then(|| names.join(", "))
}

const CLUSTERS: Column = Column {
    id: "clusters",
    title: "CLUSTERS",
    width: 8,
    align: Align::Right,
    drop: 3,
    cell: |state, row| {
        row.site().map_or_else(Cell::unknown, |site| match known(state, site) {
            Some(n) => Cell::plain(n.to_string()),
            None => Cell::unknown(),
        })
    },
    sort: |state, row| {
        SortKey::number(row.site().and_then(|s| known(state, s)).and_then(|n| i64::try_from(n).ok()))
    },
    ..BASE
};

/// How many clusters the site has, where that is known at all.
fn known(state: &State, site: &Site) -> Option<usize> {
    let collection = state.fleet.collection(&Source::management(&site.spec.id, "cluster"))?;
    match collection.freshness {
        Freshness::Live => Some(collection.len()),
        _ if collection.is_old() => Some(collection.len()),
        _ => None,
    }
}

const FAULTS: Column = Column {
    id: "health",
    title: "HEALTH",
    width: 15,
    grow: 1,
    drop: 0,
    cell: |state, row| {
        let Some(site) = row.site() else { return Cell::unknown() };
        let tally = tally(state, site);
        let clusters = state.fleet.collection(&Source::management(&site.spec.id, "cluster"));
        let is_followed = sight(state, site) == Sight::Live;
        match clusters.map(|c| (&c.freshness, c.is_old())) {
            Some((Freshness::Forbidden { .. }, false)) => Cell::state(Health::Unknown, "no access"),
            Some((Freshness::Absent { .. }, false)) => Cell::dim("no Cluster API"),
            Some((Freshness::Live, _)) if is_followed => {
                Cell::state(worst(tally), tally_words(tally, "no clusters"))
            }
            // What is known of clusters comes from their control planes and pools too.
            Some((Freshness::Live, _)) => {
                Cell::state(worst(tally).max(Health::Unknown), tally_words(tally, "no clusters"))
            }
            Some((_, true)) => {
                Cell::state(worst(tally).max(Health::Unknown), format!("was {}", tally_words(tally, "")))
            }
            _ if tally.total() > 0 => {
                Cell::state(worst(tally).max(Health::Progressing), tally_words(tally, ""))
            }
            _ => Cell::unknown(),
        }
    },
    sort: |state, row| {
        SortKey::number(row.site().map(|s| -i64::try_from(tally(state, s).faults()).unwrap_or(0)))
    },
    ..BASE
};

/// The worst health among the clusters of a site that asks for attention.
fn worst(tally: Tally) -> Health {
    [Health::Bad, Health::Warning, Health::Unknown, Health::Progressing]
        .into_iter()
        .find(|h| tally.of(*h) > 0)
        .unwrap_or(Health::Ok)
}

/// `1 bad, 3 ok`, the worst first.
fn tally_words(tally: Tally, none: &str) -> String {
    let all =
        [Health::Bad, Health::Warning, Health::Unknown, Health::Progressing, Health::Paused, Health::Ok];
    let parts: Vec<String> = all
        .into_iter()
        .filter(|h| tally.of(*h) > 0)
        .map(|h| format!("{} {}", tally.of(h), h.word()))
        .collect();
    if parts.is_empty() { none.to_owned() } else { parts.join(", ") }
}

const LATENCY: Column = Column {
    id: "latency",
    title: "LATENCY",
    width: 8,
    align: Align::Right,
    drop: 6,
    cell: |_, row| match row.site().and_then(|s| s.greeting.as_ref()) {
        Some(g) => Cell::plain(format!("{} ms", g.latency_ms)),
        None => Cell::unknown(),
    },
    sort: |_, row| {
        SortKey::number(
            row.site().and_then(|s| s.greeting.as_ref()).and_then(|g| i64::try_from(g.latency_ms).ok()),
        )
    },
    ..BASE
};

/// Age of the data, or that it is live.
const DATA: Column = Column {
    id: "data",
    title: "DATA",
    width: 8,
    drop: 1,
    cell: |state, row| row.site().map_or_else(Cell::unknown, |site| data(state, site)),
    ..BASE
};

fn data<'a>(state: &State, site: &Site) -> Cell<'a> {
    if let Some(trouble) = trouble(state, site) {
        return match (trouble.worst.old_since(), &trouble.worst.freshness) {
            (Some(since), _) => {
                Cell::tinted(Health::Warning, format!("{} old", crate::text::age(state.since(since))))
            }
            (None, Freshness::Forbidden { .. }) => Cell::tinted(Health::Unknown, "denied"),
            (None, _) => Cell::dim("none yet"),
        };
    }
    let of = |kind: &&str| state.fleet.collection(&Source::management(&site.spec.id, kind));
    let clusters = of(&"cluster").map(|c| &c.freshness);
    let is_loading = super::ALWAYS.iter().filter_map(of).any(|c| c.freshness == Freshness::Loading);
    match clusters {
        None | Some(Freshness::Loading) if !site.is_live() => Cell::dim("none yet"),
        Some(Freshness::Absent { .. }) => Cell::none(),
        Some(Freshness::Live) if !is_loading => Cell::plain("live"),
        _ => Cell::dim("loading"),
    }
}

const TAGS: Column = Column {
    id: "tags",
    title: "TAGS",
    width: 18,
    drop: 8,
    cell: |_, row| {
        let Some(site) = row.site() else { return Cell::unknown() };
        let mut words: Vec<String> = site.spec.tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if site.spec.protection == Protection::High {
            words.insert(0, "protected".into());
        }
        if words.is_empty() { Cell::none() } else { Cell::plain(words.join(" ")) }
    },
    ..BASE
};

const IDENTITY: Column = Column {
    id: "identity",
    title: "IDENTITY",
    width: 20,
    wide: true,
    drop: 9,
    cell: |_, row| {
        row.site()
            .and_then(|s| s.greeting.as_ref())
            .map_or_else(Cell::unknown, |g| Cell::or_none(&g.identity))
    },
    ..BASE
};

const SERVER: Column = Column {
    id: "server",
    title: "SERVER",
    width: 30,
    wide: true,
    drop: 10,
    cell: |_, row| row.site().map_or_else(Cell::unknown, |s| Cell::plain(&*s.spec.server)),
    ..BASE
};

/// Why a site is not reached, or which of its collections are not, in the words of the error.
const WHY: Column = Column {
    id: "why",
    title: "WHY",
    width: 18,
    grow: 4,
    drop: 3,
    cell: |state, row| match row {
        Row::Site(site) => match (&site.connection, trouble(state, site)) {
            (Connection::Failing { problem, .. }, _) => Cell::tinted(Health::Bad, &*problem.summary),
            (_, Some(trouble)) => Cell::tinted(health(state, site), trouble.words()),
            _ => Cell::none(),
        },
        _ => Cell::unknown(),
    },
    ..BASE
};
