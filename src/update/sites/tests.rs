use jiff::Timestamp;

use super::*;
use crate::{
    domain::{ObjectKey, site::SiteSpec},
    keymap::Keymap,
    msg::{Msg, Observation, Start},
    update::{Context, update},
};

struct Bench {
    state: State,
    context: Context,
}

fn east() -> SiteId {
    SiteId::new("east")
}

impl Bench {
    /// One site that is live and followed.
    fn live() -> Self {
        let spec = SiteSpec {
            id: east(),
            context: "east".into(),
            server: String::new(),
            tags: std::collections::BTreeMap::default(),
            protection: crate::domain::site::Protection::default(),
            colour: String::new(),
            write: false,
        };
        let start = Start {
            now: Timestamp::UNIX_EPOCH,
            width: 80,
            height: 24,
            sites: vec![spec],
            pane: "clusters".into(),
            filter: String::new(),
            problems: vec![],
            look: crate::msg::Look::default(),
            headless: false,
            memory: crate::state::memory::Memory::default(),
            practice: crate::msg::Practice::default(),
        };
        let mut bench = Self { state: State::default(), context: Context { keymap: Keymap::default() } };
        assert_eq!(bench.take(Msg::Started(Box::new(start))), [Effect::Connect(east())]);
        bench.take(Msg::Site(east(), Box::new(SiteEvent::Connecting)));
        bench.connected();
        bench
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.state, &self.context, msg)
    }

    fn at(&mut self, second: i64) {
        self.take(Msg::Tick(Timestamp::from_second(second).unwrap()));
    }

    fn connected(&mut self) {
        self.take(Msg::Site(east(), Box::new(SiteEvent::Connected(Greeting::default()))));
    }

    fn watch_fails(&mut self, kind: ProblemKind) -> Vec<Effect> {
        let source = Source::management(&east(), "cluster");
        let failed = Observation::Failed { problem: Problem::new(kind, "no"), retry_at: None };
        self.take(Msg::Observed(source, failed))
    }

    fn connection(&self) -> &Connection {
        &self.state.sites.get(&east()).unwrap().connection
    }

    fn logins(&self) -> usize {
        self.state.screen.overlays.iter().filter(|o| matches!(o, Overlay::Login { .. })).count()
    }
}

#[test]
fn a_watch_that_cannot_be_had_shows_at_the_site_which_is_reached_anew_once() {
    use ProblemKind::{Dns, Tls, Unauthenticated, Unreachable};
    for kind in [Unreachable, Dns, Tls, Unauthenticated] {
        let mut bench = Bench::live();
        assert_eq!(bench.watch_fails(kind), [Effect::Connect(east())], "{kind:?}");
        assert!(matches!(bench.connection(), Connection::Failing { problem, .. } if problem.kind == kind));
        assert_eq!(bench.watch_fails(kind), [], "the other watches say the same");
    }
}

#[test]
fn what_is_wrong_with_one_collection_is_not_the_sites_fault() {
    use ProblemKind::{Expired, Malformed, Refused, Server, Throttled};
    for kind in [Server, Throttled, Expired, Malformed, Refused] {
        let mut bench = Bench::live();
        assert_eq!(bench.watch_fails(kind), [], "{kind:?}");
        assert!(matches!(bench.connection(), Connection::Live { .. }), "{kind:?}");
    }
}

#[test]
fn since_when_a_site_fails_is_kept_until_it_answers() {
    let mut bench = Bench::live();
    bench.at(10);
    bench.watch_fails(ProblemKind::Unreachable);
    bench.at(20);
    bench.take(Msg::Site(east(), Box::new(SiteEvent::Connecting)));
    let problem = Problem::new(ProblemKind::Unreachable, "still no");
    bench.take(Msg::Site(east(), Box::new(SiteEvent::Failed { problem, retry_at: None, attempt: 3 })));
    let Connection::Failing { since, attempt: 3, .. } = bench.connection() else { panic!() };
    assert_eq!(since.as_second(), 10);
    bench.connected();
    assert!(matches!(bench.connection(), Connection::Live { since } if since.as_second() == 20));
    assert!(bench.state.notices.iter().any(|n| n.text.contains("reached again")));
    bench.at(30);
    bench.connected();
    assert!(matches!(bench.connection(), Connection::Live { since } if since.as_second() == 20), "all along");
}

#[test]
fn a_blink_is_no_news() {
    let mut bench = Bench::live();
    bench.watch_fails(ProblemKind::Unreachable);
    bench.connected();
    assert_eq!(bench.state.notices.len(), 0);
}

#[test]
fn a_workload_api_that_is_lost_is_reached_anew_once() {
    let mut bench = Bench::live();
    let cluster = ClusterKey { site: east(), key: ObjectKey::new("n", "prod") };
    let live = WorkloadEvent::Connected { via: "context prod".into(), greeting: Greeting::default() };
    bench.take(Msg::Workload(cluster.clone(), Box::new(live)));
    let source = Source::workload(&cluster, "node");
    let problem = Problem::new(ProblemKind::Unauthenticated, "certificate expired");
    let effects = lost(&mut bench.state, &source, &problem);
    assert!(matches!(&effects[..], [Effect::Reach { cluster: of, .. }] if *of == cluster));
    assert_eq!(lost(&mut bench.state, &source, &problem), []);
    assert!(matches!(bench.connection(), Connection::Live { .. }), "the site is another server");
}

#[test]
fn a_login_is_shown_once_with_its_newest_words_and_goes_when_the_site_has_an_answer() {
    let login = |text: &str| Msg::Login { plugin: "sso".into(), text: text.into(), sites: vec![east()] };
    let problem = Problem::new(ProblemKind::Unauthenticated, "the plugin failed");
    let answers = [
        SiteEvent::Connected(Greeting::default()),
        SiteEvent::Failed { problem, retry_at: None, attempt: 1 },
    ];
    for answer in answers {
        let mut bench = Bench::live();
        bench.take(login(" "));
        assert_eq!(bench.logins(), 0);
        bench.take(login("open https://sso"));
        bench.take(login("open https://sso, code 12"));
        let Some(Overlay::Login { text, .. }) = bench.state.screen.overlays.last() else { panic!() };
        assert_eq!((&**text, bench.logins()), ("open https://sso, code 12", 1));
        let west = Msg::Site(SiteId::new("west"), Box::new(SiteEvent::Connecting));
        bench.take(west);
        assert_eq!(bench.logins(), 1);
        bench.take(Msg::Site(east(), Box::new(answer)));
        assert_eq!(bench.logins(), 0);
    }
    let mut bench = Bench::live();
    bench.state.headless = true;
    bench.take(login("open https://sso"));
    assert_eq!((bench.logins(), bench.state.notices.len()), (0, 1));
}

#[test]
fn stopping_and_going_on_are_the_terminals_business_whatever_the_keymap_says() {
    let mut bench = Bench::live();
    assert_eq!(bench.take(Msg::Suspended), [Effect::Suspend]);
    assert_eq!(bench.take(Msg::Resumed), [Effect::Resume]);
    assert_eq!(bench.take(Msg::Resized { width: 100, height: 30 }), []);
}
