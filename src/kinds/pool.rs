//! `MachineDeployment` (cluster.x-k8s.io): a node pool.
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::is_true,
    lax::{Flag, Int, Part, Time, Word},
    meta::{Called, Raw, RawLink},
    replicas::ReplicaStatus,
    words::word,
};
use crate::domain::{Facts, Object, pool::Pool};

pub static KIND: Kind = Kind {
    id: "pool",
    kind: "MachineDeployment",
    group: "cluster.x-k8s.io",
    plural: "machinedeployments",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    cluster_name: Word,
    replicas: Int,
    paused: Flag,
    template: Part<Template>,
    rollout_after: Time,
    rollout: Part<Rollout>,
}

/// `rolloutAfter` as v1beta2 spells it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Rollout {
    pub after: Time,
}

/// The machine template of a deployment or a set.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Template {
    pub spec: Part<TemplateSpec>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TemplateSpec {
    pub version: Word,
    pub failure_domain: Word,
    pub infrastructure_ref: Part<RawLink>,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, ReplicaStatus> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let (replicas, _) = status.numbers(spec.replicas);
    let conditions = status.conditions.or_newer(status.v1beta2.0.conditions);
    let template = spec.template.0.spec.0;
    let pool = Pool {
        cluster: spec.cluster_name.0,
        topology_name: meta.label("topology.cluster.x-k8s.io/deployment-name").map(word).unwrap_or_default(),
        replicas,
        version: template.version.0,
        failure_domain: template.failure_domain.0,
        phase: status.phase.0,
        paused: spec.paused.0
            || meta.annotation("cluster.x-k8s.io/paused").is_some()
            || is_true(&conditions, "Paused"),
        infrastructure: template.infrastructure_ref.into(),
        rollout_after: spec.rollout.0.after.0.or(spec.rollout_after.0),
    };
    Ok(Object { meta, conditions, facts: Facts::Pool(Box::new(pool)) })
}
