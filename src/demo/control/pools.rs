//! Which pools a cluster has: those that its topology names, or whose `MachineDeployment`s stand. New ones are made, others
//! are taken down. And which machines are too old, because a restart was asked for.
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Due, Key, World, topology::Asked};
use crate::demo::{
    fleet::{Cluster, Plane, Pool, Set, build::new_pool, render},
    store::{Delete, resource},
};

impl World {
    /// Brings the pools of a cluster with a class to those that are asked for.
    pub(super) fn pools_asked(&mut self, key: &Key, asked: &[Asked]) {
        let Some(cluster) = self.cluster(key) else { return };
        let named = |pool: &Pool| asked.iter().any(|a| a.topology == *pool.topology);
        let gone: Vec<Arc<str>> =
            cluster.pools.iter().filter(|p| !p.ending && !named(p)).map(|p| p.name.clone()).collect();
        let new = |asked: &&Asked| cluster.pools.iter().all(|p| p.ending || *p.topology != *asked.topology);
        let new: Vec<Asked> = asked.iter().filter(new).cloned().collect();
        for name in gone {
            self.end_pool(key, &name);
        }
        for asked in new {
            self.make_pool(key, &asked);
        }
    }

    fn make_pool(&mut self, key: &Key, asked: &Asked) {
        let (now, seed) = (self.now, self.seed.clone());
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let zones = live.site.zones;
        let Some(cluster) = live.site.clusters.iter_mut().find(|c| c.is(key)) else { return };
        let zone = asked.zone.as_deref().unwrap_or(zones[cluster.pools.len() % zones.len()]);
        let mut seed = seed.named(&format!("{}/{}/{now}", key.name, asked.topology));
        let pool = new_pool(&mut seed, cluster, &asked.topology, zone, asked.replicas.unwrap_or(1), now);
        cluster.pools.push(pool.clone());
        let cluster = cluster.clone();
        let site = live.site.clone_head();
        let here = render::Here { site: &site, cluster: &cluster, now };
        let mut objects = Vec::new();
        render::of_pool(here, &pool, &mut |value| objects.push(value));
        for value in objects {
            live.load(value);
        }
        self.touch(key, None);
        self.later(500, Due::Pool(key.clone(), pool.name));
    }

    /// A pool is to go: its MachineDeployment is deleted, its machines with it.
    pub(super) fn end_pool(&mut self, key: &Key, name: &Arc<str>) {
        if let Some(live) = self.sites.get_mut(key.site)
            && live.api.get(&resource::MACHINE_DEPLOYMENTS, &key.namespace, name).is_some_and(|o| !o.deleting)
            && let Ok(object) =
                live.api.delete(&resource::MACHINE_DEPLOYMENTS, &key.namespace, name, &Delete::default())
        {
            live.own.insert(object.revision);
        }
        if let Some(pool) = self.cluster_mut(key).and_then(|c| c.pool_mut(name)) {
            pool.ending = true;
        }
        self.later(300, Due::Pool(key.clone(), name.clone()));
    }

    /// Takes the machines of a pool down that is to go, and then the pool.
    pub(super) fn ending_pool(&mut self, key: &Key, name: &Arc<str>) {
        let Some(pool) = self.cluster(key).and_then(|c| c.pools.iter().find(|p| p.name == *name)) else {
            return;
        };
        let machines: Vec<Arc<str>> = pool.machines.iter().map(|m| m.name.clone()).collect();
        for machine in &machines {
            self.remove(key, machine);
        }
        if machines.is_empty() {
            self.bury_pool(key, name);
        }
        self.touch(key, None);
    }

    fn bury_pool(&mut self, key: &Key, name: &Arc<str>) {
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(cluster) = live.site.clusters.iter_mut().find(|c| c.is(key)) else { return };
        let Some(at) = cluster.pools.iter().position(|p| p.name == *name) else { return };
        let pool = cluster.pools.remove(at);
        let names: Vec<&str> = pool.sets.iter().map(|s| &*s.name).chain([&**name]).collect();
        let resources: Vec<_> =
            live.api.served().iter().map(|s| s.resource).filter(|r| r.namespaced).collect();
        for resource in resources {
            for name in &names {
                if live.api.get(resource, &key.namespace, name).is_some() {
                    live.release(resource, &key.namespace, name);
                }
            }
        }
    }

    /// Restarts that were asked for and are due; others are looked at again in time.
    pub(super) fn restarts_asked(&mut self, key: &Key) {
        let Some(api) = self.sites.get(key.site).map(|live| live.api.clone()) else { return };
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let mut soon = None;
        let mut due = |resource, name: &str| -> Option<Timestamp> {
            let object = api.value(resource, &key.namespace, name)?;
            let after = moment(&object["spec"])?;
            if after > now {
                soon = Some(soon.map_or(after, |other: Timestamp| other.min(after)));
            }
            (after <= now).then_some(after)
        };
        cluster.plane.restarted = due(&resource::KUBEADM_CONTROL_PLANES, &cluster.plane.name);
        for pool in &mut cluster.pools {
            pool.restarted = due(&resource::MACHINE_DEPLOYMENTS, &pool.name);
        }
        if let Some(at) = soon {
            let wait = i64::try_from(at.duration_since(now).as_millis()).unwrap_or(i64::MAX);
            self.later(wait, Due::Topology(key.clone()));
        }
    }
}

/// `spec.rolloutAfter`, in either spelling.
fn moment(spec: &Value) -> Option<Timestamp> {
    let newer = spec["rollout"]["after"].as_str();
    newer.or_else(|| spec["rolloutAfter"].as_str())?.parse().ok()
}

impl Plane {
    /// The machine is of the version that is asked for, and was made after the last restart that was asked for.
    pub fn is_current(&self, machine: &super::Machine) -> bool {
        machine.version == self.version && self.restarted.is_none_or(|at| machine.created >= at)
    }
}

impl Pool {
    /// The set is what is asked for now.
    pub(super) fn is_current(&self, set: &Set) -> bool {
        set.version == self.version && self.restarted.is_none_or(|at| set.created >= at)
    }
}

impl Cluster {
    /// Pools that stay.
    pub(super) fn staying(&self) -> impl Iterator<Item = &Pool> {
        self.pools.iter().filter(|p| !p.ending)
    }
}
