//! The same objects as three generations of Cluster API write them.
use serde_json::{Value, json};

/// A control plane machine on Cluster API 1.8 or older: severity, full references.
pub(super) fn machine_a() -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Machine",
        "metadata": {
            "namespace": "fleet", "name": "c1-cp-x", "uid": "u1", "resourceVersion": "1", "generation": 2,
            "creationTimestamp": "2025-03-01T10:00:00Z",
            "labels": {"cluster.x-k8s.io/cluster-name": "c1", "cluster.x-k8s.io/control-plane": ""}
        },
        "spec": {
            "clusterName": "c1", "version": "v1.28.3", "providerID": "vsphere://abc", "failureDomain": "az-1",
            "bootstrap": {"configRef": {"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta1", "kind": "KubeadmConfig", "name": "c1-cp-x"}},
            "infrastructureRef": {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta1", "kind": "VSphereMachine", "name": "c1-cp-x"}
        },
        "status": {
            "phase": "Running", "observedGeneration": 2, "bootstrapReady": true, "infrastructureReady": true,
            "nodeRef": {"apiVersion": "v1", "kind": "Node", "name": "node-x", "uid": "n"},
            "addresses": [{"type": "ExternalIP", "address": "192.0.2.1"}, {"type": "InternalIP", "address": "10.0.0.1"}],
            "certificatesExpiryDate": "2026-03-01T10:00:00Z",
            "conditions": [
                {"type": "Ready", "status": "False", "severity": "Warning", "reason": "UnhealthyNode", "lastTransitionTime": "2025-03-03T10:00:00Z"},
                {"type": "HealthCheckSucceeded", "status": "False", "severity": "Warning", "reason": "UnhealthyNode", "message": "Condition Ready on node is reporting status Unknown for more than 5m0s", "lastTransitionTime": "2025-03-03T10:00:00Z"},
                {"type": "OwnerRemediated", "status": "False", "severity": "Warning", "reason": "WaitingForRemediation", "lastTransitionTime": "2025-03-03T10:00:01Z"},
                {"type": "InfrastructureReady", "status": "True", "lastTransitionTime": "2025-03-01T10:05:00Z"}
            ]
        }
    })
}

/// The same on 1.9 and 1.10: the newer conditions ride along.
pub(super) fn machine_b() -> Value {
    let mut machine = machine_a();
    machine["status"]["v1beta2"] = json!({"conditions": [
        {"type": "Ready", "status": "True", "reason": "Ready", "message": "", "observedGeneration": 2, "lastTransitionTime": "2025-03-03T10:00:00Z"},
        {"type": "Deleting", "status": "False", "reason": "NotDeleting"}
    ]});
    machine
}

/// The same in v1beta2.
pub(super) fn machine_c() -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine",
        "metadata": {
            "namespace": "fleet", "name": "c1-cp-x", "generation": 2,
            "labels": {"cluster.x-k8s.io/control-plane": ""},
            "annotations": {"machine.cluster.x-k8s.io/certificates-expiry": "2026-03-01T10:00:00Z"}
        },
        "spec": {
            "clusterName": "c1", "version": "v1.33.0",
            "bootstrap": {"configRef": {"apiGroup": "bootstrap.cluster.x-k8s.io", "kind": "KubeadmConfig", "name": "c1-cp-x"}},
            "infrastructureRef": {"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "VSphereMachine", "name": "c1-cp-x"}
        },
        "status": {
            "phase": "Running", "observedGeneration": 2, "nodeRef": {"name": "node-x"}, "failureDomain": "az-2",
            "conditions": [
                {"type": "Available", "status": "True", "reason": "Available", "observedGeneration": 2},
                {"type": "Ready", "status": "True", "reason": "Ready"},
                {"type": "Deleting", "status": "False", "reason": "NotDeleting"},
                {"type": "Paused", "status": "False", "reason": "NotPaused"}
            ],
            "deprecated": {"v1beta1": {"conditions": [{"type": "Ready", "status": "False", "severity": "Error"}]}}
        }
    })
}

pub(super) fn cluster_a() -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster",
        "metadata": {"namespace": "fleet", "name": "c1", "annotations": {"TKGVERSION": "v2.4.0", "tkg/plan": "prod"}},
        "spec": {
            "paused": true,
            "controlPlaneEndpoint": {"host": "10.0.0.9", "port": 6443},
            "controlPlaneRef": {"apiVersion": "controlplane.cluster.x-k8s.io/v1beta1", "kind": "KubeadmControlPlane", "name": "c1-cp"},
            "infrastructureRef": {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta1", "kind": "VSphereCluster", "name": "c1-i"},
            "topology": {
                "class": "tkg-vsphere-default-v1.1.1", "version": "v1.28.3+vmware.1-tkg.1", "controlPlane": {"replicas": 3},
                "workers": {"machineDeployments": [
                    {"class": "tkg-worker", "name": "md-0", "replicas": 4},
                    {"class": "tkg-worker", "name": "md-1", "metadata": {"annotations": {
                        "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "1", "run.tanzu.vmware.com/resolve-os-image": "x"}}}
                ]}
            }
        },
        "status": {
            "phase": "Provisioned", "infrastructureReady": true, "controlPlaneReady": true,
            "failureDomains": {"az-1": {"controlPlane": true}},
            "conditions": [
                {"type": "Ready", "status": "True"},
                {"type": "ControlPlaneInitialized", "status": "True"},
                {"type": "TopologyReconciled", "status": "False", "severity": "Info", "reason": "MachineDeploymentsUpgradePending"}
            ]
        }
    })
}

pub(super) fn cluster_c() -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
        "metadata": {"namespace": "fleet", "name": "c1"},
        "spec": {
            "controlPlaneEndpoint": {"host": "fd00::1", "port": 6443},
            "controlPlaneRef": {"apiGroup": "controlplane.cluster.x-k8s.io", "kind": "KubeadmControlPlane", "name": "c1-cp"},
            "topology": {"classRef": {"name": "builtin-generic-v3.4.0", "namespace": "public"}, "version": "v1.33.0"}
        },
        "status": {
            "phase": "Provisioned",
            "initialization": {"infrastructureProvisioned": true, "controlPlaneInitialized": true},
            "controlPlane": {"desiredReplicas": 3, "replicas": 3, "readyReplicas": 2, "availableReplicas": 2, "upToDateReplicas": 3},
            "workers": {"desiredReplicas": 0, "replicas": 0},
            "failureDomains": [{"name": "az-1", "controlPlane": true}],
            "conditions": [
                {"type": "Available", "status": "False", "reason": "NotAvailable", "message": "* ControlPlaneAvailable: x"},
                {"type": "ControlPlaneAvailable", "status": "False", "reason": "NotAvailable"},
                {"type": "ControlPlaneInitialized", "status": "True", "reason": "Initialized"},
                {"type": "Paused", "status": "True", "reason": "Paused"}
            ]
        }
    })
}
