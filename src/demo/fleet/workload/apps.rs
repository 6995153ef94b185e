//! What runs in a cluster by its role: the deployments of the platform and of the business, spread over the workers.
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::pod;
use crate::demo::{
    fleet::{
        Cluster, Machine, Role,
        render::{Here, condition::stamp},
    },
    seed::Seed,
};

/// One deployment.
pub struct App {
    pub namespace: &'static str,
    pub name: &'static str,
    pub replicas: usize,
    /// Millicores and MiB that each pod asks for.
    pub asks: (u32, u32),
    /// It has a budget that allows one pod to be away.
    pub budget: bool,
}

const fn app(
    namespace: &'static str,
    name: &'static str,
    replicas: usize,
    asks: (u32, u32),
    budget: bool,
) -> App {
    App { namespace, name, replicas, asks, budget }
}

/// The deployments of a cluster.
pub fn of(cluster: &Cluster) -> Vec<App> {
    let mut apps = vec![
        app("kube-system", "coredns", 2, (100, 70), true),
        app("kube-system", "antrea-controller", 1, (200, 160), false),
        app("kube-system", "metrics-server", 1, (100, 200), false),
        app("tkg-system", "kapp-controller", 1, (120, 200), false),
    ];
    match cluster.role {
        Role::Management => apps.extend([
            app("capi-system", "capi-controller-manager", 1, (100, 300), false),
            app(
                "capi-kubeadm-bootstrap-system",
                "capi-kubeadm-bootstrap-controller-manager",
                1,
                (100, 150),
                false,
            ),
            app(
                "capi-kubeadm-control-plane-system",
                "capi-kubeadm-control-plane-controller-manager",
                1,
                (100, 200),
                false,
            ),
            app("pinniped-supervisor", "pinniped-supervisor", 2, (100, 128), false),
        ]),
        Role::Services => apps.extend([
            app("tanzu-system-registry", "harbor-core", 2, (300, 512), true),
            app("tanzu-system-registry", "harbor-registry", 2, (300, 512), true),
            app("tanzu-system-monitoring", "prometheus-server", 1, (1000, 4096), false),
            app("tanzu-system-dashboards", "grafana", 1, (200, 256), false),
            app("tanzu-system-ingress", "contour", 2, (100, 128), true),
            app("cert-manager", "cert-manager", 1, (50, 128), false),
        ]),
        Role::Prod | Role::Staging => {
            let scale = if cluster.role == Role::Prod { 3 } else { 1 };
            apps.extend([
                app("tanzu-system-ingress", "contour", 2, (100, 128), true),
                app("velero", "velero", 1, (500, 256), false),
                app("app", "frontend", 2 * scale, (250, 384), true),
                app("app", "api", 2 * scale, (500, 768), true),
                app("app", "worker", scale, (1000, 1536), false),
                app("data", "cache", scale, (500, 2048), false),
            ]);
        }
        Role::Dev => apps.push(app("playground", "hello", 1, (50, 64), false)),
        Role::Edge => apps.extend([
            app("store", "checkout", 2, (250, 512), true),
            app("store", "stock", 1, (250, 512), false),
        ]),
    }
    apps
}

/// The deployment and its set, by name and hash.
fn controllers(
    here: Here<'_>,
    app: &App,
    (set, hash): (&str, &str),
    replicas: usize,
    meta: &dyn Fn(&str, &str) -> Value,
) -> [Value; 2] {
    let template = |labels: Value| json!({"metadata": {"labels": labels}, "spec": {"containers": [pod::container(app.namespace, app.name, app.asks)]}});
    let condition = |kind: &str, reason: &str| json!({"type": kind, "status": "True", "reason": reason, "lastTransitionTime": stamp(here.cluster.created)});
    let hashed = json!({"app": app.name, "pod-template-hash": hash});
    let mut of = meta(set, "ReplicaSet");
    of["labels"] = hashed.clone();
    let uid = here.uid("Deployment", &format!("{}/{}", app.namespace, app.name));
    of["ownerReferences"] = pod::owner("apps/v1", "Deployment", app.name, &uid);
    of["annotations"] = json!({"deployment.kubernetes.io/revision": "1"});
    let mut own = meta(app.name, "Deployment");
    own["annotations"] = of["annotations"].clone();
    [
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": own,
            "spec": {"replicas": app.replicas, "selector": {"matchLabels": {"app": app.name}}, "template": template(json!({"app": app.name}))},
            "status": {
                "observedGeneration": 1, "replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas, "updatedReplicas": replicas,
                "conditions": [condition("Available", "MinimumReplicasAvailable"), condition("Progressing", "NewReplicaSetAvailable")],
            },
        }),
        json!({
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": of,
            "spec": {"replicas": app.replicas, "selector": {"matchLabels": hashed}, "template": template(hashed.clone())},
            "status": {"observedGeneration": 1, "replicas": replicas, "fullyLabeledReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas},
        }),
    ]
}

/// A deployment, its pods over the workers, and its budget.
pub fn put(here: Here<'_>, app: &App, workers: &[&Machine], seed: &mut Seed, put: &mut impl FnMut(Value)) {
    let created = here.cluster.created + SignedDuration::from_mins(12);
    let replicas = if workers.is_empty() { 0 } else { app.replicas };
    let meta = |name: &str, kind: &str| {
        json!({"name": name, "namespace": app.namespace, "uid": here.uid(kind, &format!("{}/{name}", app.namespace)),
               "creationTimestamp": stamp(created), "generation": 1, "labels": {"app": app.name}})
    };
    let hash = seed.suffix(10);
    let set = format!("{}-{hash}", app.name);
    for object in controllers(here, app, (&set, &hash), replicas, &meta) {
        put(object);
    }
    let first = usize::try_from(seed.below(workers.len().max(1) as u64)).unwrap_or(0);
    for number in 0..replicas {
        let Some(machine) = workers.get((first + number) % workers.len()) else { break };
        let name = format!("{}-{hash}-{}", app.name, seed.suffix(5));
        let born = created.max(machine.since + SignedDuration::from_secs(seed.between(20, 4_000)));
        let mut pod =
            pod::object(here, (app.namespace, &name), machine, app.name, app.asks, born.min(here.now));
        pod["metadata"]["labels"]["pod-template-hash"] = hash.as_str().into();
        pod["metadata"]["ownerReferences"] = pod::owner(
            "apps/v1",
            "ReplicaSet",
            &set,
            &here.uid("ReplicaSet", &format!("{}/{set}", app.namespace)),
        );
        put(pod);
    }
    if app.budget {
        let wanted = app.replicas.saturating_sub(1);
        put(json!({
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta(app.name, "PodDisruptionBudget"),
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": app.name}}},
            "status": {"observedGeneration": 1, "currentHealthy": replicas, "desiredHealthy": wanted,
                       "disruptionsAllowed": replicas.saturating_sub(wanted), "expectedPods": replicas},
        }));
    }
}
