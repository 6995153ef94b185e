//! `ClusterClass` (cluster.x-k8s.io): names only, schemas are fetched when a form needs them.
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::{Conditions, Newer},
    lax::{Int, List, Part, Word},
    meta::{Called, Raw},
};
use crate::domain::{Facts, Object, Text, class::ClusterClass};

pub static KIND: Kind = Kind {
    id: "cluster-class",
    kind: "ClusterClass",
    group: "cluster.x-k8s.io",
    plural: "clusterclasses",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: false,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    workers: Part<Workers>,
    variables: List<Part<Named>>,
    kubernetes_versions: List<Word>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Workers {
    machine_deployments: List<Part<WorkerClass>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WorkerClass {
    class: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named {
    name: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    variables: List<Part<Named>>,
    conditions: Conditions,
    v1beta2: Part<Newer>,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let reconciled = names(status.variables);
    let class = ClusterClass {
        // The status also has those of external patches, but only once they were discovered.
        variables: if reconciled.is_empty() { names(spec.variables) } else { reconciled },
        worker_classes: spec.workers.0.machine_deployments.0.into_iter().map(|Part(w)| w.class.0).collect(),
        kubernetes_versions: spec.kubernetes_versions.0.into_iter().map(|v| v.0).collect(),
    };
    Ok(Object {
        meta: raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation),
        conditions: status.conditions.or_newer(status.v1beta2.0.conditions),
        facts: Facts::Class(Box::new(class)),
    })
}

fn names(list: List<Part<Named>>) -> Vec<Text> {
    list.0.into_iter().map(|Part(named)| named.name.0).collect()
}
