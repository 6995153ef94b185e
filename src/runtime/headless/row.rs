//! A row as JSON, in the shape that the README promises to scripts. Pure.
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::{
    domain::{Home, Object, Source, site::Connection},
    panes::{Pane, Rows},
    state::{Row, Site, State},
    text::{Newlines, clean},
};

/// Columns that change with the clock alone.
const BY_THE_CLOCK: &[&str] = &["age", "since", "tried", "expiry", "latency"];

/// The row with every column of its pane, wide ones too.
pub(super) fn json(state: &State, pane: &Pane, row: Row<'_>) -> Value {
    let mut fields = match row {
        Row::Object { source, object } => object_fields(source, object),
        Row::Site(site) => site_fields(site),
        Row::Job(_) | Row::Notice(_) => Map::new(),
    };
    let columns: Map<String, Value> = pane
        .columns
        .iter()
        .map(|c| (c.id.to_owned(), (c.cell)(state, row).text.into_owned().into()))
        .collect();
    fields.insert("columns".to_owned(), Value::Object(columns));
    fields.insert("health".to_owned(), health(state, pane, row).into());
    Value::Object(fields)
}

/// The row's health, as the pane sees it: a cluster is no better than its control plane and pools.
fn health(state: &State, pane: &Pane, row: Row<'_>) -> &'static str {
    match (pane.rows, row) {
        (Rows::Management(["cluster"]), Row::Object { source, object }) => {
            crate::panes::cluster_health(state, source, object).word()
        }
        (_, Row::Site(site)) => crate::panes::site_health(state, site).word(),
        _ => row.health().word(),
    }
}

fn object_fields(source: &Source, object: &Object) -> Map<String, Value> {
    let meta = &object.meta;
    let cluster = match &source.home {
        Home::Management => meta.cluster_name().map(str::to_owned),
        Home::Workload(key) => Some(key.to_string()),
    };
    let value = json!({
        "site": source.site,
        "cluster": cluster,
        "namespace": &*meta.namespace,
        "name": &*meta.name,
        "kind": &*meta.kind,
        "apiVersion": &*meta.api_version,
        "uid": &*meta.uid,
        "resourceVersion": &*meta.resource_version,
        "created": meta.created,
        "deleted": meta.deleted,
        "labels": meta.labels,
        "conditions": object.conditions,
        "facts": facts(object),
    });
    into_map(value)
}

/// What is particular to the kind, without the name of the kind around it.
fn facts(object: &Object) -> Value {
    match serde_json::to_value(&object.facts) {
        Ok(Value::Object(tagged)) => tagged.into_iter().next().map_or(Value::Null, |(tag, inner)| {
            if tag == "malformed" { json!({ "malformed": inner }) } else { camel(inner) }
        }),
        _ => json!({}),
    }
}

fn site_fields(site: &Site) -> Map<String, Value> {
    let greeting = site.greeting.as_ref();
    let (connection, problem) = match &site.connection {
        Connection::Idle | Connection::Connecting => ("connecting", None),
        Connection::Live { .. } => ("live", None),
        Connection::Failing { problem, .. } => ("failing", Some(problem)),
    };
    into_map(json!({
        "site": site.spec.id,
        "name": site.spec.id,
        "kind": "Site",
        "conditions": [],
        "facts": {
            "server": site.spec.server,
            "context": site.spec.context,
            "tags": site.spec.tags,
            "protection": site.spec.protection,
            "connection": connection,
            "problem": problem.map(|p| camel(serde_json::to_value(p).unwrap_or_default())),
            "version": greeting.map(|g| &g.version),
            "identity": greeting.map(|g| &g.identity),
            "groups": greeting.map(|g| &g.groups),
            "latencyMs": greeting.map(|g| g.latency_ms),
            "clockSkewSeconds": greeting.map(|g| g.clock_skew_s),
        },
    }))
}

fn into_map(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

/// Field names of ours in the manner of Kubernetes: `providerId`.
fn camel(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(|(k, v)| (camel_name(&k), camel(v))).collect(),
        Value::Array(items) => items.into_iter().map(camel).collect(),
        other => other,
    }
}

fn camel_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for c in name.chars() {
        if c == '_' {
            raise = true;
        } else {
            out.push(if std::mem::take(&mut raise) { c.to_ascii_uppercase() } else { c });
        }
    }
    out
}

/// The row without what the clock changes: two that are equal tell the operator the same.
pub(super) fn steady(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.remove("resourceVersion");
        if let Some(columns) = fields.get_mut("columns").and_then(Value::as_object_mut) {
            columns.retain(|id, _| !BY_THE_CLOCK.contains(&&**id));
        }
        if let Some(facts) = fields.get_mut("facts").and_then(Value::as_object_mut) {
            facts.remove("latencyMs");
        }
    }
    row
}

/// JSON text that no terminal acts on: what JSON itself leaves unescaped is escaped too, without a loss.
pub(super) fn harmless(json: String) -> String {
    if matches!(clean(&json, Newlines::Keep), std::borrow::Cow::Borrowed(_)) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        let mut buffer = [0; 4];
        // Line breaks outside strings are layout; inside them JSON has escaped them already.
        if c == '\n' || clean(c.encode_utf8(&mut buffer), Newlines::Keep) == *c.encode_utf8(&mut [0; 4]) {
            out.push(c);
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Facts, SiteId, machine::Machine, object::Meta};

    #[test]
    fn names_are_written_as_kubernetes_writes_them() {
        assert_eq!(
            camel(json!({"provider_id": [{"a_b_c": 1}], "x": "a_b"})),
            json!({"providerId": [{"aBC": 1}], "x": "a_b"})
        );
    }

    #[test]
    fn nothing_a_terminal_acts_on_is_printed_and_nothing_is_lost() {
        let value = json!({ "a": "x\u{9b}31m\u{202e}\u{7f}\n\u{1b}é" });
        let text = harmless(serde_json::to_string_pretty(&value).unwrap());
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{text:?}");
        assert!(text.contains('é'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(harmless("{\n}".into()), "{\n}");
    }

    #[test]
    fn a_machine_has_the_promised_fields() {
        let object = Object {
            meta: Meta {
                namespace: "ns".into(),
                name: "m".into(),
                kind: "Machine".into(),
                api_version: "cluster.x-k8s.io/v1beta1".into(),
                resource_version: "7".into(),
                ..Meta::default()
            },
            conditions: vec![],
            facts: Facts::Machine(Box::new(Machine { provider_id: "p://1".into(), ..Machine::default() })),
        };
        let source = Source::management(&SiteId::new("a"), "machine");
        let pane = crate::panes::find("machines").unwrap();
        let row = json(&State::default(), pane, Row::Object { source: &source, object: &object });
        for field in [
            "site",
            "namespace",
            "name",
            "kind",
            "apiVersion",
            "uid",
            "resourceVersion",
            "columns",
            "health",
            "conditions",
            "facts",
        ] {
            assert!(row.get(field).is_some(), "{field}");
        }
        assert_eq!(row["facts"]["providerId"], "p://1");
        assert_eq!(row["columns"]["provider-id"], "p://1");
        let mut later = row.clone();
        later["resourceVersion"] = "8".into();
        later["columns"]["age"] = "9d".into();
        assert_eq!(steady(row.clone()), steady(later.clone()));
        later["columns"]["phase"] = "Failed".into();
        assert_ne!(steady(row), steady(later));
    }
}
