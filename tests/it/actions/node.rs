//! Cordon and uncordon, through the API of a workload cluster.
use serde_json::json;
use tko::{
    actions::{self, access, spec::Availability},
    domain::{Home, ObjectKey, ResourceRef, Source},
    msg::{Msg, WorkloadEvent},
    state::access::Permit,
};

use super::{Fleet, plan, snapshot};
use crate::support::{
    objects::{self, Template},
    scenario::{Scenario, cluster_key, greeting},
};

fn node(name: &str) -> ResourceRef {
    let key = cluster_key("a", "one");
    ResourceRef { source: Source::workload(&key, "node"), key: ObjectKey::new("", name) }
}

fn with(nodes: &[Template]) -> Scenario {
    let mut s = Fleet::new().seen();
    s.state.screen.reads.push(node("x").source);
    s.begin();
    let cluster = cluster_key("a", "one");
    let mut greeting = greeting(true);
    let review = tko::domain::site::ServedKind {
        group: "authorization.k8s.io".into(),
        ..tko::domain::site::ServedKind::default()
    };
    greeting.discovery.kinds.push(review);
    s.send(Msg::Workload(cluster, Box::new(WorkloadEvent::Connected { via: "context".into(), greeting })));
    s.list_from(&node("x").source, nodes);
    s
}

#[test]
fn a_node_is_closed_and_opened_again() {
    let closed = |name: &str| objects::node(name).set("/spec/unschedulable", json!(true));
    let s = with(&[objects::node("n1"), objects::node("n2"), closed("n3")]);
    snapshot("cordon", &plan(&s, "node.cordon", &node("n1"), &[]).unwrap());
    snapshot("uncordon", &plan(&s, "node.uncordon", &node("n3"), &[]).unwrap());
    assert!(plan(&s, "node.cordon", &node("n3"), &[]).unwrap_err().settled);
    let last = with(&[objects::node("n1"), closed("n3")]);
    let told = plan(&last, "node.cordon", &node("n1"), &[]).unwrap().consequences;
    assert!(told.iter().any(|c| c.warning && c.text.starts_with("no other node")), "{told:?}");
}

#[test]
fn a_status_that_moves_does_not_make_another_plan() {
    let mut s = with(&[objects::node("n1")]);
    let before = plan(&s, "node.cordon", &node("n1"), &[]).unwrap();
    let later = objects::node("n1").set("/metadata/resourceVersion", json!("222"));
    s.list_from(&node("n1").source, &[later]);
    assert!(plan(&s, "node.cordon", &node("n1"), &[]).unwrap().same(&before));
    let other = objects::node("n1").set("/metadata/uid", json!("another"));
    s.list_from(&node("n1").source, &[other]);
    assert!(!plan(&s, "node.cordon", &node("n1"), &[]).unwrap().same(&before));
}

#[test]
fn nothing_is_written_to_an_api_that_knows_no_dry_run() {
    let mut s = with(&[objects::node("n1")]);
    let action = actions::find("node.cordon").unwrap();
    let answers = access::questions(action, &s.state, &node("n1"));
    assert!(answers.iter().all(|q| q.home == Home::Workload(cluster_key("a", "one").key)));
    s.send(Msg::Access(answers.into_iter().map(|q| (q, Permit::Allowed)).collect()));
    assert_eq!(access::availability(action, &s.state, &node("n1")), Availability::Ready);
    s.reached(&cluster_key("a", "one"));
    let poor = access::availability(action, &s.state, &node("n1"));
    assert!(matches!(poor, Availability::Greyed(why) if why.contains("dry run")));
}
