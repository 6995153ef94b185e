//! What a server serves: aggregated discovery where it is offered, the plain calls where it is not or where it
//! leaves gaps. One broken group costs that group only.
use futures::StreamExt as _;
use http::header::ACCEPT;
use kube::Client;
use serde::Deserialize;

use super::error::problem;
use crate::domain::Problem;
use crate::domain::site::{Discovery, ServedKind};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
     application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
/// Plain discovery needs one call for each group version; this many at a time.
const AT_ONCE: usize = 8;

/// Any of the three lists that `/api` and `/apis` may answer with.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Root {
    kind: String,
    /// `APIGroupDiscoveryList`.
    items: Vec<AggregatedGroup>,
    /// `APIGroupList`.
    groups: Vec<PlainGroup>,
    /// `APIVersions`.
    versions: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AggregatedGroup {
    metadata: GroupMeta,
    versions: Vec<AggregatedVersion>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GroupMeta {
    name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AggregatedVersion {
    version: String,
    freshness: String,
    resources: Option<Vec<AggregatedResource>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct AggregatedResource {
    resource: String,
    response_kind: ResponseKind,
    scope: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ResponseKind {
    kind: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlainGroup {
    name: String,
    versions: Vec<PlainVersion>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlainVersion {
    version: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlainResources {
    resources: Option<Vec<PlainResource>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlainResource {
    name: String,
    kind: String,
    namespaced: bool,
}

/// Asks what is served. Fails only when nothing at all can be learnt.
pub async fn discover(client: &Client) -> Result<Discovery, Problem> {
    let (core, groups) = tokio::join!(root(client, "/api"), root(client, "/apis"));
    let mut discovery = Discovery { kinds: Vec::new(), aggregated: true };
    let mut gaps: Vec<(String, String)> = Vec::new();
    match (core, groups) {
        (Err(_), Err(problem)) => return Err(problem),
        (core, groups) => {
            for root in [core, groups].into_iter().flatten() {
                root.take(&mut discovery, &mut gaps);
            }
        }
    }
    let mut answers = futures::stream::iter(gaps)
        .map(|(group, version)| async move {
            let found = resources(client, &group, &version).await;
            (group, version, found)
        })
        // In order, so that the same server always gives the same list.
        .buffered(AT_ONCE);
    while let Some((group, version, found)) = answers.next().await {
        discovery.kinds.extend(found.unwrap_or_else(|| vec![unreadable(group, version)]));
    }
    Ok(discovery)
}

async fn root(client: &Client, path: &str) -> Result<Root, Problem> {
    let request = http::Request::get(path).header(ACCEPT, AGGREGATED).body(Vec::new());
    let request = request.map_err(|e| problem("discovery", &kube::Error::HttpError(e)))?;
    client.request(request).await.map_err(|e| problem("discovery", &e))
}

impl Root {
    /// Adds what the list says, and notes the group versions that have to be asked one by one.
    fn take(self, discovery: &mut Discovery, gaps: &mut Vec<(String, String)>) {
        if self.kind != "APIGroupDiscoveryList" {
            discovery.aggregated = false;
            gaps.extend(self.versions.into_iter().map(|version| (String::new(), version)));
            for group in self.groups {
                gaps.extend(group.versions.into_iter().map(|v| (group.name.clone(), v.version)));
            }
            return;
        }
        for group in self.items {
            let name = group.metadata.name.unwrap_or_default();
            for version in group.versions {
                let resources = version.resources.unwrap_or_default();
                if resources.is_empty() {
                    gaps.push((name.clone(), version.version));
                    continue;
                }
                let stale = version.freshness == "Stale";
                discovery.kinds.extend(resources.into_iter().map(|resource| ServedKind {
                    group: name.clone(),
                    version: version.version.clone(),
                    kind: resource.response_kind.kind,
                    plural: resource.resource,
                    namespaced: resource.scope == "Namespaced",
                    stale,
                }));
            }
        }
    }
}

/// The kinds of one group version; `None` when they cannot be had.
async fn resources(client: &Client, group: &str, version: &str) -> Option<Vec<ServedKind>> {
    let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    let request = http::Request::get(&path).body(Vec::new()).ok()?;
    let list: PlainResources = match client.request(request).await {
        Ok(list) => list,
        Err(error) => {
            tracing::debug!(%path, %error, "this part of discovery is missing");
            return None;
        }
    };
    let own = list.resources.unwrap_or_default().into_iter().filter(|r| !r.name.contains('/'));
    Some(
        own.map(|resource| ServedKind {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: resource.kind,
            plural: resource.name,
            namespaced: resource.namespaced,
            stale: false,
        })
        .collect(),
    )
}

/// Stands for the unknown kinds of a group that is registered but does not answer: stale, not absent.
fn unreadable(group: String, version: String) -> ServedKind {
    ServedKind { group, version, stale: true, ..ServedKind::default() }
}
