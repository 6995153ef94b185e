//! When the work of the engines counts as done, and what a job says that it waits for.
use serde_json::json;
use tko::{
    actions::plan::{Goal, Plan},
    triage::progress::{self, Progress},
};

use super::{Fleet, one, pool};
use crate::support::{
    objects::{self, MINUTE, ago},
    scenario::{Scenario, target},
};

/// How far a job with this goal is.
fn of(s: &mut Scenario, goal: Goal) -> Progress {
    let plan = Plan { goal, ..Fleet::new().plan("cluster.pause", &one(), &[]).unwrap() };
    let now = s.state.now;
    let id = s.state.jobs.start(plan, now);
    progress::of(&s.state, s.state.jobs.get(id).unwrap())
}

/// What it waits for; nothing when it has reached its goal.
fn waits(fleet: &Fleet, goal: &Goal) -> String {
    match of(&mut fleet.seen(), goal.clone()) {
        Progress::Waiting { waiting, progress } => format!("{waiting}; {progress}"),
        Progress::Reached(_) => String::new(),
        Progress::Gone(problem) => format!("gone: {}", problem.summary),
    }
}

#[test]
fn a_control_plane_is_followed_to_its_last_machine() {
    let goal = Goal::PlaneSize { plane: target("a", "control-plane", "one-cp"), replicas: 5 };
    let mut fleet = Fleet::new();
    assert_eq!(waits(&fleet, &goal), "the control plane to want 5 (now 3); 3 of 5 machines run");
    fleet.planes[0] = fleet.planes[0].clone().set("/spec/replicas", json!(5)).generation(2);
    fleet.planes[0] = fleet.planes[0].clone().set("/status/observedGeneration", json!(1));
    assert_eq!(waits(&fleet, &goal), "the controller to see the new spec; 3 of 5 machines run");
    fleet.planes[0] = fleet.planes[0].clone().set("/status/observedGeneration", json!(2));
    assert_eq!(waits(&fleet, &goal), "2 more machines to be made; 3 of 5 machines run");
    let booting = objects::plane_machine("one", "cp-4").set("/status/nodeRef", json!(null));
    fleet.machines.push(booting.condition("Ready", "False", "WaitingForBootstrap", MINUTE));
    assert!(waits(&fleet, &goal).ends_with("of cp-4 (WaitingForBootstrap); 3 of 5 machines run"));
    fleet.machines.pop();
    fleet.machines.extend(["cp-4", "cp-5"].map(|name| objects::plane_machine("one", name)));
    assert_eq!(waits(&fleet, &goal), "2 machines to count as ready; 5 of 5 machines run");
    fleet.planes[0] = fleet.planes[0].clone().set("/status/readyReplicas", json!(5));
    assert_eq!(waits(&fleet, &goal), "");
}

#[test]
fn an_upgrade_goes_through_control_plane_and_pools() {
    let goal = Goal::Version { cluster: one(), version: "v1.34.1".into() };
    let mut fleet = Fleet::new();
    let new = |t: objects::Template| t.set("/spec/version", json!("v1.34.1"));
    assert_eq!(
        waits(&fleet, &goal),
        "control plane one-cp to be asked for v1.34.1; 0 of 7 machines run v1.34.1"
    );
    fleet.planes[0] = new(fleet.planes[0].clone());
    for name in ["cp-1", "cp-2"] {
        fleet = fleet.machine(name, new);
    }
    assert_eq!(
        waits(&fleet, &goal),
        "control plane one-cp: cp-3 to be replaced; 2 of 7 machines run v1.34.1"
    );
    fleet = fleet.machine("cp-3", new);
    assert!(waits(&fleet, &goal).starts_with("pool one-md-0 to be asked for v1.34.1"));
    for at in 0..2 {
        fleet.pools[at] = fleet.pools[at].clone().set("/spec/template/spec/version", json!("v1.34.1"));
    }
    for name in ["m-1", "m-2", "m-3"] {
        fleet = fleet.machine(name, new);
    }
    assert_eq!(waits(&fleet, &goal), "pool one-md-1: n-1 to be replaced; 6 of 7 machines run v1.34.1");
    assert_eq!(waits(&fleet.machine("n-1", new), &goal), "");
}

#[test]
fn a_restart_ends_when_no_old_machine_is_left() {
    let after = objects::start() - jiff::SignedDuration::from_mins(5);
    let goal = Goal::RolledOut { owner: pool("md-0"), after };
    let new = |t: objects::Template| t.set("/metadata/creationTimestamp", json!(ago(MINUTE)));
    let mut fleet = Fleet::new().machine("m-1", new);
    assert_eq!(waits(&fleet, &goal), "m-2 to be replaced; 1 of 3 machines are new and run");
    fleet = fleet.machine("m-2", objects::Template::deleting);
    assert_eq!(waits(&fleet, &goal), "m-2 to be deleted; 1 of 3 machines are new and run");
    for name in ["m-2", "m-3"] {
        let at = fleet.machines.iter().position(|m| m.json["metadata"]["name"] == name).unwrap();
        fleet.machines[at] = new(objects::machine("one", "md-0", name));
    }
    assert_eq!(waits(&fleet, &goal), "");
    let later =
        Goal::RolledOut { owner: pool("md-0"), after: objects::start() + jiff::SignedDuration::from_mins(5) };
    assert!(waits(&fleet, &later).contains("when it may begin"));
}

#[test]
fn a_machine_is_replaced_when_it_is_gone_and_its_pool_is_whole() {
    let goal = Goal::Replaced {
        machine: target("a", "machine", "m-2"),
        uid: "uid-machine-m-2".into(),
        owner: pool("md-0"),
    };
    let mut fleet = Fleet::new();
    assert_eq!(waits(&fleet, &goal), "m-2 to be given up by its pool or health check; 3 of 3 machines run");
    fleet = fleet.machine("m-2", objects::Template::deleting);
    assert_eq!(waits(&fleet, &goal), "m-2 to be deleted; 2 of 3 machines run");
    fleet.machines.retain(|m| m.json["metadata"]["name"] != "m-2");
    assert_eq!(waits(&fleet, &goal), "1 more machines to be made; 2 of 3 machines run");
    let unseen = &mut fleet.seen();
    unseen.stale("a", "machine");
    assert!(matches!(of(unseen, goal.clone()), Progress::Waiting { .. }), "not seen is not gone");
    fleet.machines.push(objects::machine("one", "md-0", "m-4"));
    assert_eq!(waits(&fleet, &goal), "");
}

#[test]
fn a_pause_is_seen_where_the_server_tells_and_believed_where_it_does_not() {
    let goal = |paused| Goal::Paused { cluster: one(), paused };
    let paused = || Fleet::new().cluster(|c| c.set("/spec/paused", json!(true)));
    assert_eq!(waits(&paused(), &goal(true)), "", "no condition: the spec decides");
    let said =
        |status: &'static str| paused().cluster(move |c| c.condition("Paused", status, status, MINUTE));
    assert_eq!(waits(&said("False"), &goal(true)), "the controllers to see the pause; paused");
    assert_eq!(waits(&said("True"), &goal(true)), "");
    assert_eq!(waits(&said("True"), &goal(false)), "the controllers to take up their work; paused");
    assert_eq!(waits(&Fleet::new(), &goal(false)), "");
    let behind = Fleet::new().cluster(|c| c.set("/metadata/generation", json!(7)));
    assert_eq!(waits(&behind, &goal(false)), "the controllers to take up their work; not paused");
}

#[test]
fn what_is_deleted_is_followed_to_the_last_object() {
    let goal = Goal::Gone { target: one(), uid: "uid-cluster-one".into() };
    let mut fleet = Fleet::new();
    assert_eq!(waits(&fleet, &goal), "the controller to begin; 7 machines are left");
    fleet = fleet.cluster(objects::Template::deleting);
    assert_eq!(waits(&fleet, &goal), "the machines to be given up; 7 machines are left");
    fleet = fleet.machine("m-1", objects::Template::deleting);
    assert_eq!(waits(&fleet, &goal), "m-1 to be deleted; 7 machines are left");
    fleet.machines.clear();
    assert_eq!(waits(&fleet, &goal), "cluster.cluster.x-k8s.io to let it go; no machine is left");
    fleet.clusters = vec![objects::cluster("one").set("/metadata/uid", json!("another"))];
    assert_eq!(waits(&fleet, &goal), "", "one that took its name is another");
    fleet.clusters.clear();
    assert_eq!(waits(&fleet, &goal), "");
    let unseen = &mut fleet.seen();
    unseen.stale("a", "cluster");
    assert!(matches!(of(unseen, goal), Progress::Waiting { .. }));

    let goal = Goal::Gone { target: pool("md-1"), uid: "uid-pool-one-md-1".into() };
    let mut fleet = Fleet::new();
    fleet.pools.pop();
    assert_eq!(waits(&fleet, &goal), "the machines to be given up; 1 machine is left");
    fleet.machines.pop();
    assert_eq!(waits(&fleet, &goal), "");
}

#[test]
fn a_new_pool_is_there_when_its_machines_run() {
    let goal = |name: &str| Goal::PoolMade { cluster: one(), name: name.into(), replicas: 1 };
    let fleet = Fleet::new();
    assert_eq!(
        waits(&fleet, &goal("md-7")),
        "the topology controller to make the pool md-7; 0 of 1 machines run"
    );
    assert_eq!(waits(&fleet, &goal("md-1")), "");
    let none = Fleet { clusters: vec![], ..Fleet::new() };
    assert!(waits(&none, &goal("md-7")).starts_with("gone: "));
}
