//! Answers to who asks: what they may do, and who they are.
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    Body, Call, Identity, Refusal, answer,
    auth::{self, Access},
    route::{self, Review},
    write::body,
};

pub(super) fn answer(call: &Call<'_>, review: Review) -> Result<Response<Body>, Refusal> {
    if call.method != Method::POST {
        return Err(route::not_allowed());
    }
    let mut asked = body(call)?;
    if !asked["metadata"].is_object() {
        asked["metadata"] = json!({ "creationTimestamp": null });
    }
    asked["status"] = match review {
        Review::Access => access(call, &asked["spec"])?,
        Review::Rules => rules(call),
        Review::Subject => json!({ "userInfo": {
            "username": call.who.user(), "groups": [call.who.group(), "system:authenticated"],
        }}),
    };
    Ok(answer::json(StatusCode::CREATED, &asked))
}

fn access(call: &Call<'_>, spec: &Value) -> Result<Value, Refusal> {
    if spec["nonResourceAttributes"].is_object() {
        return Ok(json!({ "allowed": spec["nonResourceAttributes"]["verb"] == "get" }));
    }
    let asked = &spec["resourceAttributes"];
    if !asked.is_object() {
        let message = "SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: \
                       Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified";
        return Err(Refusal::new(422, "Invalid", message));
    }
    let text = |field: &str| asked[field].as_str().unwrap_or_default().to_owned();
    let access = Access {
        verb: text("verb"),
        group: text("group"),
        resource: text("resource"),
        subresource: text("subresource"),
        namespace: text("namespace"),
        name: text("name"),
    };
    Ok(if auth::allows(call.store, call.who, &access) {
        json!({ "allowed": true, "reason": format!("RBAC: allowed by ClusterRoleBinding \"{}\"", call.who.user()) })
    } else {
        json!({ "allowed": false })
    })
}

fn rules(call: &Call<'_>) -> Value {
    let resources = match call.who {
        Identity::Admin => json!([{ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] }]),
        Identity::Viewer => {
            let own = |core: bool| {
                let served = call
                    .store
                    .served()
                    .iter()
                    .map(|s| s.resource)
                    .filter(move |r| r.group.is_empty() == core);
                served.filter(move |r| !(core && r.plural == "secrets"))
            };
            let mut groups: Vec<&str> = own(false).map(|r| r.group).collect();
            groups.dedup();
            json!([
                { "verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": own(true).map(|r| r.plural).collect::<Vec<_>>() },
                { "verbs": ["get", "list", "watch"], "apiGroups": groups, "resources": ["*"] },
            ])
        }
    };
    json!({
        "incomplete": false, "resourceRules": resources,
        "nonResourceRules": [{ "verbs": ["get"], "nonResourceURLs": ["*"] }],
    })
}
