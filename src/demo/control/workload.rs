//! The inside of workload clusters, for those that somebody asked for: nodes come, report and go with their machines.
use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{Due, Key, Live, World, as_store_clock, inside};
use crate::demo::{
    fleet::{
        Machine, Site,
        render::{Here, machine::node_name},
        workload,
    },
    seed::Seed,
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
        api.set_logs(Box::new(lines));
        live.looked.insert(key.clone(), inside::revision(&api));
        live.packages_seen.insert(Some(key.clone()), api.revision());
        live.workloads.insert(key.clone(), api.clone());
        self.wake.notify_one();
        self.later(BEAT, Due::Beat(key.clone()));
        Some(api)
    }

    /// Has the controllers inside look at every cluster in which something changed.
    pub(super) fn look_inside(&mut self) {
        let changed = |(live, key, api): &(&Live, &Key, &Api)| {
            live.looked.get(key).is_none_or(|seen| *seen != inside::revision(api))
        };
        let all =
            self.sites.iter().flat_map(|live| live.workloads.iter().map(move |(key, api)| (live, key, api)));
        let changed: Vec<Key> = all.filter(changed).map(|(_, key, _)| key.clone()).collect();
        for key in changed {
            self.inside(&key);
        }
    }

    /// Lets the controllers inside a cluster look at it.
    pub(super) fn inside(&mut self, key: &Key) {
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(api) = live.workloads.get(key) else { return };
        let next = inside::settle(api, self.now);
        live.looked.insert(key.clone(), inside::revision(api));
        if let Some(at) = next {
            self.queue.add(at, Due::Inside(key.clone()));
        }
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

/// Fills the API of a site with the inside of its management cluster, whose own API it is.
pub(super) fn own(at: usize, site: &Site, api: &Api, seed: u64, now: Timestamp) -> Option<Key> {
    let cluster = site.clusters.iter().find(|c| c.is_management())?;
    let here = Here { site, cluster, now };
    workload::objects(here, &Seed::new(seed).named("controllers"), &mut |value| _ = api.load(value));
    api.set_logs(Box::new(lines));
    Some(Key { site: at, namespace: cluster.namespace.clone(), name: cluster.name.clone() })
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
    // What belongs to a set comes up elsewhere: its controller sees to that.
    for pod in api.values(&resource::PODS, None).into_iter().filter(|p| p["spec"]["nodeName"] == name) {
        let text = |field: &str| pod["metadata"][field].as_str().unwrap_or_default();
        let gone = Delete { grace: Some(0), ..Delete::default() };
        _ = api.delete(&resource::PODS, text("namespace"), text("name"), &gone);
    }
}

/// What a container wrote: it started, and is well. Nothing is kept of a run before.
fn lines(namespace: &str, pod: &str, container: &str, previous: bool) -> Vec<String> {
    if previous {
        return Vec::new();
    }
    let mut seed = Seed::new(0).named(&format!("{namespace}/{pod}"));
    let mut lines = vec![
        format!("level=info msg=\"starting\" app={container} pod={pod}"),
        "level=info msg=\"configuration read\" source=/etc/config".to_owned(),
        "level=info msg=\"listening\" address=0.0.0.0:8080".to_owned(),
    ];
    lines.extend((1..=9).map(|n| {
        format!(
            "level=info msg=\"request served\" number={n} status=200 milliseconds={}",
            seed.between(2, 90)
        )
    }));
    lines
}
