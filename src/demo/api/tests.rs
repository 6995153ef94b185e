use std::sync::Arc;

use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};

use super::*;
use crate::demo::store::{Info, resource};

/// An API without a wire.
struct Desk(Service);

struct Answer {
    code: u16,
    body: Value,
    text: String,
}

impl Desk {
    fn new() -> Self {
        let served = resource::kubernetes().into_iter().chain(resource::cluster_api("v1beta2")).collect();
        let info = Info { version: "v1.33.4+vmware.1".into(), name: "one".into(), seed: 7 };
        let store = Store::new(info, served, Arc::new(|| "2026-01-31T06:00:00Z".parse().unwrap()));
        store.create(&resource::NAMESPACES, json!({ "metadata": { "name": "a" } })).unwrap();
        let tokens = Tokens { admin: "root".into(), viewer: "look".into() };
        Self(Service { store, tokens, workloads: Arc::new(|_, _| None), stop: CancellationToken::new() })
    }

    async fn send(&self, token: &str, method: &str, path: &str, kind: &str, body: &str) -> Response<Body> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {token}")).header("content-type", kind);
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        self.0.clone().answer(request).await.unwrap()
    }

    async fn ask(&self, method: &str, path: &str, kind: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = self.send("root", method, path, kind, &body).await;
        let code = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { code, body: serde_json::from_str(&text).unwrap_or_default(), text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", &Value::Null).await
    }
    async fn merge(&self, path: &str, body: Value) -> Answer {
        self.ask("PATCH", path, "application/merge-patch+json", &body).await
    }
    async fn apply(&self, who: &str, path: &str, body: Value) -> Answer {
        let path = format!("{path}?fieldManager={who}");
        self.ask("PATCH", &path, "application/apply-patch+yaml", &body).await
    }

    /// What is on the wire already.
    async fn first(response: Response<Body>) -> Vec<Value> {
        let frame = response.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
        let text = String::from_utf8(frame.to_vec()).unwrap();
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

const MACHINES: &str = "/apis/cluster.x-k8s.io/v1beta2/namespaces/a/machines";

fn machine(name: &str) -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine",
        "metadata": { "name": name, "labels": { "pool": name } }, "spec": { "clusterName": "c" },
    })
}

#[tokio::test]
async fn an_object_is_made_read_changed_and_deleted() {
    let desk = Desk::new();
    let made = desk.ask("POST", MACHINES, "application/json", &machine("m")).await;
    assert_eq!((made.code, &made.body["metadata"]["namespace"]), (201, &json!("a")), "{}", made.text);
    let one = format!("{MACHINES}/m");
    let patched =
        desk.merge(&one, json!({ "spec": { "version": "v1.33.4" }, "status": { "phase": "x" } })).await;
    assert_eq!(patched.body["metadata"]["generation"], 2);
    assert_eq!(patched.body["status"], Value::Null, "a patch of the object does not reach its status");
    let status = desk.merge(&format!("{one}/status"), json!({ "status": { "phase": "x" } })).await;
    assert_eq!(status.body["status"]["phase"], "x");
    assert_eq!(status.body["metadata"]["generation"], 2);
    let dry = desk.merge(&format!("{one}?dryRun=All"), json!({ "spec": { "version": "v2" } })).await;
    assert_eq!(dry.body["spec"]["version"], "v2");
    assert_eq!(desk.get(&one).await.body["spec"]["version"], "v1.33.4");
    assert_eq!(desk.ask("DELETE", &one, "", &Value::Null).await.body["status"], "Success");
    assert_eq!(desk.get(&one).await.code, 404);
}

#[tokio::test]
async fn what_was_read_before_the_last_write_is_not_written() {
    let desk = Desk::new();
    let old = desk.ask("POST", MACHINES, "application/json", &machine("m")).await.body;
    let one = format!("{MACHINES}/m");
    desk.merge(&one, json!({ "spec": { "version": "v1" } })).await;
    let put = desk.ask("PUT", &one, "application/json", &old).await;
    assert_eq!((put.code, &put.body["reason"]), (409, &json!("Conflict")));
    let version = &old["metadata"]["resourceVersion"];
    let pinned = json!({ "metadata": { "resourceVersion": version }, "spec": { "version": "v2" } });
    assert_eq!(desk.merge(&one, pinned).await.code, 409);
    let test = json!([{ "op": "test", "path": "/spec/version", "value": "v9" }]);
    assert_eq!(desk.ask("PATCH", &one, "application/json-patch+json", &test).await.code, 422);
}

#[tokio::test]
async fn a_watch_tells_what_is_there_marks_its_end_and_follows_a_selection() {
    let desk = Desk::new();
    for name in ["x", "y"] {
        desk.ask("POST", MACHINES, "application/json", &machine(name)).await;
    }
    let streaming =
        "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let path = format!("{MACHINES}?{streaming}&labelSelector=pool%3Dx");
    let first = Desk::first(desk.send("root", "GET", &path, "", "").await).await;
    let kinds: Vec<&str> = first.iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ADDED", "BOOKMARK"]);
    assert_eq!(first[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    let from = first[1]["object"]["metadata"]["resourceVersion"].as_str().unwrap();
    let path = format!("{MACHINES}?watch=1&resourceVersion={from}&labelSelector=pool%3Dx");
    desk.merge(&format!("{MACHINES}/y"), json!({ "spec": { "version": "v1" } })).await;
    desk.merge(&format!("{MACHINES}/x"), json!({ "metadata": { "labels": { "pool": "z" } } })).await;
    let next = Desk::first(desk.send("root", "GET", &path, "", "").await).await;
    assert_eq!(next.len(), 1);
    assert_eq!(next[0]["type"], "DELETED", "it left the selection");
    desk.0.store.compact();
    let late = Desk::first(desk.send("root", "GET", &path, "", "").await).await;
    assert_eq!((&late[0]["type"], &late[0]["object"]["code"]), (&json!("ERROR"), &json!(410)));
}

#[tokio::test]
async fn pages_of_a_selection_count_what_is_selected() {
    let desk = Desk::new();
    for n in 0..6 {
        let mut m = machine(&format!("m{n}"));
        m["metadata"]["labels"]["pool"] = if n % 2 == 0 { "even" } else { "odd" }.into();
        desk.ask("POST", MACHINES, "application/json", &m).await;
    }
    let path = format!("{MACHINES}?limit=2&labelSelector=pool=odd");
    let one = desk.get(&path).await.body;
    let two =
        desk.get(&format!("{path}&continue={}", one["metadata"]["continue"].as_str().unwrap())).await.body;
    let names = |l: &Value| {
        l["items"].as_array().unwrap().iter().map(|m| m["metadata"]["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!([names(&one), names(&two)].concat(), ["m1", "m3", "m5"]);
    assert_eq!(two["metadata"]["continue"], Value::Null);
    let whole = desk.get(&format!("{MACHINES}?limit=4")).await.body;
    assert_eq!(whole["metadata"]["remainingItemCount"], 2);
}

#[tokio::test]
async fn who_applies_is_told_of_others_and_takes_back_only_its_own() {
    let desk = Desk::new();
    let one = format!("{MACHINES}/m");
    let applied = |spec: Value| {
        let mut m = machine("m");
        m["spec"] = spec;
        m
    };
    let made = desk
        .apply("us", &one, applied(json!({ "clusterName": "c", "version": "v1", "failureDomain": "f" })))
        .await;
    assert_eq!(made.code, 201, "{}", made.text);
    let edit = format!("{one}?fieldManager=them");
    desk.merge(&edit, json!({ "spec": { "version": "v2" } })).await;
    let conflict = desk.apply("us", &one, applied(json!({ "clusterName": "c", "version": "v3" }))).await;
    assert_eq!(conflict.code, 409);
    assert_eq!(conflict.body["details"]["causes"][0]["field"], ".spec.version");
    assert!(
        conflict.body["message"].as_str().unwrap().contains("conflict with \"them\""),
        "{}",
        conflict.text
    );
    let left = desk.apply("us", &one, applied(json!({ "clusterName": "c" }))).await.body;
    assert_eq!(left["spec"], json!({ "clusterName": "c", "version": "v2" }));
    let again = desk.apply("us", &one, applied(json!({ "clusterName": "c" }))).await.body;
    assert_eq!(left["metadata"]["resourceVersion"], again["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn a_viewer_reads_and_nobody_gets_in_without_a_token() {
    let desk = Desk::new();
    let code = |token, method, path| {
        let desk = &desk;
        async move { desk.send(token, method, path, "application/json", "{}").await.status().as_u16() }
    };
    assert_eq!(code("look", "GET", MACHINES).await, 200);
    assert_eq!(code("look", "POST", MACHINES).await, 403);
    assert_eq!(code("look", "GET", "/api/v1/secrets").await, 403);
    assert_eq!(code("nobody", "GET", MACHINES).await, 401);
    desk.0.store.set_fault(Fault::Throttling { seconds: 3 });
    let asked = desk.send("root", "GET", MACHINES, "", "").await;
    assert_eq!((asked.status().as_u16(), asked.headers()["retry-after"].to_str().unwrap()), (429, "3"));
}

#[tokio::test]
async fn a_budget_keeps_its_pods() {
    let desk = Desk::new();
    let store = &desk.0.store;
    let pod = json!({ "metadata": { "name": "p", "namespace": "a", "labels": { "app": "db" } }, "spec": { "nodeName": "n" } });
    store.create(&resource::PODS, pod).unwrap();
    let budget = json!({
        "metadata": { "name": "db", "namespace": "a" }, "spec": { "selector": { "matchLabels": { "app": "db" } } },
        "status": { "disruptionsAllowed": 0, "desiredHealthy": 1, "currentHealthy": 1 },
    });
    store.create(&resource::DISRUPTION_BUDGETS, budget).unwrap();
    let eviction = "/api/v1/namespaces/a/pods/p/eviction";
    let refused = desk.ask("POST", eviction, "application/json", &json!({})).await;
    assert_eq!(
        (refused.code, &refused.body["details"]["causes"][0]["reason"]),
        (429, &json!("DisruptionBudget"))
    );
    store
        .modify(&resource::DISRUPTION_BUDGETS, "a", "db", |b| b["status"]["disruptionsAllowed"] = 1.into())
        .unwrap();
    assert_eq!(desk.ask("POST", eviction, "application/json", &json!({})).await.code, 201);
    assert!(store.get(&resource::PODS, "a", "p").unwrap().deleting);
}

#[tokio::test]
async fn what_is_not_served_is_refused() {
    let desk = Desk::new();
    let method = |m: &str| Method::from_bytes(m.as_bytes()).unwrap();
    for (verb, path, kind, code) in [
        ("GET", "/nowhere", "", 404),
        ("GET", "/apis/none.example/v1/things", "", 404),
        ("GET", "/api/v1/things", "", 404),
        ("GET", "/apis/cluster.x-k8s.io/v1beta2/namespaces/a/machines/m/exec", "", 404),
        ("POST", "/apis/cluster.x-k8s.io/v1beta2/machines", "application/json", 405),
        ("DELETE", "/api/v1/namespaces", "", 405),
        ("POST", MACHINES, "text/csv", 415),
        (
            "PATCH",
            "/apis/cluster.x-k8s.io/v1beta2/namespaces/a/machines/m",
            "application/strategic-merge-patch+json",
            415,
        ),
        ("GET", "/apis/cluster.x-k8s.io/v1beta2/machines?fieldSelector=spec.version=v1", "", 400),
        ("GET", "/apis/cluster.x-k8s.io/v1beta2/machines?watch=1&sendInitialEvents=true", "", 422),
    ] {
        let answer = desk.ask(method(verb).as_str(), path, kind, &Value::Null).await;
        assert_eq!(answer.code, code, "{verb} {path}: {}", answer.text);
    }
}
