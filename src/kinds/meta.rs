//! Metadata as every kind has it: managedFields and last-applied are never read, annotations only
//! where the console uses them, labels kept.
use serde::Deserialize;

use super::{
    lax::{Annotations, Flag, Int, Labels, List, Own, Part, Time, Word},
    words::word,
};
use crate::domain::{Meta, Text, cluster::ObjectLink, object::Owner};

/// Annotations that reach a row.
pub(super) const KEPT: &[&str] = &[
    "TKGOperationInfo",
    "TKGOperationLastObservedTimestamp",
    "TKGVERSION",
    "cluster.x-k8s.io/cloned-from-groupkind",
    "cluster.x-k8s.io/cloned-from-name",
    "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size",
    "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size",
    "cluster.x-k8s.io/cluster-name",
    "cluster.x-k8s.io/cluster-namespace",
    "cluster.x-k8s.io/delete-machine",
    "cluster.x-k8s.io/machine",
    "cluster.x-k8s.io/paused",
    "cluster.x-k8s.io/remediate-machine",
    "cluster.x-k8s.io/skip-remediation",
    "clustername",
    "machine.cluster.x-k8s.io/certificates-expiry",
    "machinedeployment.clusters.x-k8s.io/revision",
    "packaging.carvel.dev/package",
    "tkg.tanzu.vmware.com/tanzu-package",
    "tkg/plan",
    "topology.cluster.x-k8s.io/defer-upgrade",
    "topology.cluster.x-k8s.io/hold-upgrade-sequence",
];

/// Whether an annotation is one the console reads.
pub fn is_kept_annotation(name: &str) -> bool {
    KEPT.binary_search(&name).is_ok() || name.starts_with("topology.cluster.x-k8s.io/hold-upgrade-sequence")
}

/// One object of the API: metadata, and a projection of `spec` and `status`.
#[derive(Deserialize, Default)]
#[serde(
    default,
    rename_all = "camelCase",
    bound(deserialize = "S: Deserialize<'de> + Default, T: Deserialize<'de> + Default")
)]
pub(super) struct Raw<S, T> {
    pub api_version: Word,
    pub kind: Word,
    pub metadata: Part<RawMeta>,
    pub spec: Part<S>,
    pub status: Part<T>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawMeta {
    namespace: Word,
    name: Word,
    uid: Own,
    resource_version: Own,
    creation_timestamp: Time,
    deletion_timestamp: Time,
    finalizers: List<Word>,
    labels: Labels,
    annotations: Annotations,
    owner_references: List<Part<RawOwner>>,
    generation: Int,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawOwner {
    api_version: Word,
    kind: Word,
    name: Word,
    uid: Word,
    controller: Flag,
}

impl From<Part<RawOwner>> for Owner {
    fn from(Part(raw): Part<RawOwner>) -> Self {
        Self {
            api_version: raw.api_version.0,
            kind: raw.kind.0,
            name: raw.name.0,
            uid: raw.uid.0,
            controller: raw.controller.0,
        }
    }
}

/// What an object is called when its JSON does not say (items of a typed list).
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub group: &'a str,
    pub version: &'a str,
    pub kind: &'a str,
}

impl Called<'_> {
    fn api_version(self) -> Text {
        if self.group.is_empty() {
            word(self.version)
        } else {
            word(&format!("{}/{}", self.group, self.version))
        }
    }
}

impl RawMeta {
    /// Without labels and annotations, for kinds of which there are many and whose rows need neither.
    pub(super) fn unlabelled(self) -> Self {
        Self { labels: Labels::default(), annotations: Annotations::default(), ..self }
    }

    /// Completes the metadata of a row.
    pub(super) fn finish(self, api_version: Word, kind: Word, called: Called<'_>, observed: Int) -> Meta {
        Meta {
            namespace: self.namespace.0,
            name: self.name.0,
            uid: self.uid.0,
            resource_version: self.resource_version.0,
            api_version: if api_version.0.is_empty() { called.api_version() } else { api_version.0 },
            kind: if kind.0.is_empty() { word(called.kind) } else { kind.0 },
            created: self.creation_timestamp.0,
            deleted: self.deletion_timestamp.0,
            finalizers: exact(self.finalizers.0.into_iter().map(|f| f.0).collect()),
            labels: self.labels.0,
            annotations: self.annotations.0,
            owners: exact(self.owner_references.0.into_iter().map(Owner::from).collect()),
            generation: self.generation.0.unwrap_or(0),
            observed_generation: observed.0.unwrap_or(0),
        }
    }
}

/// A reference to an object of the same namespace: v1beta1 names an apiVersion, v1beta2 a group.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawLink {
    api_group: Word,
    api_version: Word,
    kind: Word,
    name: Word,
}

impl From<Part<RawLink>> for ObjectLink {
    fn from(Part(raw): Part<RawLink>) -> Self {
        let group = match raw.api_version.0.split_once('/') {
            Some((group, _)) if raw.api_group.0.is_empty() => word(group),
            _ => raw.api_group.0,
        };
        Self { group, kind: raw.kind.0, name: raw.name.0 }
    }
}

/// Metadata alone, for an object whose rest cannot be read.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Bare {
    api_version: Word,
    kind: Word,
    metadata: Part<RawMeta>,
}

/// As much of the metadata as can be saved from an object that did not decode.
pub(super) fn salvage(json: &str, called: Called<'_>) -> Meta {
    let bare: Bare = serde_json::from_str(json).unwrap_or_default();
    bare.metadata.0.finish(bare.api_version, bare.kind, called, Int(None))
}

/// Without spare room: rows are kept for long and hardly change.
pub(super) fn exact<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}

/// The first that is not empty.
pub(super) fn first(a: Word, b: Word) -> Text {
    if a.0.is_empty() { b.0 } else { a.0 }
}
