//! Connecting: what every request carries, and what each kind of answer becomes.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde_json::json;
use tko::backends::kube::client::AnswerWithin;
use tko::backends::kube::error::problem;
use tko::backends::kube::{Connections, Options};
use tko::domain::{Problem, ProblemKind};

use crate::support::api::{FakeApi, answer_json, refuse};
use crate::support::fleet::{Fleet, site, without_sites};

async fn get(connections: &Connections, name: &str) -> Result<serde_json::Value, Problem> {
    let client = connections.connect(&site(name)).await?;
    let request = http::Request::get("/thing").body(Vec::new()).unwrap();
    client.request(request).await.map_err(|e| problem("get thing", &e))
}

#[tokio::test]
async fn every_request_says_who_we_are() {
    let api = FakeApi::start(|_| answer_json(&json!({}))).await;
    let user = "token: t0ken, as: eve, as-groups: [ops, dev]";
    let connections = Fleet::new().site("a", &api.url(), "", user).connections(Options::default());
    get(&connections, "a").await.unwrap();
    let asked = &api.asked()[0];
    assert!(asked.header("user-agent").starts_with("tko/"));
    assert_eq!(asked.header("authorization"), "Bearer t0ken");
    assert_eq!(asked.header("impersonate-user"), "eve");
    assert_eq!(asked.header("accept-encoding"), "gzip");
    let groups: Vec<_> = asked.headers.get_all("impersonate-group").iter().collect();
    assert_eq!(groups, ["ops", "dev"]);
    let client = connections.connect(&site("a")).await.unwrap();
    assert_eq!(client.default_namespace(), "a-ns");
}

#[tokio::test]
async fn flags_replace_the_impersonation_of_the_kubeconfig() {
    let api = FakeApi::start(|_| answer_json(&json!({}))).await;
    let fleet =
        Fleet::new().site("a", &api.url(), "", "username: me, password: pw, as: eve, as-groups: [ops]");
    let options = Options { impersonate: Some("reader".into()), ..Options::default() };
    get(&fleet.connections(options), "a").await.unwrap();
    let asked = &api.asked()[0];
    assert_eq!(asked.header("impersonate-user"), "reader");
    assert_eq!(asked.header("impersonate-group"), "");
    assert_eq!(asked.header("authorization"), "Basic bWU6cHc=");
}

#[tokio::test]
async fn a_refused_token_file_is_read_again_at_once() {
    let api = FakeApi::start(|asked| match asked.header("authorization") {
        "Bearer new" => answer_json(&json!({"ok": true})),
        _ => refuse(401, "Unauthorized", "Unauthorized"),
    })
    .await;
    let fleet = Fleet::new();
    let token = fleet.write("token", "old");
    let fleet = fleet.site("a", &api.url(), "", &format!("tokenFile: \"{}\"", token.display()));
    let connections = fleet.connections(Options::default());

    let problem = get(&connections, "a").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unauthenticated);
    assert_eq!(api.asked().len(), 1, "the same token is not sent twice");

    fleet.write("token", "new\n");
    assert_eq!(get(&connections, "a").await.unwrap()["ok"], true);
    get(&connections, "a").await.unwrap();
    assert_eq!(api.asked().len(), 4, "refused, renewed, and then straight");
}

#[tokio::test]
async fn retry_after_survives_whatever_the_body_is() {
    let api = FakeApi::start(|asked| {
        let retry = [(header::RETRY_AFTER, "17")];
        match asked.header("x-none") {
            "" if asked.path == "/thing" => {
                (StatusCode::TOO_MANY_REQUESTS, retry, "Too many requests, please try again later.\n")
                    .into_response()
            }
            _ => (retry, refuse(503, "ServiceUnavailable", "starting")).into_response(),
        }
    })
    .await;
    let connections = Fleet::new().site("a", &api.url(), "", "").connections(Options::default());
    let throttled = get(&connections, "a").await.unwrap_err();
    assert_eq!(
        (throttled.kind, throttled.retry_after, throttled.code),
        (ProblemKind::Throttled, Some(17), Some(429))
    );
    assert!(throttled.summary.contains("Too many requests"), "{}", throttled.summary);
    assert_eq!(api.asked().len(), 1, "nothing is retried behind our back");

    let client = connections.connect(&site("a")).await.unwrap();
    let request = http::Request::get("/other").body(Vec::new()).unwrap();
    let error = client.request::<serde_json::Value>(request).await.unwrap_err();
    let starting = problem("get", &error);
    assert_eq!((starting.kind, starting.code), (ProblemKind::Server, Some(503)));
    assert!(starting.summary.contains("starting"), "{}", starting.summary);
}

#[tokio::test]
async fn a_login_page_is_not_an_api() {
    let api = FakeApi::start(|asked| match asked.path.as_str() {
        "/thing" => (StatusCode::FOUND, [(header::LOCATION, "https://sso.corp/login?state=s3cret")], "")
            .into_response(),
        _ => ([(header::CONTENT_TYPE, "text/html")], "<html>log in</html>").into_response(),
    })
    .await;
    let connections = Fleet::new().site("a", &api.url(), "", "").connections(Options::default());
    let redirected = get(&connections, "a").await.unwrap_err();
    assert_eq!(redirected.kind, ProblemKind::Malformed);
    assert!(redirected.summary.contains("https://sso.corp/login"), "{}", redirected.summary);
    assert!(!redirected.summary.contains("s3cret"));

    let client = connections.connect(&site("a")).await.unwrap();
    let request = http::Request::get("/page").body(Vec::new()).unwrap();
    let error = client.request::<serde_json::Value>(request).await.unwrap_err();
    assert_eq!(problem("get", &error).kind, ProblemKind::Malformed);
}

#[tokio::test]
async fn nothing_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let connections =
        Fleet::new().site("a", &format!("http://{free}"), "", "").connections(Options::default());
    let problem = get(&connections, "a").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unreachable);
    assert!(problem.summary.to_lowercase().contains("refused"), "{}", problem.summary);
    assert!(problem.hint.contains("nothing listens"), "{}", problem.hint);
}

#[tokio::test]
async fn a_server_that_takes_the_request_and_stays_silent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = accepted.clone();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            open.push(socket);
        }
    });
    let connections =
        Fleet::new().site("a", &format!("http://{address}"), "", "").connections(Options::default());
    let client = connections.connect(&site("a")).await.unwrap();
    let request = http::Request::get("/thing").extension(AnswerWithin(Duration::from_millis(100)));
    let error = client.send(request.body(kube::client::Body::empty()).unwrap()).await.unwrap_err();
    let problem = problem("get", &error);
    assert_eq!(problem.kind, ProblemKind::Unreachable);
    assert!(problem.summary.contains("did not answer"), "{}", problem.summary);
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_answers_is_not_tls() {
    let api = FakeApi::start(|_| answer_json(&json!({}))).await;
    let server = format!("https://{}", api.address);
    let connections =
        Fleet::new().site("a", &server, "insecure-skip-tls-verify: true", "").connections(Options::default());
    let problem = get(&connections, "a").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Tls, "{problem:?}");
    assert!(problem.hint.contains("speak TLS"), "{}", problem.hint);
}

#[tokio::test]
async fn the_secret_of_a_cluster_gives_a_client() {
    let api = FakeApi::start(|_| answer_json(&json!({"ok": true}))).await;
    let connections = without_sites();
    let yaml = Fleet::new().site("w", &api.url(), "", "token: t").yaml();
    let client = connections.client_from_kubeconfig_yaml(yaml.as_bytes()).await.unwrap();
    let request = http::Request::get("/thing").body(Vec::new()).unwrap();
    let answer: serde_json::Value = client.request(request).await.unwrap();
    assert_eq!(answer["ok"], true);
}

#[tokio::test]
async fn the_secret_of_a_cluster_may_not_touch_this_machine() {
    let connections = without_sites();
    let exec = "exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/touch}";
    for (cluster, user, word) in [
        ("", exec, "run a program"),
        ("", "tokenFile: /etc/hostname", "read files"),
        ("certificate-authority: /etc/hostname", "", "read files"),
        ("", "client-certificate: /a, client-key: /b", "read files"),
    ] {
        let yaml = Fleet::new().site("w", "https://w", cluster, user).yaml();
        let problem = connections.client_from_kubeconfig_yaml(yaml.as_bytes()).await.err().unwrap();
        assert!(problem.summary.contains(word), "{}", problem.summary);
    }
    for bad in [&b"not: [valid"[..], b"", b"\xff\xfe", b"clusters: []"] {
        assert!(connections.client_from_kubeconfig_yaml(bad).await.is_err());
    }
}
