//! Credential plugins: shell scripts that answer, fail, hang, expire and are shared.
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tko::backends::kube::error::problem;
use tko::backends::kube::{Connections, Options};
use tko::domain::{Problem, ProblemKind};

use crate::support::api::{FakeApi, answer_json, refuse};
use crate::support::fleet::{Fleet, site};

const V1: &str = "client.authentication.k8s.io/v1";

/// Prints a token that counts the calls, `token-1` first.
fn counting(dir: &Path, expires: &str) -> String {
    let calls = dir.join("calls");
    let calls = calls.display();
    format!(
        "echo call >> {calls}\nn=$(grep -c call {calls})\n\
         echo '{{\"kind\":\"ExecCredential\",\"apiVersion\":\"{V1}\",\"status\":{{{expires}\"token\":\"token-'$n'\"}}}}'"
    )
}

fn calls(fleet: &Fleet) -> usize {
    std::fs::read_to_string(fleet.dir().join("calls")).unwrap_or_default().lines().count()
}

fn exec(script: &Path, more: &str) -> String {
    format!("exec: {{apiVersion: {V1}, command: \"{}\"{more}}}", script.display())
}

async fn get(connections: &Connections, name: &str) -> Result<serde_json::Value, Problem> {
    let client = connections.connect(&site(name)).await?;
    let request = http::Request::get("/thing").body(Vec::new()).unwrap();
    client.request(request).await.map_err(|e| problem("get thing", &e))
}

fn options(timeout: Duration) -> Options {
    Options { exec_timeout: timeout, ..Options::default() }
}

async fn welcoming() -> FakeApi {
    FakeApi::start(|_| answer_json(&json!({}))).await
}

#[tokio::test]
async fn a_token_is_used_and_kept() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let script = fleet.script("login", &counting(fleet.dir(), ""));
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, ""));
    let connections = fleet.connections(options(Duration::from_secs(10)));
    for _ in 0..3 {
        get(&connections, "a").await.unwrap();
    }
    assert!(api.asked().iter().all(|asked| asked.header("authorization") == "Bearer token-1"));
    assert_eq!(calls(&fleet), 1);
}

#[tokio::test]
async fn sites_that_share_a_plugin_share_its_call() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let script = fleet.script("login", &format!("sleep 0.2\n{}", counting(fleet.dir(), "")));
    let mut fleet = fleet;
    for name in ["a", "b", "c", "d"] {
        fleet = fleet.site(name, &format!("{}/{name}", api.url()), "", &exec(&script, ""));
    }
    let connections = fleet.connections(options(Duration::from_secs(10)));
    let (a, b, c, d) = tokio::join!(
        get(&connections, "a"),
        get(&connections, "b"),
        get(&connections, "c"),
        get(&connections, "d")
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
    assert_eq!(calls(&fleet), 1);
    assert_eq!(api.asked().len(), 4);
}

#[tokio::test]
async fn an_expired_token_is_renewed() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let script =
        fleet.script("login", &counting(fleet.dir(), "\"expirationTimestamp\":\"2020-01-01T00:00:00Z\","));
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, ""));
    let connections = fleet.connections(options(Duration::from_secs(10)));
    get(&connections, "a").await.unwrap();
    get(&connections, "a").await.unwrap();
    assert_eq!(api.asked()[1].header("authorization"), "Bearer token-2");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let api = FakeApi::start(|asked| match asked.header("authorization") {
        "Bearer token-2" => answer_json(&json!({"ok": true})),
        _ => refuse(401, "Unauthorized", "Unauthorized"),
    })
    .await;
    let fleet = Fleet::new();
    let script = fleet.script("login", &counting(fleet.dir(), ""));
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, ""));
    let connections = fleet.connections(options(Duration::from_secs(10)));
    assert_eq!(get(&connections, "a").await.unwrap()["ok"], true);
    assert_eq!(calls(&fleet), 2);
}

#[tokio::test]
async fn a_failure_tells_the_plugins_words_and_is_shared() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let script = fleet
        .script("login", "echo call >> \"$CALLS\"\nprintf '\\033[31mexpired\\033[0m: log in\\n' >&2\nexit 3");
    let env = format!(", env: [{{name: CALLS, value: \"{}\"}}]", fleet.dir().join("calls").display());
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, &env)).site(
        "b",
        &format!("{}/b", api.url()),
        "",
        &exec(&script, &env),
    );
    let connections = fleet.connections(options(Duration::from_secs(10)));
    let (a, b) = tokio::join!(get(&connections, "a"), get(&connections, "b"));
    let problem = a.unwrap_err();
    assert_eq!(b.unwrap_err(), problem);
    assert_eq!(problem.kind, ProblemKind::Unauthenticated);
    assert!(problem.summary.contains("login failed (exit status: 3)"), "{}", problem.summary);
    assert_eq!(problem.detail, "[31mexpired[0m: log in");
    assert!(!problem.hint.is_empty());
    assert_eq!(calls(&fleet), 1);
    assert!(api.asked().is_empty(), "nothing is asked without credentials");

    get(&connections, "a").await.unwrap_err();
    assert_eq!(calls(&fleet), 1, "it is left alone for a while");
    connections.retry_now(&site("a")).await;
    get(&connections, "a").await.unwrap_err();
    assert_eq!(calls(&fleet), 2, "unless the operator asks");
}

#[tokio::test]
async fn a_hanging_plugin_is_ended_and_its_prompt_shown() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let ended = fleet.dir().join("survived");
    let body = format!(
        "echo 'open https://sso/device and enter ABCD' >&2\n(sleep 4; touch {}) &\nsleep 60",
        ended.display()
    );
    let script = fleet.script("login", &body);
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, ", interactiveMode: Always"));
    let connections = fleet.connections(options(Duration::from_secs(2)));
    let mut prompts = connections.prompts();
    let problem = get(&connections, "a").await.unwrap_err();
    let prompt = prompts.try_recv().unwrap();
    assert_eq!(
        (prompt.plugin.as_str(), prompt.text.as_str()),
        ("login", "open https://sso/device and enter ABCD")
    );
    assert!(problem.summary.contains("within 2 s"), "{}", problem.summary);
    assert!(problem.detail.contains("ABCD"));
    assert!(problem.hint.contains("another terminal"));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(!ended.exists(), "its children end with it");
}

#[tokio::test]
async fn the_plugin_is_told_what_it_may_know_and_has_no_terminal() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let seen = fleet.dir().join("seen");
    let body = format!(
        "printf '%s' \"$KUBERNETES_EXEC_INFO\" > {0}\ncat >> {0}\n(: < /dev/tty) 2>/dev/null && echo TTY >> {0}\n{1}",
        seen.display(),
        counting(fleet.dir(), "")
    );
    let script = fleet.script("login", &body);
    let fleet = fleet.site("a", &api.url(), "", &exec(&script, ", provideClusterInfo: true"));
    get(&fleet.connections(options(Duration::from_secs(10))), "a").await.unwrap();
    let told: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(seen).unwrap()).unwrap();
    assert_eq!(told["apiVersion"], V1);
    assert_eq!(told["spec"]["interactive"], false);
    assert_eq!(told["spec"]["cluster"]["server"], api.url());
}

#[tokio::test]
async fn nonsense_is_explained_without_quoting_it() {
    let api = welcoming().await;
    for (output, word) in [
        ("s3cret", "did not print an ExecCredential"),
        (
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"s3cret\"}}",
            "v1beta1",
        ),
        (
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}",
            "neither",
        ),
        ("{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}", "no status"),
    ] {
        let fleet = Fleet::new();
        let script = fleet.script("login", &format!("cat <<'END'\n{output}\nEND"));
        let fleet = fleet.site("a", &api.url(), "", &exec(&script, ""));
        let problem = get(&fleet.connections(options(Duration::from_secs(10))), "a").await.unwrap_err();
        assert!(problem.summary.contains(word), "{}", problem.summary);
        assert!(!format!("{problem:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn the_older_version_works_too() {
    let api = welcoming().await;
    let fleet = Fleet::new();
    let script = fleet.script(
        "login",
        "printf 'kind: ExecCredential\\napiVersion: client.authentication.k8s.io/v1beta1\\nstatus: {token: yaml}\\n'",
    );
    let user = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: \"{}\"}}",
        script.display()
    );
    let fleet = fleet.site("a", &api.url(), "", &user);
    get(&fleet.connections(options(Duration::from_secs(10))), "a").await.unwrap();
    assert_eq!(api.asked()[0].header("authorization"), "Bearer yaml");
}

#[tokio::test]
async fn a_plugin_that_is_not_there() {
    let fleet = Fleet::new();
    let user = format!(
        "exec: {{apiVersion: {V1}, command: no-such-plugin, args: [--secret, s3cret], installHint: get it at corp}}"
    );
    let fleet = fleet.site("a", "http://127.0.0.1:1", "", &user);
    let problem = get(&fleet.connections(options(Duration::from_secs(10))), "a").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unauthenticated);
    assert_eq!(problem.hint, "get it at corp");
    assert!(!format!("{problem:?}").contains("s3cret"));
}
