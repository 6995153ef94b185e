//! The life of a machine: from being asked for to its node being ready, and back.
use std::sync::Arc;

use super::{Due, Key, World};
use crate::demo::{
    fleet::{Stage, Trouble},
    seed::Seed,
};

/// How long a stage lasts, in milliseconds: shorter than in a data centre, so that somebody will wait for it.
fn lasts(stage: Stage, seed: &mut Seed) -> Option<i64> {
    Some(match stage {
        Stage::Pending => seed.between(1_500, 3_500),
        Stage::Cloning => seed.between(14_000, 26_000),
        Stage::Starting => seed.between(6_000, 11_000),
        Stage::Joining => seed.between(8_000, 14_000),
        Stage::Settling => seed.between(4_000, 8_000),
        Stage::Running => return None,
        Stage::Draining => seed.between(4_000, 9_000),
        Stage::Removing => seed.between(5_000, 9_000),
        Stage::Forgetting => seed.between(700, 1_500),
    })
}

/// What comes after a stage; nothing where the machine is at rest, or gone.
fn after(stage: Stage) -> Option<Stage> {
    Some(match stage {
        Stage::Pending => Stage::Cloning,
        Stage::Cloning => Stage::Starting,
        Stage::Starting => Stage::Joining,
        Stage::Joining => Stage::Settling,
        Stage::Settling => Stage::Running,
        Stage::Draining => Stage::Removing,
        Stage::Removing => Stage::Forgetting,
        Stage::Running | Stage::Forgetting => return None,
    })
}

/// Milliseconds that a node may be away before a health check has it replaced.
const PATIENCE: i64 = 5 * 60 * 1000;

impl World {
    /// Brings a machine to its next stage when it has been in this one for long enough.
    pub(super) fn stage(&mut self, key: &Key, name: &Arc<str>) {
        let (now, seed) = (self.now, self.seed.named(name));
        let Some(cluster) = self.cluster_mut(key) else { return };
        let paused = cluster.paused;
        let Some(machine) = cluster.machine_mut(name) else { return };
        let stuck = match machine.trouble {
            Trouble::NeverJoins => machine.stage == Stage::Joining,
            Trouble::Held { .. } => machine.stage == Stage::Draining,
            Trouble::Lost if machine.stage == Stage::Running => {
                self.later(PATIENCE, Due::Health(key.clone(), name.clone()));
                return;
            }
            _ => false,
        };
        if stuck || paused {
            return;
        }
        // A stage draws its own length, always the same for the same machine.
        let stage = machine.stage;
        let seed_of = |stage: Stage| {
            let mut own = seed.named(&format!("{stage:?}"));
            lasts(stage, &mut own)
        };
        let Some(length) = seed_of(stage) else { return };
        let since = i64::try_from(now.duration_since(machine.since).as_millis()).unwrap_or(i64::MAX);
        if since < length {
            self.later(length - since, Due::Stage(key.clone(), name.clone()));
            return;
        }
        match after(stage) {
            None => self.gone(key, name),
            Some(next) => {
                machine.stage = next;
                machine.since = now;
                self.touch(key, Some(name));
                self.say(key, name, stage, next);
                if let Some(length) = seed_of(next) {
                    self.later(length, Due::Stage(key.clone(), name.clone()));
                }
                if next == Stage::Running {
                    self.owner_due(key, name);
                }
            }
        }
    }

    /// The owner of a machine has something to think about.
    pub(super) fn owner_due(&mut self, key: &Key, name: &str) {
        let pool = self.cluster(key).and_then(|c| c.pool_of(name)).map(|p| p.name.clone());
        self.later(300, pool.map_or_else(|| Due::Plane(key.clone()), |pool| Due::Pool(key.clone(), pool)));
    }

    /// The machine is no more.
    fn gone(&mut self, key: &Key, name: &Arc<str>) {
        self.owner_due(key, name);
        self.touch(key, Some(name));
        if let Some(cluster) = self.cluster_mut(key) {
            cluster.plane.machines.retain(|m| m.name != *name);
            for pool in &mut cluster.pools {
                pool.machines.retain(|m| m.name != *name);
            }
            if cluster.deleted.is_some() {
                self.later(300, Due::Ending(key.clone()));
            }
        }
    }

    /// A health check has a machine replaced that has been away for too long.
    pub(super) fn health(&mut self, key: &Key, name: &Arc<str>) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        if !cluster.pool_of(name).is_some_and(|p| p.checked) || cluster.paused {
            return;
        }
        let Some(machine) = cluster.machine_mut(name).filter(|m| m.is_lost() && m.deleted.is_none()) else {
            return;
        };
        if now.duration_since(machine.since).as_millis() < i128::from(PATIENCE) {
            return;
        }
        machine.trouble = Trouble::None;
        self.remove(key, name);
        self.owner_due(key, name);
    }

    /// Begins the end of a machine.
    pub(super) fn remove(&mut self, key: &Key, name: &Arc<str>) {
        let now = self.now;
        let Some(machine) = self.cluster_mut(key).and_then(|c| c.machine_mut(name)) else { return };
        if machine.deleted.is_some() {
            return;
        }
        let had_node = machine.has_node();
        machine.deleted = Some(now);
        machine.stage = if had_node { Stage::Draining } else { Stage::Removing };
        machine.since = now;
        self.touch(key, Some(name));
        self.later(0, Due::Stage(key.clone(), name.clone()));
    }
}
