//! How the fake server takes patches: preconditions first, then what is stored.
use serde_json::{Value, json};

use super::server::{Asked, status};

/// The object as it would be stored, or the server's refusal.
pub fn patched(object: &Value, asked: &Asked) -> Result<Value, Value> {
    let mut after = object.clone();
    match asked.content_type.as_str() {
        "application/json-patch+json" => {
            let patch: json_patch::Patch = serde_json::from_value(asked.body.clone()).unwrap();
            json_patch::patch(&mut after, &patch)
                .map_err(|e| status(422, "Invalid", &format!("the server rejected our request: {e}")))?;
        }
        "application/merge-patch+json" => json_patch::merge(&mut after, &asked.body),
        other => return Err(status(415, "UnsupportedMediaType", other)),
    }
    for field in ["uid", "resourceVersion"] {
        if after["metadata"][field] != object["metadata"][field] {
            let words = "the object has been modified; please apply your changes to the latest version";
            return Err(status(409, "Conflict", words));
        }
    }
    if after["spec"] != object["spec"] {
        let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
        after["metadata"]["generation"] = json!(generation + 1);
        // What a defaulting webhook does.
        after["spec"]["defaulted"] = json!(true);
    }
    Ok(after)
}
