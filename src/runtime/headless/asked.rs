//! What every reading command does first: start, narrow to the clusters that are named, wait for answers.
use std::time::Duration;

use tokio::time::Instant;

use super::{
    exit::{Exit, Failure},
    find::{self, Named},
    lacks::{Lack, Standing},
    out,
    run::Run,
};
use crate::{
    domain::{ClusterKey, ObjectKey},
    msg::{Msg, Query},
    state::State,
};

/// The time a command has for its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) until: Instant,
    pub(super) seconds: u64,
}

impl Patience {
    pub(super) fn new(patience: Duration) -> Self {
        Self { until: Instant::now() + patience, seconds: patience.as_secs() }
    }
}

/// Waits until everything that is wanted has answered, failed or run out of time; says what is missing.
pub(super) async fn answers(run: &mut Run, patience: Patience) -> Result<Vec<Lack>, Failure> {
    let settled = |state: &State| Standing::of(state).is_settled();
    let in_time = run.until(patience.until, settled).await;
    let standing = Standing::of(&run.state);
    if !in_time && !standing.is_answered() {
        let problem = crate::domain::Problem::new(
            crate::domain::ProblemKind::Unreachable,
            format!("no site answered within {} s", patience.seconds),
        )
        .hint("look into it with `tko doctor`, or give it more time with --timeout");
        return Err(Failure::new(Exit::TimedOut, problem));
    }
    Ok(standing.lacks(patience.seconds))
}

/// Narrows the run to namespaces and to clusters by name, which must be there.
pub(super) async fn narrow(
    run: &mut Run,
    namespaces: &[String],
    clusters: &[String],
    consent: bool,
    patience: Patience,
) -> Result<(), Failure> {
    let mut query = Query::default();
    query.scope.namespaces = namespaces.iter().cloned().collect();
    if consent {
        query.consent = run.sites();
    }
    if !clusters.is_empty() {
        let lacks = answers(run, patience).await?;
        for text in clusters {
            let named = Named::parse(text);
            let found = find::clusters(&run.state, named, namespaces);
            if found.is_empty() {
                report(&lacks);
                return Err(find::no_cluster(&run.state, named, &lacks));
            }
            query.scope.clusters.extend(found);
        }
        // Nodes have no namespace; the cluster's was looked at above.
        query.scope.namespaces.clear();
    }
    run.send(Msg::Query(Box::new(query)));
    Ok(())
}

/// Brings every workload cluster of the run into scope, or those that are named.
pub(super) async fn everywhere(
    run: &mut Run,
    asked: &crate::cli::Clusters,
    patience: Patience,
) -> Result<(), Failure> {
    let consent = asked.use_kubeconfig_secret;
    if !asked.clusters.is_empty() {
        return narrow(run, &asked.narrow.namespaces, &asked.clusters, consent, patience).await;
    }
    answers(run, patience).await?;
    let mut query = Query::default();
    let namespaces = &asked.narrow.namespaces;
    let is_wanted =
        |key: &ObjectKey| namespaces.is_empty() || namespaces.iter().any(|n| **n == *key.namespace);
    // The management cluster's own API is that of its site.
    let clusters =
        run.state.fleet.of_kind("cluster").filter(|(_, _, object)| {
            object.meta.label("cluster-role.tkg.tanzu.vmware.com/management").is_none()
        });
    query.scope.clusters = clusters
        .map(|(_, source, object)| ClusterKey { site: source.site.clone(), key: object.meta.key() })
        .filter(|cluster| is_wanted(&cluster.key))
        .collect();
    if consent {
        query.consent = run.sites();
    }
    run.send(Msg::Query(Box::new(query)));
    Ok(())
}

/// One line each on standard error.
pub(super) fn report(lacks: &[Lack]) {
    for lack in lacks {
        out::say(&lack.to_string());
    }
}

/// The exit code of an answer with these gaps.
pub(super) fn exit(lacks: &[Lack]) -> Exit {
    if lacks.is_empty() { Exit::Ok } else { Exit::Partly }
}
