//! Nodes.
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::demo::fleet::{
    Infra, Machine, Stage,
    render::{
        Here,
        condition::stamp,
        machine::{node_name, provider_id},
    },
};

/// What runs on it.
pub fn info(here: Here<'_>, machine: &Machine) -> Value {
    let (image, kernel) = match here.site.plan.infra {
        Infra::VSphere => ("Ubuntu 20.04.6 LTS", "5.4.0-187-generic"),
        Infra::Aws => ("Ubuntu 24.04.2 LTS", "6.8.0-1021-aws"),
        Infra::Supervisor => ("VMware Photon OS/Linux", "6.1.94-1.ph5"),
    };
    json!({
        "architecture": "amd64", "bootID": here.uid("boot", &machine.name), "containerRuntimeVersion": "containerd://1.7.20",
        "kernelVersion": kernel, "kubeProxyVersion": &*machine.version, "kubeletVersion": &*machine.version,
        "machineID": here.uid("machine", &machine.name).replace('-', ""), "operatingSystem": "linux", "osImage": image,
        "systemUUID": here.uid("vm", &machine.name),
    })
}

/// Cores and GiB of its kind of machine.
fn size(here: Here<'_>, plane: bool) -> (u64, u64) {
    match (here.site.plan.infra, plane) {
        (_, true) => (4, 16),
        (Infra::Supervisor, _) => (4, 32),
        (Infra::VSphere | Infra::Aws, _) => (8, 32),
    }
}

/// The Node of a machine.
pub fn object(here: Here<'_>, machine: &Machine) -> Value {
    let name = node_name(here, machine);
    let plane = here.cluster.plane.machines.iter().any(|m| m.name == machine.name);
    let created = machine.created + SignedDuration::from_secs(50);
    let (cores, memory) = size(here, plane);
    let mut labels = json!({
        "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": &*machine.zone,
    });
    if plane {
        labels["node-role.kubernetes.io/control-plane"] = "".into();
    }
    let (kind, owner) =
        if plane { ("KubeadmControlPlane", &machine.set) } else { ("MachineSet", &machine.set) };
    let mut object = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": name, "uid": here.uid("Node", &name), "creationTimestamp": stamp(created), "labels": labels,
            "annotations": {
                "cluster.x-k8s.io/cluster-name": &*here.cluster.name, "cluster.x-k8s.io/cluster-namespace": &*here.cluster.namespace,
                "cluster.x-k8s.io/machine": &*machine.name, "cluster.x-k8s.io/owner-kind": kind, "cluster.x-k8s.io/owner-name": &**owner,
            },
        },
        "spec": {"podCIDR": format!("100.96.{}.0/24", machine.address[3]), "providerID": provider_id(here, machine)},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": machine.address.map(|n| n.to_string()).join(".")},
                {"type": "Hostname", "address": name}],
            "capacity": {"cpu": cores.to_string(), "ephemeral-storage": "40470732Ki", "memory": format!("{}Ki", memory * 1024 * 1024), "pods": "110"},
            "allocatable": {"cpu": format!("{}m", cores * 1000 - 80), "ephemeral-storage": "37297826550", "memory": format!("{}Ki", memory * 1024 * 1024 - 700 * 1024), "pods": "110"},
            "conditions": conditions(here, machine, created),
            "nodeInfo": info(here, machine),
        },
    });
    if let Some(taints) = taints(machine, plane) {
        object["spec"]["taints"] = taints;
    }
    if machine.stage == Stage::Draining {
        object["spec"]["unschedulable"] = true.into();
    }
    object
}

fn taints(machine: &Machine, plane: bool) -> Option<Value> {
    let mut taints = Vec::new();
    if plane {
        taints.push(json!({"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}));
    }
    if machine.is_lost() {
        for effect in ["NoSchedule", "NoExecute"] {
            taints.push(json!({"key": "node.kubernetes.io/unreachable", "effect": effect, "timeAdded": stamp(machine.since)}));
        }
    }
    if machine.stage == Stage::Settling {
        taints.push(json!({"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}));
    }
    if machine.stage == Stage::Draining {
        let at = machine.deleted.unwrap_or(machine.since);
        taints.push(json!({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": stamp(at)}));
    }
    (!taints.is_empty()).then(|| taints.into())
}

/// Conditions as the kubelet writes them, or as the node controller leaves them when it has gone.
pub fn conditions(here: Here<'_>, machine: &Machine, created: jiff::Timestamp) -> Value {
    const PRESSURES: [(&str, &str, &str); 3] = [
        ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ];
    let lost = machine.is_lost();
    let beat = if lost { machine.since - SignedDuration::from_secs(40) } else { here.now };
    let one = |kind: &str, status: &str, reason: &str, message: &str, since: jiff::Timestamp| {
        json!({"type": kind, "status": status, "reason": reason, "message": message,
               "lastHeartbeatTime": stamp(beat), "lastTransitionTime": stamp(since)})
    };
    let silent = |kind: &str| {
        one(kind, "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", machine.since)
    };
    let mut all: Vec<Value> = PRESSURES
        .into_iter()
        .map(
            |(kind, reason, message)| {
                if lost { silent(kind) } else { one(kind, "False", reason, message, created) }
            },
        )
        .collect();
    all.push(if lost {
        silent("Ready")
    } else if machine.stage == Stage::Settling {
        one(
            "Ready",
            "False",
            "KubeletNotReady",
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady",
            created,
        )
    } else {
        one("Ready", "True", "KubeletReady", "kubelet is posting ready status", machine.since)
    });
    all.into()
}
