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
    let up = created + SignedDuration::from_secs(9);
    let condition = |kind: &str| json!({"type": kind, "status": "True", "lastTransitionTime": stamp(up)});
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "uid": here.uid("Pod", &format!("{namespace}/{name}")),
                     "creationTimestamp": stamp(created), "labels": {"app": app}},
        "spec": {
            "nodeName": node_name(here, machine), "restartPolicy": "Always", "serviceAccountName": "default",
            "containers": [{"name": app, "image": format!("registry.example.com/{namespace}/{app}:stable"),
                            "resources": {"requests": {"cpu": format!("{}m", asks.0), "memory": format!("{}Mi", asks.1)}}}],
        },
        "status": {
            "phase": "Running", "podIP": format!("100.96.{}.{}", machine.address[3], 2 + name.len() * 3 % 250),
            "hostIP": machine.address.map(|n| n.to_string()).join("."), "startTime": stamp(created),
            "conditions": [condition("PodScheduled"), condition("Initialized"), condition("ContainersReady"), condition("Ready")],
            "containerStatuses": [{"name": app, "ready": true, "restartCount": 0, "started": true,
                                   "image": format!("registry.example.com/{namespace}/{app}:stable"),
                                   "state": {"running": {"startedAt": stamp(up)}}}],
        },
    })
}

/// What every node runs: the network, the proxy, storage; and the control plane itself where it stands.
pub fn of_node(here: Here<'_>, machine: &Machine, seed: &Seed, put: &mut impl FnMut(Value)) {
    let mut seed = seed.named(&machine.name);
    let created = machine.created + SignedDuration::from_secs(52);
    let node = node_name(here, machine);
    let storage = if here.site.plan.infra == Infra::Aws { "ebs-csi-node" } else { "vsphere-csi-node" };
    for (app, cpu, memory) in [("antrea-agent", 200, 160), ("kube-proxy", 50, 64), (storage, 30, 100)] {
        let name = format!("{app}-{}", seed.suffix(5));
        put(object(here, ("kube-system", &name), machine, app, (cpu, memory), created));
    }
    if here.cluster.plane.machines.iter().any(|m| m.name == machine.name) {
        let mut parts = vec![
            ("etcd", 100, 100),
            ("kube-apiserver", 250, 600),
            ("kube-controller-manager", 200, 200),
            ("kube-scheduler", 100, 100),
        ];
        if here.site.plan.infra == Infra::VSphere {
            parts.push(("kube-vip", 20, 40));
        }
        for (app, cpu, memory) in parts {
            put(object(
                here,
                ("kube-system", &format!("{app}-{node}")),
                machine,
                app,
                (cpu, memory),
                created,
            ));
        }
    }
}
