//! `MachineHealthCheck` (cluster.x-k8s.io).
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::{Conditions, Newer, is_true},
    lax::{Int, Labels, List, Part, Word},
    meta::{Called, Raw},
};
use crate::domain::{Facts, Object, health_check::HealthCheck};

pub static KIND: Kind = Kind {
    id: "health-check",
    kind: "MachineHealthCheck",
    group: "cluster.x-k8s.io",
    plural: "machinehealthchecks",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    cluster_name: Word,
    selector: Part<Selector>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Selector {
    match_labels: Labels,
    match_expressions: List<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    expected_machines: Int,
    current_healthy: Int,
    remediations_allowed: Int,
    conditions: Conditions,
    v1beta2: Part<Newer>,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let status = raw.status.0;
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let conditions = status.conditions.or_newer(status.v1beta2.0.conditions);
    let selector = raw.spec.0.selector.0;
    let check = HealthCheck {
        cluster: raw.spec.0.cluster_name.0,
        selector: selector.match_labels.0.into_iter().collect(),
        selects_by_more: !selector.match_expressions.0.is_empty(),
        expected: status.expected_machines.0.unwrap_or(0),
        healthy: status.current_healthy.0.unwrap_or(0),
        allowed: status.remediations_allowed.0,
        paused: meta.annotation("cluster.x-k8s.io/paused").is_some() || is_true(&conditions, "Paused"),
    };
    Ok(Object { meta, conditions, facts: Facts::HealthCheck(Box::new(check)) })
}
