//! Plans: what an action would do, as data. Shown, dry-run, audited and carried out, all from this.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Problem, ResourceRef};

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
    pub resource_version: String,
    /// `metadata.generation`, which counts changes of the spec; 0 when the kind has none.
    pub generation: i64,
}

impl Pin {
    /// The same object in the same spec.
    pub fn same_spec(&self, other: &Self) -> bool {
        self.uid == other.uid
            && self.generation == other.generation
            && (self.generation > 0 || self.resource_version == other.resource_version)
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
}

impl Step {
    pub fn address(&self) -> &Address {
        match self {
            Step::JsonPatch { at, .. } | Step::MergePatch { at, .. } => at,
        }
    }
    pub fn pin(&self) -> &Pin {
        match self {
            Step::JsonPatch { pin, .. } | Step::MergePatch { pin, .. } => pin,
        }
    }
    /// Asks for the same, of the same object in the same spec.
    fn same(&self, other: &Self) -> bool {
        self.address() == other.address() && self.pin().same_spec(other.pin()) && self.body() == other.body()
    }
    /// The patch itself.
    pub fn body(&self) -> &Value {
        match self {
            Step::JsonPatch { operations: body, .. } | Step::MergePatch { body, .. } => body,
        }
    }
}

/// When the work of the engine counts as done. Judged by objects, never by answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "goal", rename_all = "kebab-case")]
pub enum Goal {
    /// The pool has this many machines, all of them Running with a node, and none more.
    PoolSize { pool: ResourceRef, replicas: i64 },
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
}

/// Values of an action's form by input id.
pub type Inputs = std::collections::BTreeMap<String, String>;

/// Why an action cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The input that is wrong, if it is one.
    pub input: Option<String>,
    pub why: String,
}

impl Refusal {
    pub fn new(why: impl Into<String>) -> Self {
        Self { input: None, why: why.into() }
    }
    pub fn of(input: &str, why: impl Into<String>) -> Self {
        Self { input: Some(input.to_owned()), why: why.into() }
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
    /// Whether making the plan again came to the same.
    pub fn same(&self, other: &Self) -> bool {
        self.steps.len() == other.steps.len() && self.steps.iter().zip(&other.steps).all(|(a, b)| a.same(b))
    }
}
