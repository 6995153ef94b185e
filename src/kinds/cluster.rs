//! `Cluster` (cluster.x-k8s.io), both spellings, with and without a topology.
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::{Conditions, Newer, RawCounts, is_true},
    lax::{Annotations, Flag, Int, List, Part, Word},
    meta::{Called, Raw, RawLink, first},
};
use crate::domain::{
    Facts, Object, Text,
    cluster::{Cluster, Counts, TopologyPool},
};

pub static KIND: Kind = Kind {
    id: "cluster",
    kind: "Cluster",
    group: "cluster.x-k8s.io",
    plural: "clusters",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    paused: Flag,
    topology: Part<Topology>,
    control_plane_endpoint: Part<Endpoint>,
    infrastructure_ref: Part<RawLink>,
    control_plane_ref: Part<RawLink>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Topology {
    class: Word,
    class_namespace: Word,
    class_ref: Part<ClassRef>,
    version: Word,
    control_plane: Part<TopologyControlPlane>,
    workers: Part<Workers>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ClassRef {
    name: Word,
    namespace: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TopologyControlPlane {
    replicas: Int,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Workers {
    machine_deployments: List<Part<RawPool>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawPool {
    name: Word,
    class: Word,
    replicas: Int,
    metadata: Part<PoolMeta>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PoolMeta {
    annotations: Annotations,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Endpoint {
    host: Word,
    port: Int,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    phase: Word,
    infrastructure_ready: Flag,
    control_plane_ready: Flag,
    initialization: Part<Initialization>,
    control_plane: Part<RawCounts>,
    workers: Part<RawCounts>,
    conditions: Conditions,
    v1beta2: Part<Newer>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Initialization {
    infrastructure_provisioned: Flag,
    control_plane_initialized: Flag,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let newer = status.v1beta2.0;
    let conditions = status.conditions.or_newer(newer.conditions);
    let topology = spec.topology.0;
    let class = topology.class_ref.0;
    let begun = status.initialization.0;
    let cluster = Cluster {
        phase: status.phase.0,
        class: first(class.name, topology.class),
        class_namespace: first(class.namespace, topology.class_namespace),
        version: topology.version.0,
        paused: spec.paused.0
            || meta.annotation("cluster.x-k8s.io/paused").is_some()
            || is_true(&conditions, "Paused"),
        control_plane_replicas: topology.control_plane.0.replicas.0,
        pools: topology.workers.0.machine_deployments.0.into_iter().map(TopologyPool::from).collect(),
        infrastructure: spec.infrastructure_ref.into(),
        control_plane: spec.control_plane_ref.into(),
        infrastructure_ready: status.infrastructure_ready.0 || begun.infrastructure_provisioned.0,
        control_plane_ready: status.control_plane_ready.0 || begun.control_plane_initialized.0,
        endpoint: endpoint(&spec.control_plane_endpoint.0),
        control_plane_counts: counts(&status.control_plane.0).or_else(|| counts(&newer.control_plane.0)),
        worker_counts: counts(&status.workers.0).or_else(|| counts(&newer.workers.0)),
    };
    Ok(Object { meta, conditions, facts: Facts::Cluster(Box::new(cluster)) })
}

impl From<Part<RawPool>> for TopologyPool {
    fn from(Part(raw): Part<RawPool>) -> Self {
        Self {
            name: raw.name.0,
            class: raw.class.0,
            replicas: raw.replicas.0,
            annotations: raw.metadata.0.annotations.0.into_iter().collect(),
        }
    }
}

fn endpoint(raw: &Endpoint) -> Text {
    let host = raw.host.0.as_str();
    match raw.port.0 {
        _ if host.is_empty() => Text::default(),
        None | Some(0) => host.into(),
        Some(port) if host.contains(':') => format!("[{host}]:{port}").into(),
        Some(port) => format!("{host}:{port}").into(),
    }
}

fn counts(raw: &RawCounts) -> Option<Counts> {
    let counts = Counts {
        desired: raw.desired_replicas.0,
        replicas: raw.replicas.0,
        ready: raw.ready_replicas.0,
        available: raw.available_replicas.0,
        up_to_date: raw.up_to_date_replicas.0,
    };
    (counts != Counts::default()).then_some(counts)
}
