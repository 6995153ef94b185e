use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::demo::{
    fleet::{Size, Stage, Trouble, fleet},
    store::{Delete, resource},
};

fn world(seed: u64) -> World {
    let start: Timestamp = "2026-03-02T09:30:00Z".parse().unwrap();
    World::new(fleet(seed, Size::default(), start), seed, Clock::by_hand(start))
}

/// Lets time pass, from one due thing to the next.
fn run(world: &mut World, seconds: i64) {
    let end = world.clock.now() + SignedDuration::from_secs(seconds);
    loop {
        match world.step() {
            Some(next) if next <= end => {
                let ahead = next.duration_since(world.clock.now()).as_millis().max(1);
                world.clock.advance(Duration::from_millis(u64::try_from(ahead).unwrap()));
            }
            _ => break,
        }
    }
    let rest = end.duration_since(world.clock.now()).as_millis();
    world.clock.advance(Duration::from_millis(u64::try_from(rest.max(0)).unwrap()));
    world.step();
}

fn scale(world: &World, key: &Key, pool: usize, size: u64) {
    let api = &world.sites[key.site].api;
    let changed = api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |c| {
        c["spec"]["topology"]["workers"]["machineDeployments"][pool]["replicas"] = size.into();
    });
    changed.unwrap();
}

fn pool_object(world: &World, key: &Key, pool: usize) -> Value {
    let name = &world.cluster(key).unwrap().pools[pool].name;
    world.sites[key.site].api.value(&resource::MACHINE_DEPLOYMENTS, &key.namespace, name).unwrap()
}

#[test]
fn a_fleet_at_rest_does_nothing() {
    let mut world = world(1);
    let before: Vec<u64> = world.sites.iter().map(|s| s.api.revision()).collect();
    assert_eq!(world.step(), None);
    assert_eq!(world.sites.iter().map(|s| s.api.revision()).collect::<Vec<_>>(), before);
}

#[test]
fn a_pool_grows_through_every_stage_and_shrinks_again_in_both_dialects() {
    for name in ["payments-prod", "web-prod-eu", "crm-prod"] {
        let mut world = world(2);
        let key =
            ["dc1-mgmt", "aws-eu-mgmt", "dc2-supervisor"].iter().find_map(|s| world.key(s, name)).unwrap();
        scale(&world, &key, 0, 5);
        run(&mut world, 3);
        let object = pool_object(&world, &key, 0);
        assert_eq!(
            (&object["spec"]["replicas"], &object["status"]["replicas"]),
            (&json!(5), &json!(5)),
            "{name}"
        );
        assert_eq!(object["status"]["observedGeneration"], object["metadata"]["generation"]);
        run(&mut world, 120);
        let object = pool_object(&world, &key, 0);
        assert_eq!(
            (&object["status"]["readyReplicas"], &object["status"]["phase"]),
            (&json!(5), &json!("Running"))
        );
        scale(&world, &key, 0, 2);
        run(&mut world, 120);
        let object = pool_object(&world, &key, 0);
        assert_eq!(
            (&object["status"]["readyReplicas"], &object["status"]["replicas"]),
            (&json!(2), &json!(2))
        );
        let left = world.sites[key.site].api.values(&resource::MACHINES, Some(&key.namespace));
        let of_pool = left.iter().filter(|m| {
            m["metadata"]["labels"]["cluster.x-k8s.io/deployment-name"] == object["metadata"]["name"]
        });
        assert_eq!(of_pool.count(), 2);
    }
}

#[test]
fn an_upgrade_takes_the_control_plane_first_and_then_pool_after_pool() {
    let mut world = world(3);
    let key = world.key("aws-eu-mgmt", "web-prod-eu").unwrap();
    let api = world.sites[key.site].api.clone();
    api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |c| {
        c["spec"]["topology"]["version"] = "v1.34.2".into();
    })
    .unwrap();
    run(&mut world, 90);
    let cluster = world.cluster(&key).unwrap();
    assert!(cluster.pools.iter().all(|p| &*p.version == "v1.33.6"), "the pools wait");
    let object = api.value(&resource::CLUSTERS, &key.namespace, &key.name).unwrap();
    let topology = object["status"]["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["type"] == "TopologyReconciled")
        .unwrap();
    assert_eq!(topology["reason"], "ClusterUpgrading");
    run(&mut world, 3_600);
    let cluster = world.cluster(&key).unwrap();
    assert!(!cluster.upgrading);
    assert!(cluster.machines().all(|m| &*m.version == "v1.34.2" && m.is_ready()));
    assert_eq!(cluster.machines().count(), 12);
    let sets = api.values(&resource::MACHINE_SETS, Some(&key.namespace));
    assert_eq!(sets.iter().filter(|s| s["spec"]["clusterName"] == "web-prod-eu").count(), 3);
}

#[test]
fn a_machine_that_is_deleted_is_replaced() {
    let mut world = world(4);
    let key = world.key("dc1-mgmt", "payments-prod").unwrap();
    let name = world.cluster(&key).unwrap().pools[1].machines[0].name.clone();
    let api = world.sites[key.site].api.clone();
    api.delete(&resource::MACHINES, &key.namespace, &name, &Delete::default()).unwrap();
    run(&mut world, 150);
    assert!(api.get(&resource::MACHINES, &key.namespace, &name).is_none());
    let pool = &world.cluster(&key).unwrap().pools[1];
    assert_eq!((pool.ready(), pool.machines.len()), (3, 3));
}

#[test]
fn a_lost_node_is_replaced_by_its_health_check_and_not_before_its_time() {
    let mut world = world(5);
    let key = world.key("aws-eu-mgmt", "web-prod-eu").unwrap();
    let now = world.clock.now();
    let name = world.cluster(&key).unwrap().pools[0].machines[0].name.clone();
    world.alter(&key, |c| {
        c.pools[0].machines[0].trouble = Trouble::Lost;
        c.pools[0].machines[0].since = now;
    });
    run(&mut world, 240);
    assert!(world.cluster(&key).unwrap().pools[0].machines.iter().any(|m| m.name == name));
    run(&mut world, 300);
    let pool = &world.cluster(&key).unwrap().pools[0];
    assert!(pool.machines.iter().all(|m| m.name != name && m.is_ready()));
    assert_eq!(pool.machines.len(), 3);
}

#[test]
fn a_deleted_cluster_leaves_nothing() {
    let mut world = world(6);
    let key = world.key("dc1-mgmt", "sandbox-dev").unwrap();
    let api = world.sites[key.site].api.clone();
    api.delete(&resource::CLUSTERS, &key.namespace, &key.name, &Delete::default()).unwrap();
    run(&mut world, 200);
    for served in api.served() {
        let left = api.values(served.resource, Some("dev"));
        assert!(
            left.iter().all(|o| o["metadata"]["labels"]["cluster.x-k8s.io/cluster-name"] != "sandbox-dev"),
            "{}",
            served.resource.kind
        );
    }
}

#[test]
fn nodes_follow_their_machines_where_somebody_looks() {
    let mut world = world(7);
    let key = world.key("aws-eu-mgmt", "web-stage-eu").unwrap();
    let inside = world.workload(&key).unwrap();
    assert_eq!(inside.count(&resource::NODES), 4);
    scale(&world, &key, 0, 5);
    run(&mut world, 120);
    assert_eq!(inside.count(&resource::NODES), 6);
    let pods = inside.count(&resource::PODS);
    scale(&world, &key, 0, 2);
    run(&mut world, 120);
    assert_eq!(inside.count(&resource::NODES), 3);
    assert!(inside.count(&resource::PODS) < pods);
}

#[test]
fn a_paused_cluster_does_not_move() {
    let mut world = world(8);
    let key = world.key("aws-eu-mgmt", "web-prod-eu").unwrap();
    let api = world.sites[key.site].api.clone();
    api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |c| c["spec"]["paused"] = true.into())
        .unwrap();
    run(&mut world, 3);
    scale(&world, &key, 0, 5);
    run(&mut world, 60);
    assert_eq!(world.cluster(&key).unwrap().pools[0].machines.len(), 3);
    api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |c| c["spec"]["paused"] = false.into())
        .unwrap();
    run(&mut world, 120);
    assert_eq!(world.cluster(&key).unwrap().pools[0].ready(), 5);
}

#[test]
fn the_same_seed_makes_the_same_run() {
    let last = |seed| {
        let mut world = world(seed);
        let key = world.key("aws-eu-mgmt", "web-prod-eu").unwrap();
        scale(&world, &key, 0, 5);
        run(&mut world, 90);
        let machines: Vec<(Arc<str>, Stage)> =
            world.cluster(&key).unwrap().machines().map(|m| (m.name.clone(), m.stage)).collect();
        (machines, world.sites[key.site].api.revision())
    };
    assert_eq!(last(9), last(9));
}

#[test]
fn a_pool_comes_and_goes_with_the_topology_that_names_it() {
    let mut world = world(3);
    let key = world.key("dc1-mgmt", "payments-prod").unwrap();
    let api = world.sites[key.site].api.clone();
    let pools = |change: &dyn Fn(&mut Vec<Value>)| {
        let changed = api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |c| {
            change(c["spec"]["topology"]["workers"]["machineDeployments"].as_array_mut().unwrap());
        });
        changed.unwrap();
    };
    let before = api.count(&resource::MACHINES);
    let vms = api.count(&resource::VSPHERE_VMS);
    pools(&|all| {
        all.push(
            json!({"name": "batch", "class": "tkg-worker", "replicas": 2, "failureDomain": "az-rack-b"}),
        );
    });
    run(&mut world, 300);
    let name = world.cluster(&key).unwrap().pools.last().unwrap().name.clone();
    let deployment = api.value(&resource::MACHINE_DEPLOYMENTS, &key.namespace, &name).unwrap();
    assert_eq!(deployment["metadata"]["labels"]["topology.cluster.x-k8s.io/deployment-name"], "batch");
    assert_eq!(deployment["spec"]["template"]["spec"]["failureDomain"], "az-rack-b");
    assert_eq!(deployment["status"]["readyReplicas"], 2);
    assert_eq!((api.count(&resource::MACHINES), api.count(&resource::VSPHERE_VMS)), (before + 2, vms + 2));
    pools(&|all| all.retain(|p| p["name"] != "batch"));
    run(&mut world, 2);
    let going = api.value(&resource::MACHINE_DEPLOYMENTS, &key.namespace, &name).unwrap();
    assert!(going["metadata"]["deletionTimestamp"].is_string());
    run(&mut world, 300);
    assert_eq!((api.count(&resource::MACHINES), api.count(&resource::VSPHERE_VMS)), (before, vms));
    for resource in [
        &resource::MACHINE_DEPLOYMENTS,
        &resource::VSPHERE_MACHINE_TEMPLATES,
        &resource::MACHINE_HEALTH_CHECKS,
    ] {
        assert!(api.get(resource, &key.namespace, &name).is_none(), "{}", resource.kind);
    }
}

#[test]
fn older_machines_are_replaced_from_the_time_that_was_said() {
    let mut world = world(3);
    for (site, cluster, field) in
        [("aws-eu-mgmt", "web-stage-eu", "/rollout"), ("dc1-mgmt", "payments-stage", "")]
    {
        let key = world.key(site, cluster).unwrap();
        let api = world.sites[key.site].api.clone();
        let names = |world: &World| -> Vec<Arc<str>> {
            world.cluster(&key).unwrap().pools[0].machines.iter().map(|m| m.name.clone()).collect()
        };
        let before = names(&world);
        let at = world.clock.now() + SignedDuration::from_secs(120);
        let pool = world.cluster(&key).unwrap().pools[0].name.clone();
        let asked = api.modify(&resource::MACHINE_DEPLOYMENTS, &key.namespace, &pool, |object| {
            let spec = object["spec"].pointer_mut(field).unwrap();
            spec[if field.is_empty() { "rolloutAfter" } else { "after" }] = at.to_string().into();
        });
        asked.unwrap();
        run(&mut world, 60);
        assert_eq!(names(&world), before);
        run(&mut world, 1_200);
        let after = names(&world);
        assert_eq!(after.len(), before.len());
        assert!(after.iter().all(|m| !before.contains(m)), "{after:?}");
        run(&mut world, 600);
        assert_eq!(names(&world), after);
    }
}
