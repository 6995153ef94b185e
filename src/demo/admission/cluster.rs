//! Clusters: their topology must fit its class, and its version may only go up, one minor at a time.
use std::cmp::Ordering;

use serde_json::Value;

use super::{
    Cause, Operation, Refusal, Verb, forbidden, invalid, name, refuse, required, variables, version, with_v,
};
use crate::{
    demo::store::{Api, resource},
    domain::version::{Version, compare},
};

const WEBHOOK: &str = "validation.cluster.cluster.x-k8s.io";
const DEFAULTS: &str = "default.cluster.cluster.x-k8s.io";
const VERSION: &str = "spec.topology.version";

pub(super) fn check(operation: &mut Operation<'_>) -> Result<(), Refusal> {
    if operation.verb == Verb::Delete || operation.new["metadata"]["deletionTimestamp"].is_string() {
        return Ok(());
    }
    with_v(operation.new, "/spec/topology/version");
    let topology = &operation.new["spec"]["topology"];
    let class = class_of(operation.api, operation.new);
    if let Some(class) = class.as_ref().filter(|_| topology.is_object()) {
        refuse(DEFAULTS, operation, &variables::check(topology, class))?;
    }
    let mut wrong = Vec::new();
    name(operation.new, "must be a valid label value", &mut wrong);
    stays(operation, &mut wrong);
    if topology.is_object() {
        self::topology(operation, class.as_ref(), &mut wrong);
    }
    refuse(WEBHOOK, operation, &wrong)
}

/// The class that a Cluster names, by namespace and name.
pub(super) fn class_key(cluster: &Value) -> (String, String) {
    let topology = &cluster["spec"]["topology"];
    let own = cluster["metadata"]["namespace"].as_str().unwrap_or_default();
    let named = topology["classRef"]["name"].as_str().or(topology["class"].as_str()).unwrap_or_default();
    let of = topology["classRef"]["namespace"].as_str().or(topology["classNamespace"].as_str());
    (of.filter(|n| !n.is_empty()).unwrap_or(own).to_owned(), named.to_owned())
}

fn class_of(api: &Api, cluster: &Value) -> Option<Value> {
    let (namespace, name) = class_key(cluster);
    api.value(&resource::CLUSTER_CLASSES, &namespace, &name)
}

/// What was there once may not go.
fn stays(operation: &Operation<'_>, wrong: &mut Vec<Cause>) {
    let new = &operation.new["spec"];
    let set = |spec: &Value, field: &str| spec[field].is_object();
    if let Some(old) = operation.old.map(|o| &o["spec"]) {
        for field in ["infrastructureRef", "controlPlaneRef"] {
            if set(old, field) && !set(new, field) {
                wrong.push(forbidden(format!("spec.{field}"), "cannot be removed"));
            }
        }
        if set(old, "topology") && !set(new, "topology") {
            wrong.push(forbidden("spec.topology", "cannot be removed from an existing Cluster"));
        }
    }
    if !["infrastructureRef", "controlPlaneRef", "topology"].iter().any(|f| set(new, f)) {
        let why = "one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set";
        wrong.push(forbidden("spec", why));
    }
}

fn topology(operation: &Operation<'_>, class: Option<&Value>, wrong: &mut Vec<Cause>) {
    let new = &*operation.new;
    if class_key(new).1.is_empty() {
        wrong.push(required("spec.topology.class", "classRef.name cannot be empty"));
        return;
    }
    let asked = &new["spec"]["topology"]["version"];
    version(VERSION, asked, "version must be a valid semantic version", wrong);
    if let Some(class) = class {
        pools(new, class, wrong);
    }
    let Some(old) = operation.old else { return };
    if class.is_none() {
        let (namespace, name) = class_key(new);
        wrong.push(Cause {
            reason: "InternalError",
            field: "spec.topology.class".into(),
            message: format!("Internal error: ClusterClass {namespace}/{name} not found"),
        });
        return;
    }
    if class_key(old).1.is_empty() {
        wrong.push(forbidden("spec.topology.class", "classRef cannot be set on an existing Cluster"));
        return;
    }
    let unsafe_update = "unsafe.topology.cluster.x-k8s.io/disable-update-version-check";
    if new["metadata"]["annotations"].get(unsafe_update).is_none() {
        wrong.extend(version_change(operation.api, old, new));
    }
}

/// Pools need a class that the class has, and a name of their own.
fn pools(cluster: &Value, class: &Value, wrong: &mut Vec<Cause>) {
    let list = |of: &Value| of["workers"]["machineDeployments"].as_array().cloned().unwrap_or_default();
    let classes = list(&class["spec"]);
    let mut names: Vec<Value> = Vec::new();
    for (at, pool) in list(&cluster["spec"]["topology"]).into_iter().enumerate() {
        let field = |part: &str| format!("spec.topology.workers.machineDeployments[{at}].{part}");
        if !classes.iter().any(|c| c["class"] == pool["class"]) {
            let why = format!(
                "MachineDeploymentClass with name {} does not exist in ClusterClass {}",
                pool["class"], class["metadata"]["name"]
            );
            wrong.push(invalid(field("class"), &pool["class"], why));
        }
        if pool["name"].as_str().is_none_or(str::is_empty) {
            wrong.push(required(field("name"), "name must not be empty"));
        } else if names.contains(&pool["name"]) {
            let why = format!(
                "name must be unique. MachineDeployment with name {} is defined more than once",
                pool["name"]
            );
            wrong.push(invalid(field("name"), &pool["name"], why));
        }
        names.push(pool["name"].clone());
    }
}

/// A version as messages have it: without its `v`.
fn shown(version: &str) -> &str {
    version.trim_start_matches('v')
}

fn version_change(api: &Api, old: &Value, new: &Value) -> Option<Cause> {
    let value = &new["spec"]["topology"]["version"];
    let (from, to) = (old["spec"]["topology"]["version"].as_str()?, value.as_str()?);
    let (before, after) = (Version::parse(from)?, Version::parse(to)?);
    if from == to {
        return None;
    }
    let change = |word: &str| {
        invalid(
            VERSION,
            value,
            format!("version cannot be {word} from \"{}\" to \"{}\"", shown(from), shown(to)),
        )
    };
    if compare(to, from) == Ordering::Less {
        return Some(change("decreased"));
    }
    if (after.major, after.minor) >= (before.major, before.minor + 2) {
        return Some(change("increased"));
    }
    let busy: Vec<String> =
        [plane_busy(api, old, from), pools_busy(api, old, from)].into_iter().flatten().collect();
    let why = match busy.as_slice() {
        [] => return None,
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(invalid(VERSION, value, format!("version cannot be changed: {why}")))
}

/// Why the control plane cannot take another version yet.
fn plane_busy(api: &Api, cluster: &Value, version: &str) -> Option<String> {
    let name = cluster["spec"]["controlPlaneRef"]["name"].as_str()?;
    let namespace = cluster["metadata"]["namespace"].as_str().unwrap_or_default();
    let plane = api.value(&resource::KUBEADM_CONTROL_PLANES, namespace, name)?;
    let is = plane["spec"]["version"].as_str().unwrap_or_default();
    if is != version {
        return Some(format!(
            "Cluster.spec.topology.version {} was not propagated to control plane yet (control plane version {})",
            shown(version),
            shown(is)
        ));
    }
    let lowest = plane["status"]["version"].as_str();
    let upgrading = lowest.is_some_and(|v| compare(v, version) == Ordering::Less);
    upgrading.then(|| "control plane is still completing a previous upgrade".to_owned())
}

/// Why the pools cannot.
fn pools_busy(api: &Api, cluster: &Value, version: &str) -> Option<String> {
    let namespace = cluster["metadata"]["namespace"].as_str().unwrap_or_default();
    let mine = |object: &Value| object["spec"]["clusterName"] == cluster["metadata"]["name"];
    let pools = api.values(&resource::MACHINE_DEPLOYMENTS, Some(namespace));
    let machines = api.values(&resource::MACHINES, Some(namespace));
    let busy: Vec<&str> = pools
        .iter()
        .filter(|p| mine(p) && p["metadata"]["labels"].get("topology.cluster.x-k8s.io/owned").is_some())
        .filter(|pool| {
            let label = "cluster.x-k8s.io/deployment-name";
            let own = |m: &&Value| m["metadata"]["labels"][label] == pool["metadata"]["name"];
            pool["spec"]["template"]["spec"]["version"] != version
                || machines.iter().filter(own).any(|m| m["spec"]["version"] != version)
        })
        .filter_map(|p| p["metadata"]["name"].as_str())
        .collect();
    (!busy.is_empty()).then(|| {
        format!("there are still MachineDeployments completing a previous upgrade: [{}]", busy.join(", "))
    })
}
