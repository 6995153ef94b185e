//! Objects as kapp-controller writes them, and as nobody should.
use serde_json::{Value, json};

use crate::{
    domain::{
        Object,
        package::{App, Keeper, Package, Reconcile, Repository, reconcile},
    },
    kinds::find,
};

fn read(id: &str, value: &Value) -> Object {
    (find(id).unwrap().decode)("v1alpha1", &value.to_string()).unwrap()
}

fn package(object: &Object) -> &Package {
    object.package().unwrap()
}

fn install() -> Value {
    json!({
        "metadata": {"namespace": "tanzu-contour-ingress", "name": "contour", "generation": 3,
                     "annotations": {"tkg.tanzu.vmware.com/tanzu-package": "contour-tanzu-contour-ingress"}},
        "spec": {"packageRef": {"refName": "contour.tanzu.vmware.com", "versionSelection": {"constraints": "1.24.4", "prereleases": {}}},
                 "serviceAccountName": "contour-sa", "values": [{"secretRef": {"name": "contour-values"}}, {}]},
        "status": {"observedGeneration": 3, "version": "1.24.4+vmware.1-tkg.1", "lastAttemptedVersion": "1.24.4+vmware.1-tkg.1",
                   "friendlyDescription": "Reconcile failed: Error (see .status.usefulErrorMessage for details)",
                   "usefulErrorMessage": "ytt: Error: \n- undefined variable: fqdn",
                   "conditions": [{"type": "ReconcileFailed", "status": "True", "message": "Error (see .status.usefulErrorMessage for details)"}]}
    })
}

#[test]
fn a_package_with_its_true_error_version_and_keeper() {
    let object = read("package-install", &install());
    assert_eq!(reconcile(&object), Some(Reconcile::Failed));
    let package = package(&object);
    assert_eq!((package.short_name(), &*package.constraints), ("contour", "1.24.4"));
    assert_eq!((&*package.version, &*package.error), ("1.24.4+vmware.1-tkg.1", "undefined variable: fqdn"));
    assert_eq!((package.values.len(), &*package.values[0]), (1, "contour-values"));
    assert_eq!(package.keeper, Keeper::User);
}

#[test]
fn an_error_of_its_own_stands_in_the_condition() {
    let mut value = install();
    value["status"]["usefulErrorMessage"] = Value::Null;
    value["status"]["conditions"][0]["message"] = "Package contour.tanzu.vmware.com not found".into();
    assert_eq!(package(&read("package-install", &value)).error, "Package contour.tanzu.vmware.com not found");
}

#[test]
fn keepers_by_their_marks() {
    for (path, mark, keeper) in [
        ("/spec/serviceAccountName", json!("tanzu-cluster-bootstrap-sa"), Keeper::ClusterBootstrap),
        ("/metadata/labels", json!({"tmc.cloud.vmware.com/managed": "true"}), Keeper::Tmc),
        ("/metadata/labels", json!({"kapp.k14s.io/app": "1"}), Keeper::Kapp),
        ("/metadata/annotations", json!({"x": "y"}), Keeper::Unmarked),
    ] {
        let mut value = install();
        let (parent, field) = path.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[field] = mark;
        assert_eq!(package(&read("package-install", &value)).keeper, keeper, "{path}");
    }
}

fn app(status: &Value) -> App {
    let object = read("app", &json!({"spec": {}, "status": status}));
    object.app().unwrap().clone()
}

#[test]
fn an_app_tells_which_stage_failed_and_how_it_ended() {
    let app = app(&json!({
        "conditions": [{"type": "ReconcileFailed", "status": "True", "message": "Deploying: Error (see .status.usefulErrorMessage for details)"}],
        "usefulErrorMessage": "kapp: Error: Timed out waiting after 15m0s for resources:\n  - deployment/contour (apps/v1) namespace: ingress",
        "consecutiveReconcileFailures": 4,
        "fetch": {"exitCode": 0, "startedAt": "2026-03-01T10:00:00Z", "updatedAt": "2026-03-01T10:00:02Z", "stdout": "fine"},
        "template": {"exitCode": 0, "updatedAt": "2026-03-01T10:00:03Z"},
        "deploy": {"exitCode": 1, "error": "Deploying: Error (see .status.usefulErrorMessage for details)", "finished": true,
                   "stdout": "10:00:04AM: ---- waiting ----", "stderr": "kapp: Error: Timed out", "startedAt": "2026-03-01T10:00:03Z", "updatedAt": "2026-03-01T10:15:04Z",
                   "kapp": {"associatedResources": {"label": "kapp.k14s.io/app=1", "namespaces": ["ingress"], "groupKinds": []}}}
    }));
    let (name, stage) = app.failed().unwrap();
    assert_eq!((name, stage.exit_code, &*stage.error), ("deploy", Some(1), "Timed out"));
    assert_eq!(stage.tail, "kapp: Error: Timed out");
    assert!(app.error.starts_with("Timed out waiting after 15m0s for resources: deployment/contour"));
    assert_eq!(app.tried().unwrap().to_string(), "2026-03-01T10:15:04Z");
    assert_eq!((app.failures, &*app.namespaces[0]), (4, "ingress"));
    assert!(app.fetch.as_ref().unwrap().tail.is_empty());
}

#[test]
fn a_running_deploy_shows_its_last_lines() {
    let app = app(&json!({
        "conditions": [{"type": "Reconciling", "status": "True"}],
        "deploy": {"startedAt": "2026-03-01T10:00:03Z", "stdout": "10:00:04AM: ongoing: reconcile deployment/contour"}
    }));
    assert_eq!(app.failed(), None);
    assert!(app.deploy.unwrap().tail.contains("ongoing") && app.fetch.is_none());
}

fn repository(spec: &Value) -> Repository {
    read("package-repository", &json!({"spec": spec})).repository().unwrap().clone()
}

#[test]
fn a_repository_by_how_it_is_fetched() {
    let bundle = repository(&json!({"fetch": {"imgpkgBundle": {"image": "r.example.com/repo:v2024.1.1"}}}));
    assert_eq!((&*bundle.method, bundle.host()), ("imgpkgBundle", Some("r.example.com")));
    let http = repository(&json!({"fetch": {"http": {"url": "https://a.example.com/x.tgz"}}}));
    assert_eq!((&*http.method, &*http.address), ("http", "https://a.example.com/x.tgz"));
    assert_eq!(repository(&json!({"fetch": "x"})).method, "");
}
