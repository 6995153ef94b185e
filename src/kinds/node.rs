//! `Node` (core/v1) of a workload cluster. Heartbeats are not read, so they make no news.
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::Conditions,
    lax::{Amount, Cpu, Flag, Int, List, Own, Part, Time, Word},
    machine::{Address, best_address},
    meta::{Called, Raw},
    words::word,
};
use crate::domain::{
    Facts, Meta, Object, Text,
    node::{Node, Resources},
};

pub static KIND: Kind = Kind {
    id: "node",
    kind: "Node",
    group: "",
    plural: "nodes",
    versions: &["v1"],
    place: Place::Workload,
    in_tree: true,
    decode,
};

/// Kubernetes marks a cordoned node with it.
const CORDON_TAINT: &str = "node.kubernetes.io/unschedulable";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Spec {
    unschedulable: Flag,
    taints: List<Part<Taint>>,
    #[serde(rename = "providerID")]
    provider_id: Own,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Taint {
    key: Word,
    value: Word,
    effect: Word,
    time_added: Time,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    addresses: List<Part<Address>>,
    capacity: Part<RawResources>,
    allocatable: Part<RawResources>,
    node_info: Part<NodeInfo>,
    conditions: Conditions,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct NodeInfo {
    kubelet_version: Word,
    os_image: Word,
    container_runtime_version: Word,
}

/// A resource list, as far as a node's room is concerned.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawResources {
    cpu: Cpu,
    memory: Amount,
    pods: Amount,
}

impl From<Part<RawResources>> for Resources {
    fn from(Part(raw): Part<RawResources>) -> Self {
        Self { cpu: raw.cpu.0, memory: raw.memory.0, pods: raw.pods.0 }
    }
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, Int(None));
    let taints = &spec.taints.0;
    let info = status.node_info.0;
    let node = Node {
        roles: roles(&meta),
        cordoned: spec.unschedulable.0,
        taints: taints.iter().map(|Part(taint)| taint_text(taint)).collect(),
        kubelet: info.kubelet_version.0,
        os_image: info.os_image.0,
        runtime: info.container_runtime_version.0,
        provider_id: spec.provider_id.0,
        address: best_address(status.addresses),
        capacity: status.capacity.into(),
        allocatable: status.allocatable.into(),
        requested: None,
        unschedulable_since: taints
            .iter()
            .find_map(|Part(t)| if t.key.0 == CORDON_TAINT { t.time_added.0 } else { None }),
    };
    Ok(Object { meta, conditions: status.conditions.finish(), facts: Facts::Node(Box::new(node)) })
}

/// Roles from the label prefix, or from the older single label.
fn roles(meta: &Meta) -> Vec<Text> {
    let mut roles: Vec<Text> = meta
        .labels
        .iter()
        .filter_map(|(name, value)| match name.strip_prefix("node-role.kubernetes.io/") {
            Some(role) => Some(role),
            None => (name == "kubernetes.io/role").then_some(value.as_str()),
        })
        .filter(|role| !role.is_empty())
        .map(word)
        .collect();
    roles.sort();
    roles.dedup();
    roles
}

fn taint_text(taint: &Taint) -> Text {
    let (key, value, effect) = (&taint.key.0, &taint.value.0, &taint.effect.0);
    if value.is_empty() { word(&format!("{key}:{effect}")) } else { word(&format!("{key}={value}:{effect}")) }
}
