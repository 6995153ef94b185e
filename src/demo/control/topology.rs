//! The Cluster: what its topology asks for reaches its control plane and its pools; its deletion takes all along.
use std::sync::Arc;

use serde_json::Value;

use super::{Due, Key, World};
use crate::demo::store::{Delete, resource};

/// What a pool of the topology asks for.
pub(super) struct Asked {
    pub(super) topology: String,
    pub(super) replicas: Option<usize>,
    pub(super) zone: Option<String>,
}

impl World {
    /// Reads what is asked of a cluster and hands it on.
    pub(super) fn topology(&mut self, key: &Key) {
        let Some(live) = self.sites.get(key.site) else { return };
        let Some(object) = live.api.value(&resource::CLUSTERS, &key.namespace, &key.name) else { return };
        self.touch(key, None);
        let paused = object["spec"]["paused"] == true;
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        if cluster.paused != paused {
            (cluster.paused, cluster.since) = (paused, now);
            let all: Vec<Arc<str>> = cluster.machines().map(|m| m.name.clone()).collect();
            for name in all {
                self.later(0, Due::Stage(key.clone(), name));
            }
        }
        if paused {
            return;
        }
        let topology = &object["spec"]["topology"];
        if topology.is_object() {
            self.plane_asked(key, topology["controlPlane"]["replicas"].as_u64());
            self.version_asked(key, topology["version"].as_str());
            let asked = pools(topology);
            self.pools_asked(key, &asked);
            for asked in asked {
                self.pool_asked(key, &asked);
            }
        } else {
            self.classless(key);
        }
        self.scaled_alone(key);
        self.rollouts_asked(key);
        self.later(200, Due::Plane(key.clone()));
        let pools: Vec<Arc<str>> =
            self.cluster(key).into_iter().flat_map(|c| c.pools.iter().map(|p| p.name.clone())).collect();
        for pool in pools {
            self.later(500, Due::Pool(key.clone(), pool));
        }
    }

    fn plane_asked(&mut self, key: &Key, replicas: Option<u64>) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let Some(wanted) = replicas.and_then(|n| usize::try_from(n).ok()) else { return };
        if cluster.plane.replicas != wanted {
            (cluster.plane.replicas, cluster.plane.since) = (wanted, now);
            let plane = cluster.plane.name.clone();
            self.updated(key, "KubeadmControlPlane", &plane);
        }
    }

    fn pool_asked(&mut self, key: &Key, asked: &Asked) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let Some(pool) =
            cluster.pools.iter_mut().find(|p| *p.topology == *asked.topology && p.deleted.is_none())
        else {
            return;
        };
        let Some(wanted) = asked.replicas.filter(|n| *n != pool.replicas) else { return };
        (pool.replicas, pool.since) = (wanted, now);
        let name = pool.name.clone();
        self.updated(key, "MachineDeployment", &name);
    }

    fn updated(&mut self, key: &Key, kind: &str, name: &str) {
        let note = format!("Updated {kind} \"{}/{name}\"", key.namespace);
        let cluster = key.name.clone();
        self.event(key, ("Cluster", &cluster), "TopologyUpdate", &note);
    }

    /// A cluster without a class is asked through its parts.
    fn classless(&mut self, key: &Key) {
        let Some(live) = self.sites.get(key.site) else { return };
        let Some(name) = self.cluster(key).map(|c| c.plane.name.clone()) else { return };
        let Some(plane) = live.api.value(&resource::KUBEADM_CONTROL_PLANES, &key.namespace, &name) else {
            return;
        };
        self.plane_asked(key, plane["spec"]["replicas"].as_u64());
        self.plane_version_asked(key, plane["spec"]["version"].as_str());
    }

    /// Pools whose size nobody but they themselves say: of a cluster without a class, or left to the autoscaler.
    fn scaled_alone(&mut self, key: &Key) {
        let Some(api) = self.sites.get(key.site).map(|live| live.api.clone()) else { return };
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        let classy = cluster.classy;
        for pool in
            cluster.pools.iter_mut().filter(|p| p.deleted.is_none() && (!classy || p.autoscaled.is_some()))
        {
            let Some(object) = api.value(&resource::MACHINE_DEPLOYMENTS, &key.namespace, &pool.name) else {
                continue;
            };
            let spec = &object["spec"];
            if let Some(wanted) = spec["replicas"]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .filter(|n| *n != pool.replicas)
            {
                (pool.replicas, pool.since) = (wanted, now);
            }
            pool.paused = spec["paused"] == true;
            if let Some(version) =
                spec["template"]["spec"]["version"].as_str().filter(|v| !classy && **v != *pool.version)
            {
                pool.version = version.into();
            }
        }
    }

    /// Takes a cluster down: workers first, then the control plane, then what is left.
    pub(super) fn ending(&mut self, key: &Key) {
        let now = self.now;
        let Some(cluster) = self.cluster_mut(key) else { return };
        cluster.deleted.get_or_insert(now);
        let workers: Vec<Arc<str>> =
            cluster.pools.iter().flat_map(|p| &p.machines).map(|m| m.name.clone()).collect();
        let plane: Vec<Arc<str>> = cluster.plane.machines.iter().map(|m| m.name.clone()).collect();
        let next = if workers.is_empty() { plane } else { workers };
        self.touch(key, None);
        if next.is_empty() {
            self.bury(key);
        }
        for machine in next {
            self.remove(key, &machine);
        }
    }

    /// Everything of a cluster leaves the store.
    fn bury(&mut self, key: &Key) {
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(at) = live.site.clusters.iter().position(|c| c.is(key)) else { return };
        live.site.clusters.remove(at);
        live.workloads.remove(key);
        live.looked.remove(key);
        live.dirty.remove(key);
        let own = |object: &Value| object["metadata"]["labels"]["cluster.x-k8s.io/cluster-name"] == *key.name;
        let all: Vec<_> = live.api.served().iter().map(|s| s.resource).filter(|r| r.namespaced).collect();
        for resource in all {
            for object in live.api.values(resource, Some(&key.namespace)).iter().filter(|o| own(o)) {
                let name = object["metadata"]["name"].as_str().unwrap_or_default();
                live.release(resource, &key.namespace, name);
            }
        }
    }
}

impl super::Live {
    /// Takes an object away, whatever held it.
    pub(super) fn release(&mut self, resource: &resource::Resource, namespace: &str, name: &str) {
        let freed = self.api.modify(resource, namespace, name, |object| {
            object["metadata"]["finalizers"] = Value::Array(Vec::new());
        });
        if let Ok(object) = freed {
            self.own.insert(object.revision);
        }
        if let Ok(object) = self.api.delete(resource, namespace, name, &Delete::default()) {
            self.own.insert(object.revision);
        }
    }
}

fn pools(topology: &Value) -> Vec<Asked> {
    let list = topology["workers"]["machineDeployments"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|pool| {
            let replicas = pool["replicas"].as_u64().and_then(|n| usize::try_from(n).ok());
            let zone = pool["failureDomain"].as_str().map(str::to_owned);
            Some(Asked { topology: pool["name"].as_str()?.to_owned(), replicas, zone })
        })
        .collect()
}
