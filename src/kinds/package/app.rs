//! `App` (kappctrl.k14s.io): how a package is fetched, templated and deployed, stage by stage.
use serde::Deserialize;

use super::{RawStage, brief, error_of, message::Message};
use crate::{
    domain::{
        Facts, Object, Text,
        package::{App, Stage},
    },
    kinds::{
        Kind, Place,
        conditions::Conditions,
        lax::{Flag, Int, Part},
        meta::{Called, Raw, exact},
    },
};

pub static KIND: Kind = Kind {
    id: "app",
    kind: "App",
    group: "kappctrl.k14s.io",
    plural: "apps",
    versions: &["v1alpha1"],
    place: Place::Both,
    in_tree: false,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Spec {
    paused: Flag,
    canceled: Flag,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    conditions: Conditions,
    useful_error_message: Message,
    fetch: Part<RawStage>,
    template: Part<RawStage>,
    deploy: Part<RawStage>,
    consecutive_reconcile_failures: Int,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let conditions = brief(status.conditions);
    let runs = conditions.iter().any(|c| matches!(c.kind.as_str(), "Reconciling" | "Deleting"));
    let RawStage { kapp, .. } = &status.deploy.0;
    let associated = kapp.0.associated_resources.0.clone();
    let app = App {
        paused: spec.paused.0,
        cancelled: spec.canceled.0,
        error: error_of(status.useful_error_message, &conditions),
        fetch: stage(status.fetch.0, runs),
        template: stage(status.template.0, runs),
        deploy: stage(status.deploy.0, runs),
        failures: status.consecutive_reconcile_failures.0.unwrap_or(0),
        namespaces: exact(associated.namespaces.0.into_iter().map(|n| n.0).collect()),
        label: associated.label.0,
    };
    Ok(Object { meta, conditions, facts: Facts::App(Box::new(app)) })
}

/// A stage; `None` for one that was never begun. What a successful one printed is not kept.
fn stage(raw: RawStage, runs: bool) -> Option<Stage> {
    let is_begun = raw.updated_at.0.is_some() || raw.started_at.0.is_some() || raw.exit_code.0.is_some();
    if !is_begun {
        return None;
    }
    let failed = raw.exit_code.0.is_some_and(|code| code != 0);
    let error = if raw.stderr.line.is_empty() || !failed { raw.error.line } else { raw.stderr.line };
    let tail = match (failed || !error.is_empty(), runs) {
        (true, _) if !raw.stderr.tail.is_empty() => raw.stderr.tail,
        (true, _) | (_, true) => raw.stdout.tail,
        _ => Text::default(),
    };
    Some(Stage {
        exit_code: raw.exit_code.0,
        error,
        tail,
        started: raw.started_at.0,
        updated: raw.updated_at.0,
    })
}
