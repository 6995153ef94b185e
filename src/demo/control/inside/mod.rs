//! The controllers inside workload clusters that somebody looks at: kubelets start and end pods, sets bring their pods
//! to the number asked for, deployments make sets, budgets count. They look at all of a cluster when anything in it
//! changed, write only what differs, and so come to rest.
use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::demo::{
    fleet::workload::{owner, running},
    seed::uid,
    store::{Api, Delete, Resource, resource, stamp},
};

/// Changes of these are looked at.
const FOLLOWED: [&Resource; 5] = [
    &resource::PODS,
    &resource::NODES,
    &resource::REPLICA_SETS,
    &resource::DEPLOYMENTS,
    &resource::DAEMON_SETS,
];

/// Seconds that a pod takes to end where it is asked to, and to start.
const END: i64 = 2;
const START: i64 = 3;
const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";

/// The last revision of what is looked at.
pub(super) fn revision(api: &Api) -> u64 {
    FOLLOWED.into_iter().filter_map(|r| api.subscribe(r)).map(|r| *r.borrow()).max().unwrap_or(0)
}

/// Looks at all of a cluster, and says when to look again though nothing changes.
pub(super) fn settle(api: &Api, now: Timestamp) -> Option<Timestamp> {
    for deployment in living(api, &resource::DEPLOYMENTS) {
        roll(api, &deployment);
    }
    for set in living(api, &resource::REPLICA_SETS) {
        fill(api, &set);
    }
    for set in living(api, &resource::DAEMON_SETS) {
        everywhere(api, &set);
    }
    let next = kubelets(api, now);
    for set in living(api, &resource::REPLICA_SETS) {
        let pods = pods_of(api, &set);
        count_set(api, &set, &pods);
    }
    for deployment in living(api, &resource::DEPLOYMENTS) {
        count_deployment(api, &deployment);
    }
    budgets(api);
    next
}

fn living(api: &Api, resource: &Resource) -> Vec<Value> {
    api.values(resource, None).into_iter().filter(|o| !deleting(o)).collect()
}

fn deleting(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object["metadata"][field].as_str().unwrap_or_default()
}

fn owned(api: &Api, of: &Value, resource: &Resource) -> Vec<Value> {
    let all = api.owned(text(of, "uid"));
    all.into_iter().filter(|(r, _)| r.is(resource)).map(|(_, o)| o.value()).filter(|o| !deleting(o)).collect()
}

fn pods_of(api: &Api, of: &Value) -> Vec<Value> {
    owned(api, of, &resource::PODS)
}

fn ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    !deleting(pod) && conditions.into_iter().flatten().any(|c| c["type"] == "Ready" && c["status"] == "True")
}

fn count(of: &Value) -> usize {
    of.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}

/// A template without what a set adds to it.
fn bare(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove(HASH);
    }
    template
}

/// Makes the set of a deployment's template where there is none, and passes its pods on from the older sets.
fn roll(api: &Api, deployment: &Value) {
    let (namespace, name) = (text(deployment, "namespace"), text(deployment, "name"));
    let template = &deployment["spec"]["template"];
    let wanted = count(&deployment["spec"]["replicas"]);
    let sets = owned(api, deployment, &resource::REPLICA_SETS);
    let Some(current) = sets.iter().find(|s| bare(&s["spec"]["template"]) == *template) else {
        make_set(api, deployment, &sets);
        return;
    };
    let up = pods_of(api, current).iter().filter(|p| ready(p)).count();
    for set in &sets {
        let replicas = if text(set, "name") == text(current, "name") {
            wanted
        } else if up < wanted {
            // The old ones stay until the new ones are there.
            continue;
        } else {
            0
        };
        _ = api.modify(&resource::REPLICA_SETS, namespace, text(set, "name"), |s| {
            s["spec"]["replicas"] = replicas.into();
        });
    }
    let revision = &current["metadata"]["annotations"][REVISION];
    if revision.is_string() && *revision != deployment["metadata"]["annotations"][REVISION] {
        _ = api.modify(&resource::DEPLOYMENTS, namespace, name, |d| {
            d["metadata"]["annotations"][REVISION] = revision.clone();
        });
    }
}

fn make_set(api: &Api, deployment: &Value, sets: &[Value]) {
    let template = &deployment["spec"]["template"];
    let last =
        sets.iter().filter_map(|s| s["metadata"]["annotations"][REVISION].as_str()?.parse::<u64>().ok());
    let revision = last.max().unwrap_or(0) + 1;
    let hash: String = uid(&[&template.to_string()]).chars().filter(|c| *c != '-').take(10).collect();
    let mut set = json!({
        "metadata": {
            "name": format!("{}-{hash}", text(deployment, "name")), "namespace": text(deployment, "namespace"),
            "labels": template["metadata"]["labels"], "annotations": {REVISION: revision.to_string()},
            "ownerReferences": owner("apps/v1", "Deployment", text(deployment, "name"), text(deployment, "uid")),
        },
        "spec": {"replicas": deployment["spec"]["replicas"], "selector": deployment["spec"]["selector"], "template": template},
    });
    for at in ["/metadata/labels", "/spec/template/metadata/labels", "/spec/selector/matchLabels"] {
        if let Some(labels) = set.pointer_mut(at).filter(|l| l.is_object()) {
            labels[HASH] = hash.as_str().into();
        }
    }
    if api.create(&resource::REPLICA_SETS, set).is_ok() {
        _ = api.modify(
            &resource::DEPLOYMENTS,
            text(deployment, "namespace"),
            text(deployment, "name"),
            |d| {
                d["metadata"]["annotations"][REVISION] = revision.to_string().into();
            },
        );
    }
}

/// A pod of a set, as its template has it.
fn pod(of: &Value, kind: &str) -> Value {
    let template = &of["spec"]["template"];
    let mut pod = json!({
        "metadata": {
            "generateName": format!("{}-", text(of, "name")), "namespace": text(of, "namespace"),
            "labels": template["metadata"]["labels"],
            "ownerReferences": owner("apps/v1", kind, text(of, "name"), text(of, "uid")),
        },
        "spec": template["spec"], "status": {"phase": "Pending"},
    });
    if pod["spec"]["restartPolicy"].is_null() {
        pod["spec"]["restartPolicy"] = "Always".into();
    }
    pod
}

/// Brings the pods of a set to the number asked for.
fn fill(api: &Api, set: &Value) {
    let mut pods = pods_of(api, set);
    let wanted = count(&set["spec"]["replicas"]);
    for _ in pods.len()..wanted {
        _ = api.create(&resource::PODS, pod(set, "ReplicaSet"));
    }
    pods.sort_by_key(|p| (ready(p), std::cmp::Reverse(text(p, "creationTimestamp").to_owned())));
    for extra in pods.iter().take(pods.len().saturating_sub(wanted)) {
        _ = api.delete(&resource::PODS, text(extra, "namespace"), text(extra, "name"), &Delete::default());
    }
}

/// Every node runs a pod of it.
fn everywhere(api: &Api, set: &Value) {
    let pods = pods_of(api, set);
    for node in api.list(&resource::NODES, None).objects {
        if pods.iter().all(|p| p["spec"]["nodeName"] != *node.name) {
            let mut pod = pod(set, "DaemonSet");
            pod["spec"]["nodeName"] = (*node.name).into();
            _ = api.create(&resource::PODS, pod);
        }
    }
}

/// Pods get a node, start there, and end there.
fn kubelets(api: &Api, now: Timestamp) -> Option<Timestamp> {
    let mut nodes = Nodes::of(api);
    let mut next: Option<Timestamp> = None;
    for pod in api.values(&resource::PODS, None) {
        let (namespace, name) = (text(&pod, "namespace"), text(&pod, "name"));
        let time = |field: &str| text(&pod, field).parse::<Timestamp>().unwrap_or(now);
        let at = if deleting(&pod) {
            let grace = pod["metadata"]["deletionGracePeriodSeconds"].as_i64().unwrap_or(0);
            if nodes.lost(&pod["spec"]["nodeName"]) {
                continue;
            }
            time("deletionTimestamp") - SignedDuration::from_secs((grace - END).max(0))
        } else if pod["status"]["phase"] == "Pending" {
            time("creationTimestamp") + SignedDuration::from_secs(START)
        } else {
            continue;
        };
        let placed = pod["spec"]["nodeName"].is_string();
        if !placed && !deleting(&pod) {
            let Some(node) = nodes.emptiest() else { continue };
            _ = api
                .modify(&resource::PODS, namespace, name, |p| p["spec"]["nodeName"] = node.as_str().into());
        }
        if at > now {
            next = Some(next.map_or(at, |n| n.min(at)));
        } else if deleting(&pod) {
            let gone = Delete { grace: Some(0), ..Delete::default() };
            _ = api.delete(&resource::PODS, namespace, name, &gone);
        } else {
            _ = api.modify(&resource::PODS, namespace, name, |p| {
                p["status"] = running(&p["spec"], now);
                p["status"]["podIP"] = address(text(&pod, "uid")).into();
            });
        }
    }
    next
}

/// An address of the network of pods, drawn from a uid.
fn address(uid: &str) -> String {
    let part = |at: usize| uid.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(1);
    format!("100.96.{}.{}", part(0), part(2))
}

/// The nodes of a cluster, and how many pods each has.
struct Nodes {
    all: Vec<Value>,
    open: BTreeMap<String, usize>,
}

impl Nodes {
    fn of(api: &Api) -> Self {
        let all = api.values(&resource::NODES, None);
        let open = all
            .iter()
            .filter(|n| ready(n) && n["spec"]["unschedulable"] != true && n["spec"]["taints"].is_null());
        let mut open: BTreeMap<String, usize> = open.map(|n| (text(n, "name").to_owned(), 0)).collect();
        for pod in api.values(&resource::PODS, None) {
            if let Some(count) = pod["spec"]["nodeName"].as_str().and_then(|n| open.get_mut(n)) {
                *count += 1;
            }
        }
        Self { all, open }
    }

    /// The node for one more pod.
    fn emptiest(&mut self) -> Option<String> {
        let (name, count) = self.open.iter_mut().min_by_key(|(_, count)| **count)?;
        *count += 1;
        Some(name.clone())
    }

    /// Nobody there hears that a pod shall end.
    fn lost(&self, name: &Value) -> bool {
        let node = self.all.iter().find(|n| n["metadata"]["name"] == *name);
        let conditions = node.and_then(|n| n["status"]["conditions"].as_array());
        conditions.into_iter().flatten().any(|c| c["type"] == "Ready" && c["status"] == "Unknown")
    }
}

fn count_set(api: &Api, set: &Value, pods: &[Value]) {
    let up = pods.iter().filter(|p| ready(p)).count();
    _ = api.modify(&resource::REPLICA_SETS, text(set, "namespace"), text(set, "name"), |s| {
        s["status"] = json!({
            "observedGeneration": s["metadata"]["generation"], "replicas": pods.len(), "fullyLabeledReplicas": pods.len(),
            "readyReplicas": up, "availableReplicas": up,
        });
    });
}

fn count_deployment(api: &Api, deployment: &Value) {
    let template = &deployment["spec"]["template"];
    let wanted = count(&deployment["spec"]["replicas"]);
    let (mut all, mut updated, mut up) = (0, 0, 0);
    for set in owned(api, deployment, &resource::REPLICA_SETS) {
        let pods = pods_of(api, &set);
        all += pods.len();
        up += pods.iter().filter(|p| ready(p)).count();
        if bare(&set["spec"]["template"]) == *template {
            updated += pods.len();
        }
    }
    let name = text(deployment, "name");
    let now = stamp(api.now());
    _ = api.modify(&resource::DEPLOYMENTS, text(deployment, "namespace"), name, |d| {
        let condition = |kind: &str, good: bool, reason: &str| {
            let status = if good { "True" } else { "False" };
            let known = d["status"]["conditions"].as_array().and_then(|c| c.iter().find(|c| c["type"] == kind));
            let since = known.filter(|c| c["status"] == status).map(|c| c["lastTransitionTime"].clone());
            json!({"type": kind, "status": status, "reason": reason, "lastTransitionTime": since.unwrap_or_else(|| now.clone().into())})
        };
        let available = up + 1 >= wanted;
        let reason = if available { "MinimumReplicasAvailable" } else { "MinimumReplicasUnavailable" };
        let done = updated == wanted && all == wanted && up == wanted;
        let progress = if done { "NewReplicaSetAvailable" } else { "ReplicaSetUpdated" };
        let conditions = json!([condition("Available", available, reason), condition("Progressing", true, progress)]);
        d["status"] = json!({
            "observedGeneration": d["metadata"]["generation"], "replicas": all, "updatedReplicas": updated,
            "readyReplicas": up, "availableReplicas": up, "conditions": conditions,
        });
    });
}

/// Budgets over the pods of a deployment follow them; others stand as they were made.
fn budgets(api: &Api) {
    let deployments = living(api, &resource::DEPLOYMENTS);
    for budget in api.values(&resource::DISRUPTION_BUDGETS, None) {
        let namespace = text(&budget, "namespace");
        let labels = &budget["spec"]["selector"]["matchLabels"];
        let of =
            |d: &&Value| text(d, "namespace") == namespace && d["spec"]["selector"]["matchLabels"] == *labels;
        let Some(expected) = deployments.iter().find(of).map(|d| count(&d["spec"]["replicas"])) else {
            continue;
        };
        let selector = &budget["spec"]["selector"];
        let pods = api.list(&resource::PODS, Some(namespace)).objects;
        let selected = pods.iter().filter(|p| crate::demo::store::selects(selector, p));
        let healthy = selected.map(|p| Arc::clone(p).value()).filter(ready).count();
        let desired = match (&budget["spec"]["minAvailable"], &budget["spec"]["maxUnavailable"]) {
            (Value::Number(_), _) => count(&budget["spec"]["minAvailable"]),
            (_, Value::Number(_)) => expected.saturating_sub(count(&budget["spec"]["maxUnavailable"])),
            _ => continue,
        };
        _ = api.modify(&resource::DISRUPTION_BUDGETS, namespace, text(&budget, "name"), |b| {
            b["status"] = json!({
                "observedGeneration": b["metadata"]["generation"], "currentHealthy": healthy, "desiredHealthy": desired,
                "disruptionsAllowed": healthy.saturating_sub(desired), "expectedPods": expected,
            });
        });
    }
}

#[cfg(test)]
mod tests;
