//! An upgrade half done: the control plane and the first pool have the new version, the second rolls and hangs on a
//! machine that does not come up, the third waits.
use std::sync::Arc;

use jiff::SignedDuration;

use super::{Scenario, Truth, ago, never_joins};
use crate::demo::{
    control::{Key, World},
    fleet::{
        Stage, Trouble,
        build::{new_machine, new_set},
    },
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "wave-half-done",
    title: "An upgrade half done: one pool is through, the second hangs on a machine, the third waits",
    truth,
    inject,
    heal,
};

const TO: &str = "v1.33.3+vmware.1-fips";

fn key(world: &World) -> Option<Key> {
    world.key("dc2-supervisor", "crm-prod")
}

fn truth(world: &World) -> Option<Truth> {
    never_joins(world, key(world)?, "InspectionFailed")
}

fn inject(world: &mut World) {
    let Some(key) = key(world) else { return };
    let begun = ago(world, 5, 30);
    let mut seed = world.seed().named("wave-half-done");
    let site = world.sites()[key.site].site.clone_head();
    world.unwatch(&key, 0);
    world.alter(&key, |cluster| {
        let version: Arc<str> = TO.into();
        (cluster.version, cluster.upgrading, cluster.since) = (version.clone(), true, begun);
        cluster.plane.version = version.clone();
        for machine in &mut cluster.plane.machines {
            machine.version = version.clone();
            machine.created = begun - SignedDuration::from_mins(30);
            machine.since = begun - SignedDuration::from_mins(28);
        }
        let Some(name) = cluster.pools.first().map(|p| p.name.clone()) else { return };
        let mut set = new_set(&mut seed, &name, 3, &version, begun, 1);
        set.since = begun;
        let mut machine = new_machine(&mut seed, &site, cluster, &set.name, begun);
        machine.stage = Stage::Joining;
        machine.since = begun + SignedDuration::from_secs(70);
        machine.trouble = Trouble::NeverJoins;
        let Some(pool) = cluster.pools.first_mut() else { return };
        (pool.version, pool.since) = (version, begun);
        machine.zone = pool.zone.clone();
        pool.machines.push(machine);
        pool.sets.push(set);
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
