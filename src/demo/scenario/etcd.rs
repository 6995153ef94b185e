//! A control plane node is lost, and etcd runs with two members of three.
use super::{Scenario, Truth, ago};
use crate::demo::{
    control::{Key, World},
    fleet::Trouble,
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "etcd-degraded",
    title: "A control plane node is lost; etcd goes on with two members of three",
    truth,
    inject,
    heal,
};

fn key(world: &World) -> Option<Key> {
    world.key("aws-eu-mgmt", "web-prod-eu")
}

fn truth(world: &World) -> Option<Truth> {
    let cluster = key(world)?;
    let lost = world.cluster(&cluster)?.plane.machines.iter().find(|m| m.is_lost())?;
    Some(Truth::Condition {
        kind: "Machine",
        name: lost.name.to_string(),
        condition: "NodeHealthy",
        reason: "NodeHealthUnknown",
        cluster,
    })
}

fn inject(world: &mut World) {
    let Some(key) = key(world) else { return };
    let since = ago(world, 0, 12);
    world.alter(&key, |cluster| {
        cluster.plane.since = since;
        if let Some(machine) = cluster.plane.machines.get_mut(1) {
            machine.trouble = Trouble::Lost;
            machine.since = since;
        }
    });
}

fn heal(world: &mut World) {
    let Some(key) = key(world) else { return };
    let now = world.now();
    world.alter(&key, |cluster| {
        for machine in cluster.plane.machines.iter_mut().filter(|m| m.is_lost()) {
            machine.trouble = Trouble::None;
            machine.since = now;
        }
    });
}
