//! The inside of a workload cluster: what its own API server holds. Made when somebody first connects to it.
mod apps;
pub mod node;
mod pod;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    Machine, Trouble,
    render::{self, Here, condition::stamp},
};
use crate::demo::seed::{Seed, uid};

pub use apps::of as apps_of;
pub use pod::{owner, running};

/// Every object of the cluster's own API. The same cluster and seed make the same objects.
pub fn objects(here: Here<'_>, seed: &Seed, put: &mut impl FnMut(Value)) {
    let apps = apps::of(here.cluster);
    let mut namespaces = vec!["default", "kube-system", "kube-public", "kube-node-lease"];
    let of_packages = here.cluster.packages.iter().filter(|p| !p.is_remote()).map(|p| &*p.namespace);
    for name in apps.iter().map(|app| app.namespace).chain(of_packages) {
        if !namespaces.contains(&name) {
            namespaces.push(name);
        }
    }
    for name in namespaces {
        put(json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "uid": uid(&[&here.cluster.name, "Namespace", name]),
                         "creationTimestamp": stamp(here.cluster.created), "labels": {"kubernetes.io/metadata.name": name}},
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
        }));
    }
    let nodes: Vec<&Machine> = here.cluster.machines().filter(|m| m.has_node()).collect();
    for (app, cpu, memory) in pod::daemons(here) {
        put(daemon_set(here, app, (cpu, memory), nodes.len()));
    }
    for machine in &nodes {
        put(node::object(here, machine));
        pod::of_node(here, machine, seed, put);
    }
    let workers: Vec<&Machine> =
        here.cluster.pools.iter().flat_map(|p| &p.machines).filter(|m| m.has_node()).collect();
    let mut spread = seed.named(&here.cluster.name);
    for app in &apps {
        apps::put(here, app, &workers, &mut spread, put);
    }
    for machine in nodes {
        held(here, machine, put);
    }
    for install in here.cluster.packages.iter().filter(|p| !p.is_remote()) {
        render::package::install(here, install, put);
    }
    for repository in &here.cluster.repositories {
        put(render::package::repository(here, repository));
    }
}

/// What brings a pod to every node.
fn daemon_set(here: Here<'_>, app: &str, asks: (u32, u32), nodes: usize) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet",
        "metadata": {"name": app, "namespace": "kube-system", "uid": pod::system_uid(here, "DaemonSet", app),
                     "creationTimestamp": stamp(here.cluster.created), "generation": 1, "labels": {"app": app}},
        "spec": {"selector": {"matchLabels": {"app": app}},
                 "template": {"metadata": {"labels": {"app": app}}, "spec": {"containers": [pod::container("kube-system", app, asks)]}}},
        "status": {"observedGeneration": 1, "desiredNumberScheduled": nodes, "currentNumberScheduled": nodes, "numberReady": nodes,
                   "numberAvailable": nodes, "updatedNumberScheduled": nodes, "numberMisscheduled": 0},
    })
}

/// What a node that has just joined runs.
pub fn daemons(here: Here<'_>, machine: &Machine, put: &mut impl FnMut(Value)) {
    pod::of_node(here, machine, &Seed::new(0), put);
}

/// The pod that keeps a node from being drained, its budget, and the events that tell of it.
fn held(here: Here<'_>, machine: &Machine, put: &mut impl FnMut(Value)) {
    let Trouble::Held { pod, budget, healthy } = &machine.trouble else { return };
    let (Some((namespace, name)), Some((_, budget))) = (pod.split_once('/'), budget.split_once('/')) else {
        return;
    };
    let created = machine.created + SignedDuration::from_mins(4);
    let app = name.rsplit_once('-').map_or(name, |(app, _)| app);
    let mut held = pod::object(here, (namespace, name), machine, app, (500, 2048), created);
    held["metadata"]["ownerReferences"] =
        owner("apps/v1", "StatefulSet", app, &here.uid("StatefulSet", &format!("{namespace}/{app}")));
    put(held);
    put(json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": budget, "namespace": namespace, "uid": here.uid("PodDisruptionBudget", budget),
                     "creationTimestamp": stamp(created), "generation": 1},
        "spec": {"minAvailable": healthy, "selector": {"matchLabels": {"app": app}}},
        "status": {"observedGeneration": 1, "currentHealthy": healthy, "desiredHealthy": healthy, "disruptionsAllowed": 0, "expectedPods": healthy},
    }));
}

/// An event of the workload API, in both spellings that servers tell.
pub fn event(
    here: Here<'_>,
    regarding: (&str, &str, &str),
    reason: &str,
    note: &str,
    at: jiff::Timestamp,
) -> Value {
    let (kind, namespace, name) = regarding;
    let place = if namespace.is_empty() { "default" } else { namespace };
    json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {"name": format!("{name}.{}", uid(&[name, reason, &at.to_string()]).replace('-', "").get(..16).unwrap_or("")),
                     "namespace": place, "creationTimestamp": stamp(at)},
        "involvedObject": {"apiVersion": "v1", "kind": kind, "namespace": namespace, "name": name, "uid": here.uid(kind, name)},
        "reason": reason, "message": note, "type": "Warning", "count": 1,
        "firstTimestamp": stamp(at), "lastTimestamp": stamp(at), "source": {"component": "kubelet"},
    })
}
