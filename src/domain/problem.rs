//! What went wrong, in words an operator can act on. Every error of a backend becomes one.
use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of failure it is: decides the hint and whether trying again makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// 401, or an exec plugin that failed: who we are is not accepted.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404 of one object.
    NotFound,
    /// The API group or kind is not served here.
    Absent,
    /// 409.
    Conflict,
    /// 410: the server no longer knows that resourceVersion.
    Expired,
    /// 422, 400, or a webhook that said no.
    Refused,
    /// 429.
    Throttled,
    /// 5xx.
    Server,
    /// Connection refused, reset, timed out.
    Unreachable,
    Dns,
    Tls,
    /// The answer was not what the API promises.
    Malformed,
    /// A file of ours or of the operator: config, kubeconfig, theme, keymap, audit log.
    File,
    /// Something we refuse ourselves: read-only, a rule, a precondition.
    Policy,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// One line: what did not work, in the server's own words where there are any.
    pub summary: String,
    /// More of the same, possibly many lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What the operator can do about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// HTTP status, where one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Seconds the server asked us to wait (Retry-After).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    pub fn new(kind: ProblemKind, summary: impl Into<String>) -> Self {
        Self {
            kind,
            summary: summary.into(),
            detail: String::new(),
            hint: String::new(),
            code: None,
            retry_after: None,
        }
    }
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
    #[must_use]
    pub fn code(mut self, code: u16) -> Self {
        self.code = Some(code);
        self
    }
    /// Asking again later, unchanged, may work.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            ProblemKind::Throttled
                | ProblemKind::Server
                | ProblemKind::Unreachable
                | ProblemKind::Dns
                | ProblemKind::Expired
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

impl std::error::Error for Problem {}
