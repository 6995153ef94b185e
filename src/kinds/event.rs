//! Events: events.k8s.io/v1, and core/v1 for servers (and test doubles) that have only that. Both
//! are read by the same code, since a server tells the same event in both spellings.
use serde::Deserialize;

use super::{
    Kind, Place,
    lax::{Int, Own, Part, Time, Word},
    meta::{Called, RawMeta, first},
};
use crate::domain::{
    Facts, Object, Text,
    event::{Event, Regarding},
};

pub static KIND: Kind = Kind {
    id: "event",
    kind: "Event",
    group: "events.k8s.io",
    plural: "events",
    versions: &["v1"],
    place: Place::Both,
    in_tree: false,
    decode: |version, json| decode(Called { group: KIND.group, version, kind: KIND.kind }, json),
};

/// The fallback where events.k8s.io is not served.
pub static CORE: Kind = Kind {
    id: "core-event",
    kind: "Event",
    group: "",
    plural: "events",
    versions: &["v1"],
    place: Place::Both,
    in_tree: false,
    decode: |version, json| decode(Called { group: CORE.group, version, kind: CORE.kind }, json),
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawEvent {
    api_version: Word,
    kind: Word,
    metadata: Part<RawMeta>,
    #[serde(rename = "type")]
    severity: Word,
    reason: Word,
    event_time: Time,
    series: Part<Series>,
    // events.k8s.io/v1
    regarding: Part<Reference>,
    note: Own,
    reporting_controller: Word,
    deprecated_count: Int,
    deprecated_first_timestamp: Time,
    deprecated_last_timestamp: Time,
    deprecated_source: Part<Source>,
    // core/v1
    involved_object: Part<Reference>,
    message: Own,
    reporting_component: Word,
    count: Int,
    first_timestamp: Time,
    last_timestamp: Time,
    source: Part<Source>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Series {
    count: Int,
    last_observed_time: Time,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Source {
    component: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reference {
    kind: Word,
    namespace: Word,
    name: Word,
    uid: Word,
}

fn decode(called: Called<'_>, json: &str) -> Result<Object, serde_json::Error> {
    let raw: RawEvent = serde_json::from_str(json)?;
    let meta = raw.metadata.0.unlabelled().finish(raw.api_version, raw.kind, called, Int(None));
    let series = raw.series.0;
    let (new, old) = (raw.regarding.0, raw.involved_object.0);
    let reporter = Word(first(raw.reporting_controller, raw.reporting_component));
    let source = Word(first(raw.deprecated_source.0.component, raw.source.0.component));
    let event = Event {
        regarding: Regarding {
            kind: first(new.kind, old.kind),
            namespace: first(new.namespace, old.namespace),
            name: first(new.name, old.name),
            uid: first(new.uid, old.uid),
        },
        severity: raw.severity.0,
        reason: raw.reason.0,
        note: longer(raw.note.0, raw.message.0),
        reporter: first(reporter, source),
        count: series.count.0.or(raw.deprecated_count.0).or(raw.count.0).unwrap_or(1).max(1),
        last_seen: [
            series.last_observed_time,
            raw.deprecated_last_timestamp,
            raw.last_timestamp,
            raw.event_time,
            raw.deprecated_first_timestamp,
            raw.first_timestamp,
        ]
        .into_iter()
        .find_map(|time| time.0)
        .or(meta.created),
    };
    Ok(Object { meta, conditions: Vec::new(), facts: Facts::Event(Box::new(event)) })
}

fn longer(note: Text, message: Text) -> Text {
    if note.is_empty() { message } else { note }
}
