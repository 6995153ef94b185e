//! Kinds of Carvel's kapp-controller, read into small rows: what a table, a card and a rule need, never the
//! manifests, schemas or whole outputs.
pub(super) mod app;
pub(super) mod install;
mod message;
pub(super) mod repository;

#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::{
    conditions::Conditions,
    lax::{Int, List, Part, Time, Word},
};
use message::Message;

/// One stage of a reconcile, as an App and a repository write it.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawStage {
    exit_code: Int,
    error: Message,
    stderr: Message,
    stdout: Message,
    started_at: Time,
    updated_at: Time,
    /// Only of a deploy.
    kapp: Part<Kapp>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Kapp {
    associated_resources: Part<Associated>,
}

/// What kapp deployed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Associated {
    label: Word,
    namespaces: List<Word>,
}

/// The error of an object: its own useful message, else what its condition says.
fn error_of(useful: Message, conditions: &[crate::domain::Condition]) -> crate::domain::Text {
    if !useful.line.is_empty() {
        return useful.line;
    }
    let failed = conditions.iter().find(|c| c.kind.ends_with("Failed"));
    failed.map(|c| message::first_line(&c.message)).unwrap_or_default()
}

/// The conditions with their messages cut to what says something: an error text may be megabytes.
fn brief(conditions: Conditions) -> Vec<crate::domain::Condition> {
    let mut conditions = conditions.finish();
    for condition in &mut conditions {
        if condition.message.len() > message::LONGEST {
            condition.message = message::first_line(&condition.message);
        }
    }
    conditions
}
