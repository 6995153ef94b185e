//! The verbs without a screen on the real engines of both lines, each held against what kubectl says afterwards. They act
//! on a cluster of their own, made after the fleet's last one and deleted by the last of them.
use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use crate::{
    bed::{Bed, LONG, User, beds, eventually, text},
    console::Home,
};

/// The cluster of these tests.
const NAME: &str = "verbs";

#[test]
fn every_verb_on_the_newest_line() {
    let Some(beds) = beds("the verbs, newest line") else { return };
    all(&beds.newest, "v1.35.4", "v1.36.0");
}

#[test]
fn every_verb_on_the_v1beta1_line() {
    let Some(beds) = beds("the verbs, v1beta1 line") else { return };
    // The in-memory provider of this line has no kubelet configuration of Kubernetes 1.23, without which the control plane
    // of a 1.24 cannot be rolled: an upgrade is only planned here.
    let desk = Desk::new(&beds.v1beta1);
    desk.planes();
    desk.pause();
    desk.machine();
    desk.rolls(false);
    desk.pools();
    desk.two_minors("v1.26.5+vmware.2");
    let dry = desk.tko(&format!("upgrade {NAME} --to v1.25.7+vmware.2 --dry-run"), 0);
    assert!(dry.contains("spec.topology.version"), "{dry}");
    desk.delete();
}

/// One life of a cluster.
fn all(bed: &Bed, next: &str, after_next: &str) {
    let desk = Desk::new(bed);
    desk.planes();
    desk.pause();
    desk.machine();
    desk.rolls(true);
    desk.pools();
    desk.upgrade(next, after_next);
    desk.delete();
}

struct Desk<'a> {
    bed: &'a Bed,
    home: Home,
    namespace: String,
}

impl<'a> Desk<'a> {
    /// Makes the cluster, like the last one of the fleet that has a class.
    fn new(bed: &'a Bed) -> Self {
        let clusters = bed.list(&["clusters.cluster.x-k8s.io"]);
        let model = clusters
            .iter()
            .filter(|c| text(c, "/metadata/name").starts_with('c') && c.pointer("/spec/topology").is_some())
            .max_by_key(|c| text(c, "/metadata/name").to_owned())
            .expect("the fleet has a cluster with a class");
        let namespace = text(model, "/metadata/namespace").to_owned();
        let mut topology = model["spec"]["topology"].clone();
        topology["controlPlane"]["replicas"] = json!(1);
        let old =
            if text(model, "/apiVersion").ends_with("v1beta1") { "v1.24.10+vmware.1" } else { "v1.34.2" };
        topology["version"] = json!(old);
        topology["workers"]["machineDeployments"].as_array_mut().expect("it has pools").truncate(1);
        topology["workers"]["machineDeployments"][0]["replicas"] = json!(1);
        let annotations = model["metadata"]["annotations"].clone();
        let mut object = json!({
            "apiVersion": model["apiVersion"], "kind": "Cluster",
            "metadata": { "name": NAME, "namespace": namespace, "labels": model["metadata"]["labels"] },
            "spec": { "topology": topology, "clusterNetwork": model["spec"]["clusterNetwork"] },
        });
        if let Some(kept) = annotations.as_object() {
            let plain = kept.iter().filter(|(name, _)| !name.contains("kubectl"));
            object["metadata"]["annotations"] = plain.map(|(k, v)| (k.clone(), v.clone())).collect();
        }
        let home = Home::new(&bed.kubeconfig(User::Admin));
        let file = home.path().join("cluster.json");
        fs::write(&file, object.to_string()).expect("a file");
        bed.kubectl(&["apply", "-f", file.to_str().expect("a path")]);
        let desk = Self { bed, home, namespace };
        eventually("the cluster of the verbs", LONG, || match desk.running() {
            (2, 2) => Ok(()),
            counts => Err(format!("{counts:?} run")),
        });
        desk
    }

    fn tko(&self, line: &str, code: i32) -> String {
        let args: Vec<&str> = line.split(' ').chain(["-n", &self.namespace]).collect();
        let output = self.home.run(&args);
        let said =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert_eq!(output.status.code(), Some(code), "tko {line}\n{said}");
        said
    }

    /// Does it, and follows it to its end.
    fn does(&self, line: &str) -> String {
        eprintln!("live: tko {line}");
        let said = self.tko(&format!("{line} --yes --reason live --timeout 600"), 0);
        assert!(said.contains("done after"), "tko {line}\n{said}");
        said
    }

    fn cluster(&self) -> Value {
        self.bed.get(&["clusters.cluster.x-k8s.io", "-n", &self.namespace, NAME])
    }

    /// The machines of the cluster, or those that a label narrows them to.
    fn machines(&self, more: &str) -> Vec<Value> {
        let selector = format!("cluster.x-k8s.io/cluster-name={NAME}{more}");
        let list = self.bed.get(&["machines.cluster.x-k8s.io", "-n", &self.namespace, "-l", &selector]);
        list["items"].as_array().expect("a list has items").clone()
    }

    fn names(&self, more: &str) -> BTreeSet<String> {
        self.machines(more).iter().map(|m| text(m, "/metadata/name").to_owned()).collect()
    }

    /// Machines that run, and all of them.
    fn running(&self) -> (usize, usize) {
        let all = self.machines("");
        (all.iter().filter(|m| text(m, "/status/phase") == "Running").count(), all.len())
    }

    fn pool(&self) -> String {
        let selector = format!("cluster.x-k8s.io/cluster-name={NAME}");
        let list =
            self.bed.get(&["machinedeployments.cluster.x-k8s.io", "-n", &self.namespace, "-l", &selector]);
        text(&list, "/items/0/metadata/name").to_owned()
    }

    fn planes(&self) {
        let before = self.cluster()["metadata"]["generation"].clone();
        for (wrong, code) in [("2", 4), ("0", 2)] {
            self.tko(&format!("scale control-plane {NAME} --replicas {wrong} --yes"), code);
        }
        assert_eq!(self.cluster()["metadata"]["generation"], before, "what is refused is not written");
        self.does(&format!("scale control-plane {NAME} --replicas 3"));
        assert_eq!(self.names(",cluster.x-k8s.io/control-plane").len(), 3);
        assert_eq!(self.running(), (4, 4), "the job ended when all machines run");
        assert_eq!(self.cluster()["spec"]["topology"]["controlPlane"]["replicas"], 3);
        self.does(&format!("scale control-plane {NAME} --replicas 1"));
        assert_eq!(self.names(",cluster.x-k8s.io/control-plane").len(), 1);
    }

    fn pause(&self) {
        let said = self.does(&format!("pause {NAME}"));
        assert!(said.contains(&format!("The way back: tko resume {NAME}")), "{said}");
        assert_eq!(self.cluster()["spec"]["paused"], true);
        assert!(self.tko(&format!("pause {NAME} --yes"), 0).contains("nothing to do"));
        self.tko(&format!("upgrade {NAME} --to v1.99.0 --yes"), 4);
        self.does(&format!("resume {NAME}"));
        assert_ne!(self.cluster()["spec"]["paused"], true);
    }

    fn machine(&self) {
        let workers = format!(",cluster.x-k8s.io/deployment-name={}", self.pool());
        let before = self.names(&workers);
        let old = before.first().expect("the pool has a machine");
        self.does(&format!("repair machine {old}"));
        let after = self.names(&workers);
        assert!(after.len() == before.len() && !after.contains(old), "{before:?} became {after:?}");
        let plane = self.names(",cluster.x-k8s.io/control-plane");
        let only = plane.first().expect("there is a control plane machine");
        assert!(self.tko(&format!("repair machine {only} --yes"), 4).contains("only control plane machine"));
    }

    fn rolls(&self, planes: bool) {
        let both = [
            (
                format!("rollout pool {}", self.pool()),
                format!(",cluster.x-k8s.io/deployment-name={}", self.pool()),
            ),
            (format!("rollout control-plane {NAME}"), ",cluster.x-k8s.io/control-plane".to_owned()),
        ];
        for (line, of) in both.into_iter().take(if planes { 2 } else { 1 }) {
            let before = self.names(&of);
            self.does(&line);
            let after = self.names(&of);
            assert!(after.len() == before.len() && before.is_disjoint(&after), "{before:?} became {after:?}");
        }
    }

    fn pools(&self) {
        self.does(&format!("pool add {NAME} --name extra --replicas 1"));
        let pools = || self.cluster()["spec"]["topology"]["workers"]["machineDeployments"].clone();
        assert_eq!(pools().as_array().map(Vec::len), Some(2), "{}", pools());
        assert_eq!(self.running(), (3, 3));
        self.does(&format!("pool delete extra --cluster {NAME}"));
        assert_eq!(pools().as_array().map(Vec::len), Some(1), "{}", pools());
        assert_eq!(self.running(), (2, 2));
        assert!(self.tko(&format!("pool delete {} --yes", self.pool()), 4).contains("last pool"));
    }

    fn two_minors(&self, after_next: &str) {
        let two = self.tko(&format!("upgrade {NAME} --to {after_next} --yes"), 4);
        assert!(two.contains("a minor version would be left out"), "{two}");
    }

    fn upgrade(&self, next: &str, after_next: &str) {
        self.two_minors(after_next);
        self.does(&format!("upgrade {NAME} --to {next}"));
        assert_eq!(text(&self.cluster(), "/spec/topology/version"), next);
        for machine in self.machines("") {
            assert_eq!(text(&machine, "/spec/version"), next, "{machine:#}");
        }
        assert_eq!(self.running(), (2, 2));
    }

    fn delete(&self) {
        self.does(&format!("delete cluster {NAME}"));
        let left = self.bed.list(&["clusters.cluster.x-k8s.io"]);
        assert!(left.iter().all(|c| text(c, "/metadata/name") != NAME));
        assert_eq!(self.machines("").len(), 0, "the job ended when all of it was gone");
    }
}
