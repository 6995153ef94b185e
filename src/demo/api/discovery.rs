//! What a server serves, in all the ways a client may ask.
use http::{Method, Response, header};
use serde_json::{Value, json};

use super::{
    Body, Call, Refusal, answer, openapi,
    route::{self, Page},
};
use crate::demo::store::Served;

const VERBS: &[&str] = &["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const CHANGE: &[&str] = &["get", "patch", "update"];
/// Resources that are only asked: group, version, plural, kind.
const ASKED: &[(&str, &str, &str, &str)] = &[
    ("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    ("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview"),
];

pub(super) fn page(call: &Call<'_>, page: Page) -> Result<Response<Body>, Refusal> {
    if !matches!(call.method, Method::GET | Method::HEAD) {
        return Err(route::not_allowed());
    }
    match page {
        Page::Health => Ok(answer::text(http::StatusCode::OK, "ok")),
        Page::Version => Ok(answer::ok(&version(&call.store.info().version))),
        Page::Paths => {
            let paths = [
                "/api",
                "/api/v1",
                "/apis",
                "/healthz",
                "/livez",
                "/openapi/v2",
                "/openapi/v3",
                "/readyz",
                "/version",
            ];
            Ok(answer::ok(&json!({ "paths": paths })))
        }
        Page::Legacy if wants_aggregated(call) => Ok(aggregated(call, true)),
        Page::Groups if wants_aggregated(call) => Ok(aggregated(call, false)),
        Page::Legacy => Ok(answer::ok(&json!({
            "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [],
        }))),
        Page::Groups => {
            let groups: Vec<Value> = groups(call).iter().filter(|g| !g.0.is_empty()).map(group).collect();
            Ok(answer::ok(&json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })))
        }
        Page::Group(name) => {
            let found = groups(call).into_iter().find(|g| g.0 == name && !name.is_empty());
            let mut found = group(&found.ok_or_else(route::no_resource)?);
            found["kind"] = "APIGroup".into();
            found["apiVersion"] = "v1".into();
            Ok(answer::ok(&found))
        }
        Page::Resources { group, version } => Ok(resources(call, &group, &version)),
        Page::OpenApiV2 => Ok(openapi::whole(call)),
        Page::OpenApi => Ok(answer::ok(&openapi::index(call))),
        Page::OpenApiOf { group, version } => {
            Ok(answer::ok(&openapi::of(call, &group, &version).ok_or_else(route::no_resource)?))
        }
    }
}

fn version(git: &str) -> Value {
    let mut parts = git.trim_start_matches('v').split('.');
    let (major, minor) = (parts.next().unwrap_or("1"), parts.next().unwrap_or_default());
    json!({
        "major": major, "minor": minor, "gitVersion": git, "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none: the demo of tko", "compiler": "rustc",
        "platform": "linux/amd64",
    })
}

fn wants_aggregated(call: &Call<'_>) -> bool {
    let accept = call.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|part| {
        part.contains("as=APIGroupDiscoveryList") && part.contains("v=v2") && !part.contains("v=v2beta1")
    })
}

/// Groups with their versions, in the order they were given.
pub(super) fn groups(call: &Call<'_>) -> Vec<(&'static str, Vec<&'static str>)> {
    let served = call.store.served().iter().map(|s| (s.resource.group, s.version));
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (group, version) in served.chain(ASKED.iter().map(|a| (a.0, a.1))) {
        match groups.iter_mut().find(|g| g.0 == group) {
            Some(known) if known.1.contains(&version) => {}
            Some(known) => known.1.push(version),
            None => groups.push((group, vec![version])),
        }
    }
    groups
}

fn group((name, versions): &(&str, Vec<&str>)) -> Value {
    let versions: Vec<Value> =
        versions.iter().map(|v| json!({ "groupVersion": format!("{name}/{v}"), "version": v })).collect();
    json!({ "name": name, "preferredVersion": versions.first(), "versions": versions })
}

fn resources(call: &Call<'_>, group: &str, version: &str) -> Response<Body> {
    let mut list = Vec::new();
    for served in call.store.served().iter().filter(|s| s.resource.group == group && s.version == version) {
        let resource = served.resource;
        let mut entry = json!({
            "name": resource.plural, "singularName": resource.singular(), "namespaced": resource.namespaced,
            "kind": resource.kind, "verbs": VERBS,
        });
        if !resource.short.is_empty() {
            entry["shortNames"] = json!(resource.short);
        }
        if !resource.categories.is_empty() {
            entry["categories"] = json!(resource.categories);
        }
        list.push(entry);
        for part in parts(served) {
            let mut entry = json!({
                "name": format!("{}/{}", resource.plural, part.name), "singularName": "",
                "namespaced": resource.namespaced, "kind": part.kind, "verbs": part.verbs,
            });
            if !part.group.is_empty() {
                entry["group"] = part.group.into();
                entry["version"] = "v1".into();
            }
            list.push(entry);
        }
    }
    for (_, _, plural, kind) in ASKED.iter().filter(|a| a.0 == group && a.1 == version) {
        list.push(json!({
            "name": plural, "singularName": kind.to_lowercase(), "namespaced": false, "kind": kind, "verbs": ["create"],
        }));
    }
    if list.is_empty() {
        return answer::text(http::StatusCode::NOT_FOUND, "404 page not found\n");
    }
    let name = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    answer::ok(&json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": list,
    }))
}

/// A subresource.
struct Part {
    name: &'static str,
    kind: &'static str,
    group: &'static str,
    verbs: &'static [&'static str],
}

fn parts(served: &Served) -> Vec<Part> {
    let resource = served.resource;
    let mut parts = Vec::new();
    if resource.status {
        parts.push(Part { name: "status", kind: resource.kind, group: "", verbs: CHANGE });
    }
    if resource.scale {
        parts.push(Part { name: "scale", kind: "Scale", group: "autoscaling", verbs: CHANGE });
    }
    if resource.is(&crate::demo::store::resource::PODS) {
        parts.push(Part { name: "log", kind: "Pod", group: "", verbs: &["get"] });
        parts.push(Part { name: "eviction", kind: "Eviction", group: "policy", verbs: &["create"] });
    }
    parts
}

fn aggregated(call: &Call<'_>, core: bool) -> Response<Body> {
    let of = |group: &str| group.is_empty() == core;
    let items: Vec<Value> = groups(call).iter().filter(|g| of(g.0)).map(|(group, versions)| {
        let versions: Vec<Value> = versions.iter().map(|version| json!({
            "version": version, "freshness": "Current", "resources": aggregated_resources(call, group, version),
        })).collect();
        let meta = if group.is_empty() { json!({ "creationTimestamp": null }) } else { json!({ "name": group, "creationTimestamp": null }) };
        json!({ "metadata": meta, "versions": versions })
    }).collect();
    let list = json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items,
    });
    answer::typed("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", &list)
}

fn aggregated_resources(call: &Call<'_>, group: &str, version: &str) -> Vec<Value> {
    let mut list = Vec::new();
    for served in call.store.served().iter().filter(|s| s.resource.group == group && s.version == version) {
        let resource = served.resource;
        let subresources: Vec<Value> = parts(served)
            .iter()
            .map(|part| {
                let (group, version) =
                    if part.group.is_empty() { (group, version) } else { (part.group, "v1") };
                json!({
                    "subresource": part.name, "verbs": part.verbs,
                    "responseKind": { "group": group, "version": version, "kind": part.kind },
                })
            })
            .collect();
        let mut entry = json!({
            "resource": resource.plural, "singularResource": resource.singular(),
            "responseKind": { "group": group, "version": version, "kind": resource.kind },
            "scope": if resource.namespaced { "Namespaced" } else { "Cluster" }, "verbs": VERBS,
        });
        for (field, values) in [("shortNames", resource.short), ("categories", resource.categories)] {
            if !values.is_empty() {
                entry[field] = json!(values);
            }
        }
        if !subresources.is_empty() {
            entry["subresources"] = subresources.into();
        }
        list.push(entry);
    }
    for (_, _, plural, kind) in ASKED.iter().filter(|a| a.0 == group && a.1 == version) {
        list.push(json!({
            "resource": plural, "singularResource": kind.to_lowercase(), "scope": "Cluster", "verbs": ["create"],
            "responseKind": { "group": group, "version": version, "kind": kind },
        }));
    }
    list
}
