//! A small fleet for tests, built from the JSON that servers send: both dialects, with links and owners.
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    domain::{
        ClusterKey, ObjectKey, ResourceRef, SiteId, Source,
        site::{Discovery, Greeting, Protection, ServedKind, SiteSpec},
    },
    kinds::AnyKind,
    msg::{Change, Observation},
    state::{Sites, State},
};

pub const DEV_MACHINE: &str = "infra:devmachines.infrastructure.cluster.x-k8s.io";
const DEV_CLUSTER: &str = "infra:devclusters.infrastructure.cluster.x-k8s.io";
const INFRA: &str = "infrastructure.cluster.x-k8s.io";

/// A state with one site, `main`, and one cluster, `ns/c`.
pub struct Bed {
    pub state: State,
    pub cluster: ClusterKey,
    /// v1beta2 or v1beta1.
    pub version: &'static str,
}

impl Bed {
    pub fn new(version: &'static str) -> Self {
        let site = SiteId::new("main");
        let mut state = State::default();
        (state.width, state.height) = (120, 40);
        state.now = at(600);
        state.sites = Sites::new(vec![SiteSpec {
            id: site.clone(),
            context: "admin@main".into(),
            server: String::new(),
            tags: std::collections::BTreeMap::default(),
            protection: Protection::Normal,
            colour: String::new(),
            write: false,
        }]);
        state.sites.get_mut(&site).unwrap().greeting =
            Some(Greeting { discovery: discovery(), ..Greeting::default() });
        let cluster = ClusterKey { site, key: ObjectKey::new("ns", "c") };
        Self { state, cluster, version }
    }

    /// A cluster with one control plane machine and a pool `md` of so many, all well.
    pub fn healthy(version: &'static str, workers: usize) -> Self {
        let mut bed = Self::new(version);
        bed.cluster(&[("Available", "True", "Available", "")]);
        bed.plane(1, &[("Available", "True", "Available", "")]);
        bed.machine("cp-0", Owner::Plane, &[("Ready", "True", "Ready", "")]);
        bed.pool("md", workers, &[("Available", "True", "Available", "")]);
        bed.set("md-1", "md", &[("MachinesReady", "True", "Ready", "")]);
        for number in 0..workers {
            bed.machine(&format!("md-1-{number}"), Owner::Set("md-1"), &[("Ready", "True", "Ready", "")]);
        }
        for kind in ["cluster", "control-plane", "pool", "machine-set", "machine", "bootstrap"] {
            bed.live(kind);
        }
        bed
    }

    pub fn source(&self, kind: &str) -> Source {
        Source::management(&self.cluster.site, kind)
    }
    pub fn target(&self, kind: &str, name: &str) -> ResourceRef {
        ResourceRef { source: self.source(kind), key: ObjectKey::new("ns", name) }
    }

    /// What a watch would say: the object as it is now.
    pub fn put(&mut self, kind: &str, object: &Value) {
        let source = self.source(kind);
        self.put_in(&source, object);
    }

    pub fn put_in(&mut self, source: &Source, object: &Value) {
        let version = object["apiVersion"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let (kind, _) = AnyKind::served(source.kind.as_str(), &discovery()).unwrap();
        let row = kind.read(&version, &object.to_string());
        let now = self.state.now;
        let change = Observation::Changes(vec![Change::Upsert(Box::new(row))]);
        self.state.fleet.observe(source, change, now);
    }

    pub fn remove(&mut self, kind: &str, name: &str) {
        let target = self.target(kind, name);
        let now = self.state.now;
        let change = Observation::Changes(vec![Change::Remove(target.key)]);
        self.state.fleet.observe(&target.source, change, now);
    }

    /// The collection is whole; what is not in it is gone.
    pub fn live(&mut self, kind: &str) {
        let (source, now) = (self.source(kind), self.state.now);
        self.state.fleet.observe(&source, Observation::Resumed, now);
        self.state.screen.followed.insert(source);
    }

    fn object(&self, group: &str, kind: &str, name: &str, conditions: &[Said<'_>]) -> Value {
        json!({
            "apiVersion": format!("{group}/{}", self.version),
            "kind": kind,
            "metadata": {
                "namespace": "ns", "name": name, "uid": format!("{kind}-{name}"),
                "creationTimestamp": at(0).to_string(),
                "labels": {"cluster.x-k8s.io/cluster-name": "c"},
            },
            "spec": {"clusterName": "c"},
            "status": {"conditions": self.conditions(conditions)},
        })
    }

    /// In the words of the dialect; a reason `Warning/X` has that severity in v1beta1.
    fn conditions(&self, said: &[Said<'_>]) -> Vec<Value> {
        let one = |(number, (kind, status, reason, message)): (usize, &Said<'_>)| {
            let (severity, reason) = reason.split_once('/').unwrap_or(("", reason));
            let since = at(60 * i64::try_from(number).unwrap()).to_string();
            let mut one = json!({"type": kind, "status": status, "reason": reason, "message": message,
                "lastTransitionTime": since});
            if self.version == "v1beta1" && *status == "False" {
                one["severity"] = if severity.is_empty() { "Error".into() } else { severity.into() };
            }
            one
        };
        said.iter().enumerate().map(one).collect()
    }

    fn link(&self, group: &str, kind: &str, name: &str) -> Value {
        json!({"apiGroup": group, "apiVersion": format!("{group}/{}", self.version), "kind": kind, "name": name})
    }

    pub fn cluster(&mut self, conditions: &[Said<'_>]) {
        let mut object = self.object("cluster.x-k8s.io", "Cluster", "c", conditions);
        object["spec"] = json!({
            "infrastructureRef": self.link(INFRA, "DevCluster", "c-infra"),
            "controlPlaneRef": self.link("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", "cp"),
            "topology": {"version": "v1.33.5"},
        });
        object["status"]["phase"] = "Provisioned".into();
        self.put("cluster", &object);
    }

    pub fn plane(&mut self, replicas: usize, conditions: &[Said<'_>]) {
        let mut object =
            self.object("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", "cp", conditions);
        object["spec"] = json!({"replicas": replicas, "version": "v1.33.5"});
        object["status"]["readyReplicas"] = replicas.into();
        object["status"]["initialized"] = true.into();
        object["status"]["initialization"] = json!({"controlPlaneInitialized": true});
        self.put("control-plane", &object);
    }

    pub fn pool(&mut self, name: &str, replicas: usize, conditions: &[Said<'_>]) {
        let mut object = self.object("cluster.x-k8s.io", "MachineDeployment", name, conditions);
        object["spec"]["replicas"] = replicas.into();
        object["spec"]["template"] = json!({"spec": {"version": "v1.33.5"}});
        for counter in
            ["replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "upToDateReplicas"]
        {
            object["status"][counter] = replicas.into();
        }
        self.put("pool", &object);
    }

    pub fn set(&mut self, name: &str, pool: &str, conditions: &[Said<'_>]) {
        let mut object = self.object("cluster.x-k8s.io", "MachineSet", name, conditions);
        object["metadata"]["ownerReferences"] = owners("cluster.x-k8s.io", "MachineDeployment", pool);
        self.put("machine-set", &object);
    }

    /// A machine that runs, with its infrastructure and bootstrap objects.
    pub fn machine(&mut self, name: &str, owner: Owner<'_>, conditions: &[Said<'_>]) {
        let object = self.machine_json(name, owner, conditions);
        self.put("machine", &object);
        self.infra(name, &[("Ready", "True", "Ready", "")]);
        self.bootstrap(name, &[("Ready", "True", "Ready", "")]);
    }

    pub fn machine_json(&self, name: &str, owner: Owner<'_>, conditions: &[Said<'_>]) -> Value {
        let mut object = self.object("cluster.x-k8s.io", "Machine", name, conditions);
        let meta = &mut object["metadata"];
        match owner {
            Owner::Plane => {
                meta["labels"]["cluster.x-k8s.io/control-plane"] = "".into();
                meta["ownerReferences"] =
                    owners("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", "cp");
            }
            Owner::Set(set) => meta["ownerReferences"] = owners("cluster.x-k8s.io", "MachineSet", set),
            Owner::Nobody => {}
        }
        object["spec"]["version"] = "v1.33.5".into();
        object["spec"]["infrastructureRef"] = self.link(INFRA, "DevMachine", name);
        let bootstrap = self.link("bootstrap.cluster.x-k8s.io", "KubeadmConfig", name);
        object["spec"]["bootstrap"] = json!({"configRef": bootstrap});
        object["status"]["phase"] = "Running".into();
        object["status"]["nodeRef"] = json!({"name": name});
        object
    }

    pub fn infra(&mut self, name: &str, conditions: &[Said<'_>]) {
        let mut object = self.object(INFRA, "DevMachine", name, conditions);
        object["metadata"]["ownerReferences"] = owners("cluster.x-k8s.io", "Machine", name);
        self.put(DEV_MACHINE, &object);
    }

    pub fn infra_cluster(&mut self, conditions: &[Said<'_>]) {
        let object = self.object(INFRA, "DevCluster", "c-infra", conditions);
        self.put(DEV_CLUSTER, &object);
    }

    pub fn bootstrap(&mut self, name: &str, conditions: &[Said<'_>]) {
        let mut object = self.object("bootstrap.cluster.x-k8s.io", "KubeadmConfig", name, conditions);
        object["metadata"]["ownerReferences"] = owners("cluster.x-k8s.io", "Machine", name);
        self.put("bootstrap", &object);
    }

    pub fn health_check(&mut self, healthy: i64, expected: i64, conditions: &[Said<'_>]) {
        let mut object = self.object("cluster.x-k8s.io", "MachineHealthCheck", "check", conditions);
        object["status"]["currentHealthy"] = healthy.into();
        object["status"]["expectedMachines"] = expected.into();
        self.put("health-check", &object);
    }

    /// A node in the workload cluster, whose API is read.
    pub fn node(&mut self, name: &str, ready: &str) {
        let object = json!({
            "apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": name},
            "status": {"conditions": [{"type": "Ready", "status": ready, "reason": "KubeletNotReady",
                "lastTransitionTime": at(500).to_string()}]},
        });
        let source = Source::workload(&self.cluster, "node");
        self.put_in(&source, &object);
        let now = self.state.now;
        self.state.fleet.observe(&source, Observation::Resumed, now);
    }
}

/// Type, status, reason (with the severity of v1beta1 before a slash), message.
pub type Said<'a> = (&'a str, &'a str, &'a str, &'a str);

#[derive(Clone, Copy)]
pub enum Owner<'a> {
    Plane,
    Set(&'a str),
    Nobody,
}

fn owners(group: &str, kind: &str, name: &str) -> Value {
    json!([{"apiVersion": format!("{group}/v1beta1"), "kind": kind, "name": name,
        "uid": format!("{kind}-{name}"), "controller": true}])
}

/// Seconds after the beginning of the test's time.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_767_268_800 + seconds).unwrap()
}

fn discovery() -> Discovery {
    let served = |group: &str, kind: &str, plural: &str| ServedKind {
        group: group.into(),
        version: "v1beta2".into(),
        kind: kind.into(),
        plural: plural.into(),
        namespaced: true,
        stale: false,
    };
    let mut kinds: Vec<ServedKind> =
        crate::kinds::KINDS.iter().map(|k| served(k.group, k.kind, k.plural)).collect();
    kinds.push(served(INFRA, "DevMachine", "devmachines"));
    kinds.push(served(INFRA, "DevCluster", "devclusters"));
    Discovery { kinds, aggregated: true }
}
