//! Decoders against objects written after the published shapes, in each dialect, and against rubbish.
use serde_json::{Value, json};

use super::*;
use crate::domain::{Health, Status};

mod capi;
mod core;
mod hostile;
mod samples;

fn read(id: &str, version: &str, value: &Value) -> Object {
    let kind = find(id).unwrap();
    let object = (kind.decode)(version, &value.to_string()).unwrap();
    assert!(!matches!(object.facts, Facts::Malformed(_)));
    object
}

#[test]
fn the_registry_is_consistent() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert!(!kind.versions.is_empty(), "{}", kind.id);
        assert!(KINDS[..at].iter().all(|other| other.id != kind.id), "{} twice", kind.id);
        let empty = (kind.decode)(kind.versions[0], "{}").unwrap();
        assert_eq!(empty.meta.kind, kind.kind);
        let group = if kind.group.is_empty() { String::new() } else { format!("{}/", kind.group) };
        assert_eq!(empty.meta.api_version.as_str(), format!("{group}{}", kind.versions[0]));
    }
}

#[test]
fn metadata_keeps_what_is_used_and_drops_the_rest() {
    let object = read(
        "machine",
        "v1beta1",
        &json!({
            "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Machine",
            "metadata": {
                "namespace": "fleet", "name": "m-1", "uid": "u", "resourceVersion": "77", "generation": 4,
                "creationTimestamp": "2025-03-01T10:00:00Z", "deletionTimestamp": "2025-03-02T10:00:00.5Z",
                "finalizers": ["machine.cluster.x-k8s.io"],
                "labels": {"cluster.x-k8s.io/cluster-name": "c", "odd": null},
                "annotations": {
                    "kubectl.kubernetes.io/last-applied-configuration": "{}",
                    "cluster.x-k8s.io/delete-machine": "",
                    "cluster.x-k8s.io/cloned-from-name": "tpl"
                },
                "ownerReferences": [{"apiVersion": "a/v1", "kind": "MachineSet", "name": "s", "uid": "o", "controller": true}],
                "managedFields": [{"manager": "x", "fieldsV1": {"f:spec": {}}}]
            },
            "status": {"observedGeneration": 3}
        }),
    );
    let meta = &object.meta;
    assert_eq!(meta.key().to_string(), "fleet/m-1");
    assert_eq!(meta.created.unwrap().to_string(), "2025-03-01T10:00:00Z");
    assert_eq!(meta.deleted.unwrap().to_string(), "2025-03-02T10:00:00.5Z");
    assert_eq!(meta.cluster_name(), Some("c"));
    assert_eq!(meta.label("odd"), Some(""));
    assert_eq!(meta.annotations.len(), 2);
    assert_eq!(meta.owners[0].kind, "MachineSet");
    assert!(meta.owners[0].controller);
    assert!(meta.is_behind());
    assert_eq!(object.health(), Health::Progressing);
}

#[test]
fn kept_annotations_are_found_by_name() {
    for name in ["TKGVERSION", "tkg/plan", "clustername", "cluster.x-k8s.io/paused"] {
        assert!(is_kept_annotation(name), "{name}");
    }
    assert!(is_kept_annotation("topology.cluster.x-k8s.io/hold-upgrade-sequence"));
    assert!(!is_kept_annotation("kubectl.kubernetes.io/last-applied-configuration"));
}

#[test]
fn the_list_of_kept_annotations_is_sorted_for_the_search() {
    assert!(meta::KEPT.is_sorted());
}
