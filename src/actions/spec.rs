//! What an action declares about itself: where it applies, how dangerous it is, what it asks.
use serde::{Deserialize, Serialize};

use crate::{domain::ResourceRef, domain::site::Protection, state::State};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    ReadOnly,
    Reversible,
    Disruptive,
    Destructive,
}

/// A right that is asked for with a `SelfSubjectAccessReview`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    pub verb: &'static str,
    pub group: &'static str,
    pub resource: &'static str,
}

/// How an action is called without a screen: `tko scale pool NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// One or two words.
    pub words: &'static [&'static str],
    /// What its argument names.
    pub noun: Noun,
}

/// What an operator names on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Cluster,
    Pool,
    Machine,
    Node,
}

impl Noun {
    pub fn word(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Pool => "pool",
            Self::Machine => "machine",
            Self::Node => "node",
        }
    }
    /// The pane whose rows these are, which is also the kind of object with an `s`.
    pub fn pane(self) -> &'static str {
        match self {
            Self::Cluster => "clusters",
            Self::Pool => "pools",
            Self::Machine => "machines",
            Self::Node => "nodes",
        }
    }
}

/// What the operator must do to say yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// One deliberate key on a screen that shows everything.
    Accept,
    /// The name, typed.
    Type(String),
}

/// What is asked of the operator for a danger on a site of this protection.
pub fn confirmation(danger: Danger, protection: Protection, target: &ResourceRef) -> Confirmation {
    let typed =
        danger >= Danger::Destructive || (danger >= Danger::Disruptive && protection == Protection::High);
    if typed { Confirmation::Type(target.key.name.to_string()) } else { Confirmation::Accept }
}

/// How an action stands for the current selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    Ready,
    /// It fits, but may not or cannot now: shown grey with the reason.
    Greyed(String),
    /// It does not apply to such a thing: not shown.
    NotHere,
}

/// Protection of the site a target is on.
pub fn protection(state: &State, target: &ResourceRef) -> Protection {
    state.sites.get(&target.source.site).map(|s| s.spec.protection).unwrap_or_default()
}
