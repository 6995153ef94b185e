//! Any kind known from discovery only (infrastructure of a provider): metadata and conditions.
use serde::Deserialize;

use super::{
    conditions::{Conditions, Newer},
    lax::{Int, Part},
    meta::{Called, Raw},
};
use crate::domain::{Facts, Object};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Nothing {}

/// A status of which only the conditions are read.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    conditions: Conditions,
    v1beta2: Part<Newer>,
}

/// Makes a row of an object of any kind; its JSON says which.
pub fn decode_plain(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    decode_called(Called { group: "", version, kind: "" }, json)
}

pub(super) fn decode_called(called: Called<'_>, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Nothing, Status> = serde_json::from_str(json)?;
    let status = raw.status.0;
    Ok(Object {
        meta: raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation),
        conditions: status.conditions.or_newer(status.v1beta2.0.conditions),
        facts: Facts::Plain,
    })
}
