//! What is watched: a small set always, the place on the screen, a minute longer than it is looked at.
use std::collections::BTreeSet;

use tko::{
    domain::{Home, Problem, ProblemKind, Source},
    effect::Effect,
    msg::{Msg, Observation, WorkloadEvent},
};

use super::{clusters, named};
use crate::support::{
    objects,
    scenario::{Scenario, cluster_key, own},
};

fn word(source: &Source) -> String {
    let home = if source.home == Home::Management { "" } else { "w:" };
    let fields = if source.fields.is_empty() { "" } else { "?" };
    format!("{}/{home}{}{fields}", source.site, source.kind.as_str())
}

/// What was subscribed to and given up since last asked; asking twice for the same is a mistake.
fn moves(s: &mut Scenario) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut new, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for effect in s.take_effects() {
        match effect {
            Effect::Subscribe(source) => assert!(new.insert(word(&source)), "{source:?} twice"),
            Effect::Unsubscribe(source) => assert!(gone.insert(word(&source)), "{source:?} twice"),
            _ => {}
        }
    }
    (new, gone)
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(ToString::to_string).collect()
}

const FLEET: [&str; 3] = ["a/cluster", "a/control-plane", "a/pool"];

#[test]
fn nothing_is_asked_of_a_site_before_it_answers_and_then_the_fleet_set_once() {
    let mut s = Scenario::new(100, 20);
    s.site("a").begin();
    assert_eq!(moves(&mut s).0, set(&[]));
    s.live("a");
    assert_eq!(moves(&mut s).0, set(&FLEET));
    s.live("a").keys("2 3 1").tick(3);
    assert_eq!(moves(&mut s), (set(&[]), set(&[])), "nothing is asked twice");
}

#[test]
fn a_place_is_followed_while_it_is_open_and_a_minute_longer() {
    let mut s = clusters(&["one"]);
    moves(&mut s);
    s.keys("4");
    assert_eq!(moves(&mut s), (set(&["a/machine"]), set(&[])));
    s.keys("2").tick(59);
    assert_eq!(moves(&mut s), (set(&[]), set(&[])), "a glance elsewhere is free");
    s.keys("4").tick(1).keys("2").tick(59);
    assert_eq!(moves(&mut s), (set(&[]), set(&[])), "the minute begins anew");
    s.tick(1);
    assert_eq!(moves(&mut s), (set(&[]), set(&["a/machine"])));
    assert!(s.state.fleet.of_kind("machine").next().is_none(), "and its rows are let go");
}

#[test]
fn what_a_source_still_says_after_it_was_given_up_is_dropped() {
    let mut s = clusters(&["one"]);
    s.keys("4").keys("2").tick(61);
    s.list("a", "machine", &[objects::machine("one", "md-0", "late")]);
    assert!(s.state.fleet.of_kind("machine").next().is_none());
}

#[test]
fn a_tree_follows_every_kind_of_cluster_api_and_the_nodes_through_the_workload_api() {
    let mut s = clusters(&["one"]);
    moves(&mut s);
    s.keys("t");
    let (new, _) = moves(&mut s);
    assert!(new.contains("a/machine") && new.contains("a/machine-set"), "{new:?}");
    assert!(!new.iter().any(|w| w.contains("w:")), "the workload API is not reached yet");
    s.reached(&cluster_key("a", "one"));
    assert!(moves(&mut s).0.contains("a/w:node"));
}

#[test]
fn a_card_follows_its_events_while_they_are_shown_and_not_longer() {
    let mut s = clusters(&["one"]);
    moves(&mut s);
    s.keys("e");
    assert_eq!(moves(&mut s).0, set(&["a/event?"]));
    s.keys("c");
    let (_, gone) = moves(&mut s);
    assert_eq!(gone, set(&["a/event?"]), "a narrowed watch is not kept for later");
}

#[test]
fn the_whole_object_is_fetched_once_when_its_yaml_is_shown() {
    let fetches =
        |s: &mut Scenario| s.take_effects().iter().filter(|e| matches!(e, Effect::Fetch(_))).count();
    let mut s = clusters(&["one"]);
    fetches(&mut s);
    s.keys("Y");
    assert_eq!(fetches(&mut s), 1);
    s.tick(5).keys("j k");
    assert_eq!(fetches(&mut s), 0);
    let target = crate::support::scenario::target("a", "cluster", "one");
    let document = tko::msg::Document { yaml: "kind: Cluster\nspec:\n  a: 1\n".into(), fetched: s.now() };
    s.send(Msg::Document(target, Ok(Box::new(document))));
    assert!(s.frame().contains("kind: Cluster"));
    s.keys("esc Y");
    assert_eq!(fetches(&mut s), 0, "it is still there");
    s.keys("r");
    assert_eq!(fetches(&mut s), 1, "r fetches it anew");
}

#[test]
fn moving_through_the_tabs_fetches_the_yaml_too() {
    let mut s = clusters(&["one"]);
    s.keys("d");
    s.take_effects();
    s.keys("l l l");
    assert!(s.take_effects().iter().any(|e| matches!(e, Effect::Fetch(_))), "{}", s.frame());
}

#[test]
fn a_scope_of_sites_follows_the_panes_of_those_only() {
    let mut s = Scenario::new(100, 20);
    s.site("a").site("b").live("a").live("b");
    s.keys("g g enter 4");
    let (new, _) = moves(&mut s);
    assert!(new.contains("a/machine") && !new.contains("b/machine"), "{new:?}");
    s.keys("0");
    assert_eq!(moves(&mut s).0, set(&["b/machine"]));
}

#[test]
fn a_workload_api_is_reached_once_and_the_secret_only_with_consent() {
    let reaches = |s: &mut Scenario| -> Vec<bool> {
        let reach = |e: Effect| if let Effect::Reach { consent, .. } = e { Some(consent) } else { None };
        s.take_effects().into_iter().filter_map(reach).collect()
    };
    let mut s = clusters(&["one", "two"]);
    s.select("one").keys("i 5");
    assert_eq!(reaches(&mut s), [false]);
    s.tick(3);
    assert_eq!(reaches(&mut s), Vec::<bool>::new());
    let needs = |name: &str| Msg::Workload(cluster_key("a", name), Box::new(WorkloadEvent::NeedsConsent));
    s.send(needs("one"));
    assert!(s.frame().contains("cluster-admin"), "{}", s.frame());
    s.keys("esc").tick(2);
    assert_eq!(reaches(&mut s), Vec::<bool>::new(), "no is no");
    s.send(needs("one"));
    assert!(s.state.screen.overlays.is_empty(), "and it is not asked again by itself");
    s.keys("r");
    assert!(s.frame().contains("Use cluster-admin"), "r asks again\n{}", s.frame());
    s.keys("enter");
    assert_eq!(reaches(&mut s), Vec::<bool>::new(), "enter is a habit, not a yes");
    s.keys("A");
    assert_eq!(reaches(&mut s), Vec::<bool>::new(), "nor is one key that was meant for something else");
    s.keys("A");
    assert_eq!(reaches(&mut s), [true]);
    // The other cluster of the same site needs no second question.
    s.keys("2").keys("0").select("two").keys("i 5");
    assert_eq!(reaches(&mut s), [true]);
}

#[test]
fn the_question_for_the_secret_neither_interrupts_nor_stays_behind() {
    let needs = || Msg::Workload(cluster_key("a", "one"), Box::new(WorkloadEvent::NeedsConsent));
    let asked = |s: &mut Scenario| s.frame().contains("Use cluster-admin");
    let mut s = clusters(&["one", "two"]);
    s.select("one").keys("t").keys("1").send(needs());
    assert!(!asked(&mut s), "the tree was left before the answer came");
    s.keys("[");
    assert!(asked(&mut s), "{}", s.frame());
    s.send(Msg::Workload(
        cluster_key("a", "one"),
        Box::new(WorkloadEvent::Failed {
            problem: Problem::new(ProblemKind::Unreachable, "gone"),
            retry_at: None,
        }),
    ));
    assert!(!asked(&mut s), "there is nothing to ask for any more");
    s.keys("2").select("one").keys("i 5 /").types("A").send(needs());
    assert!(!asked(&mut s), "who types a filter is not interrupted\n{}", s.frame());
    s.keys("enter");
    assert!(asked(&mut s), "{}", s.frame());
}

#[test]
fn a_job_keeps_its_machines_followed() {
    let mut s = super::pipeline::ready();
    super::pipeline::scale(&mut s, "one-md-0", "5");
    s.keys("1").tick(120);
    let machines = own("a", "machine");
    assert!(s.state.screen.followed.contains(&machines));
    assert!(!s.effects.iter().any(|e| *e == Effect::Unsubscribe(machines.clone())));
}

#[test]
fn at_rest_nothing_goes_out() {
    let mut s = clusters(&["one"]);
    s.keys("4").tick(1);
    s.says(&own("a", "machine"), Observation::Listed);
    s.take_effects();
    s.tick(600);
    assert_eq!(s.take_effects(), []);
    let _ = named(&[]);
}
