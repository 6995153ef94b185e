//! A pool to scale: found by kubectl, brought to its first size by kubectl, and left as it was.
use serde_json::Value;

use crate::bed::{Bed, LONG, eventually, text};

/// Who owns a pool's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The topology of its Cluster.
    Topology,
    /// Its MachineDeployment.
    Itself,
}

/// A pool of a running fleet. When it is dropped it gets the size back that it was found with.
pub struct Pool<'a> {
    bed: &'a Bed,
    owner: Owner,
    pub namespace: String,
    pub cluster: String,
    /// The name of its MachineDeployment.
    pub name: String,
    found_with: i64,
}

impl<'a> Pool<'a> {
    /// The last pool `md-0` of the fleet whose size is owned so.
    pub fn find(bed: &'a Bed, owner: Owner) -> Self {
        let clusters = bed.list(&["clusters.cluster.x-k8s.io"]);
        let cluster = clusters
            .iter()
            .filter(|c| text(c, "/metadata/name").starts_with('c'))
            .filter(|c| c.pointer("/spec/topology").is_some() == (owner == Owner::Topology))
            .max_by_key(|c| text(c, "/metadata/name").to_owned())
            .expect("the fleet has such a cluster");
        let (namespace, cluster) = (text(cluster, "/metadata/namespace"), text(cluster, "/metadata/name"));
        let selector = format!("cluster.x-k8s.io/cluster-name={cluster}");
        let pools = bed.get(&["machinedeployments.cluster.x-k8s.io", "-n", namespace, "-l", &selector]);
        let pool = pools["items"].as_array().into_iter().flatten();
        let pool =
            pool.max_by_key(|p| text(p, "/metadata/name").contains("md-0")).expect("the cluster has a pool");
        Self {
            bed,
            owner,
            namespace: namespace.to_owned(),
            cluster: cluster.to_owned(),
            name: text(pool, "/metadata/name").to_owned(),
            found_with: pool["spec"]["replicas"].as_i64().expect("the pool has a size"),
        }
    }

    /// The object that owns the size, as kubectl has it.
    pub fn owner(&self) -> Value {
        let (kind, name) = match self.owner {
            Owner::Topology => ("clusters.cluster.x-k8s.io", &self.cluster),
            Owner::Itself => ("machinedeployments.cluster.x-k8s.io", &self.name),
        };
        self.bed.get(&[kind, "-n", &self.namespace, name, "--show-managed-fields"])
    }

    /// What a patch of the size would be, and where.
    pub fn patch(&self, size: i64) -> (&'static str, &str, String) {
        let (kind, name, path) = match self.owner {
            Owner::Topology => (
                "clusters.cluster.x-k8s.io",
                &self.cluster,
                "/spec/topology/workers/machineDeployments/0/replicas",
            ),
            Owner::Itself => ("machinedeployments.cluster.x-k8s.io", &self.name, "/spec/replicas"),
        };
        (kind, name, format!(r#"[{{"op": "replace", "path": "{path}", "value": {size}}}]"#))
    }

    /// The size that the API stores.
    pub fn size(&self) -> i64 {
        let pointer = match self.owner {
            Owner::Topology => "/spec/topology/workers/machineDeployments/0/replicas",
            Owner::Itself => "/spec/replicas",
        };
        self.owner().pointer(pointer).and_then(Value::as_i64).expect("the owner has a size")
    }

    /// Machines of the pool that run, and all of them.
    pub fn machines(&self) -> (usize, usize) {
        let selector = format!("cluster.x-k8s.io/deployment-name={}", self.name);
        let machines = self.bed.get(&["machines.cluster.x-k8s.io", "-n", &self.namespace, "-l", &selector]);
        let all = machines["items"].as_array().expect("a list has items").clone();
        (all.iter().filter(|m| text(m, "/status/phase") == "Running").count(), all.len())
    }

    /// Has kubectl set the size, and waits until so many machines run.
    pub fn set(&self, size: i64) {
        if self.size() != size {
            let (kind, name, patch) = self.patch(size);
            self.bed.kubectl(&["patch", kind, "-n", &self.namespace, name, "--type", "json", "-p", &patch]);
        }
        let wanted = usize::try_from(size).unwrap();
        eventually(&format!("{} to have {size} machines", self.name), LONG, || {
            let machines = self.machines();
            if machines == (wanted, wanted) { Ok(()) } else { Err(format!("{machines:?} run")) }
        });
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        let (kind, name, patch) = self.patch(self.found_with);
        let args = ["patch", kind, "-n", &self.namespace, name, "--type", "json", "-p", &patch];
        let output = self.bed.run(crate::bed::User::Admin, "kubectl", &args);
        if !output.status.success() {
            eprintln!("{} keeps another size: {}", self.name, String::from_utf8_lossy(&output.stderr));
        }
    }
}
