//! `KubeadmControlPlane` (controlplane.cluster.x-k8s.io).
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::is_true,
    lax::{Int, Part, Time, Word},
    meta::{Called, Raw},
    pool::Rollout,
    replicas::ReplicaStatus,
    words::word,
};
use crate::domain::{Facts, Meta, Object, Text, pool::ControlPlane};

pub static KIND: Kind = Kind {
    id: "control-plane",
    kind: "KubeadmControlPlane",
    group: "controlplane.cluster.x-k8s.io",
    plural: "kubeadmcontrolplanes",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    replicas: Int,
    version: Word,
    rollout_after: Time,
    rollout: Part<Rollout>,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, ReplicaStatus> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let (replicas, _) = status.numbers(spec.replicas);
    let conditions = status.conditions.or_newer(status.v1beta2.0.conditions);
    let control_plane = ControlPlane {
        cluster: cluster_of(&meta),
        replicas,
        version: spec.version.0,
        running_version: status.version.0,
        initialized: status.initialized.0 || status.initialization.0.control_plane_initialized.0,
        paused: meta.annotation("cluster.x-k8s.io/paused").is_some() || is_true(&conditions, "Paused"),
        rollout_after: spec.rollout.0.after.0.or(spec.rollout_after.0),
    };
    Ok(Object { meta, conditions, facts: Facts::ControlPlane(Box::new(control_plane)) })
}

/// The label of the contract, else the owning Cluster.
fn cluster_of(meta: &Meta) -> Text {
    let owner = || meta.owners.iter().find(|o| o.kind == "Cluster").map(|o| o.name.clone());
    meta.cluster_name().map(word).or_else(owner).unwrap_or_default()
}
