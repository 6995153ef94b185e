//! Packages and repositories in every size and state of their data, and the card of one that fails.
use serde_json::json;
use tko::{
    domain::{Problem, ProblemKind, Source},
    msg::Observation,
};

use super::{SIZES, scenes, shot, styled};
use crate::support::{
    objects::{self, Template},
    scenario::{Scenario, absent, cluster_key, forbidden, own},
};

const KINDS: [&str; 3] = ["package-install", "app", "package-repository"];

/// How the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Loading,
    Live,
    Stale,
    Forbidden,
    Absent,
    Empty,
    Malformed,
}

const CASES: [Case; 7] =
    [Case::Loading, Case::Live, Case::Stale, Case::Forbidden, Case::Absent, Case::Empty, Case::Malformed];

const TEMPLATE: &str = "ytt: Error: Overlaying data values (in following order: additional data values):\n  One or more data values were invalid:\n    Given data value 'envoy.service.typ' is not declared\n";
const WAIT: &str = "kapp: Error: waiting on reconcile deployment/core (apps/v1) namespace: registry:\n  Finished unsuccessfully (Deployment is not progressing: ProgressDeadlineExceeded)";

fn scene(pane: &str, case: Case, (width, height): (u16, u16)) -> Scenario {
    let mut s = Scenario::new(width, height);
    s.site("lab").site("prod-eu").starts().pane = pane.into();
    s.live("lab").live("prod-eu");
    scenes::fleet(&mut s);
    match case {
        Case::Loading => {}
        Case::Live => troubled(&mut s),
        Case::Stale => {
            troubled(&mut s);
            s.tick(35);
            for kind in KINDS {
                s.stale("prod-eu", kind);
            }
            s.tick(95);
        }
        Case::Forbidden => each(&mut s, |what| Observation::Forbidden(forbidden(what))),
        Case::Absent => each(&mut s, |what| Observation::Absent(absent(what))),
        Case::Empty => {
            for (site, kind) in pairs() {
                s.list(site, kind, &[]);
            }
        }
        Case::Malformed => malformed(&mut s),
    }
    s
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["lab", "prod-eu"].into_iter().flat_map(|site| KINDS.into_iter().map(move |kind| (site, kind)))
}

fn each(s: &mut Scenario, say: fn(&str) -> Observation) {
    for (site, kind) in pairs() {
        s.says(&own(site, kind), say(tko::kinds::find(kind).unwrap().plural));
    }
}

fn harbor_app() -> Template {
    objects::failed(objects::app("harbor"), WAIT)
        .set("/status/deploy/exitCode", json!(1))
        .set("/status/deploy/stderr", WAIT.into())
        .set("/status/consecutiveReconcileFailures", json!(7))
}

/// One of every state.
fn troubled(s: &mut Scenario) {
    s.list("lab", "package-install", &[objects::package("cert-manager")]);
    s.list("lab", "app", &[objects::app("cert-manager")]);
    s.list("lab", "package-repository", &[objects::repository("tanzu-standard")]);
    let now = |t: Template, condition: &str| {
        t.set("/status/conditions", json!([{ "type": condition, "status": "True" }]))
    };
    s.list(
        "prod-eu",
        "package-install",
        &[
            objects::package("cert-manager")
                .set("/spec/serviceAccountName", "tanzu-cluster-bootstrap-sa".into()),
            objects::failed(objects::package("contour"), TEMPLATE),
            objects::failed(objects::package("harbor"), WAIT),
            now(objects::package("grafana"), "Reconciling"),
            objects::package("fluent-bit").set("/spec/paused", json!(true)),
            objects::package("external-dns").generation(3).set("/status/observedGeneration", json!(2)),
            now(objects::package("prometheus").deleting(), "Deleting").set(
                "/metadata/finalizers",
                json!(["finalizers.packageinstall.packaging.carvel.dev/delete"]),
            ),
            objects::package("multus").set("/status", json!(null)),
        ],
    );
    let contour = objects::failed(objects::app("contour"), TEMPLATE)
        .set("/status/template/exitCode", json!(1))
        .set("/status/template/stderr", TEMPLATE.into())
        .set("/status/template/updatedAt", objects::ago(60).into())
        .set("/status/fetch/updatedAt", objects::ago(62).into());
    let grafana = now(objects::app("grafana"), "Reconciling")
        .set(
            "/status/deploy/stdout",
            "ongoing: reconcile deployment/grafana (apps/v1) namespace: dashboards".into(),
        )
        .set("/status/deploy/exitCode", json!(null));
    s.list("prod-eu", "app", &[objects::app("cert-manager"), contour, harbor_app(), grafana]);
    let certificate = "vendir: Error: Syncing directory '0':\n  Fetching image:\n    Get \"https://registry.example.com/v2/\": x509: certificate signed by unknown authority";
    s.list(
        "prod-eu",
        "package-repository",
        &[
            objects::repository("tanzu-standard"),
            objects::failed(objects::repository("private"), certificate),
        ],
    );
}

fn malformed(s: &mut Scenario) {
    let bad = |t: Template| t.set("/spec", json!(7)).set("/status", json!("nothing"));
    let silent = |t: Template| t.set("/status", json!(null));
    s.list(
        "lab",
        "package-install",
        &[objects::package("fine"), bad(objects::package("garbled")), silent(objects::package("silent"))],
    );
    s.list("lab", "app", &[bad(objects::app("fine"))]);
    s.list(
        "lab",
        "package-repository",
        &[bad(objects::repository("garbled")), silent(objects::repository("silent"))],
    );
    for kind in KINDS {
        s.list("prod-eu", kind, &[]);
    }
}

fn album(pane: &str, size: (u16, u16)) -> String {
    let shoot = if size == SIZES[0] { styled } else { shot };
    CASES.iter().map(|case| shoot(&format!("{case:?}"), &mut scene(pane, *case, size))).collect()
}

#[test]
fn packages() {
    for size in SIZES {
        insta::assert_snapshot!(format!("packages_{}x{}", size.0, size.1), album("packages", size));
    }
}

#[test]
fn repositories() {
    for size in SIZES {
        insta::assert_snapshot!(format!("repositories_{}x{}", size.0, size.1), album("repositories", size));
    }
}

#[test]
fn cards() {
    let mut out = String::new();
    for (pane, name) in [
        ("packages", "contour"),
        ("packages", "harbor"),
        ("packages", "prometheus"),
        ("packages", "multus"),
        ("repositories", "private"),
    ] {
        let mut s = scene(pane, Case::Live, (120, 40));
        out += &shot(name, s.select(name).keys("enter"));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn the_row_says_what_its_app_says_and_changes_with_it() {
    let mut s = scene("packages", Case::Live, (200, 50));
    // Words are looked for in the whole of a cell, however much of it is shown.
    let found = |s: &mut Scenario, word: &str| {
        s.keys("/").types(word).keys("enter");
        let rows = s.rows();
        s.keys("esc");
        rows
    };
    assert_eq!(found(&mut s, "ProgressDeadlineExceeded"), ["harbor"]);
    assert_eq!(found(&mut s, "typ"), ["contour"]);
    assert_eq!(found(&mut s, "ongoing"), ["grafana"]);
    let quota = "kapp: Error: quota exceeded";
    s.change("prod-eu", "app", &harbor_app().set("/status/usefulErrorMessage", quota.into()));
    assert_eq!(found(&mut s, "quota"), ["harbor"]);
    s.keys("!");
    assert_eq!(s.rows(), ["contour", "harbor"], "the fault filter");
}

#[test]
fn a_cluster_in_scope_brings_its_packages_and_one_that_is_not_read_is_said() {
    let mut s = scene("clusters", Case::Live, (300, 40));
    let billing = cluster_key("prod-eu", "billing");
    s.select("billing").keys("i 8");
    assert!(
        s.frame().contains("connecting to team-a/billing") || s.frame().contains("1 of 1 clusters not read")
    );
    let source = Source::workload(&billing, "package-install");
    s.reached(&billing).list_from(&source, &[objects::package("contour")]);
    assert_eq!(s.rows(), ["contour"]);
    assert!(s.line("contour ").contains("billing"));
    s.keys("0 2 g g space j space i 8");
    let why = Problem::new(ProblemKind::Unreachable, "no route");
    let lost = tko::msg::WorkloadEvent::Failed { problem: why, retry_at: None };
    s.send(tko::msg::Msg::Workload(cluster_key("prod-eu", "payments"), Box::new(lost)));
    assert!(s.frame().contains("clusters not read"), "{}", s.frame());
}
