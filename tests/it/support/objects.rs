//! Kubernetes objects for tests, as the JSON a server would send. They go through the decoders of
//! `kinds`, so that what a test sees is what the console would have read.
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tko::{domain::Object, kinds};

/// The moment at which every test begins.
pub fn start() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// That many seconds before the beginning.
pub fn ago(seconds: i64) -> String {
    (start() - SignedDuration::from_secs(seconds)).to_string()
}

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;
pub const NAMESPACE: &str = "team-a";
pub const VERSION: &str = "v1.33.4";

/// An object in the making.
#[derive(Debug, Clone)]
pub struct Template {
    kind: &'static str,
    version: &'static str,
    pub json: Value,
}

impl Template {
    fn new(kind: &'static str, name: &str, spec: &Value, status: &Value) -> Self {
        let known = kinds::find(kind).unwrap();
        let version = known.versions[0];
        let api_version =
            if known.group.is_empty() { version.to_owned() } else { format!("{}/{version}", known.group) };
        let json = json!({
            "apiVersion": api_version,
            "kind": known.kind,
            "metadata": {
                "namespace": NAMESPACE,
                "name": name,
                "uid": format!("uid-{kind}-{name}"),
                "resourceVersion": "100",
                "generation": 1,
                "creationTimestamp": ago(3 * DAY),
                "labels": {},
                "annotations": {},
            },
            "spec": spec,
            "status": status,
        });
        Self { kind, version, json }
    }

    /// Puts a value at a JSON pointer; the parents that are missing are made.
    #[must_use]
    pub fn set(mut self, pointer: &str, value: Value) -> Self {
        let mut at = &mut self.json;
        for part in pointer.trim_start_matches('/').split('/') {
            let part = part.replace("~1", "/").replace("~0", "~");
            at = match at {
                Value::Array(list) => &mut list[part.parse::<usize>().unwrap()],
                other => {
                    if !other.is_object() {
                        *other = json!({});
                    }
                    &mut other[part]
                }
            };
        }
        *at = value;
        self
    }
    #[must_use]
    pub fn namespace(self, namespace: &str) -> Self {
        self.set("/metadata/namespace", namespace.into())
    }
    #[must_use]
    pub fn label(self, name: &str, value: &str) -> Self {
        let name = name.replace('/', "~1");
        self.set(&format!("/metadata/labels/{name}"), value.into())
    }
    #[must_use]
    pub fn annotation(self, name: &str, value: &str) -> Self {
        let name = name.replace('/', "~1");
        self.set(&format!("/metadata/annotations/{name}"), value.into())
    }
    #[must_use]
    pub fn generation(self, generation: i64) -> Self {
        self.set("/metadata/generation", generation.into())
            .set("/status/observedGeneration", generation.into())
            .set("/metadata/resourceVersion", (100 + generation).to_string().into())
    }
    #[must_use]
    pub fn deleting(self) -> Self {
        self.set("/metadata/deletionTimestamp", ago(5 * MINUTE).into())
    }
    /// Adds a condition, or replaces the one of that type.
    #[must_use]
    pub fn condition(mut self, kind: &str, status: &str, reason: &str, since: i64) -> Self {
        let new = json!({
            "type": kind, "status": status, "reason": reason, "message": "",
            "lastTransitionTime": ago(since),
        });
        if !self.json["status"]["conditions"].is_array() {
            self = self.set("/status/conditions", json!([]));
        }
        let list = self.json["status"]["conditions"].as_array_mut().unwrap();
        list.retain(|c| c["type"] != kind);
        list.push(new);
        self
    }
    /// The same object as a server that knows v1beta1 only would show it (TKG 2.x).
    #[must_use]
    pub fn v1beta1(mut self) -> Self {
        self.version = "v1beta1";
        let group = kinds::find(self.kind).unwrap().group;
        self.json["apiVersion"] = format!("{group}/v1beta1").into();
        if let Some(class) = self.json.pointer("/spec/topology/classRef/name").cloned() {
            self = self.set("/spec/topology/class", class);
            self.json["spec"]["topology"].as_object_mut().unwrap().remove("classRef");
        }
        let status = self.json["status"].as_object_mut().unwrap();
        for gone in ["controlPlane", "workers"] {
            status.remove(gone);
        }
        if let Some(n) = status.remove("upToDateReplicas") {
            status.insert("updatedReplicas".into(), n);
        }
        status.insert(
            "conditions".into(),
            json!([{ "type": "Ready", "status": "True", "lastTransitionTime": ago(2 * DAY) }]),
        );
        self
    }

    /// The object as the console reads it.
    pub fn read(&self) -> Object {
        kinds::find(self.kind).unwrap().read(self.version, &self.json.to_string())
    }
}

/// A healthy cluster with a topology: three control plane machines, one pool `md-0` of three.
pub fn cluster(name: &str) -> Template {
    let counts = json!({ "desiredReplicas": 3, "replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "upToDateReplicas": 3 });
    let spec = json!({
        "topology": {
            "classRef": { "name": "tkg-vsphere-default-v1.2.0" },
            "version": VERSION,
            "controlPlane": { "replicas": 3 },
            "workers": { "machineDeployments": [{ "class": "tkg-worker", "name": "md-0", "replicas": 3 }] },
        },
        "controlPlaneEndpoint": { "host": "10.0.0.7", "port": 6443 },
        "infrastructureRef": { "apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "VSphereCluster", "name": name },
        "controlPlaneRef": { "apiGroup": "controlplane.cluster.x-k8s.io", "kind": "KubeadmControlPlane", "name": format!("{name}-cp") },
    });
    let status = json!({
        "phase": "Provisioned", "observedGeneration": 1,
        "initialization": { "infrastructureProvisioned": true, "controlPlaneInitialized": true },
        "controlPlane": counts, "workers": counts,
    });
    Template::new("cluster", name, &spec, &status)
        .condition("Available", "True", "Available", 2 * DAY)
        .condition("ControlPlaneInitialized", "True", "Initialized", 3 * DAY)
        .condition("TopologyReconciled", "True", "ReconcileSucceeded", 2 * DAY)
}

/// A settled control plane of three.
pub fn control_plane(cluster: &str) -> Template {
    let spec = json!({ "replicas": 3, "version": VERSION });
    let status = json!({
        "replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "upToDateReplicas": 3,
        "version": VERSION, "observedGeneration": 1, "initialization": { "controlPlaneInitialized": true },
    });
    of_cluster(Template::new("control-plane", &format!("{cluster}-cp"), &spec, &status), cluster).condition(
        "Available",
        "True",
        "Available",
        2 * DAY,
    )
}

/// A settled pool, called `<cluster>-<name>` and owned by the topology.
pub fn pool(cluster: &str, name: &str, replicas: i64) -> Template {
    let template = json!({ "spec": { "version": VERSION, "failureDomain": "zone-1" } });
    let spec = json!({ "clusterName": cluster, "replicas": replicas, "template": template });
    let status = json!({
        "replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas,
        "upToDateReplicas": replicas, "phase": "Running", "observedGeneration": 1,
    });
    of_cluster(Template::new("pool", &format!("{cluster}-{name}"), &spec, &status), cluster)
        .label("topology.cluster.x-k8s.io/deployment-name", name)
        .condition("Available", "True", "Available", 2 * DAY)
}

/// A pool that no topology owns.
pub fn free_pool(cluster: &str, name: &str, replicas: i64) -> Template {
    let mut template = pool(cluster, name, replicas);
    let labels = template.json["metadata"]["labels"].as_object_mut().unwrap();
    labels.remove("topology.cluster.x-k8s.io/deployment-name");
    template
}

/// A running machine of a pool with its node.
pub fn machine(cluster: &str, pool: &str, name: &str) -> Template {
    let spec = json!({
        "clusterName": cluster, "version": VERSION, "providerID": format!("vsphere://{name}"),
        "failureDomain": "zone-1",
    });
    let status = json!({
        "phase": "Running", "nodeRef": { "name": format!("node-{name}") }, "observedGeneration": 1,
        "addresses": [{ "type": "InternalIP", "address": "10.1.2.3" }],
    });
    of_cluster(Template::new("machine", name, &spec, &status), cluster)
        .label("cluster.x-k8s.io/deployment-name", &format!("{cluster}-{pool}"))
        .set(
            "/metadata/ownerReferences",
            json!([{ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineSet", "name": format!("{cluster}-{pool}-x"), "uid": "ms", "controller": true }]),
        )
        .condition("Available", "True", "Available", 2 * DAY)
        .condition("Ready", "True", "Ready", 2 * DAY)
        .condition("NodeHealthy", "True", "NodeHealthy", 3 * DAY - 4 * MINUTE)
}

/// A running machine of a control plane with its node.
pub fn plane_machine(cluster: &str, name: &str) -> Template {
    let mut template = machine(cluster, "none", name).label("cluster.x-k8s.io/control-plane", "");
    template.json["metadata"]["labels"].as_object_mut().unwrap().remove("cluster.x-k8s.io/deployment-name");
    template
}

/// A health check of a pool that may replace one machine now.
pub fn health_check(cluster: &str, pool: &str) -> Template {
    let name = format!("{cluster}-{pool}");
    let labels =
        json!({ "cluster.x-k8s.io/cluster-name": cluster, "cluster.x-k8s.io/deployment-name": name });
    let spec = json!({ "clusterName": cluster, "selector": { "matchLabels": labels } });
    let status = json!({ "expectedMachines": 3, "currentHealthy": 3, "remediationsAllowed": 1, "observedGeneration": 1 });
    of_cluster(Template::new("health-check", &name, &spec, &status), cluster)
}

/// A ClusterClass with two classes of workers, that offers these versions.
pub fn cluster_class(name: &str, versions: &[&str]) -> Template {
    let workers = json!([{ "class": "tkg-worker" }, { "class": "tkg-worker-gpu" }]);
    let spec = json!({ "workers": { "machineDeployments": workers }, "kubernetesVersions": versions });
    Template::new("cluster-class", name, &spec, &json!({ "observedGeneration": 1 }))
}

/// A Kubernetes release of Tanzu.
pub fn release(version: &str) -> Template {
    let kubernetes = version.split("-tkg").next().unwrap_or_default();
    let spec = json!({ "version": version, "kubernetes": { "version": kubernetes } });
    Template::new("release", &version.replace('+', "---"), &spec, &json!({})).namespace("")
}

/// A healthy node of a workload cluster.
pub fn node(name: &str) -> Template {
    let status = json!({
        "capacity": { "cpu": "8", "memory": "32Gi", "pods": "110" },
        "allocatable": { "cpu": "7800m", "memory": "30Gi", "pods": "110" },
        "nodeInfo": { "kubeletVersion": VERSION, "osImage": "Photon OS 5.0", "containerRuntimeVersion": "containerd://2.0.5" },
        "addresses": [{ "type": "InternalIP", "address": "10.1.2.3" }],
    });
    Template::new("node", name, &json!({}), &status)
        .namespace("")
        .condition("Ready", "True", "KubeletReady", 2 * DAY)
        .condition("MemoryPressure", "False", "KubeletHasSufficientMemory", 2 * DAY)
}

fn of_cluster(template: Template, cluster: &str) -> Template {
    template.label("cluster.x-k8s.io/cluster-name", cluster)
}

/// A package that a user installed and that is reconciled; its App stands beside it under the same name.
pub fn package(short: &str) -> Template {
    let spec = json!({
        "packageRef": { "refName": format!("{short}.tanzu.vmware.com"), "versionSelection": { "constraints": "1.24.4" } },
        "serviceAccountName": format!("{short}-sa"), "values": [{ "secretRef": { "name": format!("{short}-values") } }],
    });
    let status = json!({
        "observedGeneration": 1, "version": "1.24.4+vmware.1-tkg.1", "lastAttemptedVersion": "1.24.4+vmware.1-tkg.1",
        "friendlyDescription": "Reconcile succeeded", "conditions": [{ "type": "ReconcileSucceeded", "status": "True" }],
    });
    Template::new("package-install", short, &spec, &status)
        .annotation("tkg.tanzu.vmware.com/tanzu-package", &format!("{short}-{NAMESPACE}"))
}

/// The App of a package, reconciled four minutes ago.
pub fn app(short: &str) -> Template {
    let at = |seconds: i64| ago(4 * MINUTE - seconds);
    let status = json!({
        "observedGeneration": 1, "conditions": [{ "type": "ReconcileSucceeded", "status": "True" }],
        "fetch": { "exitCode": 0, "startedAt": at(0), "updatedAt": at(2) },
        "template": { "exitCode": 0, "updatedAt": at(3) },
        "deploy": { "exitCode": 0, "finished": true, "startedAt": at(3), "updatedAt": at(9), "stdout": "Succeeded",
            "kapp": { "associatedResources": { "label": "kapp.k14s.io/app=1", "namespaces": [format!("{short}-system")] } } },
        "consecutiveReconcileFailures": 0,
    });
    Template::new("app", short, &json!({}), &status)
}

/// A repository that is reconciled.
pub fn repository(name: &str) -> Template {
    let spec = json!({ "fetch": { "imgpkgBundle": { "image": "registry.example.com/packages/standard/repo:v2023.7.13" } } });
    let status = json!({
        "observedGeneration": 1, "conditions": [{ "type": "ReconcileSucceeded", "status": "True" }],
        "fetch": { "exitCode": 0, "startedAt": ago(2 * MINUTE), "updatedAt": ago(2 * MINUTE - 2) },
    });
    Template::new("package-repository", name, &spec, &status)
}

/// Makes a package, its App or a repository fail: the condition that points at the error, and the error.
pub fn failed(template: Template, error: &str) -> Template {
    let see = "Error (see .status.usefulErrorMessage for details)";
    template
        .set("/status/conditions", json!([{ "type": "ReconcileFailed", "status": "True", "message": see }]))
        .set("/status/usefulErrorMessage", error.into())
}
