//! Cluster (cluster.x-k8s.io).
use super::{Kind, Place};

pub static KIND: Kind = Kind {
    id: "cluster",
    kind: "Cluster",
    group: "cluster.x-k8s.io",
    plural: "clusters",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode: |_, json| serde_json::from_str(json),
};
