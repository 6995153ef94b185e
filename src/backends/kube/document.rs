//! Whole objects on demand: fetched as JSON, stripped of noise, secrets masked before anybody sees them.
use kube::Client;
use serde_json::{Map, Value};

use super::error;
use crate::domain::Problem;

/// The mask that stands for a secret value.
const MASK: &str = "***";

/// Gets one object as it is on the server.
pub async fn get(client: &Client, path: &str) -> Result<Value, Problem> {
    let request = http::Request::get(path).body(Vec::new()).map_err(|e| {
        Problem::new(crate::domain::ProblemKind::Malformed, format!("not a path: {path}: {e}"))
    })?;
    client.request(request).await.map_err(|e| error::problem("get the object", &e))
}

/// The object as YAML for reading: no managedFields, no last-applied, no secret values.
pub fn yaml(mut object: Value) -> Result<String, Problem> {
    strip(&mut object);
    mask(&mut object);
    serde_saphyr::to_string(&object).map_err(|e| {
        Problem::new(
            crate::domain::ProblemKind::Malformed,
            format!("the object cannot be written as YAML: {e}"),
        )
    })
}

/// Takes away what nobody reads.
pub fn strip(object: &mut Value) {
    let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    meta.remove("managedFields");
    if let Some(annotations) = meta.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
}

/// Masks the values of Secrets, and of fields anywhere whose names say that they hold one.
pub fn mask(object: &mut Value) {
    if object.get("kind").and_then(Value::as_str) == Some("Secret") {
        for field in ["data", "stringData"] {
            if let Some(values) = object.get_mut(field).and_then(Value::as_object_mut) {
                mask_all(values);
            }
        }
        return;
    }
    mask_fields(object);
}

fn mask_all(values: &mut Map<String, Value>) {
    for value in values.values_mut() {
        *value = Value::from(MASK);
    }
}

fn mask_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.is_string() && is_secret_name(name) {
                    *value = Value::from(MASK)
                } else {
                    mask_fields(value)
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_fields),
        _ => {}
    }
}

/// Field names whose string values are secrets; names of Secrets (`secretName`) are not.
fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = |words: &[&str]| words.iter().any(|w| lower.ends_with(w));
    ends(&[
        "password",
        "passwd",
        "token",
        "secretkey",
        "secretaccesskey",
        "privatekey",
        "client-key-data",
        "clientsecret",
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_and_noise_is_dropped() {
        let secret = json!({"kind": "Secret", "metadata": {"name": "s", "managedFields": [1], "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "x"}}, "data": {"value": "aGVsbG8="}});
        let text = yaml(secret).unwrap();
        assert!(
            text.contains("***")
                && !text.contains("aGVsbG8")
                && !text.contains("managedFields")
                && !text.contains("last-applied"),
            "{text}"
        );
        let other = yaml(
            json!({"kind": "X", "spec": {"password": "p", "secretName": "kept", "users": [{"token": "t"}]}}),
        )
        .unwrap();
        assert!(other.contains("kept") && !other.contains(": p\n") && !other.contains(": t\n"), "{other}");
    }
}
