//! `Machine` (cluster.x-k8s.io).
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::{Conditions, Newer},
    lax::{Int, List, Own, Part, Time, Word},
    meta::{Called, Raw, RawLink, first},
    words::word,
};
use crate::domain::{Condition, Facts, Meta, Object, Status as Truth, Text, machine::Machine};

pub static KIND: Kind = Kind {
    id: "machine",
    kind: "Machine",
    group: "cluster.x-k8s.io",
    plural: "machines",
    versions: &["v1beta2", "v1beta1"],
    place: Place::Management,
    in_tree: true,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    cluster_name: Word,
    version: Word,
    #[serde(rename = "providerID")]
    provider_id: Own,
    failure_domain: Word,
    infrastructure_ref: Part<RawLink>,
    bootstrap: Part<Bootstrap>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Bootstrap {
    config_ref: Part<RawLink>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    phase: Word,
    node_ref: Part<NodeRef>,
    failure_domain: Word,
    addresses: List<Part<Address>>,
    failure_reason: Word,
    failure_message: Own,
    certificates_expiry_date: Time,
    conditions: Conditions,
    v1beta2: Part<Newer>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NodeRef {
    name: Word,
}

/// An address of a machine or a node.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Address {
    #[serde(rename = "type")]
    kind: Word,
    address: Own,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let conditions = status.conditions.or_newer(status.v1beta2.0.conditions);
    let machine = Machine {
        cluster: spec.cluster_name.0,
        phase: status.phase.0,
        version: spec.version.0,
        node: status.node_ref.0.name.0,
        provider_id: spec.provider_id.0,
        failure_domain: first(status.failure_domain, spec.failure_domain),
        address: best_address(status.addresses),
        control_plane: meta.label("cluster.x-k8s.io/control-plane").is_some(),
        infrastructure: spec.infrastructure_ref.into(),
        bootstrap: spec.bootstrap.0.config_ref.into(),
        failure: failure(&status.failure_reason.0, &status.failure_message.0),
        certificates_expiry: status.certificates_expiry_date.0.or_else(|| annotated_expiry(&meta)),
        remediation: word(remediation(&meta, &conditions)),
    };
    Ok(Object { meta, conditions, facts: Facts::Machine(Box::new(machine)) })
}

/// The internal address, else the external one, else the first.
pub(super) fn best_address(addresses: List<Part<Address>>) -> Text {
    let rank = |Part(a): &Part<Address>| match a.kind.0.as_str() {
        "InternalIP" => 0,
        "ExternalIP" => 1,
        _ => 2,
    };
    addresses.0.into_iter().min_by_key(rank).map(|Part(a)| a.address.0).unwrap_or_default()
}

fn failure(reason: &Text, message: &Text) -> Text {
    match (reason.is_empty(), message.is_empty()) {
        (false, false) => format!("{reason}: {message}").into(),
        (_, true) => reason.clone(),
        (true, false) => message.clone(),
    }
}

fn annotated_expiry(meta: &Meta) -> Option<jiff::Timestamp> {
    meta.annotation("machine.cluster.x-k8s.io/certificates-expiry")?.parse().ok()
}

/// What remediation is doing, in one word: the owner's answer first, then who asked for it.
fn remediation(meta: &Meta, conditions: &[Condition]) -> &'static str {
    let find = |kind: &str| conditions.iter().find(|c| c.kind == kind);
    if let Some(owner) = find("OwnerRemediated") {
        return match owner.short_reason() {
            _ if owner.status == Truth::True => "replacing",
            "RemediationInProgress" | "MachineDeleting" => "replacing",
            "RemediationDeferred" => "deferred",
            "CannotBeRemediated" | "RemediationFailed" | "InternalError" => "failed",
            _ => "waiting",
        };
    }
    let external = ["ExternallyRemediated", "ExternalRemediationRequestAvailable"].into_iter().find_map(find);
    if let Some(external) = external {
        let refused = matches!(
            external.short_reason(),
            "RemediationTemplateNotFound"
                | "RemediationRequestCreationFailed"
                | "ExternalRemediationRequestCreationFailed"
        );
        return if refused { "failed" } else { "external" };
    }
    if find("ExternalRemediationTemplateAvailable").is_some_and(|c| c.status == Truth::False) {
        return "failed";
    }
    if find("HealthCheckSucceeded").is_some_and(|c| c.status == Truth::False) {
        return "unhealthy";
    }
    if meta.annotation("cluster.x-k8s.io/remediate-machine").is_some() { "requested" } else { "" }
}
