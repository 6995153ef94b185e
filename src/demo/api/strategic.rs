//! Strategic merge of built-in kinds: lists whose items have a key are merged item by item.
use serde_json::Value;

use super::fields::key_of;

/// Merges a patch into a value; `field` is the name of the field it is the value of.
pub(super) fn merge(value: &mut Value, patch: &Value, field: &str) {
    match (&mut *value, patch) {
        (Value::Object(into), Value::Object(fields)) => {
            if fields.get("$patch").is_some_and(|p| p == "replace") {
                into.clear();
            }
            for (name, patch) in fields.iter().filter(|(n, _)| !n.starts_with('$')) {
                if patch.is_null() {
                    into.remove(name);
                } else {
                    merge(into.entry(name.clone()).or_insert(Value::Null), patch, name);
                }
            }
            removals(into, fields);
        }
        (Value::Array(into), Value::Array(items)) if key_of(field).is_some() => {
            let key = key_of(field).unwrap_or_default();
            for item in items {
                merge_item(into, item, key);
            }
        }
        (_, Value::Object(_)) => {
            *value = Value::Object(serde_json::Map::new());
            merge(value, patch, field);
        }
        (_, Value::Array(items)) => {
            let kept = items.iter().filter(|i| i.get("$patch").is_none());
            *value = kept.cloned().collect();
        }
        _ => *value = patch.clone(),
    }
}

fn merge_item(into: &mut Vec<Value>, item: &Value, key: &str) {
    match item.get("$patch").and_then(Value::as_str) {
        Some("delete") => return into.retain(|i| i[key] != item[key]),
        Some("replace") => return into.clear(),
        _ => {}
    }
    match into.iter_mut().find(|i| i[key] == item[key]) {
        Some(found) => merge(found, item, ""),
        None => into.push(item.clone()),
    }
}

/// Items that a patch takes out of lists of plain values.
fn removals(into: &mut serde_json::Map<String, Value>, fields: &serde_json::Map<String, Value>) {
    for (name, gone) in fields {
        let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") else { continue };
        let (Some(list), Some(gone)) = (into.get_mut(list).and_then(Value::as_array_mut), gone.as_array())
        else {
            continue;
        };
        list.retain(|item| !gone.contains(item));
    }
}
