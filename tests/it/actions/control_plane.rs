//! Scaling and rolling of control planes.
use serde_json::json;

use super::{Fleet, one, refusals, sick, snapshot};
use crate::support::{objects, scenario::target};

const SCALE: &str = "control-plane.scale";

#[test]
fn up_and_down() {
    let fleet = Fleet::new();
    snapshot("scale_plane_up", &fleet.plan(SCALE, &one(), &[("replicas", "5")]).unwrap());
    snapshot("scale_plane_down", &fleet.plan(SCALE, &one(), &[("replicas", "1")]).unwrap());
    let by_itself = fleet.plan(SCALE, &target("a", "control-plane", "one-cp"), &[("replicas", "5")]).unwrap();
    let by_cluster = fleet.plan(SCALE, &one(), &[("replicas", "5")]).unwrap();
    assert!(by_itself.same(&by_cluster), "it is the same thing, whatever one points at");
    let free = Fleet::new().cluster(|c| c.set("/spec/topology", json!(null)));
    let plan = free.plan(SCALE, &one(), &[("replicas", "5")]).unwrap();
    assert_eq!(plan.steps[0].address().plural, "kubeadmcontrolplanes");
    assert_eq!(plan.steps[0].body(), Some(&json!({ "spec": { "replicas": 5 } })));
}

#[test]
fn even_numbers_and_none_are_refused_before_the_server_is_asked() {
    let fleet = Fleet::new();
    let to = |fleet: &Fleet, n: &str| fleet.why(SCALE, &one(), &[("replicas", n)]);
    let unset = Fleet::new().cluster(|c| c.set("/spec/topology/controlPlane", json!({})));
    let unread = Fleet { planes: vec![], ..Fleet::new() };
    refusals(
        "scale_plane_refusals",
        &[
            ("two", to(&fleet, "2")),
            ("eight", to(&fleet, "8")),
            ("none", to(&fleet, "0")),
            ("too many", to(&fleet, "11")),
            ("no number", to(&fleet, "three")),
            ("the same", to(&fleet, "3")),
            ("somebody else's", to(&unset, "5")),
            ("not read", to(&unread, "5")),
            ("deleting", to(&Fleet::new().cluster(objects::Template::deleting), "5")),
        ],
    );
}

#[test]
fn a_sick_member_is_told() {
    let fleet = Fleet::new().machine("cp-2", sick);
    let plan = fleet.plan(SCALE, &one(), &[("replicas", "5")]).unwrap();
    assert!(plan.consequences.iter().any(|c| c.text.starts_with("1 of its machines")), "{plan:#?}");
}

#[test]
fn a_restart_is_written_in_the_words_of_the_server() {
    let at = [("after", "2026-03-01T12:00:00Z")];
    snapshot("restart_plane", &Fleet::new().plan("control-plane.restart", &one(), &at).unwrap());
    let older = Fleet::new().older().plan("control-plane.restart", &one(), &at).unwrap();
    assert_eq!(older.steps[0].body(), Some(&json!({ "spec": { "rolloutAfter": "2026-03-01T12:00:00Z" } })));
    assert_eq!(older.steps[0].address().version, "v1beta1");
}

#[test]
fn a_restart_that_would_do_nothing_or_collide_is_refused() {
    let why = |fleet: &Fleet, at: &str| fleet.why("control-plane.restart", &one(), &[("after", at)]);
    let now = "2026-03-01T12:00:00Z";
    let mut due = Fleet::new();
    due.planes[0] = due.planes[0].clone().set("/spec/rollout/after", json!("2026-03-02T00:00:00Z"));
    let mut moving = Fleet::new();
    moving.planes[0] = moving.planes[0].clone().set("/spec/replicas", json!(5));
    let paused = Fleet::new().cluster(|c| c.set("/spec/paused", json!(true)));
    refusals(
        "restart_plane_refusals",
        &[
            ("too early to matter", why(&Fleet::new(), "2020-01-01T00:00:00Z")),
            ("no moment", why(&Fleet::new(), "tonight")),
            ("another is due", why(&due, now)),
            ("scaling", why(&moving, now)),
            ("paused", why(&paused, now)),
        ],
    );
}
