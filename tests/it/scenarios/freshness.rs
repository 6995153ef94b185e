//! How far data can be trusted, over time: loading, live, stale, denied, absent; sites that fail and return.
use tko::{
    domain::{Problem, ProblemKind},
    msg::Observation,
    state::Freshness,
};

use super::{clusters, named};
use crate::support::{
    objects,
    scenario::{Scenario, absent, forbidden, own, refused},
};

fn freshness(s: &Scenario) -> Freshness {
    s.state.fleet.collection(&own("a", "cluster")).expect("followed").freshness.clone()
}

#[test]
fn loading_becomes_live_stale_and_live_again_and_the_age_stands_still_at_the_last_data() {
    let mut s = Scenario::new(120, 20);
    s.site("a").starts().pane = "clusters".into();
    s.live("a");
    assert_eq!(freshness(&s), Freshness::Loading);
    assert!(s.frame().contains("loading clusters"), "{}", s.frame());
    s.list("a", "cluster", &named(&["one"]));
    assert_eq!(freshness(&s), Freshness::Live);
    s.tick(30).stale("a", "cluster");
    let Freshness::Stale { since, .. } = freshness(&s) else { panic!("stale") };
    s.tick(60).stale("a", "cluster");
    let Freshness::Stale { since: later, .. } = freshness(&s) else { panic!("stale") };
    assert_eq!(since, later, "another failed try does not make the data younger");
    assert_eq!(s.rows(), ["one"], "the last data stays");
    assert!(s.line("Clusters").contains("as of 60s ago"), "{}", s.line("Clusters"));
    s.says(&own("a", "cluster"), Observation::Resumed);
    assert_eq!(freshness(&s), Freshness::Live);
    assert!(!s.frame().contains("as of"));
}

#[test]
fn a_denied_collection_is_neither_empty_nor_healthy() {
    let mut s = clusters(&["one"]);
    s.says(&own("a", "cluster"), Observation::Forbidden(forbidden("clusters")));
    assert!(matches!(freshness(&s), Freshness::Forbidden { .. }));
    assert!(s.frame().contains("may not list clusters"), "{}", s.frame());
    assert!(s.line("tko").contains("1 denied"), "{}", s.line("tko"));
    s.list("a", "cluster", &named(&["one"]));
    assert_eq!(freshness(&s), Freshness::Live, "a right that was granted shows at once");
}

#[test]
fn what_is_not_served_says_so_and_comes_when_it_is() {
    let mut s = clusters(&[]);
    s.says(&own("a", "cluster"), Observation::Absent(absent("clusters")));
    assert!(s.frame().contains("clusters is not served here"), "{}", s.frame());
    s.list("a", "cluster", &named(&["one"]));
    assert_eq!(s.rows(), ["one"]);
}

#[test]
fn a_site_that_fails_and_comes_back_is_counted_and_told_without_harm_to_another() {
    let mut s = Scenario::new(120, 20);
    s.site("a").site("b").begin();
    assert!(s.line("tko").contains("0 live") && s.line("tko").contains("2 connecting"), "{}", s.frame());
    s.live("a").live("b");
    assert!(s.line("tko").contains("2 live"));
    s.list("a", "cluster", &named(&["one"])).list("b", "cluster", &named(&["two"]));
    s.site_fails("a", refused());
    let header = s.line("tko");
    assert!(header.contains("1 live") && header.contains("1 unreachable"), "{header}");
    let row = s.line("connection refused");
    assert!(row.contains('a') && row.contains("unreachable"), "{row}");
    s.keys("2");
    assert_eq!(s.rows(), ["one", "two"], "data that was read stays");
    s.tick(5).live("a");
    assert!(s.frame().contains("site a is reached again"), "{}", s.frame());
    assert!(s.line("tko").contains("2 live"));
}

#[test]
fn a_site_that_never_answered_is_unreachable_from_the_first_failure_on() {
    let mut s = Scenario::new(120, 20);
    s.site("a").begin();
    s.site_fails("a", Problem::new(ProblemKind::Dns, "no such host api.a.example"));
    assert!(s.line("no such host api").contains("no such host"));
    s.keys("2");
    assert!(s.frame().contains("a: no such host api.a.example"), "{}", s.frame());
    assert!(!s.frame().contains("no Cluster objects"), "not reached is not empty");
}

#[test]
fn failures_keep_the_time_of_the_first() {
    let mut s = clusters(&["one"]);
    s.site_fails("a", refused());
    let since = |s: &Scenario| match &s.state.sites.at(0).unwrap().connection {
        tko::domain::site::Connection::Failing { since, .. } => *since,
        other => panic!("{other:?}"),
    };
    let first = since(&s);
    s.tick(20).site_fails("a", refused());
    assert_eq!(since(&s), first);
}

#[test]
fn another_identity_at_a_site_makes_its_rights_unknown_again() {
    use tko::state::access::Permit;
    let mut s = super::pipeline::ready();
    s.select("one-md-0").keys(".").permit(&Permit::Denied("no".into()));
    assert!(s.frame().contains("you may not patch"), "{}", s.frame());
    s.keys("esc");
    s.take_effects();
    let mut greeting = crate::support::scenario::greeting(true);
    greeting.identity = "admin".into();
    s.greets("a", greeting).keys(".");
    assert!(s.frame().contains("asking the server"), "{}", s.frame());
    assert!(s.take_effects().iter().any(|e| matches!(e, tko::effect::Effect::Ask(_))));
}

#[test]
fn a_silent_watch_after_a_resume_is_not_older_than_the_resume() {
    let mut s = clusters(&["one"]);
    s.tick(100).stale("a", "cluster").tick(50).says(&own("a", "cluster"), Observation::Resumed);
    s.tick(10).stale("a", "cluster");
    let Freshness::Stale { since, .. } = freshness(&s) else { panic!("stale") };
    assert_eq!(since.as_second() - objects::start().as_second(), 160);
}

/// What a source says of a list that it may not or cannot follow any more: absent, denied, failing.
fn faults(kind: &str) -> [(Observation, &'static str, &'static str); 3] {
    let plural = tko::kinds::find(kind).unwrap().plural;
    let problem = Problem::new(ProblemKind::Server, format!("watch {plural}: 503 from the load balancer"));
    [
        (Observation::Absent(absent(plural)), "1 stale", "not served"),
        (Observation::Forbidden(forbidden(plural)), "1 denied", "denied"),
        (Observation::Failed { problem, retry_at: None }, "1 stale", "stale"),
    ]
}

#[test]
fn a_site_that_answers_is_no_more_live_than_what_is_always_followed_there() {
    for kind in tko::panes::ALWAYS {
        for (fault, counted, word) in faults(kind) {
            let mut s = Scenario::new(200, 20);
            s.site("a").begin();
            s.live("a").list("a", "cluster", &named(&["one"]));
            s.list("a", "control-plane", &[]).list("a", "pool", &[]);
            assert!(s.line("tko").contains("1 live"), "{}", s.frame());
            s.says(&own("a", kind), fault);
            let header = s.line("tko");
            assert!(header.contains("0 live") && header.contains(counted), "{kind}: {header}");
            let plural = tko::kinds::find(kind).unwrap().plural;
            let row = s.line(plural);
            assert!(row.contains(word), "{kind}: says which and how\n{}", s.frame());
            let glyph = s.look.glyphs.ok;
            assert!(!row.contains(glyph), "{kind}: {row}");
            s.keys("!");
            assert_eq!(s.state.screen.table().unwrap().index.shown(), usize::from(counted == "1 stale"));
            s.keys("!").says(&own("a", kind), Observation::Resumed);
            assert!(s.line("tko").contains("1 live"), "{}", s.frame());
        }
    }
}

#[test]
fn rows_that_nobody_keeps_up_to_date_are_dimmed_and_the_title_says_how_old_they_are_and_why() {
    for (fault, _, _) in faults("cluster") {
        let mut s = clusters(&["one", "two"]);
        s.tick(40).says(&own("a", "cluster"), fault.clone()).tick(20);
        let title = s.line("Clusters");
        let reason = ["not served here", "may not list", "503"];
        assert!(title.contains("as of") && reason.iter().any(|r| title.contains(r)), "{fault:?}: {title}");
        let glyph = s.look.glyphs.stale;
        assert!(s.line("one").starts_with(glyph), "{}", s.frame());
        s.keys("enter");
        assert!(!s.frame().contains("nothing is wrong\n"), "{fault:?}: {}", s.frame());
        s.keys("[").says(&own("a", "cluster"), Observation::Resumed);
        assert!(!s.line("Clusters").contains("as of") && !s.line("one").starts_with(glyph));
    }
}

#[test]
fn a_site_without_cluster_api_is_in_order() {
    let mut s = Scenario::new(200, 20);
    s.site("a").begin();
    let mut greeting = crate::support::scenario::greeting(true);
    greeting.discovery.kinds.retain(|k| k.group.is_empty());
    s.greets("a", greeting);
    for kind in tko::panes::ALWAYS {
        s.says(&own("a", kind), Observation::Absent(absent(kind)));
    }
    assert!(s.line("tko").contains("1 live"), "{}", s.frame());
    assert!(s.frame().contains("no Cluster API"), "{}", s.frame());
}

#[test]
fn the_age_counts_from_what_was_last_heard_and_not_from_when_silence_was_noticed() {
    let mut s = clusters(&["one"]);
    s.tick(30);
    let heard = s.now();
    s.tick(85).says(&own("a", "cluster"), Observation::Heard(heard));
    s.says(&own("a", "cluster"), Observation::Failed { problem: refused(), retry_at: None });
    assert!(s.line("Clusters").contains("as of 85s ago"), "{}", s.frame());
    assert_eq!(freshness(&s), Freshness::Stale { since: heard, why: refused(), retry_at: None });
    s.says(&own("a", "cluster"), Observation::Resumed).tick(10);
    s.says(&own("a", "cluster"), Observation::Failed { problem: refused(), retry_at: None });
    assert!(s.line("Clusters").contains("as of 10s ago"), "nothing was heard since\n{}", s.frame());
}
