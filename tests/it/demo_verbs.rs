//! Every verb without a screen, with the real binary on the demo's servers and controllers, to the end of what it sets
//! off. The fleet's time runs so fast that minutes of its engines are moments here.
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A demo that serves, and a desk of one's own before it.
struct Demo {
    child: Child,
    /// It must not lose whom it talks to.
    _out: BufReader<ChildStdout>,
    folder: TempDir,
}

fn tko(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tko"));
    command
        .env_clear()
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .stdin(Stdio::null());
    command
}

impl Demo {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let serve = folder.path().join("demo");
        // An incident that touches none of the clusters of these tests.
        let mut child = tko(folder.path())
            .args(["demo", "--serve", "--speed", "1000", "--scenario", "certificate-expired", "--folder"])
            .arg(&serve)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        assert!(first.starts_with("export KUBECONFIG="), "{first}");
        Self { child, _out: out, folder }
    }

    /// Runs a command, which must end with this code; what it printed, both ways.
    #[track_caller]
    fn run(&self, line: &str, code: i32) -> String {
        let output = tko(self.folder.path())
            .env("KUBECONFIG", self.folder.path().join("demo/kubeconfig"))
            .args(line.split(' '))
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "tko {line}\n{out}\n{err}");
        format!("{out}{err}")
    }

    /// Does it, with all its consequences.
    #[track_caller]
    fn does(&self, line: &str) -> String {
        let said = self.run(&format!("{line} --yes --reason test --timeout 300"), 0);
        assert!(said.contains("done after"), "tko {line}\n{said}");
        said
    }

    fn rows(&self, line: &str) -> Vec<Value> {
        let output = tko(self.folder.path())
            .env("KUBECONFIG", self.folder.path().join("demo/kubeconfig"))
            .args(format!("get {line} -o json").split(' '))
            .output()
            .unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        document["rows"].as_array().unwrap().clone()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_cluster_is_paused_resumed_and_deleted() {
    let demo = Demo::open();
    let said = demo.does("pause orders-stage");
    assert!(said.contains("The way back: tko resume orders-stage -n staging --site dc1-mgmt"), "{said}");
    assert_eq!(demo.rows("clusters --site dc1-mgmt --filter orders-stage")[0]["facts"]["paused"], true);
    assert!(demo.run("pause orders-stage --yes", 0).contains("nothing to do: the cluster is paused already"));
    assert!(demo.run("upgrade orders-stage --to v1.29.6+vmware.1 --yes", 4).contains("resume it first"));
    demo.does("resume orders-stage");

    let dry = demo.run("delete cluster sandbox-dev --dry-run", 0);
    assert!(dry.contains("deletes Cluster dev/sandbox-dev") && dry.contains("By hand: kubectl"), "{dry}");
    assert!(demo.run("delete cluster dc1-mgmt --yes", 4).contains("7 clusters are managed from it"));
    demo.does("delete cluster sandbox-dev");
    demo.run("delete cluster sandbox-dev --yes --site dc1-mgmt", 6);
    let records = demo.run("journal verify", 0);
    assert!(!records.is_empty());
}

#[test]
fn control_planes_and_pools_grow_shrink_and_roll() {
    let demo = Demo::open();
    for (cluster, pool) in [("orders-stage", "md-0"), ("ml-dev", "md-0")] {
        for (n, words) in [("2", "2 is even"), ("4", "3 or 5")] {
            let said = demo.run(&format!("scale control-plane {cluster} --replicas {n} --yes"), 4);
            assert!(said.contains(words), "{said}");
        }
        demo.run(&format!("scale control-plane {cluster} --replicas 0 --yes"), 2);
        demo.does(&format!("scale control-plane {cluster} --replicas 3"));
        demo.does(&format!("rollout control-plane {cluster}"));
        demo.does(&format!("scale control-plane {cluster} --replicas 1"));
        demo.does(&format!("rollout pool {pool} --cluster {cluster}"));
        demo.does(&format!("pool add {cluster} --name extra --replicas 2"));
        let said = demo.run(&format!("pool add {cluster} --name extra --yes"), 4);
        assert!(said.contains("has a pool extra already"), "{said}");
        demo.does(&format!("pool delete extra --cluster {cluster}"));
        assert!(demo.rows(&format!("pools --cluster {cluster} --filter extra")).is_empty());
    }
    let last = demo.run("pool delete md-0 --cluster orders-stage --yes", 4);
    assert!(last.contains("last pool"), "{last}");
}

#[test]
fn a_cluster_is_upgraded_by_one_minor_and_not_by_two() {
    let demo = Demo::open();
    let two = demo.run("upgrade orders-stage --to v1.30.2+vmware.1 --yes", 4);
    assert!(two.contains("a minor version would be left out: go to v1.29 first"), "{two}");
    let unknown = demo.run("upgrade orders-stage --to v1.29.7+vmware.1 --yes", 4);
    assert!(unknown.contains("did you mean \"v1.29.6+vmware.1\"?"), "{unknown}");
    demo.does("upgrade orders-stage --to v1.29.6+vmware.1");
    let machines = demo.rows("machines --cluster orders-stage");
    assert!(machines.iter().all(|m| m["columns"]["version"] == "v1.29.6+vmware.1"), "{machines:#?}");
    demo.does("upgrade web-stage-eu --to v1.35.0");
}

#[test]
fn machines_are_replaced_and_nodes_are_closed() {
    let demo = Demo::open();
    for (cluster, site) in [("ml-dev", "aws-eu-mgmt"), ("orders-stage", "dc1-mgmt")] {
        let machines = demo.rows(&format!("machines --cluster {cluster} --filter md-0"));
        let name = machines[0]["name"].as_str().unwrap();
        let said = demo.does(&format!("repair machine {name}"));
        assert!(said.contains("drained"), "{said}");
        demo.run(&format!("repair machine {name} --yes --site {site}"), 6);
    }
    let all = demo.rows("machines --cluster ml-dev");
    let is_plane = |m: &&Value| m["facts"]["controlPlane"] == true;
    let only = all.iter().find(is_plane).unwrap()["name"].as_str().unwrap();
    assert!(demo.run(&format!("repair machine {only} --yes"), 4).contains("only control plane machine"));

    let nodes = demo.rows("nodes --cluster ml-dev --use-kubeconfig-secret");
    let node = nodes[0]["name"].as_str().unwrap();
    let at = format!("{node} --cluster ml-dev --use-kubeconfig-secret");
    let said = demo.does(&format!("cordon {at}"));
    assert!(said.contains(&format!("tko uncordon {node} --cluster data/ml-dev")), "{said}");
    let closed = demo.rows("nodes --cluster ml-dev --use-kubeconfig-secret");
    assert_eq!(closed.iter().filter(|n| n["facts"]["cordoned"] == true).count(), 1);
    assert!(demo.run(&format!("cordon {at} --yes"), 0).contains("cordoned already"));
    demo.does(&format!("uncordon {at}"));
}
