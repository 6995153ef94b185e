//! Node pools: machines made and removed until there are as many as asked for, of the version asked for, one more
//! than asked for at a time while they roll.
use std::sync::Arc;

use jiff::Timestamp;

use super::{Due, Key, World};
use crate::demo::{
    fleet::{
        Machine, Pool, Stage,
        build::{new_machine, new_set},
    },
    seed::Seed,
    store::resource,
};

/// What a look at a pool came to.
struct Step {
    make: usize,
    remove: Vec<Arc<str>>,
}

impl World {
    /// Looks at a pool once.
    pub(super) fn pool(&mut self, key: &Key, name: &Arc<str>) {
        let (now, seed) = (self.now, self.seed.named(name));
        let Some(api) = self.sites.get(key.site).map(|live| live.api.clone()) else { return };
        // Somebody chose which machine is to go first.
        let marked = |machine: &str| {
            let object = api.value(&resource::MACHINES, &key.namespace, machine).unwrap_or_default();
            object["metadata"]["annotations"]["cluster.x-k8s.io/delete-machine"].is_string()
        };
        let Some(cluster) = self.cluster_mut(key) else { return };
        if cluster.paused || cluster.deleted.is_some() {
            return;
        }
        let Some(pool) = cluster.pool_mut(name) else { return };
        if pool.deleted.is_some() && pool.machines.is_empty() {
            self.bury_pool(key, name);
            return;
        }
        if pool.paused {
            return;
        }
        let before: Vec<(Arc<str>, usize)> = pool.sets.iter().map(|s| (s.name.clone(), s.replicas)).collect();
        let step = think(pool, now, &seed, &marked);
        let after: Vec<(Arc<str>, usize)> = pool.sets.iter().map(|s| (s.name.clone(), s.replicas)).collect();
        for (set, size) in &after {
            let old = before.iter().find(|(n, _)| n == set).map_or(0, |(_, size)| *size);
            if old != *size {
                let word = if *size > old { "up" } else { "down" };
                self.event(
                    key,
                    ("MachineDeployment", name),
                    "SuccessfulScale",
                    &format!("Scaled {word} MachineSet {set}: {old} -> {size}"),
                );
            }
        }
        let changed = before != after || step.make > 0 || !step.remove.is_empty();
        for _ in 0..step.make {
            self.make(key, name);
        }
        for machine in step.remove {
            let set = self
                .cluster(key)
                .and_then(|c| c.pool_of(&machine))
                .and_then(|p| p.machines.iter().find(|m| m.name == machine))
                .map(|m| m.set.clone());
            if let Some(set) = set {
                self.event(
                    key,
                    ("MachineSet", &set),
                    "SuccessfulDelete",
                    &format!("Deleted Machine \"{machine}\""),
                );
            }
            self.remove(key, &machine);
        }
        if changed {
            self.later(600, Due::Pool(key.clone(), name.clone()));
        }
        self.touch(key, None);
        self.upgrade_due(key);
    }

    /// Asks for one more machine of the newest set.
    fn make(&mut self, key: &Key, name: &Arc<str>) {
        let now = self.now;
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(at) = live.site.clusters.iter().position(|c| c.is(key)) else { return };
        let mut cluster = live.site.clusters.swap_remove(at);
        let made = cluster.pools.iter().find(|p| p.name == *name).and_then(|p| {
            Some((p.sets.last()?.name.clone(), p.sets.last()?.version.clone(), p.zone.clone()))
        });
        let mut machine = None;
        if let Some((set, version, zone)) = made {
            // Drawn from the address, which never comes twice, so that names do not.
            let mut seed = self.seed.named(&format!("{set}/{}", cluster.addresses));
            let mut new = new_machine(&mut seed, &live.site, &mut cluster, &set, now);
            (new.version, new.zone) = (version, zone);
            machine = Some((set, new.name.clone()));
            if let Some(pool) = cluster.pools.iter_mut().find(|p| p.name == *name) {
                pool.since = now;
                pool.machines.push(new);
            }
        }
        live.site.clusters.push(cluster);
        let last = live.site.clusters.len() - 1;
        live.site.clusters.swap(at, last);
        if let Some((set, machine)) = machine {
            self.event(
                key,
                ("MachineSet", &set),
                "SuccessfulCreate",
                &format!("Created Machine \"{machine}\""),
            );
            self.touch(key, Some(&machine));
            self.later(0, Due::Stage(key.clone(), machine));
        }
    }
}

/// Sets the sizes of the sets, and says what machines that makes and removes.
fn think(pool: &mut Pool, now: Timestamp, seed: &Seed, marked: &dyn Fn(&str) -> bool) -> Step {
    let newest = pool.sets.last();
    if newest.is_none_or(|set| set.version != pool.version || pool.is_outdated(set, now)) {
        let revision = newest.map_or(1, |set| set.revision + 1);
        let mut seed = seed.named(&format!("{revision}"));
        let set = new_set(&mut seed, &pool.name, revision, &pool.version, now, 0);
        pool.sets.push(set);
        pool.since = now;
    }
    size_sets(pool);
    // A set that nothing is left of goes; its name stays in the machines that are being deleted until then.
    let in_use: Vec<Arc<str>> = pool.machines.iter().map(|m| m.set.clone()).collect();
    let last = pool.sets.len().saturating_sub(1);
    let mut at = 0;
    pool.sets.retain(|s| {
        at += 1;
        at - 1 == last || s.replicas > 0 || in_use.contains(&s.name)
    });
    let newest = pool.sets.len().saturating_sub(1);
    let mut step = Step { make: 0, remove: Vec::new() };
    for (at, set) in pool.sets.iter_mut().enumerate().rev() {
        let living: Vec<&Machine> =
            pool.machines.iter().filter(|m| m.set == set.name && m.deleted.is_none()).collect();
        if living.len() != set.replicas {
            set.since = now;
            pool.since = now;
        }
        if living.len() > set.replicas {
            let mut order = living.clone();
            order.sort_by_key(|m| {
                (!marked(&m.name), m.stage == Stage::Running && !m.is_lost(), m.created, m.name.clone())
            });
            step.remove.extend(order.iter().take(living.len() - set.replicas).map(|m| m.name.clone()));
        } else if at == newest {
            step.make = set.replicas - living.len();
        }
    }
    step
}

/// How many machines each set shall have: at most one more than asked for, never fewer ready ones than asked for.
fn size_sets(pool: &mut Pool) {
    let wanted = pool.replicas;
    let ready = pool.ready();
    let total: usize = pool.sets.iter().map(|s| s.replicas).sum();
    let count = pool.sets.len();
    let new_ready = pool.current().filter(|m| m.is_ready()).count();
    let Some((newest, older)) = pool.sets.split_last_mut() else { return };
    if count == 1 {
        newest.replicas = wanted;
        return;
    }
    let room = (wanted + 1).saturating_sub(total);
    newest.replicas = (newest.replicas + room).min(wanted);
    // Old ones go as new ones come up.
    let mut spare = ready.saturating_sub(wanted).min(new_ready);
    for set in older {
        let cut = set.replicas.min(spare);
        set.replicas -= cut;
        spare -= cut;
    }
}
