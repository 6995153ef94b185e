//! The Secrets that lead into workload clusters.
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    condition::stamp,
    words::{CONTROL, Here},
};

/// `NAME-kubeconfig` with that kubeconfig in it.
pub fn kubeconfig(here: Here<'_>, file: &str) -> Value {
    let name = format!("{}-kubeconfig", here.cluster.name);
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "cluster.x-k8s.io/secret",
        "metadata": {
            "name": name, "namespace": &*here.cluster.namespace, "uid": here.uid("Secret", &name),
            "creationTimestamp": stamp(here.cluster.created), "labels": here.labels(&[]),
            "ownerReferences": here.owner(CONTROL, "KubeadmControlPlane", &here.cluster.plane.name),
        },
        "data": {"value": STANDARD.encode(file)},
    })
}
