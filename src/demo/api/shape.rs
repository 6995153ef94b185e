//! In which shape objects are wanted: as they are, as rows of a Table, or their metadata alone.
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Call, Refusal};
use crate::demo::store::{
    Object, Resource,
    resource::{EVENTS, Form},
};

/// A shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Partial,
    Table(Include),
}

/// What of an object stands beside its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Include {
    Nothing,
    Metadata,
    Object,
}

impl Shape {
    /// The first shape that the client takes and we have.
    pub(super) fn wanted(call: &Call<'_>) -> Result<Self, Refusal> {
        let include = match call.query.get("includeObject") {
            "None" => Include::Nothing,
            "Object" => Include::Object,
            _ => Include::Metadata,
        };
        let accept = accept(&call.headers);
        for part in accept.split(',').map(str::trim) {
            let mut parameters = part.split(';').map(str::trim);
            let kind = parameters.next().unwrap_or_default();
            if !matches!(kind, "application/json" | "application/*" | "*/*" | "") {
                continue;
            }
            let version = parameters.clone().find_map(|p| p.strip_prefix("v=")).unwrap_or("v1");
            match parameters.find_map(|p| p.strip_prefix("as=")) {
                None => return Ok(Self::Plain),
                Some("Table") if matches!(version, "v1" | "v1beta1") => return Ok(Self::Table(include)),
                Some("PartialObjectMetadata" | "PartialObjectMetadataList") => return Ok(Self::Partial),
                Some(_) => {}
            }
        }
        let message = "only the following media types are accepted: application/json, \
                       application/json;as=Table;v=v1;g=meta.k8s.io, \
                       application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
        Err(Refusal::new(406, "NotAcceptable", message))
    }
}

fn accept(headers: &HeaderMap) -> String {
    let texts: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect();
    if texts.is_empty() { "*/*".to_owned() } else { texts.join(",") }
}

/// The metadata of an object, as an object of its own.
pub(super) fn partial(object: &Value) -> Value {
    json!({ "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] })
}

/// The columns of a Table.
pub(super) fn columns(resource: &Resource) -> Value {
    let column = |name: &str, form: &str, format: &str, priority: u8| json!({ "name": name, "type": form, "format": format, "description": "", "priority": priority });
    // What happened is told by what it happened to, and by when, not by a name that nobody gave.
    let aside = u8::from(resource.is(&EVENTS));
    let mut columns = vec![column("Name", "string", "name", aside)];
    for c in resource.columns {
        let form = match c.form {
            Form::Number => "integer",
            Form::Flag => "boolean",
            Form::Text | Form::Date => "string",
        };
        columns.push(column(c.name, form, "", u8::from(c.wide)));
    }
    columns.push(column("Age", "string", "", aside));
    columns.into()
}

/// The row of an object.
pub(super) fn row(resource: &Resource, object: &Object, include: Include, now: Timestamp) -> Value {
    let value = object.value();
    let mut cells: Vec<Value> = vec![value["metadata"]["name"].clone()];
    for column in resource.columns {
        let cell = column.cell(&value);
        cells.push(if column.form == Form::Date { age(&cell, now).into() } else { cell });
    }
    cells.push(age(&value["metadata"]["creationTimestamp"], now).into());
    let shown = match include {
        Include::Nothing => Value::Null,
        Include::Metadata => partial(&value),
        Include::Object => value,
    };
    json!({ "cells": cells, "object": shown })
}

/// A Table, with columns or without.
pub(super) fn table(meta: &Map<String, Value>, columns: Option<Value>, rows: &[Value]) -> Value {
    json!({
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": meta,
        "columnDefinitions": columns.unwrap_or_else(|| json!([])), "rows": rows,
    })
}

/// How long ago, in the way tables of the API say it.
fn age(at: &Value, now: Timestamp) -> String {
    let Some(at) = at.as_str().and_then(|t| t.parse::<Timestamp>().ok()) else { return "<unknown>".into() };
    let seconds = (now.as_second() - at.as_second()).max(0);
    let two = |big: i64, unit: &str, small: i64, part: &str| {
        if small == 0 { format!("{big}{unit}") } else { format!("{big}{unit}{small}{part}") }
    };
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..=119 => format!("{seconds}s"),
        120..=599 => two(minutes, "m", seconds % 60, "s"),
        600..=10_799 => format!("{minutes}m"),
        10_800..=28_799 => two(hours, "h", minutes % 60, "m"),
        28_800..=172_799 => format!("{hours}h"),
        172_800..=691_199 => two(days, "d", hours % 24, "h"),
        691_200..=63_071_999 => format!("{days}d"),
        _ => two(days / 365, "y", days % 365, "d"),
    }
}
