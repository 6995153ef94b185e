//! Conditions in the three dialects of Cluster API (kube-apis §1): the v1beta2 ones where the object
//! has them, under `status.v1beta2` in a v1beta1 object, else the v1beta1 ones with their severity.
use serde::{Deserialize, Deserializer};

use super::{
    lax::{Int, List, Part, Scalar, Time, Word, reads_any_scalar},
    meta::exact,
};
use crate::domain::{Condition, Status, condition::Severity};

#[derive(Default, Clone, Copy)]
struct RawStatus(Status);

impl Scalar for RawStatus {
    fn text(text: &str) -> Self {
        Self(match text {
            "True" => Status::True,
            "False" => Status::False,
            _ => Status::Unknown,
        })
    }
    fn boolean(flag: bool) -> Self {
        Self(if flag { Status::True } else { Status::False })
    }
}

#[derive(Default, Clone, Copy)]
struct RawSeverity(Option<Severity>);

impl Scalar for RawSeverity {
    fn text(text: &str) -> Self {
        Self(match text {
            "Error" => Some(Severity::Error),
            "Warning" => Some(Severity::Warning),
            "Info" => Some(Severity::Info),
            _ => None,
        })
    }
}

reads_any_scalar!(RawStatus, RawSeverity);

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawCondition {
    #[serde(rename = "type")]
    kind: Word,
    status: RawStatus,
    severity: RawSeverity,
    reason: Word,
    message: Word,
    last_transition_time: Time,
}

/// `status.conditions` of any object.
#[derive(Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Conditions(List<Part<RawCondition>>);

impl Conditions {
    fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }

    /// The conditions of a row; one without a type says nothing.
    pub(super) fn finish(self) -> Vec<Condition> {
        let conditions = self
            .0
            .0
            .into_iter()
            .map(|Part(raw)| Condition {
                kind: raw.kind.0,
                status: raw.status.0,
                severity: raw.severity.0,
                reason: raw.reason.0,
                message: raw.message.0,
                since: raw.last_transition_time.0,
            })
            .filter(|c| !c.kind.is_empty())
            .collect();
        exact(conditions)
    }

    /// These, unless the object has newer ones beside them.
    pub(super) fn or_newer(self, newer: Self) -> Vec<Condition> {
        if newer.is_empty() { self.finish() } else { newer.finish() }
    }
}

/// Counters of `status.controlPlane` and `status.workers`.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawCounts {
    pub desired_replicas: Int,
    pub replicas: Int,
    pub ready_replicas: Int,
    pub available_replicas: Int,
    pub up_to_date_replicas: Int,
}

/// `status.v1beta2` of a v1beta1 object (Cluster API 1.9 and later): the newer conditions and counters.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Newer {
    pub conditions: Conditions,
    pub ready_replicas: Int,
    pub available_replicas: Int,
    pub up_to_date_replicas: Int,
    pub control_plane: Part<RawCounts>,
    pub workers: Part<RawCounts>,
}

/// Whether a condition is there and true.
pub(super) fn is_true(conditions: &[Condition], kind: &str) -> bool {
    conditions.iter().any(|c| c.kind == kind && c.status == Status::True)
}
