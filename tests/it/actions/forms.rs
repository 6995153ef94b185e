//! The verbs by keys: the sheet, forms with options, previews, the typed name, and the way back from a job.
use tko::{
    actions::plan::FieldChange,
    effect::Effect,
    msg::{JobEvent, Msg},
    state::{access::Permit, jobs::Phase, overlay::Overlay},
};

use super::Fleet;
use crate::support::{objects, scenario::Scenario};

/// The sheet of the cluster, with every right and an open session.
fn sheet(fleet: &Fleet) -> Scenario {
    let mut s = fleet.seen();
    s.session("a", 15).select("one").keys(".").permit(&Permit::Allowed);
    s
}

fn snapshot(name: &str, s: &mut Scenario) {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/forms" }, {
        insta::assert_snapshot!(name, s.frame());
    });
}

fn offering() -> Fleet {
    let versions = ["v1.33.4", "v1.33.9", "v1.34.1", "v1.35.0"];
    Fleet { classes: vec![objects::cluster_class("tkg-vsphere-default-v1.2.0", &versions)], ..Fleet::new() }
}

#[test]
fn a_cluster_has_every_verb_that_fits_it() {
    snapshot("sheet", &mut sheet(&Fleet::new()));
}

#[test]
fn options_are_turned_through_and_others_are_refused_as_they_are_typed() {
    let mut s = sheet(&offering());
    s.types("upgrade").keys("enter");
    snapshot("upgrade", &mut s);
    s.keys("right");
    assert!(s.frame().contains(" v1.34.1"), "{}", s.frame());
    s.keys("right");
    assert!(s.frame().contains(" v1.33.9"), "round and round: {}", s.frame());
    s.types("v1.35.0");
    assert!(s.frame().contains("a minor version would be left out"), "{}", s.frame());
    s.keys("enter");
    assert!(s.dry_run().is_none(), "what is refused is not asked of the server");
    s.keys("ctrl-u").types("v1.34.1").keys("enter");
    let (token, plan) = s.dry_run().expect("the server is asked");
    assert_eq!(plan.inputs["to"], "v1.34.1");
    let change = FieldChange {
        path: "spec.topology.version".into(),
        before: Some("v1.33.4".into()),
        after: Some("v1.34.1".into()),
        asked: true,
    };
    s.answers(token, vec![change]);
    snapshot("upgrade_preview", &mut s);
}

#[test]
fn a_form_of_several_fields() {
    let mut s = sheet(&offering());
    s.types("add pool").keys("enter");
    snapshot("add_pool", &mut s);
    s.keys("down right");
    assert!(s.frame().contains(" tkg-worker-gpu"), "{}", s.frame());
}

#[test]
fn only_the_typed_name_deletes() {
    let mut s = sheet(&Fleet::new());
    s.types("delete cluster").keys("enter");
    let (token, _) = s.dry_run().expect("it asks nothing, so the server is asked at once");
    let gone = FieldChange {
        path: "Cluster team-a/one".into(),
        before: Some("there".into()),
        after: Some("going, when these are done: cluster.cluster.x-k8s.io".into()),
        asked: true,
    };
    s.answers(token, vec![gone]);
    snapshot("delete_preview", &mut s);
    s.keys("y enter");
    assert!(s.executed().is_empty());
    s.keys("ctrl-u").types("one").keys("enter");
    assert_eq!(s.executed().len(), 1);
    let job = s.executed()[0].0;
    s.send(Msg::Job(job, JobEvent::Started)).send(Msg::Job(job, JobEvent::Submitted));
    s.change("a", "cluster", &Fleet::new().clusters[0].clone().deleting());
    let phase = |s: &Scenario| s.state.jobs.get(job).unwrap().phase.clone();
    assert!(
        matches!(phase(&s), Phase::Following { waiting, .. } if waiting == "the machines to be given up"),
        "{:?}",
        phase(&s)
    );
    for kind in ["machine", "pool", "control-plane", "cluster"] {
        s.list("a", kind, &[]);
    }
    assert_eq!(phase(&s), Phase::Done);
}

#[test]
fn a_job_offers_the_way_back_as_a_plan_of_its_own() {
    let mut s = sheet(&Fleet::new());
    s.types("pause").keys("enter");
    let (token, _) = s.dry_run().unwrap();
    s.answers(token, vec![]).keys("y");
    let job = s.executed()[0].0;
    s.keys("6 u u");
    assert!(!matches!(s.state.screen.overlays.last(), Some(Overlay::Action(_))), "nothing is written yet");
    s.send(Msg::Job(job, JobEvent::Started)).send(Msg::Job(job, JobEvent::Submitted));
    let paused = Fleet::new().cluster(|c| c.set("/spec/paused", true.into()).generation(2));
    s.change("a", "cluster", &paused.clusters[0]);
    assert_eq!(s.state.jobs.get(job).unwrap().phase, Phase::Done);
    s.take_effects();
    s.keys("u u");
    let (token, plan) = s.dry_run().expect("the way back is planned and asked for");
    assert_eq!(
        (plan.action.as_str(), plan.summary.as_str()),
        ("cluster.resume", "resume cluster team-a/one")
    );
    assert!(s.executed().is_empty(), "and it waits for a yes like any other");
    s.answers(token, vec![]).keys("y");
    assert!(
        s.take_effects()
            .iter()
            .any(|e| matches!(e, Effect::Execute(_, plan) if plan.action == "cluster.resume"))
    );
}
