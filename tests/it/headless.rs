//! The commands without a screen, as a script meets them: the real binary, its exit codes, what stands on
//! standard output and what on standard error. The API servers are fakes on the loopback.
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::support::api::{Asked, FakeApi, answer_json, refuse};
use crate::support::fleet::Fleet;

/// How a fake management cluster behaves.
#[derive(Debug, Clone, Default)]
struct Site {
    machines: usize,
    /// Access reviews are answered with no.
    viewer: bool,
    /// 403 for whoever lists machines.
    machines_forbidden: bool,
    /// What a write that is no dry run is answered with.
    refuses: Option<(u16, &'static str, &'static str)>,
    /// Never answers anything.
    silent: bool,
    /// What a watch of machines says once the gate is open.
    events: Vec<String>,
    gate: Option<tokio::sync::watch::Receiver<bool>>,
}

impl Site {
    async fn start(self) -> FakeApi {
        FakeApi::start(move |asked| self.answer(asked)).await
    }

    fn answer(&self, asked: &Asked) -> Response {
        let one = |group: &str, plural: &str, kind: &str| {
            json!({ "metadata": { "name": group }, "versions": [{ "version": "v1beta1", "freshness": "Current",
                "resources": [{ "resource": plural, "scope": "Namespaced", "responseKind": { "kind": kind } }] }] })
        };
        if self.silent {
            return Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>())
                .into_response();
        }
        match (asked.method.as_str(), asked.path.as_str()) {
            (_, "/version") => answer_json(&json!({ "gitVersion": "v1.31.0" })),
            (_, "/api") => answer_json(&json!({ "kind": "APIGroupDiscoveryList", "items": [] })),
            (_, "/apis") => {
                let mut items = vec![
                    one("controlplane.cluster.x-k8s.io", "kubeadmcontrolplanes", "KubeadmControlPlane"),
                    one("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
                ];
                items.extend(
                    [
                        ("clusters", "Cluster"),
                        ("machines", "Machine"),
                        ("machinedeployments", "MachineDeployment"),
                    ]
                    .map(|(plural, kind)| one("cluster.x-k8s.io", plural, kind)),
                );
                answer_json(&json!({ "kind": "APIGroupDiscoveryList", "items": items }))
            }
            (_, path) if path.ends_with("selfsubjectreviews") => answer_json(
                &json!({ "metadata": {}, "status": { "userInfo": { "username": "ops", "groups": ["sre"] } } }),
            ),
            (_, path) if path.ends_with("selfsubjectaccessreviews") => {
                answer_json(&json!({ "status": { "allowed": !self.viewer } }))
            }
            ("PATCH", _) => self.patch(asked),
            ("GET", _) => self.read(asked),
            _ => refuse(405, "MethodNotAllowed", "no"),
        }
    }

    fn read(&self, asked: &Asked) -> Response {
        if asked.query.contains("sendInitialEvents=true") {
            return refuse(422, "Invalid", "sendInitialEvents: Forbidden: not enabled");
        }
        let plural = asked.path.rsplit('/').next().unwrap();
        if plural == "machines" && self.machines_forbidden {
            return refuse(403, "Forbidden", "machines is forbidden: User \"ops\" cannot list it");
        }
        if asked.query.contains("watch=true") {
            let events = if plural == "machines" { self.events.clone() } else { Vec::new() };
            let lines = events.into_iter().map(|e| Ok::<_, std::io::Error>(Bytes::from(format!("{e}\n"))));
            let gate = self.gate.clone();
            let opened = async move {
                if let Some(mut gate) = gate {
                    gate.wait_for(|open| *open).await.unwrap();
                }
                futures::stream::iter(lines).chain(futures::stream::pending())
            };
            return Body::from_stream(futures::stream::once(opened).flatten()).into_response();
        }
        let items = match plural {
            "clusters" => vec![cluster()],
            "machinedeployments" => vec![pool(2)],
            "machines" => (0..self.machines).map(machine).collect(),
            "kubeadmcontrolplanes" => vec![],
            "md-0" => return answer_json(&pool(2)),
            _ => return refuse(404, "NotFound", "no"),
        };
        answer_json(&json!({ "kind": "List", "metadata": { "resourceVersion": "9" }, "items": items }))
    }

    fn patch(&self, asked: &Asked) -> Response {
        match self.refuses {
            Some((code, reason, words)) if !asked.query.contains("dryRun=All") => refuse(code, reason, words),
            _ => answer_json(&pool(3)),
        }
    }
}

fn meta(name: &str) -> Value {
    json!({ "namespace": "ns", "name": name, "uid": format!("uid-{name}"), "resourceVersion": "7", "generation": 1,
        "creationTimestamp": "2026-01-01T00:00:00Z", "labels": { "cluster.x-k8s.io/cluster-name": "pay" } })
}

fn conditions() -> Value {
    json!([{ "type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:10:00Z" }])
}

fn cluster() -> Value {
    json!({ "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster", "metadata": meta("pay"), "spec": {},
        "status": { "phase": "Provisioned", "conditions": conditions() } })
}

fn pool(replicas: i64) -> Value {
    json!({ "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "MachineDeployment", "metadata": meta("md-0"),
        "spec": { "clusterName": "pay", "replicas": replicas },
        "status": { "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2, "conditions": conditions() } })
}

fn machine(number: usize) -> Value {
    json!({ "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Machine", "metadata": meta(&format!("m-{number:05}")),
        "spec": { "clusterName": "pay", "version": "v1.30.1", "providerID": "x\u{1b}[31m\u{9b}y" },
        "status": { "phase": "Running", "conditions": conditions() } })
}

/// A fleet and the binary with folders of its own.
struct Desk {
    fleet: Fleet,
}

impl Desk {
    fn new(sites: &[(&str, String)]) -> Self {
        let fleet =
            sites.iter().fold(Fleet::new(), |fleet, (name, url)| fleet.site(name, url, "", "token: t"));
        fleet.write("kubeconfig", &fleet.yaml());
        Self { fleet }
    }

    fn command(&self, line: &str) -> Command {
        let dir = self.fleet.dir();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tko"));
        command
            .args(line.split(' ').filter(|w| !w.is_empty()))
            .env_clear()
            .env("HOME", dir)
            .env("XDG_CONFIG_HOME", dir.join("config"))
            .env("XDG_STATE_HOME", dir.join("state"))
            .env("KUBECONFIG", dir.join("kubeconfig"))
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// Runs to the end, beside the fake servers of the same runtime.
    async fn run(&self, line: &str) -> Ran {
        let mut command = self.command(line);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        Ran::new(line, &output)
    }

    fn state(&self) -> std::path::PathBuf {
        self.fleet.dir().join("state/tko")
    }
}

struct Ran {
    line: String,
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn new(line: &str, output: &Output) -> Self {
        Self {
            line: line.to_owned(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
    #[track_caller]
    fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "tko {}\n{}\n{}", self.line, self.out, self.err);
        self
    }
    fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("tko {}: {e}\n{}\n{}", self.line, self.out, self.err))
    }
}

/// An address where nothing listens.
fn nowhere() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{free}")
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_every_site_in_the_promised_shape() {
    let (a, b) = (
        Site { machines: 2, ..Site::default() }.start().await,
        Site { machines: 1, ..Site::default() }.start().await,
    );
    let desk = Desk::new(&[("a", a.url()), ("b", b.url())]);
    let ran = desk.run("get machines -o json").await;
    let document = ran.ends(0).json();
    assert_eq!((&document["kind"], &document["pane"]), (&json!("Rows"), &json!("machines")));
    assert_eq!(document["incomplete"], json!([]));
    let rows = document["rows"].as_array().unwrap();
    let names: Vec<_> = rows
        .iter()
        .map(|r| format!("{}/{}", r["site"].as_str().unwrap(), r["name"].as_str().unwrap()))
        .collect();
    assert_eq!(names, ["a/m-00000", "b/m-00000", "a/m-00001"]);
    let row = &rows[0];
    assert_eq!(
        (
            &row["kind"],
            &row["apiVersion"],
            &row["uid"],
            &row["resourceVersion"],
            &row["health"],
            &row["cluster"]
        ),
        (
            &json!("Machine"),
            &json!("cluster.x-k8s.io/v1beta1"),
            &json!("uid-m-00000"),
            &json!("7"),
            &json!("ok"),
            &json!("pay")
        )
    );
    assert_eq!(row["columns"]["phase"], "Running");
    assert_eq!(row["conditions"][0]["type"], "Ready");
    assert_eq!(row["facts"]["providerId"], "x\u{1b}[31m\u{9b}y", "nothing is lost");
    assert!(
        !ran.out.contains('\u{9b}') && !ran.out.contains('\u{1b}'),
        "and nothing reaches the terminal raw"
    );

    let names = desk.run("get clusters -o name").await;
    assert_eq!(names.ends(0).out, "a:cluster/ns/pay\nb:cluster/ns/pay\n");
    let yaml = desk.run("get pools -o yaml --site b").await;
    assert!(yaml.ends(0).out.contains("apiVersion: tko/v1"), "{}", yaml.out);
    assert_eq!(desk.run("get machines -n other -o json").await.ends(0).json()["rows"], json!([]));
    assert_eq!(
        desk.run("get pools --filter kind=pool -o name --site a").await.ends(0).out,
        "a:pool/ns/md-0\n"
    );
    let sites = desk.run("get sites -o json").await;
    assert_eq!(sites.ends(0).json()["rows"][1]["facts"]["identity"], "ops");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_aligned_plain_and_harmless() {
    let a = Site { machines: 1, ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url())]);
    let ran = desk.run("get machines -o wide").await;
    let lines: Vec<&str> = ran.ends(0).out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    let at = lines[0].find("PROVIDER ID").unwrap();
    assert!(lines[1][at..].starts_with("x␛[31m\u{fffd}y"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'));
    assert!(!desk.run("get machines").await.ends(0).out.contains("PROVIDER ID"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_said_and_the_rest_is_printed() {
    let a = Site { machines: 1, machines_forbidden: true, ..Site::default() }.start().await;
    let b = Site { machines: 1, ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url()), ("b", b.url()), ("c", nowhere())]);
    let ran = desk.run("get machines -o json").await;
    let document = ran.ends(3).json();
    assert_eq!(document["rows"].as_array().unwrap().len(), 1);
    assert_eq!(document["incomplete"].as_array().unwrap().len(), 2);
    let said: Vec<&str> = ran.err.lines().collect();
    assert_eq!(said.len(), 2, "one line each: {}", ran.err);
    assert!(ran.err.contains("tko: a: machines: ") && ran.err.contains("tko: c: "), "{}", ran.err);
    assert_eq!(desk.run("get clusters --cluster nope --site b").await.ends(6).out, "");
    assert_eq!(desk.run("get clusters --cluster nope").await.code, Some(3), "it may be at c");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_hangs_costs_its_own_rows_only() {
    let (a, b) = (Site { silent: true, ..Site::default() }.start().await, Site::default().start().await);
    let desk = Desk::new(&[("a", a.url()), ("b", b.url())]);
    #[expect(clippy::disallowed_methods, reason = "the test has a watch of its own")]
    let started = Instant::now();
    let ran = desk.run("get clusters -o name --timeout 10").await;
    assert_eq!(ran.ends(3).out, "b:cluster/ns/pay\n");
    assert!(ran.err.contains("tko: a: no complete answer within 10 s"), "{}", ran.err);
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
    let ran = desk.run("get clusters --site a --timeout 1").await;
    assert_eq!(ran.ends(124).out, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_name_the_nearest_and_end_with_two() {
    let a = Site::default().start().await;
    let desk = Desk::new(&[("main", a.url())]);
    for (line, word) in [
        ("get clusters --site mian", "main"),
        ("get clusters --context mian", "main"),
        ("get clusters --write mian", "main"),
        ("get clusters --filter phaes=x", "phase"),
        ("get clsters", "clusters"),
        ("get nodes", "--cluster"),
        ("get pools -w -o yaml", "--watch"),
        ("man gt", "get"),
        ("scale pool md-0", "--replicas"),
        ("", "tko get"),
    ] {
        let ran = desk.run(line).await;
        assert!(ran.ends(2).err.contains(word), "tko {line}: {}", ran.err);
    }
    let empty = Desk::new(&[]);
    assert!(empty.run("get sites").await.ends(2).err.contains("--kubeconfig"));
}

#[tokio::test(flavor = "multi_thread")]
async fn scaling_asks_shows_and_records() {
    let a = Site { machines: 1, ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url())]);
    let writes = |api: &FakeApi| -> Vec<bool> {
        api.asked().iter().filter(|r| r.method == "PATCH").map(|r| r.query.contains("dryRun=All")).collect()
    };
    let refused = desk.run("scale pool md-0 --replicas 3").await;
    assert!(refused.ends(4).err.contains("--yes"), "{}", refused.err);
    assert!(writes(&a).is_empty());

    let dry = desk.run("scale pool md-0 --replicas 3 --dry-run").await;
    assert!(dry.ends(0).out.contains("~ spec.replicas: 2 -> 3"), "{}", dry.out);
    assert_eq!(writes(&a), [true]);

    let ran = desk.run("scale pool md-0 --replicas 3 --yes --no-wait --reason more -o json").await;
    let document = ran.ends(0).json();
    assert_eq!(document["exitCode"], 0);
    assert_eq!(document["dryRun"]["changes"][0]["path"], "spec.replicas");
    assert_eq!(writes(&a), [true, true, false], "what was asked is asked again before it is done");

    assert!(desk.run("scale pool md-0 --replicas 2 --yes").await.ends(0).out.contains("nothing to do"));
    desk.run("scale pool md-1 --replicas 2 --yes").await.ends(6);

    let journal = desk.run("journal -o json").await;
    let records: Vec<Value> = journal.ends(0).out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let actions: Vec<_> = records
        .iter()
        .map(|r| format!("{} {}", r["action"].as_str().unwrap(), r["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        actions,
        ["session.open intent", "session.open intent", "pool.scale intent", "pool.scale outcome"]
    );
    assert_eq!(records[2]["reason"], "more");
    desk.run("journal verify").await.ends(0);
    assert_eq!(desk.run("journal --since 2100-01-01T00:00:00Z").await.ends(0).out, "");
    let file = desk.state().join("journal/journal.ndjson");
    let text = std::fs::read_to_string(&file).unwrap().replace("more", "less");
    std::fs::write(&file, text).unwrap();
    desk.run("journal verify").await.ends(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_may_not_be_is_refused_before_or_by_the_server() {
    let viewer = Site { viewer: true, ..Site::default() }.start().await;
    let conflict = Site { refuses: Some((422, "Invalid", "quota says no")), ..Site::default() }.start().await;
    let desk = Desk::new(&[("viewer", viewer.url()), ("quota", conflict.url())]);
    let ran = desk.run("scale pool md-0 --replicas 3 --yes --site viewer").await;
    assert!(ran.ends(4).err.contains("you may not patch machinedeployments"), "{}", ran.err);
    assert!(viewer.asked().iter().all(|r| r.method != "PATCH"));

    let ran = desk.run("scale pool md-0 --replicas 3 --yes --site quota").await;
    assert!(ran.ends(4).err.contains("quota says no"), "the server's own words: {}", ran.err);

    let ran = desk.run("scale pool md-0 --replicas 3 --yes").await;
    assert!(ran.ends(2).err.contains("names 2 pools"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_site_wants_a_reason() {
    let a = Site::default().start().await;
    let desk = Desk::new(&[("a", a.url())]);
    config(&desk, "[sites.a]\nprotection = \"high\"\n");
    let line = "scale pool md-0 --replicas 3 --yes --no-wait";
    assert!(desk.run(line).await.ends(4).err.contains("--reason"));
    desk.run(&format!("{line} --reason incident-7")).await.ends(0);
}

fn config(desk: &Desk, text: &str) {
    let dir = desk.fleet.dir().join("config/tko");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_record_nothing_is_changed() {
    let a = Site::default().start().await;
    let desk = Desk::new(&[("a", a.url())]);
    std::fs::create_dir_all(desk.state()).unwrap();
    std::fs::write(desk.state().join("journal"), "in the way").unwrap();
    desk.run("scale pool md-0 --replicas 3 --yes").await.ends(4);
    assert!(a.asked().iter().all(|r| r.method != "PATCH"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_says_what_comes_changes_and_goes() {
    let mut failed = machine(0);
    failed["status"]["phase"] = json!("Failed");
    let mut same = machine(1);
    same["metadata"]["resourceVersion"] = json!("10");
    let events = [("MODIFIED", same), ("MODIFIED", failed), ("DELETED", machine(1)), ("ADDED", machine(2))];
    // The type first, as API servers write it.
    let events = events.map(|(kind, object)| format!("{{\"type\":\"{kind}\",\"object\":{object}}}"));
    let (open, gate) = tokio::sync::watch::channel(false);
    let a = Site { machines: 2, events: events.to_vec(), gate: Some(gate), ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url())]);
    let mut child = desk.command("get machines --watch").stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = tokio::task::spawn_blocking(move || {
        let (mut text, mut buffer) = (String::new(), vec![0; 65_536]);
        while text.lines().count() < 5 {
            match stdout.read(&mut buffer).unwrap() {
                0 => break,
                n => text.push_str(std::str::from_utf8(&buffer[..n]).unwrap()),
            }
            // Only changes of what has been told are told as such.
            open.send_replace(text.lines().count() >= 2);
        }
        text
    });
    let text = tokio::time::timeout(Duration::from_mins(2), reader).await;
    // Before anything else, or the reader would wait for ever.
    child.kill().unwrap();
    child.wait().unwrap();
    let text = text.unwrap().unwrap();
    let told: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|e| format!("{} {}", e["type"].as_str().unwrap(), e["row"]["name"].as_str().unwrap()))
        .collect();
    let (mut first, mut then) = (told[..2].to_vec(), told[2..].to_vec());
    first.sort();
    then.sort();
    assert_eq!(first, ["ADDED m-00000", "ADDED m-00001"], "{text}");
    assert_eq!(then, ["ADDED m-00002", "CHANGED m-00000", "REMOVED m-00001"], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_faults_and_fixes() {
    let a = Site { viewer: true, ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url()), ("b", nowhere())]);
    config(&desk, "them = \"dark\"\n");
    let document = desk.run("doctor -o json --timeout 5").await.ends(1).json();
    assert_eq!(document["ok"], false);
    let findings: Vec<&Value> = document["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["findings"].as_array().unwrap())
        .collect();
    let bad: Vec<&str> =
        findings.iter().filter(|f| f["level"] == "bad").map(|f| f["what"].as_str().unwrap()).collect();
    assert_eq!(bad, ["may not read", "reach", "mistake"]);
    assert!(findings.iter().filter(|f| f["level"] == "bad").all(|f| f["fix"] != ""), "{findings:?}");
    let text = desk.run("doctor --site a --timeout 5").await;
    assert!(text.out.contains("identity        ops (sre)"), "{}", text.out);
    assert!(text.out.contains("fix: did you mean \"theme\"?"), "{}", text.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_it_quietly() {
    let a = Site { machines: 3000, ..Site::default() }.start().await;
    let desk = Desk::new(&[("a", a.url())]);
    let mut command = desk.command("get machines -o json");
    let ran = tokio::task::spawn_blocking(move || {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        child.wait_with_output().unwrap()
    });
    let output = ran.await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_describes_itself() {
    let desk = Desk::new(&[]);
    assert!(desk.run("completions bash").await.ends(0).out.contains("_tko()"));
    assert!(desk.run("completions fish").await.ends(0).out.contains("complete -c tko"));
    assert!(desk.run("man").await.ends(0).out.contains("Exit codes"));
    assert!(desk.run("man get").await.ends(0).out.contains("tko\\-get"));
    let path = desk.run("config path").await;
    assert!(Path::new(path.ends(0).out.trim()).ends_with("config/tko/config.toml"));
    config(&desk, &desk.run("config example").await.ends(0).out);
    assert!(desk.run("config check").await.ends(2).err.contains("the kubeconfig is empty"));
    let a = Site::default().start().await;
    let desk = Desk::new(&[("a", a.url())]);
    desk.run("config check").await.ends(0);
    assert!(desk.run("journal").await.ends(0).err.contains("no journal yet"));
}
