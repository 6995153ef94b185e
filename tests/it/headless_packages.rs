//! The incidents of packages in the demo, named without a screen: the real binary, against the demo's own servers.
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A demo that serves one incident until it is dropped.
struct Demo {
    child: Child,
    dir: TempDir,
    /// Kept open: what has nobody left to write to ends.
    _out: BufReader<ChildStdout>,
}

impl Demo {
    fn start(scenario: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut child = command(&dir)
            .args(["demo", "--serve", "--scenario", scenario, "--folder"])
            .arg(dir.path().join("demo"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert!(line.starts_with("export KUBECONFIG="), "{line}");
        Self { child, dir, _out: out }
    }

    fn run(&self, line: &str) -> Output {
        command(&self.dir)
            .arg("--kubeconfig")
            .arg(self.dir.path().join("demo/kubeconfig"))
            .args(line.split(' '))
            .args(["--use-kubeconfig-secret", "--timeout", "120"])
            .output()
            .unwrap()
    }

    /// The failures that `tko check packages` tells, as `rule place words`.
    fn failures(&self) -> Vec<String> {
        let output = self.run("check packages -o json");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let results = document["results"].as_array().unwrap();
        let words = |r: &Value, field: &str| r[field].as_str().unwrap_or_default().to_owned();
        results
            .iter()
            .filter(|r| r["verdict"] == "fail")
            .map(|r| format!("{} {} {}", words(r, "rule"), words(r, "cluster"), words(r, "words")))
            .collect()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(dir: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tko"));
    command
        .env_clear()
        .env("HOME", dir.path())
        .env("XDG_CONFIG_HOME", dir.path().join("config"))
        .env("XDG_STATE_HOME", dir.path().join("state"))
        .stdin(Stdio::null());
    command
}

#[test]
fn the_checks_name_the_true_cause() {
    for (scenario, cause) in [
        (
            "package-values",
            "PKG-04 staging/payments-stage contour: Given data value 'envoy.service.typ' is not declared",
        ),
        ("package-dependency", "PKG-03 web/web-stage-eu contour needs cert-manager, which is not installed"),
        (
            "package-delete-stuck",
            "PKG-04 prod/identity-prod prometheus: Preparing kapp: Getting service account",
        ),
        (
            "repository-certificate",
            "PKG-02 tkg-system/shared-services tanzu-standard is failed: Get \"https://",
        ),
    ] {
        let failures = Demo::start(scenario).failures();
        assert!(failures.iter().any(|f| f.starts_with(cause)), "{scenario}: {failures:?}");
    }
}

#[test]
fn the_matrix_shows_drift_and_what_is_not_read() {
    let demo = Demo::start("package-drift");
    let output = demo.run("package matrix -o json");
    // The site that does not answer makes the answer incomplete.
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines = document["packages"].as_array().unwrap();
    let contour = lines.iter().find(|l| l["package"] == "contour.tanzu.vmware.com").unwrap();
    assert_eq!(contour["versions"].as_object().unwrap().len(), 3, "{contour}");
    let drifts = contour["cells"].as_array().unwrap().iter().filter(|c| c["drifts"] == true).count();
    assert_eq!(drifts, 3);
    let places = document["places"].as_array().unwrap();
    assert!(places.iter().any(|p| p["site"] == "edge-north" && p["unread"].is_string()));
}
