//! The inside of workload clusters, for those that somebody asked for: nodes come, report and go with their machines.
use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;

use super::{Due, Key, Live, World, as_store_clock};
use crate::demo::{
    fleet::{
        Machine,
        render::{Here, machine::node_name},
        workload,
    },
    store::{self, Api, Delete, resource},
};

/// Milliseconds between two reports of a kubelet about a node of which nothing changed.
const BEAT: i64 = 5 * 60 * 1000;

impl World {
    /// The store of a cluster's own API, made when it is asked for first.
    pub fn workload(&mut self, key: &Key) -> Option<Api> {
        self.now = self.clock.now();
        let (now, seed, clock) = (self.now, self.seed.clone(), self.clock.clone());
        let live = self.sites.get_mut(key.site)?;
        if let Some(api) = live.workloads.get(key) {
            return Some(api.clone());
        }
        let cluster = live.cluster(key)?;
        let info = store::Info {
            version: cluster.plane.version.to_string(),
            name: format!("{}/{}", key.namespace, key.name),
            seed: seed.named(&key.name).draw(),
        };
        let mut served = resource::kubernetes();
        served.extend(resource::carvel());
        let api = Api::new(info, served, as_store_clock(&clock));
        let here = Here { site: &live.site, cluster, now };
        workload::objects(here, &seed, &mut |value| _ = api.load(value));
        live.packages_seen.insert(Some(key.clone()), api.revision());
        live.workloads.insert(key.clone(), api.clone());
        self.wake.notify_one();
        self.later(BEAT, Due::Beat(key.clone()));
        Some(api)
    }

    /// The nodes that are well report.
    pub(super) fn beat(&mut self, key: &Key) {
        let Some(live) = self.sites.get(key.site) else { return };
        let (Some(api), Some(cluster)) = (live.workloads.get(key), live.cluster(key)) else { return };
        let here = Here { site: &live.site, cluster, now: self.now };
        for machine in cluster.machines().filter(|m| m.is_ready()) {
            let conditions =
                workload::node::conditions(here, machine, machine.created + SignedDuration::from_secs(50));
            _ = api.modify(&resource::NODES, "", &node_name(here, machine), |node| {
                node["status"]["conditions"] = conditions.clone();
            });
        }
        self.later(BEAT, Due::Beat(key.clone()));
    }
}

impl Live {
    /// Brings the nodes of machines that changed to where their machines are.
    pub(super) fn write_inside(&mut self, key: &Key, here: Here<'_>, machines: &BTreeSet<Arc<str>>) {
        let Some(api) = self.workloads.get(key) else { return };
        for name in machines {
            match here.cluster.machines().find(|m| m.name == *name) {
                Some(machine) if machine.has_node() => node_is(api, here, machine),
                // It is known by its annotation: the name of a node does not tell its machine everywhere.
                _ => node_is_gone(api, name),
            }
        }
    }
}

fn node_is(api: &Api, here: Here<'_>, machine: &Machine) {
    let fresh = workload::node::object(here, machine);
    let name = node_name(here, machine);
    if api.get(&resource::NODES, "", &name).is_none() {
        api.load(fresh);
        workload::daemons(here, machine, &mut |pod| _ = api.load(pod));
        return;
    }
    _ = api.modify(&resource::NODES, "", &name, |node| {
        let cordoned = node["spec"]["unschedulable"].clone();
        node["spec"] = fresh["spec"].clone();
        if cordoned == true {
            node["spec"]["unschedulable"] = cordoned;
        }
        node["status"] = fresh["status"].clone();
    });
}

fn node_is_gone(api: &Api, machine: &str) {
    let nodes = api.values(&resource::NODES, None);
    let of =
        |node: &&serde_json::Value| node["metadata"]["annotations"]["cluster.x-k8s.io/machine"] == machine;
    let Some(name) = nodes.iter().find(of).and_then(|n| n["metadata"]["name"].as_str()) else { return };
    _ = api.delete(&resource::NODES, "", name, &Delete::default());
    let others: Vec<&str> = nodes
        .iter()
        .filter(|n| n["spec"]["taints"].is_null() && n["metadata"]["name"] != name)
        .filter_map(|n| n["metadata"]["name"].as_str())
        .collect();
    for (number, pod) in
        api.values(&resource::PODS, None).into_iter().filter(|p| p["spec"]["nodeName"] == name).enumerate()
    {
        let text = |field: &str| pod["metadata"][field].as_str().unwrap_or_default().to_owned();
        let (namespace, own) = (text("namespace"), text("name"));
        _ = api.delete(&resource::PODS, &namespace, &own, &Delete { grace: Some(0), ..Delete::default() });
        // What belongs to a deployment comes up elsewhere.
        if let Some(node) = others.get(number % others.len().max(1)).filter(|_| namespace != "kube-system") {
            let mut moved = pod.clone();
            moved["spec"]["nodeName"] = (*node).into();
            let base = own.rsplit_once('-').map_or(own.as_str(), |(base, _)| base);
            moved["metadata"]["name"] =
                format!("{base}-{}", crate::demo::seed::Seed::new(number as u64).named(&own).suffix(5))
                    .into();
            _ = api.create(&resource::PODS, moved);
        }
    }
}
