//! What a server fills in when a client makes one of its own kinds: only what somebody would miss.
use serde_json::{Value, json};

use crate::demo::store::{Resource, resource};

/// Fills in what was left open of a new object, which has no status yet.
pub(super) fn fill(resource: &Resource, object: &mut Value) {
    if let Some(meta) = object["metadata"].as_object_mut() {
        // The server says when that was.
        meta.remove("creationTimestamp");
    }
    if resource.is(&resource::NAMESPACES) {
        let name = object["metadata"]["name"].clone();
        object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
        object["spec"]["finalizers"] = json!(["kubernetes"]);
        object["status"] = json!({ "phase": "Active" });
    } else if resource.is(&resource::SECRETS) {
        secret(object);
    } else if resource.is(&resource::PODS) {
        object["status"] = json!({ "phase": "Pending" });
        missing(&mut object["spec"]["restartPolicy"], "Always".into());
        missing(&mut object["spec"]["terminationGracePeriodSeconds"], 30.into());
    } else if resource.is(&resource::SERVICES) {
        missing(&mut object["spec"]["type"], "ClusterIP".into());
    } else if resource.is(&resource::DEPLOYMENTS) || resource.is(&resource::REPLICA_SETS) {
        missing(&mut object["spec"]["replicas"], 1.into());
    }
}

fn missing(field: &mut Value, value: Value) {
    if field.is_null() {
        *field = value;
    }
}

/// What is written as text is kept encoded; there is always a type.
fn secret(object: &mut Value) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    missing(&mut object["type"], "Opaque".into());
    let Some(texts) = object.as_object_mut().and_then(|o| o.remove("stringData")) else { return };
    for (key, text) in texts.as_object().into_iter().flatten() {
        object["data"][key] = STANDARD.encode(text.as_str().unwrap_or_default()).into();
    }
}
