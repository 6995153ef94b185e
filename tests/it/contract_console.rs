//! The console without a screen, on servers of the loopback: update and runner together reach sites, lose
//! them and find them again.
#![expect(clippy::disallowed_methods, reason = "the test plays the loop, where time enters")]

use std::time::{Duration, Instant};

use serde_json::json;
use tko::actions::plan::{DryRunReport, PlanToken};
use tko::backends::kube::Options;
use tko::domain::site::Connection;
use tko::domain::{ProblemKind, Source};
use tko::effect::Effect;
use tko::keymap;
use tko::msg::{Look, Msg, Start};
use tko::runtime::runner::Runner;
use tko::state::memory::Memory;
use tko::state::overlay::Overlay;
use tko::state::{Freshness, State};
use tko::update::{Context, update};
use tokio::sync::mpsc::{Receiver, channel};

use crate::support::fakes::{Loopback, Reply, Server};
use crate::support::fleet::{Fleet, site};

const CLUSTERS: &str = "/apis/cluster.x-k8s.io/v1beta1/clusters";

struct Console {
    state: State,
    context: Context,
    runner: Runner,
    mailbox: Receiver<Msg>,
    _folder: Fleet,
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

impl Console {
    fn start(fleet: Fleet) -> Self {
        let connections = std::sync::Arc::new(fleet.connections(Options::default()));
        let sites = connections.sites().specs.clone();
        let (messages, mailbox) = channel(64);
        let folder = fleet.dir().to_owned();
        let runner = Runner::new(connections, messages, folder.join("state"), folder.join("journal"));
        let context = Context { keymap: keymap::load("default", None, &|_| true, &[]).0 };
        let mut console = Self { state: State::default(), context, runner, mailbox, _folder: fleet };
        let start = Start {
            now: now(),
            width: 120,
            height: 40,
            sites,
            pane: "clusters".into(),
            filter: String::new(),
            problems: Vec::new(),
            look: Look::default(),
            headless: false,
            memory: Memory::default(),
            practice: tko::msg::Practice::default(),
        };
        console.take(Msg::Started(Box::new(start)));
        console
    }

    fn take(&mut self, msg: Msg) {
        for effect in update(&mut self.state, &self.context, msg) {
            self.runner.start(effect);
        }
    }

    /// Runs until it has come to that; says how long it took.
    async fn until(&mut self, what: &str, limit: Duration, done: impl Fn(&State) -> bool) -> Duration {
        let begun = Instant::now();
        while !done(&self.state) {
            let left =
                limit.checked_sub(begun.elapsed()).unwrap_or_else(|| panic!("not {what} in {limit:?}"));
            match tokio::time::timeout(left.min(Duration::from_millis(200)), self.mailbox.recv()).await {
                Ok(msg) => self.take(msg.unwrap()),
                Err(_) => self.take(Msg::Tick(now())),
            }
        }
        begun.elapsed()
    }

    async fn run(&mut self, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            self.until("done", Duration::from_mins(1), |_| begun.elapsed() >= time).await;
        }
    }
}

fn clusters(of: &str) -> Source {
    Source::management(&site(of), "cluster")
}

fn freshness<'a>(state: &'a State, of: &str) -> Option<&'a Freshness> {
    state.fleet.collection(&clusters(of)).map(|c| &c.freshness)
}

fn fresh(state: &State, of: &str) -> bool {
    state.sites.get(&site(of)).unwrap().is_live() && freshness(state, of) == Some(&Freshness::Live)
}

fn rows(state: &State, of: &str) -> usize {
    state.fleet.collection(&clusters(of)).map_or(0, tko::state::Collection::len)
}

fn failing(state: &State, of: &str) -> bool {
    matches!(state.sites.get(&site(of)).unwrap().connection, Connection::Failing { .. })
}

fn server_with(names: &[&str]) -> (Server, Loopback) {
    let server = Server::new();
    for name in names {
        server.put(CLUSTERS, json!({ "metadata": { "name": name, "namespace": "n", "uid": name } }));
    }
    let loopback = Loopback::new(&server);
    (server, loopback)
}

/// Long enough for a machine that has much else to do; how long it takes on a quiet one is measured, not tested.
const SOON: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_is_down_at_launch_is_there_soon_after_it_is_up() {
    let (_, mut east) = server_with(&["a", "b"]);
    let (_, mut west) = server_with(&["c"]);
    west.start();
    let fleet = Fleet::new().site("east", &east.url(), "", "").site("west", &west.url(), "", "");
    let mut console = Console::start(fleet);
    console.until("west is live, east is not", SOON, |s| fresh(s, "west") && failing(s, "east")).await;
    console.run(Duration::from_secs(1)).await;
    east.start();
    console.until("east is live", SOON, |s| fresh(s, "east") && rows(s, "east") == 2).await;
    assert_eq!(rows(&console.state, "west"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_shown_at_the_site_and_over_without_a_list() {
    let (server, mut east) = server_with(&["a"]);
    let (_, mut west) = server_with(&["c"]);
    east.start();
    west.start();
    let fleet = Fleet::new().site("east", &east.url(), "", "").site("west", &west.url(), "", "");
    let mut console = Console::start(fleet);
    console.until("both are live", SOON, |s| fresh(s, "east") && fresh(s, "west")).await;
    console.until("all is watched", SOON, |_| server.watchers() >= 2).await;
    server.take_log();
    east.stop();
    console.until("east fails", SOON, |s| failing(s, "east")).await;
    let stale = |s: &State| matches!(freshness(s, "east"), Some(Freshness::Stale { .. }));
    console.until("its rows are stale", SOON, stale).await;
    assert_eq!(rows(&console.state, "east"), 1, "the last data stays");
    assert!(fresh(&console.state, "west"));
    server.put(CLUSTERS, json!({ "metadata": { "name": "new", "namespace": "n", "uid": "new" } }));
    console.run(Duration::from_secs(2)).await;
    east.start();
    console.until("east is live", SOON, |s| fresh(s, "east") && rows(s, "east") == 2).await;
    let lists = server.log().into_iter().filter(|a| a.path == CLUSTERS && a.is_list()).count();
    assert_eq!(lists, 0);
    console.until("it settles", SOON, |_| server.watchers() >= 2).await;
    console.run(Duration::from_millis(500)).await;
    server.take_log();
    console.run(Duration::from_secs(1)).await;
    assert_eq!(server.take_log(), [""; 0], "at rest again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_greets_but_does_not_let_watch_is_not_asked_in_a_loop() {
    let (server, mut east) = server_with(&["a"]);
    east.start();
    let mut console = Console::start(Fleet::new().site("east", &east.url(), "", ""));
    console.until("east is live", SOON, |s| fresh(s, "east")).await;
    server.fail(usize::MAX, Reply::status(401, "Unauthorized", "no"), super::support::fakes::Asked::is_watch);
    server.cut_watches();
    server.take_log();
    console.until("east fails", SOON, |s| failing(s, "east")).await;
    console.run(Duration::from_secs(4)).await;
    let asked = server.take_log().len();
    assert!(asked < 120, "{asked} requests in 4 s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_installed_later_is_found_by_a_retry() {
    let (server, mut east) = server_with(&["a"]);
    server.serve_groups(&["authorization.k8s.io"]);
    east.start();
    let mut console = Console::start(Fleet::new().site("east", &east.url(), "", ""));
    let absent = |s: &State| matches!(freshness(s, "east"), Some(Freshness::Absent { .. }));
    console.until("clusters are not served", SOON, absent).await;
    server.serve_groups(&["authorization.k8s.io", "cluster.x-k8s.io"]);
    console.runner.start(Effect::RetryNow(site("east")));
    console.until("clusters are there", SOON, |s| fresh(s, "east") && rows(s, "east") == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_does_not_wait_for_servers_that_hang() {
    let (server, mut east) = server_with(&["a"]);
    server.fail(usize::MAX, Reply::Nothing, |_| true);
    east.start();
    let mut console = Console::start(Fleet::new().site("east", &east.url(), "", ""));
    console.run(Duration::from_millis(300)).await;
    let begun = Instant::now();
    drop(console.mailbox);
    console.runner.shut_down().await;
    assert!(begun.elapsed() < Duration::from_millis(200), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_is_asked_for_above_everything_and_goes_away_when_it_is_done() {
    let (_, mut east) = server_with(&["a"]);
    east.start();
    let fleet = Fleet::new();
    let answer =
        r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}"#;
    let plugin =
        fleet.script("corp-login", &format!("echo 'open https://sso.corp' >&2; sleep 2.5; echo '{answer}'"));
    let exec = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, command: \"{}\"}}",
        plugin.display()
    );
    let fleet = fleet.site("east", &east.url(), "", &exec);
    let mut console = Console::start(fleet);
    let login = |s: &State| {
        s.screen.overlays.iter().any(|o| {
            matches!(o, Overlay::Login { plugin, text, sites }
                if plugin == "corp-login" && text.contains("sso.corp") && *sites == [site("east")])
        })
    };
    console.until("the login is shown", SOON, login).await;
    console.until("east is live", SOON, |s| fresh(s, "east")).await;
    assert!(console.state.screen.overlays.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_on_a_site_that_is_not_connected_is_answered() {
    let (_, east) = server_with(&[]);
    let mut console = Console::start(Fleet::new().site("east", &east.url(), "", ""));
    let plan: tko::actions::plan::Plan = serde_json::from_value(json!({
        "action": "x", "title": "x", "summary": "x", "steps": [], "consequences": [], "equivalent": "", "inputs": {},
        "target": { "source": { "site": "east", "home": "Management", "kind": "pool" }, "key": { "namespace": "n", "name": "p" } },
        "goal": { "goal": "immediate" },
    }))
    .unwrap();
    console.runner.start(Effect::DryRun(PlanToken(3), Box::new(plan)));
    let answer: Result<Box<DryRunReport>, _> = loop {
        if let Some(Msg::DryRun(PlanToken(3), answer)) = console.mailbox.recv().await {
            break answer;
        }
    };
    assert_eq!(answer.unwrap_err().kind, ProblemKind::Policy, "no session is open");
}
