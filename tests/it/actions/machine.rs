//! Replacing of machines: by their health check, or by deleting them.
use serde_json::json;
use tko::{actions::plan::Step, domain::ResourceRef};

use super::{Fleet, refusals, sick, snapshot};
use crate::support::{objects, scenario::target};

fn machine(name: &str) -> ResourceRef {
    target("a", "machine", name)
}

#[test]
fn a_health_check_is_asked_where_one_watches() {
    let plan = Fleet::new().plan("machine.replace", &machine("m-2"), &[]).unwrap();
    snapshot("replace_by_health_check", &plan);
    snapshot("replace_by_deletion", &Fleet::new().plan("machine.replace", &machine("n-1"), &[]).unwrap());
}

#[test]
fn a_health_check_that_would_not_do_it_is_not_asked() {
    let with = |change: fn(objects::Template) -> objects::Template| {
        let check = change(objects::health_check("one", "md-0"));
        let fleet = Fleet { checks: vec![check], ..Fleet::new() };
        let plan = fleet.plan("machine.replace", &machine("m-2"), &[]).unwrap();
        matches!(plan.steps[0], Step::MergePatch { .. })
    };
    assert!(with(|check| check));
    assert!(!with(|check| check.set("/status/remediationsAllowed", json!(0))), "its budget is spent");
    assert!(!with(|check| check.annotation("cluster.x-k8s.io/paused", "")), "it is paused");
    assert!(!with(|check| check.set("/spec/selector/matchLabels/x", json!("y"))), "it selects others");
    assert!(
        !with(|check| check.set("/spec/selector/matchExpressions", json!([{ "key": "x" }]))),
        "who knows"
    );
    assert!(!with(|check| check.set("/spec/selector", json!({}))));
    let spared = Fleet::new().machine("m-2", |m| m.annotation("cluster.x-k8s.io/skip-remediation", ""));
    let plan = spared.plan("machine.replace", &machine("m-2"), &[]).unwrap();
    assert!(matches!(plan.steps[0], Step::Delete { .. }));
}

#[test]
fn etcd_keeps_its_majority_and_nobody_is_lost_without_an_heir() {
    let why = |fleet: &Fleet, name: &str| fleet.why("machine.replace", &machine(name), &[]);
    let mut alone = Fleet::new();
    alone.machines.drain(1..3);
    let two_sick = Fleet::new().machine("cp-2", sick);
    let stray = Fleet::new()
        .machine("n-1", |m| m.set("/metadata/labels/cluster.x-k8s.io~1deployment-name", json!("nobody")));
    let asked = Fleet::new().machine("m-2", |m| m.annotation("cluster.x-k8s.io/remediate-machine", ""));
    let going = Fleet::new().machine("m-2", objects::Template::deleting);
    refusals(
        "replace_refusals",
        &[
            ("the only member", why(&alone, "cp-1")),
            ("another member is sick", why(&two_sick, "cp-1")),
            ("no owner", why(&stray, "n-1")),
            ("asked already", why(&asked, "m-2")),
            ("deleting", why(&going, "m-2")),
            ("gone", why(&Fleet::new(), "m-9")),
        ],
    );
    assert!(two_sick.plan("machine.replace", &machine("cp-2"), &[]).is_ok(), "the sick one itself may go");
}
