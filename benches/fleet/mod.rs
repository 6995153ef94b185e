//! The Machines of the benchmarks: 7.5 KB each, more than half of it managedFields, with the conditions of two
//! dialects. Made data, from the shapes of the API group cluster.x-k8s.io.
use serde_json::{Value, json};

const CONDITIONS: [&str; 12] = [
    "Ready",
    "BootstrapReady",
    "InfrastructureReady",
    "NodeHealthy",
    "HealthCheckSucceeded",
    "APIServerPodHealthy",
    "ControllerManagerPodHealthy",
    "SchedulerPodHealthy",
    "EtcdPodHealthy",
    "EtcdMemberHealthy",
    "NodeReady",
    "Available",
];

fn conditions(reason: &str) -> Value {
    CONDITIONS
        .iter()
        .map(|kind| {
            json!({"type": kind, "status": "True", "reason": reason, "message": "",
                   "observedGeneration": 3, "lastTransitionTime": "2025-03-01T10:00:00Z"})
        })
        .collect()
}

fn managed_fields() -> Value {
    let fields: serde_json::Map<String, Value> = CONDITIONS
        .iter()
        .map(|kind| {
            let leaf =
                json!({".": {}, "f:lastTransitionTime": {}, "f:reason": {}, "f:status": {}, "f:type": {}});
            (format!("k:{{\"type\":\"{kind}\"}}"), leaf)
        })
        .collect();
    json!([
        {"manager": "manager", "operation": "Update", "apiVersion": "cluster.x-k8s.io/v1beta1", "fieldsType": "FieldsV1",
         "time": "2025-03-01T10:00:00Z", "subresource": "status",
         "fieldsV1": {"f:status": {"f:conditions": fields, "f:v1beta2": {"f:conditions": fields}}}}
    ])
}

/// The `n`th machine of a fleet of clusters with twenty machines each.
pub fn machine(n: usize) -> String {
    let (cluster, name) = (format!("wl-{:03}", n / 20), format!("wl-{:03}-md-0-{n:05}", n / 20));
    let template = format!("{name}-template");
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Machine",
        "metadata": {
            "name": name, "namespace": "fleet", "uid": format!("de557c7e-a6a9-5ba6-a89e-{n:012}"),
            "resourceVersion": (1000 + n).to_string(), "generation": 3, "creationTimestamp": "2025-03-01T10:00:00Z",
            "labels": {
                "cluster.x-k8s.io/cluster-name": cluster, "cluster.x-k8s.io/deployment-name": format!("{cluster}-md-0"),
                "cluster.x-k8s.io/set-name": format!("{cluster}-md-0-x"), "machine-template-hash": "3829384-x7k2p",
                "topology.cluster.x-k8s.io/owned": "", "run.tanzu.vmware.com/tkr": "v1.30.2---vmware.1-tkg.1"
            },
            "annotations": {
                "cluster.x-k8s.io/cloned-from-name": template,
                "cluster.x-k8s.io/cloned-from-groupkind": "VSphereMachineTemplate.infrastructure.cluster.x-k8s.io",
                "controlplane.cluster.x-k8s.io/kubeadm-cluster-configuration": "x".repeat(400)
            },
            "ownerReferences": [{"apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "MachineSet", "name": format!("{cluster}-md-0-x"),
                                 "uid": format!("a932c80a-ed92-5799-a3b8-{:012}", n / 20), "controller": true}],
            "managedFields": managed_fields()
        },
        "spec": {
            "clusterName": cluster, "version": "v1.30.2+vmware.1", "providerID": format!("vsphere://e5b2748c-d401-536d-9571-{n:012}"),
            "failureDomain": "zone-a", "nodeDrainTimeout": "10m0s",
            "bootstrap": {"configRef": {"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta1", "kind": "KubeadmConfig", "name": name}, "dataSecretName": name},
            "infrastructureRef": {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta1", "kind": "VSphereMachine", "name": name}
        },
        "status": {
            "phase": "Running", "observedGeneration": 3, "nodeRef": {"apiVersion": "v1", "kind": "Node", "name": name},
            "addresses": [{"type": "InternalIP", "address": format!("10.9.{}.{}", n / 250, n % 250)}],
            "conditions": conditions(""), "v1beta2": {"conditions": conditions("AsExpected")}
        }
    })
    .to_string()
}
