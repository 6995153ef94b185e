//! Pods.
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::demo::{
    fleet::{
        Infra, Machine,
        render::{Here, condition::stamp, machine::node_name},
    },
    seed::Seed,
};

/// A pod that runs: name, node, what it asks for (millicores and MiB).
pub fn object(
    here: Here<'_>,
    at: (&str, &str),
    machine: &Machine,
    app: &str,
    asks: (u32, u32),
    created: Timestamp,
) -> Value {
    let (namespace, name) = at;
    let spec = json!({
        "nodeName": node_name(here, machine), "restartPolicy": "Always", "serviceAccountName": "default",
        "containers": [container(namespace, app, asks)],
    });
    let mut status = running(&spec, created + SignedDuration::from_secs(9));
    status["podIP"] = format!("100.96.{}.{}", machine.address[3], 2 + name.len() * 3 % 250).into();
    status["hostIP"] = machine.address.map(|n| n.to_string()).join(".").into();
    status["startTime"] = stamp(created).into();
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "uid": here.uid("Pod", &format!("{namespace}/{name}")),
                     "creationTimestamp": stamp(created), "labels": {"app": app}},
        "spec": spec, "status": status,
    })
}

/// A container that asks for so many millicores and MiB.
pub(super) fn container(namespace: &str, app: &str, asks: (u32, u32)) -> Value {
    json!({"name": app, "image": format!("registry.example.com/{namespace}/{app}:stable"),
           "resources": {"requests": {"cpu": format!("{}m", asks.0), "memory": format!("{}Mi", asks.1)}}})
}

/// `status` of a pod all of whose containers have run since then.
pub fn running(spec: &Value, up: Timestamp) -> Value {
    let condition = |kind: &str| json!({"type": kind, "status": "True", "lastTransitionTime": stamp(up)});
    let containers = spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let containers = containers.iter().map(|c| {
        json!({"name": c["name"], "ready": true, "restartCount": 0, "started": true, "image": c["image"],
               "state": {"running": {"startedAt": stamp(up)}}})
    });
    json!({
        "phase": "Running", "startTime": stamp(up),
        "conditions": [condition("PodScheduled"), condition("Initialized"), condition("ContainersReady"), condition("Ready")],
        "containerStatuses": containers.collect::<Vec<_>>(),
    })
}

/// What a controller writes into what it makes.
pub fn owner(api_version: &str, kind: &str, name: &str, uid: &str) -> Value {
    json!([{"apiVersion": api_version, "kind": kind, "name": name, "uid": uid, "controller": true, "blockOwnerDeletion": true}])
}

/// What runs on every node: name, millicores, MiB.
pub(super) fn daemons(here: Here<'_>) -> [(&'static str, u32, u32); 3] {
    let storage = if here.site.infra == Infra::Aws { "ebs-csi-node" } else { "vsphere-csi-node" };
    [("antrea-agent", 200, 160), ("kube-proxy", 50, 64), (storage, 30, 100)]
}

/// The uid of something in `kube-system`.
pub(super) fn system_uid(here: Here<'_>, kind: &str, name: &str) -> String {
    here.uid(kind, &format!("kube-system/{name}"))
}

/// What every node runs: the network, the proxy, storage; and the control plane itself where it stands.
pub fn of_node(here: Here<'_>, machine: &Machine, seed: &Seed, put: &mut impl FnMut(Value)) {
    let mut seed = seed.named(&machine.name);
    let created = machine.created + SignedDuration::from_secs(52);
    let node = node_name(here, machine);
    for (app, cpu, memory) in daemons(here) {
        let name = format!("{app}-{}", seed.suffix(5));
        let mut pod = object(here, ("kube-system", &name), machine, app, (cpu, memory), created);
        pod["metadata"]["ownerReferences"] =
            owner("apps/v1", "DaemonSet", app, &system_uid(here, "DaemonSet", app));
        put(pod);
    }
    if here.cluster.plane.machines.iter().any(|m| m.name == machine.name) {
        let mut parts = vec![
            ("etcd", 100, 100),
            ("kube-apiserver", 250, 600),
            ("kube-controller-manager", 200, 200),
            ("kube-scheduler", 100, 100),
        ];
        if here.site.infra == Infra::VSphere {
            parts.push(("kube-vip", 20, 40));
        }
        for (app, cpu, memory) in parts {
            let name = format!("{app}-{node}");
            let mut pod = object(here, ("kube-system", &name), machine, app, (cpu, memory), created);
            // Its kubelet runs it from a file; the API only shows it.
            pod["metadata"]["annotations"] =
                json!({"kubernetes.io/config.mirror": here.uid("mirror", &name).replace('-', "")});
            pod["metadata"]["ownerReferences"] = owner("v1", "Node", &node, &here.uid("Node", &node));
            put(pod);
        }
    }
}
