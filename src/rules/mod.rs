//! Rules: what a site built after its design would show, checked against what is known. A rule is data and a pure
//! function; one file each, one line in [`RULES`]. No rule guesses: what was not read is unknown, what does not apply
//! is said so, and neither is ever a pass.
mod order;
mod placement;
mod registry;
mod repository;
mod subject;

mod core;
mod failing;
mod fluent_bit;
mod harbor;
mod ingress;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::Object;

pub use subject::{Claim, Daemon, Exposed, Known, Offer, Profile, Role, Served, Subject, of, subjects};

/// How much it matters when a rule fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information.
    Info,
    /// Drift from the design.
    Warning,
    /// An outage, an unsupported state or a risk for data.
    Critical,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Fail,
    /// Something that the rule looks at could not be read, or is not settled yet.
    Unknown,
    Pass,
    /// The subject has nothing that the rule is about.
    NotApplicable,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Pass => "pass",
            Self::NotApplicable => "n/a",
        }
    }
}

/// What a verdict rests on: a field of an object, and what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// `Kind namespace/name`.
    pub object: String,
    pub field: &'static str,
    pub value: String,
    /// When that was so, where the object tells.
    pub at: Option<Timestamp>,
}

impl Evidence {
    /// A field of an object that is read whole.
    pub fn of(object: &Object, field: &'static str, value: impl Into<String>) -> Self {
        Self {
            object: format!("{} {}", object.meta.kind, object.meta.key()),
            field,
            value: value.into(),
            at: None,
        }
    }
}

/// The result of one rule on one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub verdict: Verdict,
    /// One sentence: what is wrong, what is not known, or why it does not apply.
    pub words: String,
    pub evidence: Vec<Evidence>,
}

impl Outcome {
    fn new(verdict: Verdict, words: impl Into<String>) -> Self {
        Self { verdict, words: words.into(), evidence: Vec::new() }
    }
    fn pass(words: impl Into<String>) -> Self {
        Self::new(Verdict::Pass, words)
    }
    fn fail(words: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, words)
    }
    fn unknown(words: impl Into<String>) -> Self {
        Self::new(Verdict::Unknown, words)
    }
    fn not_applicable(words: impl Into<String>) -> Self {
        Self::new(Verdict::NotApplicable, words)
    }
    fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }
}

/// One rule.
pub struct Rule {
    /// Ours, and never used again for another one: `PKG-04`.
    pub id: &'static str,
    pub severity: Severity,
    /// What it asserts.
    pub asserts: &'static str,
    pub check: fn(&Subject<'_>) -> Outcome,
}

/// Every rule, in the order in which results are shown.
pub static RULES: &[&Rule] = &[
    &core::RULE,
    &repository::RULE,
    &order::RULE,
    &failing::RULE,
    &placement::RULE,
    &ingress::RULE,
    &harbor::RULE,
    &fluent_bit::RULE,
    &registry::RULE,
];

/// The rule of that id, however it is written.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests;
