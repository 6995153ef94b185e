//! A row's worth of an object: what reaches the screen, a rule or a plan; never the whole object.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ObjectKey, Text,
    class::ClusterClass,
    cluster::Cluster,
    condition::{Condition, Status, worst_by},
    event::Event,
    health::Health,
    health_check::HealthCheck,
    machine::Machine,
    node::Node,
    package::{self, App, Package, Repository},
    pod::Pod,
    pool::{ControlPlane, Counts, MachineSet, Pool, Replicas, Rollout},
    release::Release,
};

/// An owner reference; `controller` marks the one that manages the object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub api_version: Text,
    pub kind: Text,
    pub name: Text,
    pub uid: Text,
    pub controller: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Meta {
    pub namespace: Text,
    pub name: Text,
    pub uid: Text,
    pub resource_version: Text,
    /// The apiVersion this row was read in; writes go back in the same one.
    pub api_version: Text,
    pub kind: Text,
    pub created: Option<Timestamp>,
    /// `deletionTimestamp`: the only honest "deleting".
    pub deleted: Option<Timestamp>,
    pub finalizers: Vec<Text>,
    pub labels: BTreeMap<Text, Text>,
    /// Only those that the console reads (`kinds::meta::kept_annotation`).
    pub annotations: BTreeMap<Text, Text>,
    pub owners: Vec<Owner>,
    pub generation: i64,
    /// `status.observedGeneration`; 0 when the kind has none.
    pub observed_generation: i64,
}

impl Meta {
    pub fn key(&self) -> ObjectKey {
        ObjectKey { namespace: self.namespace.shared(), name: self.name.shared() }
    }
    /// The controller has not seen the newest spec yet, so the status is about an older one.
    pub fn is_behind(&self) -> bool {
        self.observed_generation > 0 && self.observed_generation < self.generation
    }
    /// Equal in all but `resource_version`.
    fn same_facts(&self, other: &Self) -> bool {
        let Self {
            namespace,
            name,
            uid,
            resource_version: _,
            api_version,
            kind,
            created,
            deleted,
            finalizers,
            labels,
            annotations,
            owners,
            generation,
            observed_generation,
        } = self;
        *generation == other.generation
            && *observed_generation == other.observed_generation
            && (created, deleted) == (&other.created, &other.deleted)
            && (namespace, name, uid) == (&other.namespace, &other.name, &other.uid)
            && (api_version, kind) == (&other.api_version, &other.kind)
            && (labels, annotations) == (&other.labels, &other.annotations)
            && (finalizers, owners) == (&other.finalizers, &other.owners)
    }
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(Text::as_str)
    }
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.get(name).map(Text::as_str)
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
    MachineSet(Box<MachineSet>),
    HealthCheck(Box<HealthCheck>),
    Class(Box<ClusterClass>),
    Pod(Box<Pod>),
    Event(Box<Event>),
    Release(Box<Release>),
    Package(Box<Package>),
    App(Box<App>),
    Repository(Box<Repository>),
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
    pub fn machine_set(&self) -> Option<&MachineSet> {
        if let Facts::MachineSet(m) = &self.facts { Some(m) } else { None }
    }
    pub fn health_check(&self) -> Option<&HealthCheck> {
        if let Facts::HealthCheck(h) = &self.facts { Some(h) } else { None }
    }
    pub fn class(&self) -> Option<&ClusterClass> {
        if let Facts::Class(c) = &self.facts { Some(c) } else { None }
    }
    pub fn pod(&self) -> Option<&Pod> {
        if let Facts::Pod(p) = &self.facts { Some(p) } else { None }
    }
    pub fn event(&self) -> Option<&Event> {
        if let Facts::Event(e) = &self.facts { Some(e) } else { None }
    }
    pub fn release(&self) -> Option<&Release> {
        if let Facts::Release(r) = &self.facts { Some(r) } else { None }
    }
    pub fn package(&self) -> Option<&Package> {
        if let Facts::Package(p) = &self.facts { Some(p) } else { None }
    }
    pub fn app(&self) -> Option<&App> {
        if let Facts::App(a) = &self.facts { Some(a) } else { None }
    }
    pub fn repository(&self) -> Option<&Repository> {
        if let Facts::Repository(r) = &self.facts { Some(r) } else { None }
    }
    /// Name of the cluster that a package on the management API is for: it is owned by that Cluster.
    pub fn package_for(&self) -> Option<&str> {
        self.package()?;
        self.meta.owners.iter().find(|o| o.kind == "Cluster").map(|o| o.name.as_str())
    }
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
    /// Says the same as `other` of the same object, resource versions aside. Heartbeats and fields we do
    /// not read make such updates: nothing needs drawing, but the newer `resource_version` must be kept,
    /// since a plan pins it.
    pub fn same_facts(&self, other: &Self) -> bool {
        self.meta.same_facts(&other.meta) && self.conditions == other.conditions && self.facts == other.facts
    }
    pub fn worst_condition(&self) -> Option<&Condition> {
        worst_by(&self.conditions, |c| self.judge(c))
    }
    /// The object's own health; parts of other objects (machines of a pool) are not looked at.
    pub fn health(&self) -> Health {
        match &self.facts {
            Facts::Malformed(_) => return Health::Unknown,
            Facts::Event(event) => return if event.is_warning() { Health::Warning } else { Health::Ok },
            Facts::Pod(pod) => return pod.health(),
            Facts::Machine(machine) if !machine.failure.is_empty() || machine.phase == "Failed" => {
                return Health::Bad;
            }
            _ => {}
        }
        if let Some(state) = package::reconcile(self) {
            return state.health();
        }
        let worst = self.worst_condition().map(|c| self.judge(c));
        if self.meta.deleted.is_some() {
            return worst.map_or(Health::Progressing, |h| h.max(Health::Progressing));
        }
        if self.conditions.is_empty() {
            return Health::Unknown;
        }
        let worst =
            worst.unwrap_or(Health::Ok).max(if self.is_paused() { Health::Paused } else { Health::Ok });
        if self.meta.is_behind() { worst.max(Health::Progressing) } else { worst }
    }

    /// Controllers leave it alone (`spec.paused` or the annotation; dialect A has no condition for it).
    pub fn is_paused(&self) -> bool {
        match &self.facts {
            Facts::Cluster(c) => c.paused,
            Facts::ControlPlane(c) => c.paused,
            Facts::Pool(p) => p.paused,
            Facts::HealthCheck(h) => h.paused,
            Facts::Package(p) => p.paused,
            Facts::App(a) => a.paused,
            Facts::Repository(r) => r.paused,
            _ => self.meta.annotations.contains_key("cluster.x-k8s.io/paused"),
        }
    }

    /// Counters, of the kinds that have some.
    pub fn replicas(&self) -> Option<Replicas> {
        match &self.facts {
            Facts::ControlPlane(c) => Some(c.replicas),
            Facts::Pool(p) => Some(p.replicas),
            Facts::MachineSet(s) => Some(s.replicas),
            _ => None,
        }
    }

    /// Where a rollout stands: by the numbers, unless the server says whether machines are being
    /// replaced. New servers count a machine as up to date only some time after it was made.
    pub fn rollout(&self) -> Option<Rollout> {
        let replicas = self.replicas()?;
        // Nothing counted, no condition: nothing is known, which is not "settled at none".
        let is_held = self.is_paused() || self.meta.is_behind() || self.meta.deleted.is_some();
        if replicas.counted.is_none() && self.conditions.is_empty() && !is_held {
            return None;
        }
        let judge =
            |r: Replicas| r.rollout(self.meta.is_behind(), self.is_paused(), self.meta.deleted.is_some());
        let said = self.condition("RollingOut").map(|c| c.status);
        Some(match (judge(replicas), said) {
            (Rollout::RollingOut, Some(Status::False)) => {
                let counted = replicas.counted.map(|c| Counts { up_to_date: c.current, ..c });
                judge(Replicas { counted, ..replicas })
            }
            (by_numbers, Some(Status::True)) if !by_numbers.is_held() => Rollout::RollingOut,
            (by_numbers, _) => by_numbers,
        })
    }

    /// What a condition says about this object: `Condition::health`, and what only the object knows.
    pub fn judge(&self, condition: &Condition) -> Health {
        let health = condition.health();
        if health <= Health::Progressing {
            return health;
        }
        if self.meta.deleted.is_some() && !is_about_deletion(condition) {
            return Health::Progressing;
        }
        match &self.facts {
            Facts::Node(_) if condition.kind == "Ready" => Health::Bad,
            Facts::ControlPlane(c) if c.initialized && condition.kind == "Available" => Health::Bad,
            _ if self.is_being_made() && condition.severity.is_none() => match condition.status {
                Status::Unknown => Health::Progressing,
                _ if condition.is_bare() => Health::Progressing,
                _ => health,
            },
            _ => health,
        }
    }

    /// Has never worked yet: until then "not ready" is what to expect.
    fn is_being_made(&self) -> bool {
        match &self.facts {
            Facts::Machine(machine) => machine.node.is_empty(),
            Facts::ControlPlane(control_plane) => !control_plane.initialized,
            Facts::Cluster(_) => {
                self.condition("ControlPlaneInitialized").is_none_or(|c| c.status != Status::True)
            }
            _ => false,
        }
    }
}

/// On its way out an object loses its parts, so only what hinders the way counts.
fn is_about_deletion(condition: &Condition) -> bool {
    matches!(
        condition.kind.as_str(),
        "Deleting" | "DrainingSucceeded" | "VolumeDetachSucceeded" | "DeleteFailed"
    ) || condition.short_reason() == "DeletionFailed"
}

#[cfg(test)]
mod tests;
