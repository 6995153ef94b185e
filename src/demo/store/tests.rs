use serde_json::{Value, json};

use super::{resource::*, *};

fn api() -> Api {
    let served = kubernetes().into_iter().chain(cluster_api("v1beta2")).collect();
    let info = Info { version: "v1.33.4".into(), name: "one".into(), seed: 7 };
    Api::new(info, served, Arc::new(|| "2026-01-31T06:00:00Z".parse().unwrap()))
}

fn machine(name: &str) -> Value {
    json!({ "metadata": { "name": name, "namespace": "a" }, "spec": { "clusterName": "c" } })
}

#[test]
fn an_object_gets_what_a_server_gives_it() {
    let api = api();
    let made = api.create(&MACHINES, machine("m")).unwrap().value();
    assert_eq!(made["apiVersion"], "cluster.x-k8s.io/v1beta2");
    assert_eq!(made["kind"], "Machine");
    assert_eq!(made["metadata"]["generation"], 1);
    assert_eq!(made["metadata"]["creationTimestamp"], "2026-01-31T06:00:00Z");
    assert_eq!(made["metadata"]["resourceVersion"], "2");
    assert_eq!(made["metadata"]["uid"].as_str().unwrap().len(), 36);
    assert_eq!(api.create(&MACHINES, machine("m")).unwrap_err().reason, "AlreadyExists");
    let named = json!({ "metadata": { "generateName": "m-", "namespace": "a" } });
    let name = api.create(&MACHINES, named).unwrap().name.clone();
    assert!(name.starts_with("m-") && name.len() == 7, "{name}");
}

#[test]
fn a_change_of_the_spec_is_a_generation_one_of_the_status_is_none_and_none_is_no_write() {
    let api = api();
    api.create(&MACHINES, machine("m")).unwrap();
    let generation = |o: Arc<Object>| o.value()["metadata"]["generation"].clone();
    let spec = api.modify(&MACHINES, "a", "m", |v| v["spec"]["version"] = "v1".into()).unwrap();
    assert_eq!(generation(spec), 2);
    let status = api.modify(&MACHINES, "a", "m", |v| v["status"] = json!({ "phase": "Running" })).unwrap();
    assert_eq!(generation(status.clone()), 2);
    let same = api.modify(&MACHINES, "a", "m", |v| v["metadata"]["uid"] = "other".into()).unwrap();
    assert_eq!(same.revision, status.revision);
    assert_eq!(api.revision(), status.revision);
}

#[test]
fn finalizers_hold_an_object_until_the_last_is_taken_off() {
    let api = api();
    let mut held = machine("m");
    held["metadata"]["finalizers"] = json!(["machine.cluster.x-k8s.io"]);
    api.create(&MACHINES, held).unwrap();
    api.delete(&MACHINES, "a", "m", &Delete::default()).unwrap();
    assert!(api.get(&MACHINES, "a", "m").unwrap().deleting);
    let revision = api.revision();
    api.modify(&MACHINES, "a", "m", |v| v["metadata"]["finalizers"] = json!([])).unwrap();
    assert!(api.get(&MACHINES, "a", "m").is_none());
    let events = api.changed_since(&MACHINES, revision).unwrap();
    assert_eq!(events.iter().map(|e| e.change).collect::<Vec<_>>(), [Change::Deleted]);
}

#[test]
fn what_is_owned_goes_with_its_owner_in_either_order() {
    for propagation in [Propagation::Background, Propagation::Foreground, Propagation::Orphan] {
        let api = api();
        let owner = api.create(&MACHINE_SETS, machine("owner")).unwrap();
        for name in ["x", "y"] {
            let mut child = machine(name);
            child["metadata"]["ownerReferences"] =
                json!([{ "kind": "MachineSet", "name": "owner", "uid": &*owner.uid }]);
            api.create(&MACHINES, child).unwrap();
        }
        assert_eq!(api.owned(&owner.uid).len(), 2);
        api.delete(&MACHINE_SETS, "a", "owner", &Delete { propagation, ..Delete::default() }).unwrap();
        assert_eq!(api.count(&MACHINE_SETS), 0, "{propagation:?}");
        let left = if propagation == Propagation::Orphan { 2 } else { 0 };
        assert_eq!(api.count(&MACHINES), left, "{propagation:?}");
    }
}

#[test]
fn a_namespace_takes_along_what_lies_in_it_and_waits_for_what_is_held() {
    let api = api();
    api.create(&NAMESPACES, json!({ "metadata": { "name": "a" } })).unwrap();
    let mut held = machine("held");
    held["metadata"]["finalizers"] = json!(["f"]);
    api.create(&MACHINES, held).unwrap();
    api.create(&MACHINES, machine("free")).unwrap();
    api.delete(&NAMESPACES, "", "a", &Delete::default()).unwrap();
    assert_eq!(api.value(&NAMESPACES, "", "a").unwrap()["status"]["phase"], "Terminating");
    assert_eq!(api.count(&MACHINES), 1);
    api.modify(&MACHINES, "a", "held", |v| v["metadata"]["finalizers"] = json!([])).unwrap();
    assert_eq!((api.count(&MACHINES), api.count(&NAMESPACES)), (0, 0));
}

#[test]
fn who_comes_back_after_a_compaction_must_list_again() {
    let api = api();
    let first = api.revision();
    api.create(&MACHINES, machine("m")).unwrap();
    assert_eq!(api.changed_since(&MACHINES, first).unwrap().len(), 1);
    api.compact();
    assert_eq!(api.changed_since(&MACHINES, first).unwrap_err().code, 410);
    assert_eq!(api.changed_since(&MACHINES, api.revision()).unwrap().len(), 0);
}

#[test]
fn pages_of_a_list_meet() {
    let api = api();
    for n in 0..5 {
        api.create(&MACHINES, machine(&format!("m{n}"))).unwrap();
    }
    let one = api.page(&MACHINES, Some("a"), None, 3);
    let two = api.page(&MACHINES, Some("a"), one.more.as_ref(), 3);
    let names: Vec<&str> = one.objects.iter().chain(&two.objects).map(|o| &*o.name).collect();
    assert_eq!(names, ["m0", "m1", "m2", "m3", "m4"]);
    assert!(one.more.is_some() && two.more.is_none());
    assert!(api.page(&MACHINES, Some("b"), None, 3).objects.is_empty());
}

#[test]
fn a_pod_on_a_node_has_its_time_to_end() {
    let api = api();
    let pod = json!({ "metadata": { "name": "p", "namespace": "a" }, "spec": { "nodeName": "n" } });
    api.create(&PODS, pod).unwrap();
    api.delete(&PODS, "a", "p", &Delete::default()).unwrap();
    assert_eq!(api.value(&PODS, "a", "p").unwrap()["metadata"]["deletionGracePeriodSeconds"], 30);
    api.delete(&PODS, "a", "p", &Delete { grace: Some(0), ..Delete::default() }).unwrap();
    assert_eq!(api.count(&PODS), 0);
}
