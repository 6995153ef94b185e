//! `MachineSet` (cluster.x-k8s.io): one generation of a pool.
use serde::Deserialize;

use super::{
    Kind, Place,
    lax::{Int, Part, Word},
    meta::{Called, Raw},
    pool::Template,
    replicas::ReplicaStatus,
    words::word,
};
use crate::domain::{Facts, Object, pool::MachineSet};

pub static KIND: Kind = Kind {
    id: "machine-set",
    kind: "MachineSet",
    group: "cluster.x-k8s.io",
    plural: "machinesets",
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
    template: Part<Template>,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, ReplicaStatus> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let (mut replicas, up_to_date) = status.numbers(spec.replicas);
    if let (Some(counted), None) = (&mut replicas.counted, up_to_date) {
        // v1beta1 sets do not count them: a set's machines are as new as the set itself.
        counted.up_to_date = counted.current;
    }
    let set = MachineSet {
        cluster: spec.cluster_name.0,
        replicas,
        version: spec.template.0.spec.0.version.0,
        revision: meta
            .annotation("machinedeployment.clusters.x-k8s.io/revision")
            .map(word)
            .unwrap_or_default(),
    };
    let conditions = status.conditions.or_newer(status.v1beta2.0.conditions);
    Ok(Object { meta, conditions, facts: Facts::MachineSet(Box::new(set)) })
}
