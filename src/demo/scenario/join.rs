//! A machine that never joins: it runs, and no node comes. Nothing watches the pool, so nobody replaces it.
use super::{Scenario, Truth, ago, never_joins};
use crate::demo::{
    control::{Key, World},
    fleet::{Stage, Trouble, build::new_machine},
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "never-joins",
    title: "A machine that never joins: it runs since three hours, and its node does not come",
    truth,
    inject,
    heal,
};

fn key(world: &World) -> Option<Key> {
    world.key("dc1-mgmt", "orders-prod")
}

fn truth(world: &World) -> Option<Truth> {
    never_joins(world, key(world)?, "NodeProvisioning")
}

fn inject(world: &mut World) {
    let Some(key) = key(world) else { return };
    let begun = ago(world, 3, 11);
    let mut seed = world.seed().named("never-joins");
    let site = world.sites()[key.site].site.clone_head();
    world.unwatch(&key, 0);
    world.alter(&key, |cluster| {
        let Some((set, zone)) =
            cluster.pools.first().and_then(|p| Some((p.sets.last()?.name.clone(), p.zone.clone())))
        else {
            return;
        };
        let mut machine = new_machine(&mut seed, &site, cluster, &set, begun);
        machine.zone = zone;
        machine.stage = Stage::Joining;
        machine.since = begun + jiff::SignedDuration::from_secs(70);
        machine.trouble = Trouble::NeverJoins;
        let Some(pool) = cluster.pools.first_mut() else { return };
        pool.replicas += 1;
        pool.since = begun;
        pool.machines.push(machine);
        if let Some(set) = pool.sets.last_mut() {
            set.replicas += 1;
            set.since = begun;
        }
    });
    world.ask_for_sizes(&key);
}

fn heal(world: &mut World) {
    let Some(key) = key(world) else { return };
    world.alter(&key, |cluster| {
        for machine in cluster.pools.iter_mut().flat_map(|p| &mut p.machines) {
            machine.trouble = Trouble::None;
        }
    });
}
