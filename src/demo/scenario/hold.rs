//! A rollout that a `PodDisruptionBudget` has held for fourteen days: the last old machine of a pool cannot be drained,
//! and the pool behind it waits.
use std::sync::Arc;

use jiff::SignedDuration;

use super::{Scenario, Truth, ago};
use crate::demo::{
    control::{Key, World},
    fleet::{
        Cluster, Machine, Site, Stage, Trouble,
        build::{new_machine, new_set},
    },
    seed::Seed,
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "rollout-held",
    title: "A rollout held for fourteen days: a budget forbids to evict the last pod of an old node",
    truth,
    inject,
    heal,
};

const TO: &str = "v1.34.2";

fn key(world: &World) -> Option<Key> {
    world.key("aws-eu-mgmt", "search-prod-eu")
}

fn truth(world: &World) -> Option<Truth> {
    let cluster = key(world)?;
    let held = world.cluster(&cluster)?.machines().find(|m| matches!(m.trouble, Trouble::Held { .. }))?;
    Some(Truth::Condition {
        kind: "Machine",
        name: held.name.to_string(),
        condition: "Deleting",
        reason: "DrainingNode",
        cluster,
    })
}

fn inject(world: &mut World) {
    let Some(key) = key(world) else { return };
    let begun = ago(world, 14 * 24, 7);
    let seed = world.seed().named("rollout-held");
    let site = world.sites()[key.site].site.clone_head();
    world.alter(&key, |cluster| {
        let version: Arc<str> = TO.into();
        cluster.version = version.clone();
        cluster.upgrading = true;
        cluster.since = begun;
        cluster.plane.version = version.clone();
        for (number, machine) in cluster.plane.machines.iter_mut().enumerate() {
            machine.version = version.clone();
            machine.created = begun - SignedDuration::from_mins(40 - 6 * i64::try_from(number).unwrap_or(0));
            machine.since = machine.created + SignedDuration::from_secs(100);
        }
        roll(&site, cluster, seed, begun);
    });
    world.ask_for_sizes(&key);
}

/// All machines of the first pool are new but one, which has been draining since.
fn roll(of: &Site, cluster: &mut Cluster, mut seed: Seed, begun: jiff::Timestamp) {
    let Some(pool) = cluster.pools.first() else { return };
    let size = pool.replicas;
    let mut set =
        new_set(&mut seed, &pool.name, 3, &cluster.version, begun - SignedDuration::from_mins(20), size);
    set.since = begun;
    let mut fresh: Vec<Machine> = Vec::new();
    for number in 0..size {
        let created = begun - SignedDuration::from_mins(18 - 3 * i64::try_from(number).unwrap_or(0));
        let zone = cluster.pools[0].zone.clone();
        let mut machine = new_machine(&mut seed, of, cluster, &set.name, created);
        machine.zone = zone;
        machine.stage = Stage::Running;
        machine.since = created + SignedDuration::from_secs(120);
        fresh.push(machine);
    }
    let pool = &mut cluster.pools[0];
    pool.version = cluster.version.clone();
    pool.since = begun;
    pool.machines.truncate(1);
    for old in &mut pool.machines {
        old.stage = Stage::Draining;
        old.deleted = Some(begun);
        old.since = begun;
        old.trouble = Trouble::Held {
            pod: format!("search/index-{}", seed.suffix(5)),
            budget: "search/index".into(),
            healthy: 1,
        };
    }
    for old in &mut pool.sets {
        old.replicas = 0;
        old.since = begun;
    }
    pool.sets.push(set);
    pool.machines.append(&mut fresh);
}

fn heal(world: &mut World) {
    let Some(key) = key(world) else { return };
    world.alter(&key, |cluster| {
        for pool in &mut cluster.pools {
            for machine in &mut pool.machines {
                machine.trouble = Trouble::None;
            }
        }
    });
}
