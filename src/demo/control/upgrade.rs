//! Control planes, and upgrades: the control plane first, one machine at a time, then one pool after the other.
use std::sync::Arc;

use super::{Due, Key, World};
use crate::demo::fleet::{Machine, Stage, build::new_machine};

impl World {
    /// A version is asked for by the topology.
    pub(super) fn version_asked(&mut self, key: &Key, version: Option<&str>) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let Some(version) = version.filter(|v| **v != *cluster.version) else { return };
        cluster.version = version.into();
        cluster.since = now;
        cluster.upgrading = true;
        self.plane_version_asked(key, Some(version));
    }

    /// A version is asked for of the control plane alone.
    pub(super) fn plane_version_asked(&mut self, key: &Key, version: Option<&str>) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let Some(version) = version.filter(|v| **v != *cluster.plane.version) else { return };
        cluster.plane.version = version.into();
        cluster.plane.since = now;
        if !cluster.classy {
            cluster.version = version.into();
        }
    }

    /// Looks at a control plane once.
    pub(super) fn plane(&mut self, key: &Key) {
        let now = self.now;
        let Some(cluster) = self.cluster(key) else { return };
        if cluster.paused || cluster.deleted.is_some() {
            return;
        }
        let plane = &cluster.plane;
        let living: Vec<&Machine> = plane.machines.iter().filter(|m| m.deleted.is_none()).collect();
        let settled = plane.machines.iter().all(Machine::is_ready);
        let outdated = |m: &Machine| plane.roll_after.is_some_and(|at| at <= now && m.created < at);
        let old: Vec<&&Machine> =
            living.iter().filter(|m| m.version != plane.version || outdated(m)).collect();
        let surplus = living.len() > plane.replicas;
        if living.len() < plane.replicas || (!old.is_empty() && living.len() == plane.replicas && settled) {
            // One at a time: etcd must take each in before the next comes.
            if settled || living.len() < plane.replicas && living.iter().all(|m| m.is_ready()) {
                self.make_plane(key);
            }
        } else if surplus && settled {
            let victim = old.first().copied().or(living.first()).map(|m| m.name.clone());
            if let Some(name) = victim {
                self.remove(key, &name);
            }
        }
        self.touch(key, None);
        self.upgrade_due(key);
    }

    fn make_plane(&mut self, key: &Key) {
        let now = self.now;
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(at) = live.site.clusters.iter().position(|c| c.is(key)) else { return };
        let mut cluster = live.site.clusters[at].clone();
        let mut seed = self.seed.named(&format!("{}/{}", cluster.plane.name, cluster.addresses));
        let plane = cluster.plane.name.clone();
        let mut machine = new_machine(&mut seed, &live.site, &mut cluster, &plane, now);
        machine.version = cluster.plane.version.clone();
        machine.zone = live.site.zones[cluster.plane.machines.len() % live.site.zones.len()].into();
        let name = machine.name.clone();
        cluster.plane.machines.push(machine);
        cluster.plane.since = now;
        live.site.clusters[at] = cluster;
        self.touch(key, Some(&name));
        self.later(0, Due::Stage(key.clone(), name));
    }

    /// Lets the next pool of an upgrade begin, or ends it.
    pub(super) fn upgrade_due(&mut self, key: &Key) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        if !cluster.upgrading {
            return;
        }
        let done = |machines: &[Machine], version: &Arc<str>| {
            machines.iter().all(|m| m.version == *version && m.is_ready() && m.stage == Stage::Running)
        };
        let version = cluster.version.clone();
        let plane_done =
            done(&cluster.plane.machines, &version) && cluster.plane.machines.len() == cluster.plane.replicas;
        if !plane_done {
            return;
        }
        let busy = cluster.pools.iter().any(|p| {
            p.version == version && !(done(&p.machines, &version) && p.machines.len() == p.replicas)
        });
        if busy {
            return;
        }
        if let Some(pool) = cluster.pools.iter_mut().find(|p| p.version != version) {
            (pool.version, pool.since) = (version, now);
            let name = pool.name.clone();
            self.later(300, Due::Pool(key.clone(), name));
        } else {
            (cluster.upgrading, cluster.since) = (false, now);
        }
        self.touch(key, None);
    }
}
