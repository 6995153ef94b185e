//! Following a collection: what is asked of the server, in which order, and what is said of it. The server is
//! in process and the clock is paused, so that hours pass in milliseconds.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tko::backends::kube::backoff::Bell;
use tko::backends::kube::watch::{Ended, Sink, Standing, Watch};
use tko::domain::{Facts, ProblemKind};
use tko::kinds;
use tko::msg::{Change, Observation};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout};

use crate::support::fakes::{Asked, Reply, Server, Streaming};

const MACHINES: &str = "/apis/cluster.x-k8s.io/v1beta1/machines";

fn machine(name: &str) -> Value {
    json!({ "metadata": { "name": name, "namespace": "n", "uid": format!("uid-{name}") }, "spec": {} })
}

struct Ear(UnboundedSender<Observation>);

impl Sink for Ear {
    async fn send(&mut self, observation: Observation) -> bool {
        self.0.send(observation).is_ok()
    }
}

/// A collection that is followed, and what was said of it.
struct Followed {
    server: Server,
    bell: Bell,
    streaming: Arc<AtomicBool>,
    said: UnboundedReceiver<Observation>,
}

impl Followed {
    fn start(server: &Server) -> Self {
        let (sender, said) = unbounded_channel();
        let (bell, streaming) = (Bell::default(), Arc::new(AtomicBool::new(true)));
        let watch = Watch {
            client: server.client(),
            kind: kinds::find("machine").unwrap().into(),
            version: "v1beta1".into(),
            fields: String::new(),
            streaming: streaming.clone(),
            pulse: Arc::default(),
        };
        let mut wake = bell.listen();
        tokio::spawn(async move {
            let (mut standing, mut ear) = (Standing::default(), Ear(sender));
            loop {
                wake.arm();
                if watch.run(&mut standing, &mut wake, &mut ear).await == Ended::Unheard {
                    return;
                }
            }
        });
        Self { server: server.clone(), bell, streaming, said }
    }

    /// One that has listed these machines, its log read.
    async fn settled(names: &[&str]) -> Self {
        let server = Server::new();
        for name in names {
            server.put(MACHINES, machine(name));
        }
        let mut followed = Self::start(&server);
        while followed.next().await != "listed" {}
        followed.until(|s| s.watchers() == 1).await;
        server.take_log();
        followed
    }

    async fn observation(&mut self) -> Observation {
        timeout(Duration::from_mins(10), self.said.recv()).await.expect("something is said").unwrap()
    }

    /// What is said next, but when something was last heard.
    async fn next(&mut self) -> String {
        loop {
            let observation = self.observation().await;
            if !matches!(observation, Observation::Heard(_)) {
                return words(&observation);
            }
        }
    }

    async fn expect(&mut self, expected: &[&str]) {
        for words in expected {
            assert_eq!(self.next().await, *words, "of {expected:?}");
        }
    }

    /// Nothing is said for so long.
    async fn silence(&mut self, seconds: u64) {
        if let Ok(said) = timeout(Duration::from_secs(seconds), self.said.recv()).await {
            panic!("{}", words(&said.unwrap()));
        }
    }

    async fn until(&self, done: impl Fn(&Server) -> bool) {
        for _ in 0..10_000 {
            if done(&self.server) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it does not come to that");
    }

    /// Faults for every watch and list until `mend`.
    fn down(&self) {
        self.server.fail(usize::MAX, Reply::Refused, |_| true);
        self.server.cut_watches();
    }
}

fn words(observation: &Observation) -> String {
    match observation {
        Observation::Listing => "listing".into(),
        Observation::Listed => "listed".into(),
        Observation::Resumed => "resumed".into(),
        Observation::Heard(_) => "heard".into(),
        Observation::Failed { problem, retry_at } => {
            assert!(retry_at.is_some());
            format!("failed {:?}", problem.kind)
        }
        Observation::Forbidden(_) => "forbidden".into(),
        Observation::Absent(_) => "absent".into(),
        Observation::Changes(changes) => {
            let change = |change: &Change| match change {
                Change::Upsert(object) if matches!(object.facts, Facts::Malformed(_)) => {
                    format!("!{}", object.meta.name)
                }
                Change::Upsert(object) => format!("+{}", object.meta.name),
                Change::Remove(key) => format!("-{}", key.name),
            };
            changes.iter().map(change).collect::<Vec<_>>().join(" ")
        }
    }
}

fn any_watch(asked: &Asked) -> bool {
    asked.is_watch() && !asked.is_stream()
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_and_then_what_changes() {
    let server = Server::new();
    server.put(MACHINES, machine("a"));
    server.put(MACHINES, machine("b"));
    let mut followed = Followed::start(&server);
    followed.expect(&["listing", "+a +b", "listed"]).await;
    server.put(MACHINES, machine("c"));
    followed.expect(&["+c"]).await;
    server.put(MACHINES, machine("a"));
    server.delete(MACHINES, "n/b");
    server.put(MACHINES, machine("a"));
    followed.expect(&["+a -b"]).await;
    assert_eq!(server.take_log(), ["GET stream"], "one request did all of it");
    let query = "watch=true&timeoutSeconds=290&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=";
    Followed::start(&server).expect(&["listing"]).await;
    assert_eq!(server.log()[0].query.trim_start_matches('&'), query);
}

#[tokio::test(start_paused = true)]
async fn at_rest_nothing_is_asked() {
    let mut followed = Followed::settled(&["a", "b"]).await;
    for _ in 0..10 {
        followed.silence(61).await;
        // As a kube-apiserver does about once a minute.
        followed.server.bookmark(MACHINES);
    }
    assert_eq!(followed.server.take_log(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_bookmarks_is_asked_now_and_then_whether_it_is_there_and_never_for_a_list() {
    let mut followed = Followed::settled(&["a", "b"]).await;
    followed.silence(280).await;
    assert_eq!(followed.server.take_log(), ["GET /version"; 3]);
    followed.server.put(MACHINES, machine("c"));
    followed.expect(&["+c"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_noticed_soon_and_the_age_counts_from_what_was_last_heard() {
    for marked in [true, false] {
        let mut followed = Followed::settled(&["a"]).await;
        followed.silence(60).await;
        if marked {
            followed.server.bookmark(MACHINES);
            followed.silence(60).await;
            followed.server.bookmark(MACHINES);
        } else {
            followed.silence(30).await;
        }
        followed.server.take_log();
        // Connections stand, nothing comes, nothing is answered.
        followed.server.fail(usize::MAX, Reply::Nothing, |_| true);
        let hung = Instant::now();
        #[expect(clippy::disallowed_methods, reason = "what is told is compared with the clock of the edge")]
        let now = jiff::Timestamp::now();
        let Observation::Heard(heard) = followed.observation().await else { panic!("when it was heard") };
        let age = now.duration_since(heard).as_secs();
        let since_answer = if marked { 0 } else { 15 };
        let noticed = i64::try_from(hung.elapsed().as_secs()).unwrap();
        assert!((60..=90).contains(&noticed), "{noticed}");
        assert!((age - noticed - since_answer).abs() <= 2, "{age} against {noticed}");
        followed.expect(&["failed Unreachable"]).await;
        assert_eq!(followed.server.take_log(), ["GET /version"]);
        followed.server.mend();
        followed.expect(&["resumed"]).await;
        assert!(followed.server.log().iter().all(|asked| !asked.is_list()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_alone_is_dead_is_replaced_without_a_list() {
    let mut followed = Followed::settled(&["a"]).await;
    let at = followed.server.bookmark(MACHINES);
    followed.silence(100).await;
    assert_eq!(followed.server.take_log(), ["GET /version".to_owned(), format!("GET watch {at}")]);
}

#[tokio::test(start_paused = true)]
async fn all_that_follow_a_server_share_one_question() {
    let server = Server::new();
    let pulse = tko::backends::kube::pulse::Pulse::default();
    let client = server.client();
    let asked = futures::future::join_all((0..5).map(|_| pulse.feel(&client))).await;
    assert!(asked.iter().all(Result::is_ok));
    assert_eq!(server.take_log(), ["GET /version"]);
    tokio::time::sleep(Duration::from_secs(40)).await;
    server.fail(usize::MAX, Reply::status(503, "ServiceUnavailable", "starting"), |_| true);
    assert!(pulse.feel(&client).await.is_err() && pulse.feel(&client).await.is_err());
    assert_eq!(server.take_log(), ["GET /version"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_streaming_lists_is_read_in_pages_and_remembered() {
    for code in [422, 400] {
        let server = Server::new();
        server.streaming(Streaming::Refused(code));
        server.page(2);
        for name in ["a", "b", "c", "d", "e"] {
            server.put(MACHINES, machine(name));
        }
        let mut followed = Followed::start(&server);
        followed.expect(&["listing", "+a +b", "+c +d", "+e", "listed"]).await;
        server.put(MACHINES, machine("f"));
        followed.expect(&["+f"]).await;
        let log = server.take_log();
        assert_eq!(log, ["GET stream", "GET list", "GET list 2", "GET list 4", "GET watch 105"]);
        assert!(!followed.streaming.load(Ordering::Relaxed), "other kinds need not try");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_refused_either_way_says_nothing_of_streaming() {
    let server = Server::new();
    server.fail(usize::MAX, Reply::status(400, "BadRequest", "field label not supported: x"), |_| true);
    let mut followed = Followed::start(&server);
    followed.expect(&["failed Refused"]).await;
    assert!(followed.streaming.load(Ordering::Relaxed));
    followed.silence(40).await;
    assert_eq!(server.take_log(), ["GET stream", "GET list"], "what is refused is not asked again and again");
}

#[tokio::test(start_paused = true)]
async fn a_partial_api_that_knows_no_streaming_list_is_read_in_pages() {
    let server = Server::new();
    server.streaming(Streaming::Ignored);
    server.put(MACHINES, machine("a"));
    let mut followed = Followed::start(&server);
    followed.expect(&["listing", "+a", "listing", "+a", "listed"]).await;
    assert!(!followed.streaming.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_expires_between_its_pages_is_begun_again() {
    let server = Server::new();
    server.streaming(Streaming::Refused(422));
    server.page(1);
    server.put(MACHINES, machine("a"));
    server.put(MACHINES, machine("b"));
    server.fail(1, Reply::status(410, "Expired", "the continue token is too old"), |asked| {
        asked.parameter("continue").is_some()
    });
    let begun = Instant::now();
    Followed::start(&server).expect(&["listing", "+a", "listing", "+a", "+b", "listed"]).await;
    assert!(begun.elapsed() < Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_list_without_a_version_is_not_asked_for_in_a_loop() {
    let server = Server::new();
    server.streaming(Streaming::Refused(422));
    server.fail(usize::MAX, Reply::Text(r#"{"items": null}"#), |asked| {
        asked.path == MACHINES && !asked.is_watch()
    });
    let mut followed = Followed::start(&server);
    followed
        .expect(&["listing", "listed", "failed Malformed", "listing", "listed", "failed Malformed"])
        .await;
    assert_eq!(server.take_log().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_expired_watch_lists_again_at_once_and_never_says_that_it_failed() {
    // The event in a watch that stands, and the answer to one that wants to go on.
    for by_event in [true, false] {
        let mut followed = Followed::settled(&["a", "b"]).await;
        followed.server.compact();
        followed.server.delete(MACHINES, "n/b");
        followed.expect(&["-b"]).await;
        followed.server.compact();
        let begun = Instant::now();
        if by_event {
            followed.server.error_event(MACHINES, 410, "Expired", "too old resource version");
        } else {
            followed.server.cut_watches();
        }
        followed.expect(&["listing", "+a", "listed"]).await;
        assert!(begun.elapsed() < Duration::from_millis(100));
        let log = followed.server.take_log();
        assert_eq!(log.last().unwrap(), "GET stream", "{log:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_410_after_an_outage_is_no_reason_to_wait() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.down();
    for _ in 0..6 {
        followed.expect(&["failed Unreachable"]).await;
    }
    followed.server.compact();
    followed.server.mend();
    let back = Instant::now();
    followed.expect(&["listing", "+a", "listed"]).await;
    assert!(back.elapsed() < Duration::from_millis(2_100), "{:?}", back.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_or_is_cut_goes_on_in_silence() {
    let mut followed = Followed::settled(&["a"]).await;
    let at = followed.server.version();
    for cut in [false, true, false] {
        tokio::time::sleep(Duration::from_mins(1)).await;
        if cut {
            followed.server.cut_watches();
        } else {
            followed.server.close_watches();
        }
        followed.silence(1).await;
        assert_eq!(followed.server.take_log(), [format!("GET watch {at}")]);
    }
    followed.server.put(MACHINES, machine("b"));
    followed.expect(&["+b"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_happens_between_two_watches_is_not_lost() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.server.fail(1, Reply::Refused, any_watch);
    followed.server.cut_watches();
    followed.expect(&["failed Unreachable"]).await;
    followed.server.put(MACHINES, machine("b"));
    followed.server.delete(MACHINES, "n/a");
    followed.expect(&["+b -a", "resumed"]).await;
}

#[tokio::test(start_paused = true)]
async fn bookmarks_move_the_position() {
    let mut followed = Followed::settled(&["a"]).await;
    let at = followed.server.bookmark(MACHINES);
    followed.silence(1).await;
    followed.server.close_watches();
    followed.until(|s| s.watchers() == 1).await;
    assert_eq!(followed.server.take_log(), [format!("GET watch {at}")]);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_is_down_is_tried_for_ever_and_found_soon_after_it_is_up() {
    let server = Server::new();
    server.fail(usize::MAX, Reply::Refused, |_| true);
    let mut followed = Followed::start(&server);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_hours(1) {
        followed.expect(&["failed Unreachable"]).await;
    }
    let tries = server.take_log().len();
    assert!((900..1_300).contains(&tries), "{tries} tries in an hour");
    server.mend();
    let up = Instant::now();
    followed.expect(&["listing", "listed"]).await;
    assert!(up.elapsed() <= Duration::from_secs(4), "{:?}", up.elapsed());
}

#[tokio::test(start_paused = true)]
async fn fresh_again_after_an_outage_without_a_list() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.down();
    followed.expect(&["failed Unreachable"]).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    followed.server.mend();
    let up = Instant::now();
    while followed.next().await != "resumed" {}
    assert!(up.elapsed() <= Duration::from_millis(2_300), "{:?}", up.elapsed());
    assert!(followed.server.log().iter().all(|asked| !asked.is_list()));
    followed.silence(200).await;
}

#[tokio::test(start_paused = true)]
async fn the_bell_ends_a_wait_even_if_it_rings_before_the_wait() {
    let server = Server::new();
    server.fail(usize::MAX, Reply::status(403, "Forbidden", "no"), |_| true);
    let mut followed = Followed::start(&server);
    followed.expect(&["forbidden"]).await;
    server.mend();
    let rung = Instant::now();
    followed.bell.ring();
    followed.expect(&["listing", "listed"]).await;
    assert!(rung.elapsed() < Duration::from_millis(10));

    server.fail(1, Reply::Nothing, any_watch);
    server.fail(1, Reply::status(403, "Forbidden", "no"), any_watch);
    server.close_watches();
    tokio::time::sleep(Duration::from_secs(5)).await;
    followed.bell.ring();
    followed.expect(&["failed Unreachable"]).await;
    let failed = Instant::now();
    followed.expect(&["forbidden"]).await;
    assert!(failed.elapsed() < Duration::from_millis(10), "the bell rang while it was tried");
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_or_not_there_is_asked_for_again_soon_then_once_a_minute() {
    let text = Reply::Status(404, json!("404 page not found"));
    for (reply, said) in [(Reply::status(403, "Forbidden", "may not"), "forbidden"), (text, "absent")] {
        let server = Server::new();
        server.fail(usize::MAX, reply, |_| true);
        let mut followed = Followed::start(&server);
        let begun = Instant::now();
        followed.expect(&[said, said]).await;
        assert!(begun.elapsed() <= Duration::from_secs(1), "it may only have started: {:?}", begun.elapsed());
        followed.expect(&[said, said, said, said, said]).await;
        server.take_log();
        for _ in 0..3 {
            followed.silence(45).await;
            followed.expect(&[said]).await;
        }
        assert_eq!(server.take_log().len(), 3);
        server.mend();
        followed.expect(&["listing", "listed"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn rights_that_are_taken_and_given_back_cost_no_list() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.server.fail(1, Reply::status(403, "Forbidden", "no longer"), |_| true);
    followed.server.close_watches();
    followed.expect(&["forbidden", "resumed"]).await;
    assert!(followed.server.log().iter().all(|asked| !asked.is_list()));
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_says_when_to_come_back() {
    let server = Server::new();
    server.fail(1, Reply::Later(429, 17), |_| true);
    let mut followed = Followed::start(&server);
    followed.expect(&["failed Throttled"]).await;
    let told = Instant::now();
    followed.expect(&["listing"]).await;
    assert_eq!(told.elapsed().as_secs(), 17);

    server.fail(1, Reply::Later(429, 999_999), any_watch);
    let mut followed = Followed::settled(&[]).await;
    followed.server.fail(1, Reply::Later(429, 999_999), any_watch);
    followed.server.close_watches();
    followed.expect(&["failed Throttled"]).await;
    let told = Instant::now();
    followed.expect(&["resumed"]).await;
    assert!(told.elapsed() < Duration::from_secs(301), "no server sends us away for days");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_not_accepted_are_told_with_a_hint_and_tried_again() {
    let server = Server::new();
    server.fail(3, Reply::status(401, "Unauthorized", "Unauthorized"), |_| true);
    let mut followed = Followed::start(&server);
    let Observation::Failed { problem, .. } = followed.observation().await else { panic!() };
    assert_eq!(problem.kind, ProblemKind::Unauthenticated);
    assert!(problem.hint.contains("log in"), "{}", problem.hint);
    followed.expect(&["failed Unauthenticated", "failed Unauthenticated", "listing", "listed"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_object_costs_one_row() {
    let mut followed = Followed::settled(&["a"]).await;
    let bad = json!({ "metadata": { "name": "b", "namespace": "n" }, "spec": "?", "status": ["?"] });
    followed.server.put(MACHINES, bad);
    followed.server.put(MACHINES, machine("c"));
    let said = followed.next().await;
    assert!(matches!(&*said, "!b +c" | "+b +c"), "{said}");
    followed.server.send(MACHINES, "{\"type\":\"ADDED\",\"object\":\"?\"}\n");
    followed.expect(&["!"]).await;
    followed.server.delete(MACHINES, "n/b");
    followed.expect(&["-b"]).await;
    assert_eq!(followed.server.take_log(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_bad_line_breaks_the_watch_and_loses_nothing_that_came_before_it() {
    for bad in ["<html>gateway</html>\n", "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"x\"\n"] {
        let mut followed = Followed::settled(&["a"]).await;
        followed.server.put(MACHINES, machine("b"));
        let at = followed.server.version();
        followed.server.send(MACHINES, bad);
        followed.expect(&["+b"]).await;
        followed.silence(1).await;
        assert_eq!(followed.server.take_log(), [format!("GET watch {at}")]);
        followed.server.put(MACHINES, machine("c"));
        followed.expect(&["+c"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_line_is_none() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.server.send(MACHINES, "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"half\"}}}");
    tokio::time::sleep(Duration::from_secs(10)).await;
    followed.server.close_watches();
    followed.silence(1).await;
    followed.server.put(MACHINES, machine("b"));
    followed.expect(&["+b"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_talks_nonsense_for_ever_is_said_to_and_left_in_peace() {
    let followed = Followed::settled(&["a"]).await;
    followed.server.fail(usize::MAX, Reply::Text("<html>log in</html>\n"), |_| true);
    followed.server.close_watches();
    let mut followed = followed;
    followed.expect(&["failed Malformed", "failed Malformed"]).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let tries = followed.server.take_log().len();
    assert!(tries < 50, "{tries} tries in a minute");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ends_every_watch_at_once_is_not_asked_in_a_loop() {
    let mut followed = Followed::settled(&["a"]).await;
    followed.server.fail(usize::MAX, Reply::Text(""), any_watch);
    followed.server.close_watches();
    followed.expect(&["failed Unreachable", "failed Unreachable"]).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let tries = followed.server.take_log().len();
    assert!(tries < 50, "{tries} tries in a minute");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_accepts_and_never_answers() {
    let server = Server::new();
    server.fail(1, Reply::Nothing, |_| true);
    let begun = Instant::now();
    let mut followed = Followed::start(&server);
    followed.expect(&["failed Unreachable"]).await;
    assert_eq!(begun.elapsed().as_secs(), 15);
    followed.expect(&["listing", "listed"]).await;

    let stuck = r#"{"metadata":{"resourceVersion":"#;
    let server = Server::new();
    server.streaming(Streaming::Refused(422));
    server.fail(1, Reply::Stuck(stuck.into()), |asked| !asked.is_watch());
    Followed::start(&server).expect(&["failed Unreachable", "listing", "listed"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_that_breaks_is_begun_again_from_nothing() {
    let added = |name: &str| format!("{{\"type\":\"ADDED\",\"object\":{}}}\n", machine(name));
    let error = "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500,\"message\":\"etcd\"}}\n";
    let cases = [
        (Reply::Half(added("a")), vec!["listing", "+a", "failed Unreachable"]),
        (Reply::Half(added("a") + error), vec!["listing", "+a", "failed Server"]),
        (Reply::Text("\n"), vec!["listing", "failed Unreachable"]),
        (Reply::Refused, vec!["failed Unreachable"]),
    ];
    for (reply, said) in cases {
        let server = Server::new();
        server.put(MACHINES, machine("b"));
        server.fail(1, reply, Asked::is_stream);
        let mut followed = Followed::start(&server);
        followed.expect(&said).await;
        followed.expect(&["listing", "+b", "listed"]).await;
        assert_eq!(server.take_log(), ["GET stream", "GET stream"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_that_stops_in_the_middle_is_read_in_pages() {
    let server = Server::new();
    server.put(MACHINES, machine("b"));
    server.fail(
        1,
        Reply::Stuck(format!("{{\"type\":\"ADDED\",\"object\":{}}}\n", machine("a"))),
        Asked::is_stream,
    );
    let begun = Instant::now();
    Followed::start(&server).expect(&["listing", "+a", "listing", "+b", "listed"]).await;
    assert!(begun.elapsed() <= Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn many_changes_come_in_few_messages_and_one_object_in_one() {
    let mut followed = Followed::settled(&[]).await;
    for turn in 0..3 {
        for name in 0..300 {
            followed.server.put(MACHINES, machine(&format!("m{name}")));
        }
        let mut rows = 0;
        let mut messages = 0;
        while rows < 300 {
            let Observation::Changes(changes) = followed.observation().await else { panic!() };
            rows += changes.len();
            messages += 1;
        }
        assert!(rows == 300 && messages <= 4, "turn {turn}: {messages} messages");
    }
    for _ in 0..1_000 {
        followed.server.put(MACHINES, machine("hot"));
    }
    let newest = followed.server.version();
    for messages in 1.. {
        let Observation::Changes(changes) = followed.observation().await else { panic!() };
        let [Change::Upsert(object)] = &changes[..] else { panic!("{changes:?}") };
        if *object.meta.resource_version == *newest {
            assert!(messages <= 10, "{messages} messages");
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_not_listened_to_stops() {
    let followed = Followed::settled(&["a"]).await;
    let Followed { server, said, .. } = followed;
    drop(said);
    server.put(MACHINES, machine("b"));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.watchers(), 0);
    assert_eq!(server.take_log(), [""; 0]);
}
