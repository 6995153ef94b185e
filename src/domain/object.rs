//! A row's worth of an object: what reaches the screen, a rule or a plan; never the whole object.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ObjectKey,
    cluster::Cluster,
    condition::{Condition, worst},
    health::Health,
    machine::Machine,
    node::Node,
    pool::{ControlPlane, Pool},
};

/// An owner reference; `controller` marks the one that manages the object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub api_version: String,
    pub kind: String,
    pub name: String,
    pub uid: String,
    pub controller: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Meta {
    pub namespace: String,
    pub name: String,
    pub uid: String,
    pub resource_version: String,
    /// The apiVersion this row was read in; writes go back in the same one.
    pub api_version: String,
    pub kind: String,
    pub created: Option<Timestamp>,
    /// `deletionTimestamp`: the only honest "deleting".
    pub deleted: Option<Timestamp>,
    pub finalizers: Vec<String>,
    pub labels: BTreeMap<String, String>,
    /// Only those that the console reads (`kinds::meta::kept_annotation`).
    pub annotations: BTreeMap<String, String>,
    pub owners: Vec<Owner>,
    pub generation: i64,
    /// `status.observedGeneration`; 0 when the kind has none.
    pub observed_generation: i64,
}

impl Meta {
    pub fn key(&self) -> ObjectKey {
        ObjectKey::new(&self.namespace, &self.name)
    }
    /// The controller has not seen the newest spec yet, so the status is about an older one.
    pub fn is_behind(&self) -> bool {
        self.observed_generation > 0 && self.observed_generation < self.generation
    }
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
    }
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.get(name).map(String::as_str)
    }
    /// Name of the Cluster an object of Cluster API belongs to (label of the contract).
    pub fn cluster_name(&self) -> Option<&str> {
        self.label("cluster.x-k8s.io/cluster-name")
    }
}

/// What is particular to a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Facts {
    Cluster(Box<Cluster>),
    ControlPlane(Box<ControlPlane>),
    Pool(Box<Pool>),
    Machine(Box<Machine>),
    Node(Box<Node>),
    /// Conditions and metadata say all we show.
    Plain,
    /// The object could not be read; the row says why and the others are unaffected.
    Malformed(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub meta: Meta,
    pub conditions: Vec<Condition>,
    pub facts: Facts,
}

impl Object {
    pub fn cluster(&self) -> Option<&Cluster> {
        if let Facts::Cluster(c) = &self.facts { Some(c) } else { None }
    }
    pub fn control_plane(&self) -> Option<&ControlPlane> {
        if let Facts::ControlPlane(c) = &self.facts { Some(c) } else { None }
    }
    pub fn pool(&self) -> Option<&Pool> {
        if let Facts::Pool(p) = &self.facts { Some(p) } else { None }
    }
    pub fn machine(&self) -> Option<&Machine> {
        if let Facts::Machine(m) = &self.facts { Some(m) } else { None }
    }
    pub fn node(&self) -> Option<&Node> {
        if let Facts::Node(n) = &self.facts { Some(n) } else { None }
    }
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
    pub fn worst_condition(&self) -> Option<&Condition> {
        worst(&self.conditions)
    }
    /// The object's own health; parts of other objects (machines of a pool) are not looked at.
    pub fn health(&self) -> Health {
        if matches!(self.facts, Facts::Malformed(_)) {
            return Health::Unknown;
        }
        if self.meta.deleted.is_some() {
            return self
                .worst_condition()
                .map_or(Health::Progressing, |c| c.health().max(Health::Progressing));
        }
        if self.conditions.is_empty() {
            return Health::Unknown;
        }
        let worst = self.worst_condition().map_or(Health::Ok, Condition::health);
        if self.meta.is_behind() { worst.max(Health::Progressing) } else { worst }
    }
}
