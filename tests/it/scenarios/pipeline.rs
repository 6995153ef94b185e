//! From a wish to a job: rights, form, session, dry run, preview, confirmation, execution, goal.
use serde_json::json;
use tko::{
    actions::plan::{FieldChange, PlanToken},
    domain::{Problem, ProblemKind, site::Protection},
    effect::Effect,
    msg::{JobEvent, Msg},
    state::{
        access::Permit,
        jobs::Phase,
        overlay::{Overlay, Stage},
    },
};

use crate::support::{
    objects::{self, Template},
    scenario::{Scenario, own, refused},
};

/// Site `a` with cluster `one`, its pool of three running machines, and the pools pane open.
pub fn ready() -> Scenario {
    with_protection(Protection::Normal)
}

pub fn with_protection(protection: Protection) -> Scenario {
    let mut s = Scenario::new(120, 30);
    s.site_with("a", protection).starts().pane = "pools".into();
    s.live("a").list("a", "cluster", &[objects::cluster("one")]);
    s.list("a", "control-plane", &[objects::control_plane("one")]);
    s.list("a", "pool", &[objects::pool("one", "md-0", 3)]);
    s
}

/// Opens the action sheet on a pool and starts to scale it, with the right to do so.
pub fn form(s: &mut Scenario, pool: &str) {
    s.keys("3").select(pool).keys(".").permit(&Permit::Allowed).keys("enter");
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Action(_))), "{}", s.frame());
}

/// Replaces the number in the form.
pub fn number(s: &mut Scenario, number: &str) {
    s.keys("end backspace backspace backspace backspace backspace").types(number);
}

/// The whole way with every question answered; ends with the job's `Effect::Execute`.
pub fn scale(s: &mut Scenario, pool: &str, to: &str) {
    form(s, pool);
    number(s, to);
    s.keys("enter");
    if matches!(s.state.screen.overlays.last(), Some(Overlay::Session(_))) {
        s.types("INC-1").keys("enter");
        let open = |e: &Effect| match e {
            Effect::OpenSession { site, .. } => Some(site.to_string()),
            _ => None,
        };
        let site = s.effects.iter().rev().find_map(open).expect("a session is asked for");
        s.session(&site, 15);
    }
    let (token, _) = s.dry_run().expect("a dry run was asked for");
    s.answers(token, vec![]).keys("y");
}

fn change(asked: bool) -> FieldChange {
    FieldChange {
        path: "spec.topology.workers.machineDeployments[md-0].replicas".into(),
        before: Some(json!(3)),
        after: Some(json!(5)),
        asked,
    }
}

fn preview_token(s: &Scenario) -> PlanToken {
    match s.state.screen.overlays.last() {
        Some(Overlay::Action(flow)) => match &flow.stage {
            Stage::Preview { token, .. } => *token,
            Stage::Form => panic!("still the form: {:?}", flow.refusal),
        },
        other => panic!("no preview but {other:?}"),
    }
}

/// At the preview with the dry run under way.
fn previewed(to: &str) -> (Scenario, PlanToken) {
    let mut s = ready();
    s.session("a", 15);
    form(&mut s, "one-md-0");
    number(&mut s, to);
    s.keys("enter");
    let token = preview_token(&s);
    (s, token)
}

#[test]
fn rights_are_asked_once_and_an_action_waits_for_the_answer() {
    let mut s = ready();
    s.select("one-md-0");
    s.take_effects();
    s.keys(".");
    let asked: Vec<Effect> = s.take_effects();
    let [Effect::Ask(questions), ..] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((questions[0].verb.as_str(), questions[0].resource.as_str()), ("patch", "clusters"));
    assert!(s.line("Scale pool").contains("asking the server what you may do"));
    s.keys("esc .");
    assert!(!s.take_effects().iter().any(|e| matches!(e, Effect::Ask(_))), "not twice");
    s.keys("enter");
    assert!(s.dry_run().is_none() && s.executed().is_empty());
}

#[test]
fn an_action_started_before_its_rights_are_known_waits_on_the_sheet() {
    let mut s = ready();
    s.select("one-md-0").keys(":").types("Scale pool").keys("enter");
    assert!(s.effects.iter().any(|e| matches!(e, Effect::Ask(_))), "they are asked for");
    assert!(s.line("Scale pool").contains("asking the server what you may do"));
    s.permit(&Permit::Allowed).keys("enter");
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Action(_))), "{}", s.frame());
}

#[test]
fn rights_that_were_denied_are_asked_again_on_demand() {
    let mut s = ready();
    s.select("one-md-0").keys(".").permit(&Permit::Denied("RBAC: no binding".into())).keys("esc");
    s.take_effects();
    s.keys("r .");
    s.permit(&Permit::Allowed).keys("enter");
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Action(_))), "{}", s.frame());
}

#[test]
fn marked_rows_are_taken_one_after_the_other_each_with_a_plan_of_its_own() {
    let mut s = ready();
    s.session("a", 15);
    let pools =
        [objects::pool("one", "md-0", 3), objects::pool("one", "md-1", 3), objects::pool("one", "md-2", 3)];
    s.list("a", "pool", &pools).keys("3");
    let topology: Vec<_> = ["md-0", "md-1", "md-2"]
        .map(|name| json!({ "class": "tkg-worker", "name": name, "replicas": 3 }))
        .to_vec();
    let one = objects::cluster("one").set("/spec/topology/workers/machineDeployments", json!(topology));
    s.change("a", "cluster", &one);
    s.select("one-md-0").keys("space").select("one-md-1").keys("space").select("one-md-2");
    s.keys(".").permit(&Permit::Allowed);
    assert!(s.frame().contains("2 marked, one after the other"), "{}", s.frame());
    s.keys("enter");
    assert!(s.frame().contains("team-a/one-md-0 on a, then 1 more"), "{}", s.frame());
    number(&mut s, "5");
    s.keys("enter");
    let first = preview_token(&s);
    s.answers(first, vec![change(true)]).keys("y");
    assert!(s.frame().contains("team-a/one-md-1 on a") && !s.frame().contains("more"), "{}", s.frame());
    assert_eq!(s.executed().len(), 1, "the next one is asked for, not done");
    s.keys("enter");
    let second = preview_token(&s);
    s.answers(second, vec![change(true)]).keys("y");
    let done: Vec<_> = s.executed().into_iter().map(|(_, plan)| plan.summary).collect();
    assert_eq!(
        done,
        [
            "scale pool one-md-0 of one from 3 to 5 machines",
            "scale pool one-md-1 of one from 3 to 5 machines"
        ]
    );
    assert!(s.state.screen.overlays.is_empty());
}

#[test]
fn the_next_marked_row_whose_rights_are_not_known_waits_on_its_sheet() {
    let mut s = ready();
    s.session("a", 15);
    let other = objects::cluster("two").namespace("team-b");
    let theirs = objects::pool("two", "md-0", 3).namespace("team-b");
    s.list("a", "cluster", &[objects::cluster("one"), other]);
    s.list("a", "pool", &[objects::pool("one", "md-0", 3), theirs]).keys("3");
    s.select("one-md-0")
        .keys("space")
        .select("two-md-0")
        .keys("space .")
        .permit(&Permit::Allowed)
        .keys("enter");
    number(&mut s, "5");
    s.keys("enter");
    let first = preview_token(&s);
    s.answers(first, vec![change(true)]).take_effects();
    s.keys("y");
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Actions { .. })), "{}", s.frame());
    s.permit(&Permit::Allowed).keys("enter");
    assert!(s.frame().contains("team-b/two-md-0 on a"), "{}", s.frame());
}

#[test]
fn who_is_affected_is_told_from_the_machines_even_where_no_pane_shows_them() {
    let (mut s, token) = previewed("5");
    assert!(s.state.screen.followed.contains(&own("a", "machine")), "they are read while it is looked at");
    assert!(s.frame().contains("whether one has a fault is not known"), "{}", s.frame());
    let broken = objects::machine("one", "md-0", "m-0").condition("NodeHealthy", "False", "NodeNotReady", 60);
    s.list("a", "machine", &[broken]).answers(token, vec![change(true)]);
    assert!(s.frame().contains("1 of the pool's machines has a fault now"), "{}", s.frame());
    assert!(!s.frame().contains("is not known"), "{}", s.frame());
}

#[test]
fn a_denied_action_is_grey_with_the_servers_reason_and_cannot_be_started() {
    let mut s = ready();
    s.select("one-md-0");
    s.keys(".").permit(&Permit::Denied("RBAC: no binding".into()));
    let line = s.line("Scale pool");
    assert!(line.contains("you may not patch clusters in team-a: RBAC: no binding"), "{line}");
    s.keys("enter");
    assert!(s.state.screen.overlays.iter().all(|o| !matches!(o, Overlay::Action(_))));
    assert!(s.frame().contains("you may not patch"), "the refusal is said\n{}", s.frame());
    assert!(s.dry_run().is_none());
}

#[test]
fn a_site_that_is_not_reached_makes_its_actions_grey() {
    let mut s = ready();
    s.select("one-md-0");
    s.keys(".").permit(&Permit::Allowed).keys("esc");
    s.site_fails("a", refused()).keys(".");
    assert!(s.line("Scale pool").contains("site a is not reachable now"));
}

#[test]
fn the_form_says_at_once_what_is_wrong_with_a_number_and_asks_nothing() {
    let mut s = ready();
    form(&mut s, "one-md-0");
    for (typed, why) in [
        ("", "a whole number is needed"),
        ("three", "a whole number is needed"),
        ("3", "the pool already wants 3"),
        ("1001", "from 0 to 1000"),
        ("-1", "from 0 to 1000"),
        ("2.5", "a whole number is needed"),
    ] {
        number(&mut s, typed);
        assert!(s.frame().contains(why), "{typed}: {}", s.frame());
        s.keys("enter");
        assert!(s.frame().contains(why), "enter on {typed}: {}", s.frame());
    }
    assert!(s.dry_run().is_none());
    number(&mut s, "5");
    assert!(!s.frame().contains("whole number is needed"));
}

#[test]
fn without_a_session_one_is_asked_for_first_and_the_action_goes_on_with_it() {
    let mut s = ready();
    form(&mut s, "one-md-0");
    number(&mut s, "5");
    s.keys("enter");
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Session(_))));
    assert!(s.dry_run().is_none(), "nothing is asked of the server without a session");
    s.keys("enter");
    assert!(s.frame().contains("a reason is written to the journal"), "{}", s.frame());
    s.types("INC-4711").keys("tab");
    number(&mut s, "0");
    s.keys("enter");
    assert!(s.frame().contains("a number from 1 to 480"), "{}", s.frame());
    number(&mut s, "20");
    s.take_effects();
    s.keys("enter");
    let opened = s.take_effects();
    let [Effect::OpenSession { minutes: 20, reason, .. }] = &opened[..] else { panic!("{opened:?}") };
    assert_eq!(reason, "INC-4711");
    assert!(s.dry_run().is_none(), "the executor has not opened it yet");
    s.session("a", 20);
    assert!(s.dry_run().is_some(), "now the server is asked");
    assert!(s.line("tko").contains("WRITE a 20m"), "{}", s.line("tko"));
}

#[test]
fn a_session_the_executor_refuses_leaves_everything_read_only() {
    let mut s = ready();
    form(&mut s, "one-md-0");
    number(&mut s, "5");
    s.keys("enter").types("INC").keys("enter");
    let no = Problem::new(ProblemKind::File, "the journal cannot be written: disk full");
    s.send(Msg::Session(own("a", "pool").site, Err(no)));
    assert!(s.frame().contains("disk full"), "the failure is on the screen\n{}", s.frame());
    assert!(s.dry_run().is_none() && s.state.sites.at(0).unwrap().session.is_none());
}

#[test]
fn an_operator_who_leaves_the_session_form_leaves_the_action_too() {
    let mut s = ready();
    form(&mut s, "one-md-0");
    number(&mut s, "5");
    s.keys("enter esc");
    s.session("a", 15);
    assert!(s.dry_run().is_none(), "a session opened later does not revive it");
}

#[test]
fn the_preview_shows_the_servers_answer_and_only_its_own_key_after_it_does_something() {
    let (mut s, token) = previewed("5");
    assert!(s.frame().contains("asking the server what it would store"));
    s.keys("enter enter y");
    assert!(s.executed().is_empty(), "not before the answer");
    s.answers(token, vec![change(true)]);
    let frame = s.frame();
    assert!(frame.contains("machineDeployments[md-0].replicas") && frame.contains("+ 5"), "{frame}");
    s.keys("enter enter enter");
    assert!(s.executed().is_empty(), "a key that is held down agrees to nothing");
    s.keys("y");
    assert_eq!(s.executed().len(), 1);
    assert_eq!(s.executed()[0].1.summary, "scale pool one-md-0 of one from 3 to 5 machines");
}

#[test]
fn an_answer_to_an_older_question_is_ignored() {
    let (mut s, old) = previewed("5");
    s.keys("esc");
    number(&mut s, "6");
    s.keys("enter");
    let new = preview_token(&s);
    assert_ne!(old, new);
    s.answers(old, vec![change(true)]).keys("y");
    assert!(s.executed().is_empty(), "the old answer says nothing about the new plan");
    s.answers(new, vec![change(true)]).keys("y");
    assert_eq!(s.executed()[0].1.inputs["replicas"], "6");
}

#[test]
fn a_refused_dry_run_stands_in_the_servers_words_and_enter_leads_back_to_the_form() {
    let (mut s, token) = previewed("5");
    let no = Problem::new(
        ProblemKind::Refused,
        "admission webhook \"quota.tkg\" denied the request: 12 of 12 CPUs used",
    );
    s.send(Msg::DryRun(token, Err(no)));
    assert!(s.frame().contains("12 of 12 CPUs used"), "{}", s.frame());
    s.keys("enter");
    assert!(s.executed().is_empty());
    assert!(
        matches!(s.state.screen.overlays.last(), Some(Overlay::Action(f)) if matches!(f.stage, Stage::Form))
    );
}

#[test]
fn a_protected_site_wants_the_name_typed() {
    let mut s = with_protection(Protection::High);
    s.session("a", 15);
    form(&mut s, "one-md-0");
    number(&mut s, "5");
    s.keys("enter");
    let token = preview_token(&s);
    s.answers(token, vec![change(true)]).keys("enter").types("one-md").keys("enter");
    assert!(s.executed().is_empty(), "half a name is no yes");
    s.types("-0").keys("enter");
    assert_eq!(s.executed().len(), 1);
}

#[test]
fn an_object_that_changed_meanwhile_gets_a_new_preview_and_never_the_old_plan() {
    let (mut s, token) = previewed("5");
    s.answers(token, vec![change(true)]);
    let other = objects::cluster("one").generation(2).set("/spec/topology/version", json!("v1.34.1"));
    s.change("a", "cluster", &other).keys("y");
    assert!(s.executed().is_empty());
    assert!(s.frame().contains("asking the server what it would store"), "{}", s.frame());
    let new = preview_token(&s);
    assert_ne!(new, token);
    s.answers(token, vec![]).keys("y");
    assert!(s.executed().is_empty());
    s.answers(new, vec![change(true)]).keys("y");
    assert_eq!(s.executed()[0].1.steps[0].pin().unwrap().generation, 2);
}

#[test]
fn the_operator_is_told_why_a_preview_started_over() {
    let (mut s, token) = previewed("5");
    s.answers(token, vec![change(true)]);
    s.change("a", "cluster", &objects::cluster("one").generation(2)).keys("y");
    assert!(s.frame().contains("changed meanwhile"), "{}", s.frame());
}

#[test]
fn a_status_that_moved_on_is_no_reason_to_ask_again() {
    let (mut s, token) = previewed("5");
    s.answers(token, vec![change(true)]);
    let beat = objects::cluster("one").set("/metadata/resourceVersion", json!("777"));
    s.change("a", "cluster", &beat).keys("y");
    assert_eq!(s.executed()[0].1.steps[0].pin().unwrap().resource_version, "777", "and the newest is pinned");
}

#[test]
fn an_object_that_is_gone_meanwhile_is_refused() {
    let (mut s, token) = previewed("5");
    s.answers(token, vec![change(true)]).remove("a", "pool", "one-md-0").keys("y");
    assert!(s.executed().is_empty());
    assert!(s.frame().contains("the pool is gone"), "{}", s.frame());
}

#[test]
fn a_session_that_ends_at_the_preview_must_be_opened_again_before_anything_is_done() {
    let mut s = ready();
    s.session("a", 1);
    form(&mut s, "one-md-0");
    number(&mut s, "5");
    s.keys("enter");
    let token = preview_token(&s);
    s.answers(token, vec![change(true)]).tick(61);
    assert!(
        s.effects.iter().any(|e| matches!(e, Effect::CloseSession(_))),
        "the end of a session is sent out"
    );
    s.send(Msg::Session(own("a", "pool").site, Ok(None))).keys("y");
    assert!(s.executed().is_empty(), "{}", s.frame());
    assert!(matches!(s.state.screen.overlays.last(), Some(Overlay::Session(_))), "{}", s.frame());
}

#[test]
fn the_end_of_a_session_is_sent_out_once() {
    let mut s = ready();
    s.session("a", 1).take_effects();
    s.tick(65);
    let closes = s.take_effects().iter().filter(|e| matches!(e, Effect::CloseSession(_))).count();
    assert_eq!(closes, 1);
}

fn grown(ready: i64) -> Template {
    objects::pool("one", "md-0", 5)
        .generation(2)
        .set("/status/readyReplicas", json!(ready))
        .set("/status/replicas", json!(5))
        .set("/status/upToDateReplicas", json!(5))
}

fn machines(running: usize) -> Vec<Template> {
    (0..5)
        .map(|n| {
            let machine = objects::machine("one", "md-0", &format!("m-{n}"));
            if n < running {
                return machine;
            }
            machine.set("/status/phase", json!("Provisioning")).set("/status/nodeRef", json!(null)).condition(
                "InfrastructureReady",
                "False",
                "PoweringOn",
                30,
            )
        })
        .collect()
}

#[test]
fn a_job_is_done_when_the_objects_say_so_and_not_before() {
    let mut s = ready();
    s.send(Msg::Resized { width: 180, height: 30 });
    scale(&mut s, "one-md-0", "5");
    let (job, _) = s.executed()[0].clone();
    let phase = |s: &Scenario| s.state.jobs.get(job).unwrap().phase.clone();
    assert_eq!(phase(&s), Phase::Queued);
    s.send(Msg::Job(job, JobEvent::Started));
    assert_eq!(phase(&s), Phase::Writing);
    s.send(Msg::Job(job, JobEvent::Step { index: 0, outcome: Ok("patched".into()) }));
    s.send(Msg::Job(job, JobEvent::Submitted)).keys("6").tick(5);
    assert!(matches!(phase(&s), Phase::Following { .. }), "the server's yes is not the engine's");
    assert!(s.line("following").contains("the pool to want 5 (now 3)"), "{}", s.frame());
    s.list("a", "machine", &machines(3)).change("a", "pool", &grown(3));
    assert!(s.line("following").contains("3 of 5 machines run"), "{}", s.frame());
    assert!(s.line("following").contains("InfrastructureReady of m-3 (PoweringOn)"), "{}", s.frame());
    s.list("a", "machine", &machines(5));
    assert!(matches!(phase(&s), Phase::Following { .. }), "the pool has not counted them yet");
    s.take_effects();
    s.change("a", "pool", &grown(5));
    assert_eq!(phase(&s), Phase::Done);
    let outcome = s.take_effects();
    assert_eq!(outcome, [Effect::Outcome(job, "5 of 5 machines run".into())], "the journal gets it once");
    s.change("a", "pool", &grown(4));
    assert_eq!(phase(&s), Phase::Done, "what happens later is another story");
    assert!(s.state.jobs.get(job).unwrap().ended.is_some());
}

#[test]
fn a_machine_more_than_wanted_is_waited_for_too() {
    let mut s = ready();
    scale(&mut s, "one-md-0", "4");
    let (job, _) = s.executed()[0].clone();
    s.send(Msg::Job(job, JobEvent::Started)).send(Msg::Job(job, JobEvent::Submitted));
    let pool = objects::pool("one", "md-0", 4).generation(2);
    s.list("a", "machine", &machines(5)).change("a", "pool", &pool).keys("6");
    assert!(
        s.line("following").contains("1 machines to go") || s.line("following").contains("1 machine to go"),
        "{}",
        s.frame()
    );
}

#[test]
fn a_pool_deleted_under_the_job_ends_it_as_failed() {
    let mut s = ready();
    scale(&mut s, "one-md-0", "5");
    let (job, _) = s.executed()[0].clone();
    s.send(Msg::Job(job, JobEvent::Submitted)).remove("a", "pool", "one-md-0");
    assert!(
        matches!(&s.state.jobs.get(job).unwrap().phase, Phase::Failed { problem } if problem.summary.contains("gone"))
    );
}

#[test]
fn a_job_whose_site_falls_silent_waits_and_claims_nothing() {
    let mut s = ready();
    scale(&mut s, "one-md-0", "5");
    let (job, _) = s.executed()[0].clone();
    s.send(Msg::Job(job, JobEvent::Submitted)).stale("a", "pool").site_fails("a", refused()).tick(300);
    assert!(matches!(s.state.jobs.get(job).unwrap().phase, Phase::Following { .. }));
}

#[test]
fn a_failed_request_keeps_the_servers_words_with_the_job_and_the_notice_stays() {
    let mut s = ready();
    scale(&mut s, "one-md-0", "5");
    let (job, _) = s.executed()[0].clone();
    let conflict = Problem::new(ProblemKind::Conflict, "the object has been modified");
    s.send(Msg::Job(job, JobEvent::Started)).send(Msg::Job(job, JobEvent::Failed(conflict))).tick(120);
    assert!(s.frame().contains("the object has been modified"), "a failure does not fade\n{}", s.frame());
    s.keys("6");
    assert!(s.line("failed").contains("the object has been modified"), "{}", s.frame());
    s.keys("esc");
    let footer = s.frame().lines().last().unwrap().to_owned();
    assert!(!footer.contains("modified"), "esc reads it: {footer}");
}

#[test]
fn cancel_is_two_keys_and_only_on_a_job() {
    let mut s = ready();
    scale(&mut s, "one-md-0", "5");
    let (job, _) = s.executed()[0].clone();
    s.keys("6").take_effects();
    s.keys("x");
    assert_eq!(s.take_effects(), []);
    s.keys("x");
    assert_eq!(s.take_effects(), [Effect::Cancel(job)]);
}

#[test]
fn a_single_key_never_writes() {
    let bound: Vec<String> = {
        let s = ready();
        let layers = ["pools", "table", "global"];
        s.context.keymap.bindings(&layers).into_iter().map(|b| b.keys).collect()
    };
    for keys in bound {
        let mut s = ready();
        s.session("a", 15);
        s.keys(".").permit(&Permit::Allowed).keys("esc").select("one-md-0").take_effects();
        s.keys(&keys);
        assert!(s.executed().is_empty() && s.dry_run().is_none(), "{keys}");
    }
}
