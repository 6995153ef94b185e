//! What an answer still waits for, and what will be missing from it. Pure: reads the state.
use std::fmt;

use crate::{
    domain::{ClusterKey, Home, Problem, ProblemKind, SiteId, Source, site::Connection},
    kinds,
    state::{Freshness, State, workloads::Reach},
    update,
};

/// Something that makes an answer incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    pub(super) site: SiteId,
    /// Which part: nothing for the whole site, else a kind or a workload cluster.
    pub(super) what: String,
    /// It is about the API of a workload cluster.
    pub(super) workload: bool,
    pub(super) why: Problem,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.site)?;
        if !self.what.is_empty() {
            write!(f, "{}: ", self.what)?;
        }
        f.write_str(&self.why.summary)?;
        if self.why.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.why.hint) }
    }
}

/// How far one thing that is asked for has come.
enum Stand {
    Waiting,
    There,
    Lacking(Problem),
}

/// One part of an answer.
#[derive(Debug, Clone)]
struct Part {
    site: SiteId,
    what: String,
    workload: bool,
}

/// What an answer stands on now.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// Parts that have not answered yet, in words.
    waiting: Vec<Part>,
    lacks: Vec<Lack>,
    /// Something answered in full.
    any: bool,
}

impl Standing {
    /// Looks at every site and every source that is wanted.
    pub(super) fn of(state: &State) -> Self {
        let mut standing = Self::default();
        for site in state.sites.iter() {
            let stand = match &site.connection {
                Connection::Live { .. } => Stand::There,
                Connection::Failing { problem, .. } => Stand::Lacking(problem.clone()),
                Connection::Idle | Connection::Connecting => Stand::Waiting,
            };
            standing.take(Part { site: site.spec.id.clone(), what: String::new(), workload: false }, stand);
        }
        let mut wanted: Vec<Source> = update::wanted(state).into_iter().collect();
        wanted
            .sort_by_cached_key(|s| (s.site.clone(), s.cluster().map(|c| c.key.to_string()), s.kind.clone()));
        let mut told: Option<ClusterKey> = None;
        for source in wanted {
            if !state.sites.get(&source.site).is_some_and(crate::state::Site::is_live) {
                continue;
            }
            if let Some(cluster) = source.cluster() {
                let stand = reach(state, &cluster);
                if !matches!(stand, Stand::There) {
                    if told.as_ref() != Some(&cluster) {
                        let what = format!("cluster {}", cluster.key);
                        standing.take(Part { site: source.site, what, workload: true }, stand);
                    }
                    told = Some(cluster);
                    continue;
                }
            }
            let (what, stand) = (words(&source), freshness(state, &source));
            let workload = source.home != Home::Management;
            standing.take(Part { site: source.site, what, workload }, stand);
        }
        standing
    }

    fn take(&mut self, part: Part, stand: Stand) {
        match stand {
            Stand::Waiting => self.waiting.push(part),
            Stand::There => self.any = true,
            Stand::Lacking(why) => self.lacks.push(part.lacks(why)),
        }
    }

    /// Nothing more is to come soon from the management APIs.
    pub(super) fn is_managed(&self) -> bool {
        self.waiting.iter().all(|part| part.workload)
    }

    /// Nothing more is to come soon.
    pub(super) fn is_settled(&self) -> bool {
        self.waiting.is_empty()
    }
    /// Something was answered, or at least refused: it did not just stay silent.
    pub(super) fn is_answered(&self) -> bool {
        self.any || !self.lacks.is_empty()
    }

    /// What is lacking at this moment, whatever is still waited for.
    pub(super) fn lacks_now(self) -> Vec<Lack> {
        self.lacks
    }

    /// What the answer lacks; what is still waited for lacks too, since the time is up.
    pub(super) fn lacks(self, seconds: u64) -> Vec<Lack> {
        let mut lacks = self.lacks;
        let late =
            || Problem::new(ProblemKind::Unreachable, format!("no complete answer within {seconds} s"));
        lacks.extend(self.waiting.into_iter().map(|part| part.lacks(late())));
        lacks
    }
}

impl Part {
    fn lacks(self, why: Problem) -> Lack {
        Lack { site: self.site, what: self.what, workload: self.workload, why }
    }
}

/// The kind and, for a workload cluster's own API, the cluster.
fn words(source: &Source) -> String {
    let kind = kinds::find(source.kind.as_str()).map_or(source.kind.as_str(), |k| k.plural);
    match &source.home {
        Home::Management => kind.to_owned(),
        Home::Workload(cluster) => format!("{kind} of cluster {cluster}"),
    }
}

fn reach(state: &State, cluster: &ClusterKey) -> Stand {
    match state.workloads.get(cluster) {
        None | Some(Reach::Connecting) => Stand::Waiting,
        Some(Reach::Live { .. }) => Stand::There,
        Some(Reach::Failing { problem, .. }) => Stand::Lacking(problem.clone()),
        Some(Reach::NeedsConsent) => Stand::Lacking(
            Problem::new(ProblemKind::Policy, "no kubeconfig context leads to this cluster").hint(
                "add --use-kubeconfig-secret to read its <cluster>-kubeconfig Secret, which is cluster-admin",
            ),
        ),
    }
}

fn freshness(state: &State, source: &Source) -> Stand {
    match state.fleet.collection(source).map(|c| &c.freshness) {
        None | Some(Freshness::Loading) => Stand::Waiting,
        // A kind that is not served has no objects: that is an answer.
        Some(Freshness::Live | Freshness::Absent { .. }) => Stand::There,
        Some(Freshness::Stale { why, .. } | Freshness::Forbidden { why }) => Stand::Lacking(why.clone()),
    }
}
