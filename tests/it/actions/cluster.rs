//! Pause, resume, upgrade and deletion of clusters.
use serde_json::json;
use tko::{
    actions::{self, input},
    domain::site::Protection,
};

use super::{Fleet, one, plan, refusals, sick, snapshot};
use crate::support::objects;

#[test]
fn pause_and_resume() {
    snapshot("pause", &Fleet::new().plan("cluster.pause", &one(), &[]).unwrap());
    let paused = Fleet::new()
        .cluster(|c| c.set("/spec/paused", json!(true)).annotation("cluster.x-k8s.io/paused", ""));
    snapshot("resume", &paused.plan("cluster.resume", &one(), &[]).unwrap());
    assert!(paused.plan("cluster.pause", &one(), &[]).unwrap_err().settled);
    assert!(Fleet::new().plan("cluster.resume", &one(), &[]).unwrap_err().settled);
    let fits = |fleet: &Fleet, id: &str| actions::find(id).unwrap().fits(&fleet.seen().state, &one());
    assert!(fits(&paused, "cluster.resume") && !fits(&paused, "cluster.pause"));
    assert!(fits(&Fleet::new(), "cluster.pause") && !fits(&Fleet::new(), "cluster.resume"));
}

#[test]
fn a_pause_tells_of_what_it_stops_halfway() {
    let mut fleet = Fleet::new();
    fleet.pools[0] = fleet.pools[0].clone().set("/spec/replicas", json!(5));
    let plan = fleet.plan("cluster.pause", &one(), &[]).unwrap();
    let halfway = |c: &&actions::plan::Consequence| c.warning && c.text.contains("stops halfway");
    assert_eq!(plan.consequences.iter().filter(halfway).count(), 1, "{plan:#?}");
}

#[test]
fn upgrades_go_forward_by_one_minor() {
    let fleet = Fleet::new();
    snapshot("upgrade", &fleet.plan("cluster.upgrade", &one(), &[("to", "v1.34.1")]).unwrap());
    assert!(fleet.plan("cluster.upgrade", &one(), &[("to", "v1.33.4")]).unwrap_err().settled);
    let to = |fleet: &Fleet, to: &str| fleet.why("cluster.upgrade", &one(), &[("to", to)]);
    let paused = Fleet::new().cluster(|c| c.set("/spec/paused", json!(true)));
    let management = Fleet::new().cluster(|c| c.label("cluster-role.tkg.tanzu.vmware.com/management", ""));
    let free = Fleet::new().cluster(|c| c.set("/spec/topology", json!(null)));
    let mut rolling = Fleet::new();
    rolling.planes[0] = rolling.planes[0].clone().set("/status/version", json!("v1.32.9"));
    let mut scaling = Fleet::new();
    scaling.planes[0] = scaling.planes[0].clone().set("/spec/replicas", json!(5));
    let mut behind = Fleet::new();
    behind.pools[1] = behind.pools[1].clone().set("/spec/template/spec/version", json!("v1.32.9"));
    let old = Fleet::new().machine("n-1", |m| m.set("/spec/version", json!("v1.30.1")));
    let offered = Fleet {
        classes: vec![objects::cluster_class(
            "tkg-vsphere-default-v1.2.0",
            &["v1.33.4", "v1.33.9", "v1.34.1", "v1.35.0"],
        )],
        ..Fleet::new()
    };
    let none = Fleet {
        classes: vec![objects::cluster_class("tkg-vsphere-default-v1.2.0", &["v1.33.4"])],
        ..Fleet::new()
    };
    refusals(
        "upgrade_refusals",
        &[
            ("two minors", to(&fleet, "v1.35.0")),
            ("backward", to(&fleet, "v1.33.3")),
            ("another major", to(&fleet, "v2.0.0")),
            ("no version", to(&fleet, "newest")),
            ("nothing", to(&fleet, " ")),
            ("paused", to(&paused, "v1.34.1")),
            ("management cluster", to(&management, "v1.34.1")),
            ("without a class", to(&free, "v1.34.1")),
            ("control plane on its way", to(&rolling, "v1.34.1")),
            ("control plane scaling", to(&scaling, "v1.34.1")),
            ("pool on its way", to(&behind, "v1.34.1")),
            ("machine too old", to(&old, "v1.34.1")),
            ("not offered", to(&offered, "v1.34.2")),
            ("nothing offered", to(&none, "v1.34.1")),
            ("deleting", to(&Fleet::new().cluster(objects::Template::deleting), "v1.34.1")),
        ],
    );
}

#[test]
fn the_form_offers_what_the_cluster_can_go_to() {
    let options = |fleet: &Fleet| {
        let action = actions::find("cluster.upgrade").unwrap();
        let fields = input::of(action, &fleet.seen().state, &one());
        (fields[0].options.clone(), fields[0].initial.clone())
    };
    let classy = Fleet {
        classes: vec![objects::cluster_class(
            "tkg-vsphere-default-v1.2.0",
            &["v1.35.0", "v1.34.1", "v1.33.9", "v1.32.1"],
        )],
        ..Fleet::new()
    };
    assert_eq!(options(&classy), (vec!["v1.33.9".into(), "v1.34.1".into()], "v1.33.9".into()));
    let releases = ["v1.33.9+vmware.1-tkg.1", "v1.34.1+vmware.2-tkg.1", "v1.36.0+vmware.1-tkg.1"];
    let tanzu = Fleet {
        releases: releases.map(objects::release).into(),
        ..Fleet::new().cluster(|c| c.set("/spec/topology/version", json!("v1.33.4+vmware.1-tkg.1")))
    };
    assert_eq!(options(&tanzu).0, ["v1.33.9+vmware.1-tkg.1", "v1.34.1+vmware.2-tkg.1"]);
    let plain = Fleet { releases: releases.map(objects::release).into(), ..Fleet::new() };
    assert_eq!(options(&plain).0, ["v1.33.9+vmware.1", "v1.34.1+vmware.2"]);
    assert_eq!(options(&Fleet::new()), (vec![], String::new()), "nobody says which there are");
}

#[test]
fn an_upgrade_tells_of_pools_that_are_held_and_machines_that_are_sick() {
    let fleet = Fleet::new().machine("m-2", sick).cluster(|c| {
        let note = json!({ "topology.cluster.x-k8s.io/hold-upgrade-sequence": "" });
        c.set("/spec/topology/workers/machineDeployments/1/metadata/annotations", note)
    });
    let plan = fleet.plan("cluster.upgrade", &one(), &[("to", "v1.33.5")]).unwrap();
    let told: Vec<&str> = plan.consequences.iter().map(|c| c.text.as_str()).collect();
    assert!(told.iter().any(|t| t.starts_with("pool md-1 is held")), "{told:?}");
    assert!(told.iter().any(|t| t.starts_with("1 of its machines have a fault")), "{told:?}");
}

#[test]
fn a_cluster_is_deleted_with_its_name_typed() {
    let fleet = Fleet::new();
    snapshot("delete_cluster", &fleet.plan("cluster.delete", &one(), &[]).unwrap());
    let danger = actions::find("cluster.delete").unwrap().danger();
    let typed = actions::spec::confirmation(danger, Protection::Low, &one());
    assert_eq!(typed, actions::spec::Confirmation::Type("one".into()));

    let why = |fleet: &Fleet| fleet.why("cluster.delete", &one(), &[]);
    let high = Fleet { protection: Protection::High, ..Fleet::new() };
    let management = || Fleet::new().cluster(|c| c.label("cluster-role.tkg.tanzu.vmware.com/management", ""));
    let mut manages = management();
    manages.clusters.push(objects::cluster("two"));
    let mut more = management();
    more.clusters.extend(["two", "three"].map(objects::cluster));
    refusals(
        "delete_cluster_refusals",
        &[
            ("protected site", why(&high)),
            ("management cluster alone", why(&management())),
            ("management cluster of one", why(&manages)),
            ("management cluster of two", why(&more)),
            ("deleting", why(&Fleet::new().cluster(objects::Template::deleting))),
        ],
    );
}

#[test]
fn what_cannot_be_seen_is_not_told_as_none() {
    let mut s = Fleet::new().seen();
    s.stale("a", "machine");
    for (action, inputs) in [("cluster.delete", vec![]), ("cluster.upgrade", vec![("to", "v1.34.1")])] {
        let plan = plan(&s, action, &one(), &inputs).unwrap();
        assert!(plan.consequences.iter().any(|c| c.warning && c.text.contains("not known")), "{plan:#?}");
    }
}
