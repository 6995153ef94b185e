//! What the webhooks of Cluster API refuse, in their words: rules for a store, none of which writes.
//!
//! What real webhooks check beyond this (naming templates, health check bounds, kubeadm fields, compatibility of
//! classes) is accepted here.
mod class;
mod cluster;
mod machine;
mod plane;
mod variables;

use serde_json::Value;

use super::store::{Api, Cause, Operation, Refusal, Resource, Verb, resource};
use crate::domain::version::Version;

/// Adds the rules of Cluster API to a server.
pub fn cluster_api(api: &Api) {
    api.admit(Box::new(|operation| {
        if operation.subresource == "status" {
            return Ok(());
        }
        let of = |resource: &Resource| operation.resource.is(resource);
        let (webhook, wrong) = if of(&resource::CLUSTERS) {
            return cluster::check(operation);
        } else if of(&resource::CLUSTER_CLASSES) {
            return class::check(operation);
        } else if of(&resource::KUBEADM_CONTROL_PLANES) {
            return plane::check(operation);
        } else if of(&resource::MACHINE_DEPLOYMENTS) {
            ("validation.machinedeployment.cluster.x-k8s.io", machine::deployment(operation))
        } else if of(&resource::MACHINES) {
            ("validation.machine.cluster.x-k8s.io", machine::machine(operation))
        } else {
            return Ok(());
        };
        refuse(webhook, operation, &wrong)
    }));
}

/// Refuses where anything is wrong, as the API server passes on what a webhook says.
fn refuse(webhook: &str, operation: &Operation<'_>, wrong: &[Cause]) -> Result<(), Refusal> {
    if wrong.is_empty() {
        return Ok(());
    }
    let name = operation.new["metadata"]["name"].as_str().unwrap_or_default();
    let mut refusal = Refusal::invalid(operation.resource, name, wrong);
    refusal.message = format!("admission webhook \"{webhook}\" denied the request: {}", refusal.message);
    Err(refusal)
}

fn invalid(field: impl Into<String>, value: &Value, why: impl std::fmt::Display) -> Cause {
    Cause {
        reason: "FieldValueInvalid",
        field: field.into(),
        message: format!("Invalid value: {value}: {why}"),
    }
}

fn forbidden(field: impl Into<String>, why: impl std::fmt::Display) -> Cause {
    Cause { reason: "FieldValueForbidden", field: field.into(), message: format!("Forbidden: {why}") }
}

fn required(field: impl Into<String>, why: impl std::fmt::Display) -> Cause {
    Cause { reason: "FieldValueRequired", field: field.into(), message: format!("Required value: {why}") }
}

/// What is not a label value cannot be a name either, since names become labels.
fn name(object: &Value, words: &str, wrong: &mut Vec<Cause>) {
    const LONGEST: usize = 63;
    let name = &object["metadata"]["name"];
    if name.as_str().is_some_and(|n| n.len() > LONGEST) {
        wrong.push(invalid("metadata.name", name, format!("{words} must be no more than {LONGEST} bytes")));
    }
}

/// A version without its `v` gets one, as the webhooks do it before they look.
fn with_v(object: &mut Value, at: &str) {
    if let Some(Value::String(text)) = object.pointer_mut(at)
        && !text.is_empty()
        && !text.starts_with('v')
    {
        text.insert(0, 'v');
    }
}

/// A version must have three numbers.
fn version(field: &str, value: &Value, words: &str, wrong: &mut Vec<Cause>) {
    let Some(text) = value.as_str().filter(|t| !t.is_empty()) else { return };
    let numbers = text.trim_start_matches('v').split(['+', '-']).next().unwrap_or_default();
    if Version::parse(text).is_none() || numbers.split('.').count() != 3 {
        wrong.push(invalid(field, value, words));
    }
}

/// The cluster that something belongs to stays.
fn same_cluster(operation: &Operation<'_>, wrong: &mut Vec<Cause>) {
    if let (Verb::Update, Some(old)) = (operation.verb, operation.old)
        && old["spec"]["clusterName"] != operation.new["spec"]["clusterName"]
    {
        wrong.push(forbidden("spec.clusterName", "field is immutable"));
    }
}

#[cfg(test)]
mod tests;
