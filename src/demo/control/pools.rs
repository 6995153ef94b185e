//! Pools that come and go: with the topology that names them, and with their `MachineDeployment`s; and the times
//! from which on older machines are to be replaced.
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Due, Key, World, topology::Asked};
use crate::demo::{
    fleet::build::new_pool,
    store::{Delete, resource},
};

impl World {
    /// Brings the pools of a cluster to those that its topology names.
    pub(super) fn pools_asked(&mut self, key: &Key, asked: &[Asked]) {
        let Some(cluster) = self.cluster(key) else { return };
        let living = || cluster.pools.iter().filter(|p| p.deleted.is_none());
        let added: Vec<&Asked> =
            asked.iter().filter(|a| living().all(|p| *p.topology != *a.topology)).collect();
        let dropped = living().filter(|p| asked.iter().all(|a| *a.topology != *p.topology));
        let dropped: Vec<Arc<str>> = dropped.map(|p| p.name.clone()).collect();
        for asked in added {
            self.add_pool(key, asked);
        }
        for name in dropped {
            self.pool_deleted(key, &name);
            self.topology_event(
                key,
                "TopologyDelete",
                &format!("Deleted MachineDeployment \"{}/{name}\"", key.namespace),
            );
        }
    }

    fn topology_event(&mut self, key: &Key, reason: &str, note: &str) {
        let cluster = key.name.clone();
        self.event(key, ("Cluster", &cluster), reason, note);
    }

    fn add_pool(&mut self, key: &Key, asked: &Asked) {
        let now = self.now;
        let mut seed = self.seed.named(&format!("{}/{}/{now}", key.name, asked.topology));
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let zones = live.site.zones;
        let Some(cluster) = live.site.clusters.iter_mut().find(|c| c.is(key)) else { return };
        let name: Arc<str> = format!("{}-{}-{}", cluster.name, asked.topology, seed.suffix(5)).into();
        let zone = asked.zone.as_deref().unwrap_or(zones[cluster.pools.len() % zones.len()]);
        let mut pool = new_pool(cluster, &asked.topology, name.clone(), zone, now);
        pool.replicas = asked.replicas.unwrap_or(1);
        cluster.pools.push(pool);
        self.topology_event(
            key,
            "TopologyCreate",
            &format!("Created MachineDeployment \"{}/{name}\"", key.namespace),
        );
    }

    /// A pool goes, its machines first.
    pub(super) fn pool_deleted(&mut self, key: &Key, name: &str) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        // A cluster that is being deleted takes its pools along.
        if cluster.deleted.is_some() {
            return;
        }
        let Some(pool) = cluster.pool_mut(name).filter(|p| p.deleted.is_none()) else { return };
        (pool.deleted, pool.since, pool.replicas) = (Some(now), now, 0);
        let name = pool.name.clone();
        if let Some(live) = self.sites.get_mut(key.site) {
            let deployments = &resource::MACHINE_DEPLOYMENTS;
            if let Ok(object) = live.api.delete(deployments, &key.namespace, &name, &Delete::default()) {
                live.own.insert(object.revision);
            }
        }
        self.touch(key, None);
        self.later(0, Due::Pool(key.clone(), name));
    }

    /// What is left of a pool whose machines are gone.
    pub(super) fn bury_pool(&mut self, key: &Key, name: &Arc<str>) {
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(cluster) = live.site.clusters.iter_mut().find(|c| c.is(key)) else { return };
        let Some(at) = cluster.pools.iter().position(|p| p.name == *name) else { return };
        let pool = cluster.pools.remove(at);
        for set in &pool.sets {
            live.release(&resource::MACHINE_SETS, &key.namespace, &set.name);
        }
        for resource in [
            &resource::MACHINE_HEALTH_CHECKS,
            &resource::MACHINE_DEPLOYMENTS,
            &resource::KUBEADM_CONFIG_TEMPLATES,
            live.site.infra.templates(),
        ] {
            live.release(resource, &key.namespace, name);
        }
        self.touch(key, None);
        self.upgrade_due(key);
    }

    /// Reads from when on older machines of the control plane and of each pool are to be replaced.
    pub(super) fn rollouts_asked(&mut self, key: &Key) {
        let now = self.now;
        let Some(api) = self.sites.get(key.site).map(|live| live.api.clone()) else { return };
        let Some(cluster) = self.cluster_mut(key) else { return };
        let asked = |resource, name: &str| {
            let object = api.value(resource, &key.namespace, name)?;
            let spec = &object["spec"];
            let at =
                [&spec["rollout"]["after"], &spec["rolloutAfter"]].into_iter().find_map(Value::as_str)?;
            at.parse::<Timestamp>().ok()
        };
        let plane = &mut cluster.plane;
        plane.roll_after = asked(&resource::KUBEADM_CONTROL_PLANES, &plane.name);
        let mut due: Vec<(Timestamp, Due)> =
            plane.roll_after.iter().map(|at| (*at, Due::Plane(key.clone()))).collect();
        for pool in &mut cluster.pools {
            pool.roll_after = asked(&resource::MACHINE_DEPLOYMENTS, &pool.name);
            due.extend(pool.roll_after.map(|at| (at, Due::Pool(key.clone(), pool.name.clone()))));
        }
        for (at, due) in due.into_iter().filter(|(at, _)| *at > now) {
            self.queue.add(at, due);
        }
    }
}
