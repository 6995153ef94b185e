//! `Pod` (core/v1): where it runs and what it asks for. Labels, annotations and conditions are
//! dropped: there are many pods, and rows are not made of them.
use serde::Deserialize;

use super::{
    Kind, Place,
    lax::{Int, List, Part, Word},
    meta::{Called, Raw},
    node::RawResources,
};
use crate::domain::{Facts, Object, node::Resources, pod::Pod};

pub static KIND: Kind = Kind {
    id: "pod",
    kind: "Pod",
    group: "",
    plural: "pods",
    versions: &["v1"],
    place: Place::Workload,
    in_tree: false,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    node_name: Word,
    containers: List<Part<Container>>,
    init_containers: List<Part<Container>>,
    overhead: Part<RawResources>,
    resources: Part<Requirements>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Container {
    resources: Part<Requirements>,
    restart_policy: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Requirements {
    requests: Part<RawResources>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    phase: Word,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.unlabelled().finish(raw.api_version, raw.kind, called, Int(None));
    let node = raw.spec.0.node_name.0.clone();
    let pod = Pod { node, phase: raw.status.0.phase.0, requests: requests(raw.spec.0) };
    Ok(Object { meta, conditions: Vec::new(), facts: Facts::Pod(Box::new(pod)) })
}

/// CPU in millicores and memory in bytes.
#[derive(Default, Clone, Copy)]
struct Need {
    cpu: u64,
    memory: u64,
}

impl Need {
    fn of(raw: Part<RawResources>) -> Self {
        let resources = Resources::from(raw);
        Self { cpu: resources.cpu.unwrap_or(0), memory: resources.memory.unwrap_or(0) }
    }
    fn plus(self, other: Self) -> Self {
        Self { cpu: self.cpu.saturating_add(other.cpu), memory: self.memory.saturating_add(other.memory) }
    }
    fn max(self, other: Self) -> Self {
        Self { cpu: self.cpu.max(other.cpu), memory: self.memory.max(other.memory) }
    }
}

/// What the scheduler counts: the containers and sidecars together, or the greediest init container
/// with the sidecars started before it, whichever is more; requests of the pod itself replace that;
/// overhead is added.
fn requests(spec: Spec) -> Resources {
    let mut sidecars = Need::default();
    let mut starting = Need::default();
    for Part(container) in spec.init_containers.0 {
        let need = Need::of(container.resources.0.requests);
        if container.restart_policy.0 == "Always" {
            sidecars = sidecars.plus(need);
            starting = starting.max(sidecars);
        } else {
            starting = starting.max(sidecars.plus(need));
        }
    }
    let running = spec
        .containers
        .0
        .into_iter()
        .fold(sidecars, |sum, Part(container)| sum.plus(Need::of(container.resources.0.requests)));
    let whole = Resources::from(spec.resources.0.requests);
    let need = running.max(starting);
    let need = Need { cpu: whole.cpu.unwrap_or(need.cpu), memory: whole.memory.unwrap_or(need.memory) };
    let need = need.plus(Need::of(spec.overhead));
    Resources { cpu: Some(need.cpu), memory: Some(need.memory), pods: Some(1) }
}
