//! What all objects share: groups and versions, references, metadata.
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::condition::{Said, new, old, stamp};
use crate::demo::{
    fleet::{Cluster, Dialect, Infra, Site},
    seed::uid,
};

pub const CORE: &str = "cluster.x-k8s.io";
pub const CONTROL: &str = "controlplane.cluster.x-k8s.io";
pub const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";

/// The cluster that objects are written for, its site, and the present.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub site: &'a Site,
    pub cluster: &'a Cluster,
    pub now: Timestamp,
}

impl Site {
    /// Group of the infrastructure kinds.
    pub fn infra_group(&self) -> &'static str {
        match self.plan.infra {
            Infra::Supervisor => "vmware.infrastructure.cluster.x-k8s.io",
            _ => "infrastructure.cluster.x-k8s.io",
        }
    }

    /// `VSphere` or `AWS`: what the infrastructure kinds begin with.
    pub fn infra_prefix(&self) -> &'static str {
        match self.plan.infra {
            Infra::Aws => "AWS",
            _ => "VSphere",
        }
    }

    /// `v1beta1` or `v1beta2`, of the kinds of Cluster API itself.
    pub fn version_word(&self) -> &'static str {
        match self.plan.dialect {
            Dialect::Old => "v1beta1",
            Dialect::New => "v1beta2",
        }
    }
}

impl Here<'_> {
    pub fn is_old(self) -> bool {
        self.site.plan.dialect == Dialect::Old
    }

    pub fn api(self, group: &str) -> String {
        format!("{group}/{}", self.site.version_word())
    }

    /// `VSphereMachine`, `AWSCluster`…
    pub fn infra(self, part: &str) -> String {
        format!("{}{part}", self.site.infra_prefix())
    }

    pub fn uid(self, kind: &str, name: &str) -> String {
        uid(&[self.site.plan.name, kind, &self.cluster.namespace, name])
    }

    /// A reference to an object of the same namespace.
    pub fn link(self, group: &str, kind: &str, name: &str) -> Value {
        if self.is_old() {
            json!({"apiVersion": self.api(group), "kind": kind, "name": name, "namespace": &*self.cluster.namespace})
        } else {
            json!({"apiGroup": group, "kind": kind, "name": name})
        }
    }

    pub fn owner(self, group: &str, kind: &str, name: &str) -> Value {
        json!([{"apiVersion": self.api(group), "blockOwnerDeletion": true, "controller": true, "kind": kind,
                "name": name, "uid": self.uid(kind, name)}])
    }

    /// The Cluster as owner.
    pub fn owned_by_cluster(self) -> Value {
        self.owner(CORE, "Cluster", &self.cluster.name)
    }

    /// Labels that every object of the cluster has, and some more.
    pub fn labels(self, more: &[(&str, &str)]) -> Value {
        let mut labels = Map::new();
        labels.insert("cluster.x-k8s.io/cluster-name".into(), (&*self.cluster.name).into());
        if self.cluster.classy {
            labels.insert("topology.cluster.x-k8s.io/owned".into(), "".into());
        }
        labels.extend(more.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))));
        Value::Object(labels)
    }

    /// An object with the metadata that all have; labels, owners and the rest are added by the caller.
    pub fn object(self, group: &str, kind: &str, name: &str, created: Timestamp) -> Value {
        json!({
            "apiVersion": self.api(group),
            "kind": kind,
            "metadata": {
                "name": name,
                "namespace": &*self.cluster.namespace,
                "uid": self.uid(kind, name),
                "creationTimestamp": stamp(created),
                "generation": 1,
                "labels": self.labels(&[]),
            },
        })
    }

    /// Puts conditions into a status: of the site's dialect, and in the newer one the older beside them.
    pub fn conditions(self, status: &mut Value, older: &[Said], newer: &[Said]) {
        if self.is_old() {
            status["conditions"] = old(older);
        } else {
            status["conditions"] = new(newer, 1);
            status["deprecated"]["v1beta1"]["conditions"] = old(older);
        }
    }
}

/// Tells the conditions of a status which generation they are about.
pub(in crate::demo) fn observe(status: &mut Value, generation: i64) {
    status["observedGeneration"] = generation.into();
    for condition in status["conditions"].as_array_mut().into_iter().flatten() {
        if condition.get("observedGeneration").is_some() {
            condition["observedGeneration"] = generation.into();
        }
    }
}
