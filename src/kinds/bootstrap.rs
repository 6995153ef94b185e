//! `KubeadmConfig` (bootstrap.cluster.x-k8s.io): its conditions say all the console shows.
use super::{Kind, Place, meta::Called, plain::decode_called};

pub static KIND: Kind = Kind {
    id: "bootstrap",
    kind: "KubeadmConfig",
    group: "bootstrap.cluster.x-k8s.io",
    plural: "kubeadmconfigs",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode: |version, json| decode_called(Called { group: KIND.group, version, kind: KIND.kind }, json),
};
