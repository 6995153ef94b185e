//! As much of `OpenAPI` as kubectl needs to know that the server checks what it is sent; no schemas.
use serde_json::{Map, Value, json};

use super::{Call, discovery::groups};

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
                "x-kubernetes-group-version-kind": [kind],
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
