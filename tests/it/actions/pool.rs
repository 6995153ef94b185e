//! Adding, rolling and deleting of pools.
use serde_json::json;
use tko::actions::{self, input, plan::Step};

use super::{Fleet, one, pool, refusals, snapshot};
use crate::support::objects;

const NEW: [(&str, &str); 3] = [("name", "gpu"), ("class", "tkg-worker-gpu"), ("replicas", "2")];

#[test]
fn a_pool_is_added_to_the_topology() {
    let with = [&NEW[..], &[("failure-domain", "zone-2")]].concat();
    snapshot("add_pool", &Fleet::new().plan("pool.add", &one(), &with).unwrap());
    let empty = Fleet::new().cluster(|c| c.set("/spec/topology/workers", json!(null)));
    let plan = empty.plan("pool.add", &one(), &NEW).unwrap();
    let pools = json!([{ "class": "tkg-worker-gpu", "name": "gpu", "replicas": 2 }]);
    let body = json!({ "spec": { "topology": { "workers": { "machineDeployments": pools } } } });
    assert_eq!(plan.steps[0].body(), Some(&body), "a list that is not there cannot be added to");
}

#[test]
fn the_form_offers_classes_and_a_free_name() {
    let action = actions::find("pool.add").unwrap();
    let fields = input::of(action, &Fleet::new().seen().state, &one());
    let initial: Vec<&str> = fields.iter().map(|f| f.initial.as_str()).collect();
    assert_eq!(initial, ["md-2", "tkg-worker", "1", ""]);
    assert_eq!(fields[1].options, ["tkg-worker", "tkg-worker-gpu"]);
    let free = Fleet::new().cluster(|c| c.set("/spec/topology", json!(null)));
    assert!(!action.fits(&free.seen().state, &one()), "without a class there is none to choose");
}

#[test]
fn names_and_classes_that_will_not_do() {
    let why = |name: &str, class: &str| {
        Fleet::new().why("pool.add", &one(), &[("name", name), ("class", class), ("replicas", "1")])
    };
    refusals(
        "add_pool_refusals",
        &[
            ("taken", why("md-1", "tkg-worker")),
            ("capitals", why("GPU pool", "tkg-worker")),
            ("too long", why(&"x".repeat(64), "tkg-worker")),
            ("nothing", why("", "tkg-worker")),
            ("unknown class", why("gpu", "tkg-worker-gup")),
            ("no class", why("gpu", "")),
        ],
    );
}

#[test]
fn a_restart_is_written_on_the_pool_itself() {
    let at = [("after", "2026-03-01T12:00:00Z")];
    snapshot("restart_pool", &Fleet::new().plan("pool.restart", &pool("md-0"), &at).unwrap());
    let older = Fleet::new().older().plan("pool.restart", &pool("md-0"), &at).unwrap();
    assert_eq!(older.steps[0].body(), Some(&json!({ "spec": { "rolloutAfter": "2026-03-01T12:00:00Z" } })));
    let none = Fleet { machines: vec![], ..Fleet::new() };
    assert!(none.plan("pool.restart", &pool("md-0"), &at).unwrap_err().settled);
}

#[test]
fn a_pool_is_taken_out_of_its_topology_by_place_and_name() {
    snapshot("delete_pool", &Fleet::new().plan("pool.delete", &pool("md-1"), &[]).unwrap());
    let free = Fleet {
        pools: vec![objects::free_pool("one", "md-0", 3), objects::free_pool("one", "md-1", 1)],
        ..Fleet::new().cluster(|c| c.set("/spec/topology", json!(null)))
    };
    let plan = free.plan("pool.delete", &pool("md-1"), &[]).unwrap();
    assert!(matches!(&plan.steps[..], [Step::Delete { pin, .. }] if pin.uid == "uid-pool-one-md-1"));
    assert!(plan.equivalent.ends_with("delete machinedeployments.cluster.x-k8s.io one-md-1"), "{plan:#?}");
    let danger = actions::find("pool.delete").unwrap().danger();
    let typed = actions::spec::confirmation(danger, tko::domain::site::Protection::Low, &pool("md-1"));
    assert_eq!(typed, actions::spec::Confirmation::Type("one-md-1".into()));
}

#[test]
fn the_last_pool_stays() {
    let why = |fleet: &Fleet| fleet.why("pool.delete", &pool("md-0"), &[]);
    let last = Fleet { pools: vec![objects::pool("one", "md-0", 3)], ..Fleet::new() };
    let mut going = Fleet::new();
    going.pools[1] = going.pools[1].clone().deleting();
    let unnamed = Fleet::new().cluster(|c| {
        c.set("/spec/topology/workers/machineDeployments", json!([{ "class": "w", "name": "md-1" }]))
    });
    refusals(
        "delete_pool_refusals",
        &[("the last", why(&last)), ("the others go", why(&going)), ("not in the topology", why(&unnamed))],
    );
    let mut s = Fleet::new().seen();
    s.stale("a", "pool");
    assert!(super::plan(&s, "pool.delete", &pool("md-0"), &[]).unwrap_err().why.contains("not known"));
}
