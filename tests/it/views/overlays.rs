//! What lies above the place, in the usual size and, where it is long, in a small one.
use serde_json::json;
use tko::{
    actions::plan::{DryRunReport, FieldChange},
    domain::{Problem, ProblemKind, site::Protection},
    msg::{Msg, WorkloadEvent},
    state::access::Permit,
};

use super::{scenes, scenes::Case, shot, styled};
use crate::{
    scenarios::pipeline,
    support::{
        objects::{self, MINUTE},
        scenario::{Scenario, cluster_key},
    },
};

/// A pane of the fleet with one overlay opened by keys.
fn over(size: (u16, u16), keys: &str) -> Scenario {
    let mut s = scenes::management("clusters", Case::Live, size);
    s.keys(keys);
    s
}

const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (44, 9);

#[test]
fn help() {
    let mut out = styled("help", &mut over(USUAL, "?"));
    out += &shot("help, scrolled to its end", &mut over(USUAL, &format!("?{}", " j".repeat(100))));
    out += &shot("help in a tree", &mut over(USUAL, "t ?"));
    out += &shot("help on a card", &mut over(USUAL, "d ?"));
    out += &shot("help where there is little room", &mut over(SMALL, "?"));
    let mut denied = scenes::management("clusters", Case::Forbidden, (110, 60));
    out += &shot("help where panes are locked", denied.keys("?"));
    insta::assert_snapshot!(out);
}

#[test]
fn palette_and_menus() {
    let mut out = styled("palette", &mut over(USUAL, ":"));
    let mut narrowed = over(USUAL, ":");
    out += &shot("palette, narrowed", narrowed.types("pay"));
    out += &shot("palette, nothing", narrowed.types("zzz"));
    out += &shot("palette where there is little room", &mut over(SMALL, ": down down down down down"));
    out += &shot("copy", &mut over(USUAL, "g g y"));
    out += &shot("sort", &mut over(USUAL, "g s down"));
    insta::assert_snapshot!(out);
}

#[test]
fn actions() {
    let mut s = pipeline::ready();
    let mut out = shot("asking for rights", s.select("one-md-0").keys("."));
    out += &shot("denied", s.permit(&Permit::Denied("no RBAC policy matched".into())));
    let mut s = pipeline::ready();
    out += &styled("allowed", s.select("one-md-0").keys(".").permit(&Permit::Allowed));
    insta::assert_snapshot!(out);
}

/// A pool whose shrinking has much to be said about it.
fn troubled(protection: Protection, to: &str) -> Scenario {
    let mut s = pipeline::with_protection(protection);
    s.change("a", "cluster", &objects::cluster("one").set("/spec/paused", json!(true)));
    s.keys("4").list(
        "a",
        "machine",
        &[objects::machine("one", "md-0", "m-1").condition("NodeHealthy", "False", "NodeNotReady", MINUTE)],
    );
    pipeline::form(&mut s, "one-md-0");
    pipeline::number(&mut s, to);
    s
}

fn report() -> DryRunReport {
    let change = |path: &str, before, after, asked| FieldChange { path: path.into(), before, after, asked };
    DryRunReport {
        at: objects::start(),
        changes: vec![
            change(
                "spec.topology.workers.machineDeployments[md-0].replicas",
                Some(json!(3)),
                Some(json!(1)),
                true,
            ),
            change(
                "spec.topology.workers.machineDeployments[md-0].metadata.annotations",
                None,
                Some(
                    json!({ "policy.example.com/reviewed-by": "admission-webhook", "policy.example.com/ticket": "required-for-every-change-of-a-pool" }),
                ),
                false,
            ),
        ],
        warnings: vec!["the pool is smaller than the minimum of 2 that the policy advises".into()],
        resource_version: "101".into(),
    }
}

#[test]
fn form_and_preview() {
    let mut s = troubled(Protection::Normal, "1");
    let mut out = styled("form", &mut s);
    pipeline::number(&mut s, "no");
    out += &shot("form, wrong", &mut s);
    pipeline::number(&mut s, "1");
    s.session("a", 15).keys("enter");
    out += &shot("asking the server", &mut s);
    let (token, _) = s.dry_run().unwrap();
    s.send(Msg::DryRun(token, Ok(Box::new(report()))));
    out += &styled("preview", &mut s);
    s.send(Msg::Resized { width: 60, height: 14 });
    out += &shot("preview where there is little room", &mut s);
    out += &shot("the same, scrolled", s.keys("down down down down down down down down down"));
    insta::assert_snapshot!(out);
}

#[test]
fn refused_and_typed() {
    let mut s = troubled(Protection::High, "5");
    s.session("a", 15).keys("enter");
    let (token, _) = s.dry_run().unwrap();
    let no = Problem::new(ProblemKind::Refused, "admission webhook \"validation.quota.tkg.example.com\" denied the request: pool one-md-0 would need 40 CPUs, 12 are left in resource pool rp-prod")
        .hint("ask the platform team for more, or scale another pool down first")
        .code(403);
    let mut out = styled("refused", s.send(Msg::DryRun(token, Err(no))));
    s.keys("esc enter");
    let (token, _) = s.dry_run().unwrap();
    s.send(Msg::DryRun(token, Ok(Box::new(report()))));
    out += &shot("the name must be typed", &mut s);
    out += &shot("half of it", s.types("one-"));
    insta::assert_snapshot!(out);
}

#[test]
fn questions() {
    let mut out = styled("a session", &mut over(USUAL, "W"));
    let mut s = pipeline::with_protection(Protection::High);
    out += &shot("a session on a protected site", s.keys("W tab enter"));
    let mut s = over(USUAL, "");
    s.select("billing").keys("i 5");
    let consent = Msg::Workload(cluster_key("prod-eu", "billing"), Box::new(WorkloadEvent::NeedsConsent));
    out += &styled("consent", s.send(consent));
    out += &shot("consent refused", s.keys("esc"));
    let problem = Problem::new(ProblemKind::Unauthenticated, "the exec plugin `pinniped` ended with 1")
        .detail("Error: could not complete Pinniped login: session expired\nvisit https://pinniped.example/callback to log in")
        .hint("run `pinniped login` in another terminal, then r");
    let mut s = over(USUAL, "j");
    s.send(Msg::Notice(problem));
    out += &shot("a problem in the footer", &mut s);
    out += &shot("a problem in full", s.keys("7 enter"));
    insta::assert_snapshot!(out);
}
