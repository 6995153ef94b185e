//! Plans: what an action would do, as data. Shown, dry-run, audited and carried out, all from this.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Object, Problem, ResourceRef};

/// A plan being carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

/// Tells an answer to a dry run from one to an older question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanToken(pub u64);

/// The path of an object on its API server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    pub target: ResourceRef,
    pub group: String,
    pub version: String,
    pub plural: String,
    pub kind: String,
}

/// What a write insists on: the very object, in the very spec that the plan was made from. A status
/// that moved on meanwhile is no reason to refuse; another generation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    pub uid: String,
    /// Empty where any version of the object will do: kinds without a generation whose status never rests.
    pub resource_version: String,
    /// `metadata.generation`, which counts changes of the spec; 0 when the kind has none.
    pub generation: i64,
}

impl Pin {
    /// The object as it is known here, in its spec.
    pub fn of(object: &Object) -> Self {
        Self {
            uid: object.meta.uid.to_string(),
            resource_version: object.meta.resource_version.to_string(),
            generation: object.meta.generation,
        }
    }
    /// The object, whatever has been changed of it.
    pub fn by_uid(object: &Object) -> Self {
        Self { uid: object.meta.uid.to_string(), resource_version: String::new(), generation: 0 }
    }
    /// The same object in the same spec.
    pub fn same_spec(&self, other: &Self) -> bool {
        let any = self.resource_version.is_empty() && self.generation == 0;
        let same = self.generation == other.generation
            && (self.generation > 0 || self.resource_version == other.resource_version);
        self.uid == other.uid && (any || same)
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// RFC 6902 operations; the executor adds the pin.
    JsonPatch { at: Address, pin: Pin, operations: Value },
    /// RFC 7386 merge patch; the executor adds the pin.
    MergePatch { at: Address, pin: Pin, body: Value },
    /// A new object; one of that name that is there already is never touched.
    Create { at: Address, body: Value },
    /// What the object owns goes after it, in the background.
    Delete { at: Address, pin: Pin },
}

impl Step {
    pub fn address(&self) -> &Address {
        match self {
            Step::JsonPatch { at, .. }
            | Step::MergePatch { at, .. }
            | Step::Create { at, .. }
            | Step::Delete { at, .. } => at,
        }
    }
    /// What must be there as it was; nothing for an object that is to be made.
    pub fn pin(&self) -> Option<&Pin> {
        match self {
            Step::JsonPatch { pin, .. } | Step::MergePatch { pin, .. } | Step::Delete { pin, .. } => {
                Some(pin)
            }
            Step::Create { .. } => None,
        }
    }
    /// The patch itself, or the new object.
    pub fn body(&self) -> Option<&Value> {
        match self {
            Step::JsonPatch { operations: body, .. }
            | Step::MergePatch { body, .. }
            | Step::Create { body, .. } => Some(body),
            Step::Delete { .. } => None,
        }
    }
    /// What it does to its object.
    pub fn verb(&self) -> &'static str {
        match self {
            Step::JsonPatch { .. } | Step::MergePatch { .. } => "changes",
            Step::Create { .. } => "makes",
            Step::Delete { .. } => "deletes",
        }
    }
    /// Asks for the same, of the same object in the same spec.
    fn same(&self, other: &Self) -> bool {
        let pinned = match (self.pin(), other.pin()) {
            (Some(a), Some(b)) => a.same_spec(b),
            (a, b) => a == b,
        };
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.address() == other.address()
            && pinned
            && self.body() == other.body()
    }
}

/// When the work of the engine counts as done. Judged by objects, never by answers (`triage::progress`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "goal", rename_all = "kebab-case")]
pub enum Goal {
    /// The pool has this many machines, all of them Running with a node, and none more.
    PoolSize { pool: ResourceRef, replicas: i64 },
    /// The same of a control plane.
    PlaneSize { plane: ResourceRef, replicas: i64 },
    /// Every machine of the cluster is of this version and runs: the control plane first, then each pool.
    Version { cluster: ResourceRef, version: String },
    /// Every machine of the pool or control plane was made after this moment, and runs.
    RolledOut { owner: ResourceRef, after: Timestamp },
    /// This very machine is gone, and its pool or control plane is whole again.
    Replaced { machine: ResourceRef, uid: String, owner: ResourceRef },
    /// The controllers stand still, or work again.
    Paused { cluster: ResourceRef, paused: bool },
    /// The topology's new pool is there with this many machines.
    PoolMade { cluster: ResourceRef, name: String, replicas: i64 },
    /// This very object is gone, and with it what it owned.
    Gone { target: ResourceRef, uid: String },
    /// The node takes new pods, or none.
    Cordoned { node: ResourceRef, cordoned: bool },
    /// Nothing to follow.
    Immediate,
}

/// Something the operator must know before saying yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequence {
    /// Worth a second look: drawn as a warning.
    pub warning: bool,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Id of the action, as in the keymap: `pool.scale`.
    pub action: String,
    pub title: String,
    /// What the operator pointed at.
    pub target: ResourceRef,
    pub summary: String,
    pub steps: Vec<Step>,
    /// Blast radius in words.
    pub consequences: Vec<Consequence>,
    pub goal: Goal,
    /// The same by hand, for trust and as a way out.
    pub equivalent: String,
    /// What the form held, so that the plan can be made again.
    pub inputs: Inputs,
    /// The way back, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
}

/// The action that takes a plan back, as a plan of its own with all that it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub action: String,
    pub target: ResourceRef,
    pub inputs: Inputs,
}

/// Values of an action's form by input id.
pub type Inputs = std::collections::BTreeMap<String, String>;

/// Why an action cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The input that is wrong, if it is one.
    pub input: Option<String>,
    pub why: String,
    /// It is so already: there is nothing to do, which is no failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

impl Refusal {
    pub fn new(why: impl Into<String>) -> Self {
        Self { input: None, why: why.into(), settled: false }
    }
    pub fn of(input: &str, why: impl Into<String>) -> Self {
        Self { input: Some(input.to_owned()), ..Self::new(why) }
    }
    /// What is asked for is so already.
    pub fn settled(why: impl Into<String>) -> Self {
        Self { settled: true, ..Self::new(why) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Problem::new(crate::domain::ProblemKind::Policy, refusal.why)
    }
}

/// One field that the server would store differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Dotted path: `spec.topology.workers.machineDeployments[md-0].replicas`.
    pub path: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// The plan asked for it; the others are the server's defaults and webhooks.
    pub asked: bool,
}

/// What a server-side dry run answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DryRunReport {
    pub at: Timestamp,
    pub changes: Vec<FieldChange>,
    /// `Warning` headers of the answer.
    pub warnings: Vec<String>,
    /// resourceVersion of the object the dry run was made against.
    pub resource_version: String,
}

impl Plan {
    /// What a dry run of it tells, before the list of it.
    pub fn promise(&self) -> &'static str {
        let deletes = !self.steps.is_empty() && self.steps.iter().all(|s| matches!(s, Step::Delete { .. }));
        if deletes { "the server would delete:" } else { "the server would store:" }
    }

    /// Whether making the plan again came to the same.
    pub fn same(&self, other: &Self) -> bool {
        self.steps.len() == other.steps.len() && self.steps.iter().zip(&other.steps).all(|(a, b)| a.same(b))
    }
}
