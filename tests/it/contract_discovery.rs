//! Discovery both ways and with holes, and the greeting.
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tko::backends::kube::Options;
use tko::backends::kube::discovery::discover;
use tko::backends::kube::greeting::greet;
use tko::domain::ProblemKind;
use tko::domain::site::{Discovery, ServedKind};

use crate::support::api::{Asked, FakeApi, answer_json, refuse};
use crate::support::fleet::{Fleet, site};

async fn client(api: &FakeApi) -> kube::Client {
    let connections = Fleet::new().site("a", &api.url(), "", "").connections(Options::default());
    connections.connect(&site("a")).await.unwrap()
}

fn names(discovery: &Discovery) -> Vec<String> {
    let name = |k: &ServedKind| {
        let stale = if k.stale { " stale" } else { "" };
        format!("{}/{} {} {}{stale}", k.group, k.version, k.plural, k.kind)
    };
    discovery.kinds.iter().map(name).collect()
}

fn aggregated(groups: &Value) -> Response {
    answer_json(
        &json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": groups}),
    )
}

fn resource(plural: &str, kind: &str, scope: &str) -> Value {
    json!({
        "resource": plural, "scope": scope, "verbs": ["get"],
        "responseKind": {"group": "", "version": "", "kind": kind},
        "subresources": [{"subresource": "status"}],
    })
}

fn with_aggregation(asked: &Asked) -> Response {
    assert!(asked.header("accept").contains("v=v2;") || asked.path.matches('/').count() > 1);
    match asked.path.as_str() {
        "/api" => aggregated(&json!([{"metadata": {"creationTimestamp": null}, "versions": [
            {"version": "v1", "freshness": "Current", "resources": [resource("nodes", "Node", "Cluster")]},
        ]}])),
        "/apis" => aggregated(&json!([
            {"metadata": {"name": "cluster.x-k8s.io"}, "versions": [
                {"version": "v1beta2", "freshness": "Current", "resources": [resource("machines", "Machine", "Namespaced")]},
                {"version": "v1beta1", "freshness": "Current", "resources": [resource("machines", "Machine", "Namespaced")]},
            ]},
            {"metadata": {"name": "metrics.k8s.io"}, "versions": [
                {"version": "v1beta1", "freshness": "Stale", "resources": [resource("nodes", "NodeMetrics", "Cluster")]},
            ]},
            {"metadata": {"name": "data.packaging.carvel.dev"}, "versions": [{"version": "v1alpha1", "freshness": "Stale"}]},
        ])),
        _ => refuse(503, "ServiceUnavailable", "service unavailable"),
    }
}

#[tokio::test]
async fn aggregated_discovery_with_stale_groups() {
    let api = FakeApi::start(with_aggregation).await;
    let discovery = discover(&client(&api).await).await.unwrap();
    assert!(discovery.aggregated);
    assert_eq!(
        names(&discovery),
        [
            "/v1 nodes Node",
            "cluster.x-k8s.io/v1beta2 machines Machine",
            "cluster.x-k8s.io/v1beta1 machines Machine",
            "metrics.k8s.io/v1beta1 nodes NodeMetrics stale",
            "data.packaging.carvel.dev/v1alpha1   stale",
        ]
    );
    assert!(!discovery.kinds[0].namespaced && discovery.kinds[1].namespaced);
    assert!(discovery.serves_group("data.packaging.carvel.dev"));
    let mut paths: Vec<String> = api.asked().into_iter().map(|a| a.path).collect();
    paths.sort();
    assert_eq!(paths, ["/api", "/apis", "/apis/data.packaging.carvel.dev/v1alpha1"]);
}

fn group(name: &str, version: &str) -> Value {
    let version = json!({"groupVersion": format!("{name}/{version}"), "version": version});
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

fn plain(asked: &Asked) -> Response {
    match asked.path.as_str() {
        "/api" => answer_json(&json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => answer_json(&json!({"kind": "APIGroupList", "groups": [
            group("apps", "v1"), group("broken.example", "v1"), group("secret.example", "v1"),
        ]})),
        "/api/v1" => answer_json(&json!({"kind": "APIResourceList", "resources": [
            {"name": "nodes", "kind": "Node", "namespaced": false, "singularName": ""},
            {"name": "nodes/status", "kind": "Node", "namespaced": false},
        ]})),
        "/apis/apps/v1" => answer_json(&json!({"kind": "APIResourceList", "resources": [
            {"name": "deployments", "kind": "Deployment", "namespaced": true},
        ]})),
        "/apis/broken.example/v1" => refuse(500, "InternalError", "boom"),
        "/apis/secret.example/v1" => refuse(403, "Forbidden", "no"),
        _ => refuse(404, "NotFound", "the server could not find the requested resource"),
    }
}

#[tokio::test]
async fn plain_discovery_where_nothing_is_aggregated() {
    let api = FakeApi::start(plain).await;
    let discovery = discover(&client(&api).await).await.unwrap();
    assert!(!discovery.aggregated);
    assert_eq!(
        names(&discovery),
        [
            "/v1 nodes Node",
            "apps/v1 deployments Deployment",
            "broken.example/v1   stale",
            "secret.example/v1   stale"
        ]
    );
}

#[tokio::test]
async fn half_of_discovery_is_better_than_none() {
    let api = FakeApi::start(|asked| match asked.path.as_str() {
        "/api" => refuse(403, "Forbidden", "no"),
        _ => plain(asked),
    })
    .await;
    let discovery = discover(&client(&api).await).await.unwrap();
    assert!(discovery.serves_group("apps") && !discovery.serves_group(""));

    let api = FakeApi::start(|_| refuse(403, "Forbidden", "not for you")).await;
    let problem = discover(&client(&api).await).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Forbidden);
}

#[tokio::test]
async fn a_full_greeting() {
    let api = FakeApi::start(|asked| {
        let date = [(header::DATE, "Sun, 06 Nov 1994 08:49:37 GMT")];
        match (asked.method.as_str(), asked.path.as_str()) {
            (_, "/version") => {
                (date, answer_json(&json!({"gitVersion": "v1.33.1", "major": "1"}))).into_response()
            }
            ("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews") => answer_json(&json!({
                "kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {},
                "status": {"userInfo": {"username": "sre@corp", "groups": ["ops", "system:authenticated"]}},
            })),
            _ => with_aggregation(asked),
        }
    })
    .await;
    let greeting = greet(&client(&api).await).await.unwrap();
    assert_eq!(greeting.version, "v1.33.1");
    assert_eq!(greeting.identity, "sre@corp");
    assert_eq!(greeting.groups, ["ops", "system:authenticated"]);
    assert!(greeting.clock_skew_s < -900_000_000, "{}", greeting.clock_skew_s);
    assert!(greeting.discovery.serves_group("cluster.x-k8s.io"));
}

#[tokio::test]
async fn a_server_without_version_and_review_is_greeted_too() {
    let api = FakeApi::start(plain).await;
    let greeting = greet(&client(&api).await).await.unwrap();
    assert_eq!((greeting.version.as_str(), greeting.identity.as_str()), ("", ""));
    assert!(greeting.discovery.serves_group("apps"));
    assert_eq!(greeting.clock_skew_s, 0);
}

#[tokio::test]
async fn refused_credentials_end_the_greeting() {
    let api = FakeApi::start(|_| refuse(401, "Unauthorized", "Unauthorized")).await;
    let problem = greet(&client(&api).await).await.unwrap_err();
    assert_eq!((problem.kind, problem.code), (ProblemKind::Unauthenticated, Some(401)));
}
