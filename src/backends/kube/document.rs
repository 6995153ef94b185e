//! Whole objects on demand: fetched as JSON, stripped of noise, secrets masked before anybody sees them.
use kube::Client;
use serde_json::Value;

use super::error;
use crate::{
    actions::plan::FieldChange,
    domain::{Problem, ProblemKind},
};

/// The mask that stands for a secret value.
const MASK: &str = "***";

/// Gets one object as it is on the server.
pub async fn get(client: &Client, path: &str) -> Result<Value, Problem> {
    let request = http::Request::get(path)
        .body(Vec::new())
        .map_err(|e| Problem::new(ProblemKind::Malformed, format!("not a path: {path}: {e}")))?;
    client.request(request).await.map_err(|e| error::problem("get the object", &e))
}

/// The object as YAML for reading: no managedFields, no last-applied, no secret values.
pub fn yaml(mut object: Value) -> Result<String, Problem> {
    strip(&mut object);
    mask(&mut object);
    serde_saphyr::to_string(&object).map_err(|e| {
        Problem::new(ProblemKind::Malformed, format!("the object cannot be written as YAML: {e}"))
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
    if is_secret(object) {
        for field in SECRET_FIELDS {
            if let Some(values) = object.get_mut(field) {
                mask_all(values);
            }
        }
        return;
    }
    mask_fields(object);
}

/// The same for one field of `object` that would change: that it changes is shown, from what to what is not.
pub fn mask_change(object: &Value, change: &mut FieldChange) {
    let whole = if is_secret(object) {
        SECRET_FIELDS.iter().any(|field| within(&change.path, field))
    } else {
        names_secret(&change.path)
    };
    for value in [&mut change.before, &mut change.after].into_iter().flatten() {
        if whole { mask_all(value) } else { mask_fields(value) }
    }
}

const SECRET_FIELDS: &[&str] = &["data", "stringData"];

fn is_secret(object: &Value) -> bool {
    object.get("kind").and_then(Value::as_str) == Some("Secret")
}

fn within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The path ends in a secret's name, or in the value of an item of such a name (`env[DB_PASSWORD].value`).
fn names_secret(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    let item = path.strip_suffix(".value").and_then(|item| item.strip_suffix(']'));
    let item = item.and_then(|item| item.rsplit_once('[')).map(|(_, name)| name);
    is_secret_name(last.trim_matches('"')) || item.is_some_and(is_secret_name)
}

/// Every text, number and the like beneath, whatever it is called.
fn mask_all(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(mask_all),
        Value::Array(items) => items.iter_mut().for_each(mask_all),
        Value::Null => {}
        other => *other = Value::from(MASK),
    }
}

fn mask_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let secret_item = fields.get("name").and_then(Value::as_str).is_some_and(is_secret_name);
            for (name, value) in fields {
                if value.is_string() && (is_secret_name(name) || secret_item && name == "value") {
                    *value = Value::from(MASK);
                } else {
                    mask_fields(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_fields),
        _ => {}
    }
}

/// Names whose texts are secrets, in any spelling; names of Secrets (`secretName`) are none.
fn is_secret_name(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "token",
        "apikey",
        "accesskey",
        "secretkey",
        "secretaccesskey",
        "privatekey",
        "certificatekey",
        "clientkeydata",
        "clientsecret",
    ];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    ENDS.iter().any(|end| plain.ends_with(end))
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

    #[test]
    fn a_secret_that_changes_is_seen_to_change_and_no_more() {
        let masked = |kind: &str, path: &str, after: Value| {
            let mut change = FieldChange {
                path: path.into(),
                before: Some(json!("old")),
                after: Some(after),
                asked: true,
            };
            mask_change(&json!({ "kind": kind }), &mut change);
            (change.before.unwrap(), change.after.unwrap())
        };
        let hidden = (json!("***"), json!("***"));
        assert_eq!(masked("Secret", "data.value", json!("new")), hidden);
        assert_eq!(masked("Secret", "stringData", json!({"a": "new"})).1, json!({"a": "***"}));
        assert_eq!(masked("Secret", "metadata.labels.database", json!("new")).1, "new");
        assert_eq!(masked("Cluster", "spec.users[0].password", json!("new")), hidden);
        assert_eq!(masked("Cluster", "spec.env[DB_PASSWORD].value", json!("new")), hidden);
        assert_eq!(masked("Cluster", "spec.variables[size].value", json!("new")).1, "new");
        let item = json!([{"name": "api-token", "value": "t"}, {"name": "size", "value": "s"}]);
        let shown = json!([{"name": "api-token", "value": "***"}, {"name": "size", "value": "s"}]);
        assert_eq!(masked("Cluster", "spec.variables", item).1, shown);
    }
}
