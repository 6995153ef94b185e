//! As much of `OpenAPI` as kubectl needs to know that the server checks what it is sent; no schemas.
use http::{Response, header};
use serde_json::{Map, Value, json};

use super::{Body, Call, answer, discovery::groups};

/// The older document, which older clients want before they send anything; it describes nothing. They take it in
/// protobuf alone.
pub(super) fn whole(call: &Call<'_>) -> Response<Body> {
    let version = call.store.info().version;
    let accept = call.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !accept.contains("protobuf") {
        return answer::ok(&json!({
            "swagger": "2.0", "info": { "title": "Kubernetes", "version": version }, "paths": {}, "definitions": {},
        }));
    }
    let field = |tag: u8, bytes: &[u8]| {
        // Far below 128 bytes each, so that a length is one byte.
        let length = u8::try_from(bytes.len().min(127)).unwrap_or_default();
        [&[tag, length], &bytes[..usize::from(length)]].concat()
    };
    let info = [field(0x0a, b"Kubernetes"), field(0x12, version.as_bytes())].concat();
    let document = [field(0x0a, b"2.0"), field(0x12, &info)].concat();
    answer::binary("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", document)
}

fn place(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

/// Where the documents are.
pub(super) fn index(call: &Call<'_>) -> Value {
    let mut paths = Map::new();
    for (group, versions) in groups(call) {
        for version in versions {
            let place = place(group, version);
            paths.insert(place.clone(), json!({ "serverRelativeURL": format!("/openapi/v3/{place}") }));
        }
    }
    json!({ "paths": paths })
}

/// What every object has; what is in there is nowhere said.
fn properties(status: bool) -> Value {
    let open = json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true });
    let mut properties = json!({
        "apiVersion": { "type": "string" }, "kind": { "type": "string" }, "metadata": open, "spec": open,
    });
    if status {
        properties["status"] = open;
    }
    properties
}

/// The document of a group version.
pub(super) fn of(call: &Call<'_>, group: &str, version: &str) -> Option<Value> {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for served in call.store.served().iter().filter(|s| s.resource.group == group && s.version == version) {
        let resource = served.resource;
        let scope = if resource.namespaced { "namespaces/{namespace}/" } else { "" };
        let kind = json!({ "group": group, "version": version, "kind": resource.kind });
        let parameters: Vec<Value> = ["dryRun", "fieldManager", "fieldValidation"]
            .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string", "uniqueItems": true } }))
            .into();
        let operation = |action: &str| {
            json!({
                "parameters": parameters, "responses": {},
                "x-kubernetes-action": action, "x-kubernetes-group-version-kind": kind,
            })
        };
        let all = format!("/{}/{scope}{}", place(group, version), resource.plural);
        paths.insert(all.clone(), json!({ "post": operation("post") }));
        paths.insert(
            format!("{all}/{{name}}"),
            json!({ "put": operation("put"), "patch": operation("patch") }),
        );
        schemas.insert(
            format!("{group}.{version}.{}", resource.kind),
            json!({
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "x-kubernetes-group-version-kind": [kind], "properties": properties(resource.status),
            }),
        );
    }
    (!paths.is_empty()).then(|| {
        json!({
            "openapi": "3.0.0", "info": { "title": "Kubernetes", "version": call.store.info().version },
            "paths": paths, "components": { "schemas": schemas },
        })
    })
}
