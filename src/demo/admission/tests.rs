use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::demo::store::{Identity, Info};

const FIELDS: &str = "/causes/0/field";

fn store() -> Api {
    let served = resource::kubernetes().into_iter().chain(resource::cluster_api("v1beta2")).collect();
    let info = Info { version: "v1.33.4".into(), name: "one".into(), seed: 7 };
    let api = Api::new(info, served, Arc::new(|| "2026-01-31T06:00:00Z".parse().unwrap()));
    cluster_api(&api);
    let schema =
        json!({"openAPIV3Schema": {"type": "object", "properties": {"enabled": {"type": "boolean"}}}});
    let class = json!({
        "metadata": {"name": "class", "namespace": "a"},
        "spec": {"workers": {"machineDeployments": [{"class": "worker"}]}, "variables": [
            {"name": "cni", "schema": {"openAPIV3Schema": {"type": "string", "enum": ["antrea", "calico"]}}},
            {"name": "audit", "schema": schema}]},
    });
    api.create(&resource::CLUSTER_CLASSES, class).unwrap();
    api.create(&resource::CLUSTERS, cluster()).unwrap();
    api
}

fn cluster() -> Value {
    json!({
        "metadata": {"name": "c", "namespace": "a"},
        "spec": {
            "controlPlaneRef": {"name": "plane"},
            "topology": {"classRef": {"name": "class"}, "version": "v1.30.2+vmware.1", "workers": {"machineDeployments": [{"name": "md-0", "class": "worker"}]}},
        },
    })
}

/// What is said to a change of an object that is there; nothing where it is taken.
fn change(api: &Api, resource: &'static Resource, old: &Value, at: &str, to: Value) -> Option<Refusal> {
    let mut new = old.clone();
    let (way, last) = at.rsplit_once('/').unwrap();
    new.pointer_mut(way).unwrap()[last] = to;
    let mut operation = Operation {
        api,
        verb: Verb::Update,
        resource,
        subresource: "",
        who: Identity::Admin,
        dry_run: false,
        old: Some(old),
        new: &mut new,
    };
    api.review(&mut operation).err()
}

fn said(refusal: Option<Refusal>) -> (String, String) {
    let refusal = refusal.expect("a refusal");
    let field = refusal.details.pointer("/causes/0/field").and_then(Value::as_str).unwrap_or_default();
    (field.to_owned(), refusal.message)
}

#[test]
fn versions_go_up_one_minor_at_a_time() {
    let api = store();
    let to = |version: &str| {
        change(&api, &resource::CLUSTERS, &cluster(), "/spec/topology/version", version.into())
    };
    assert_eq!(to("v1.31.0"), None);
    assert_eq!(to("v1.30.2+vmware.1"), None);
    let (field, why) = said(to("v1.29.9"));
    assert_eq!(field, "spec.topology.version");
    assert_eq!(
        why,
        "admission webhook \"validation.cluster.cluster.x-k8s.io\" denied the request: Cluster.cluster.x-k8s.io \"c\" is invalid: \
         spec.topology.version: Invalid value: \"v1.29.9\": version cannot be decreased from \"1.30.2+vmware.1\" to \"1.29.9\""
    );
    assert!(
        said(to("v1.32.0")).1.ends_with("version cannot be increased from \"1.30.2+vmware.1\" to \"1.32.0\"")
    );
    assert!(said(to("v1.x")).1.contains("version must be a valid semantic version"));
}

#[test]
fn a_version_waits_for_the_last_one_to_arrive() {
    let api = store();
    let plane = json!({"metadata": {"name": "plane", "namespace": "a"}, "spec": {"version": "v1.29.9"}});
    api.create(&resource::KUBEADM_CONTROL_PLANES, plane).unwrap();
    let to = |version: &str| {
        change(&api, &resource::CLUSTERS, &cluster(), "/spec/topology/version", version.into())
    };
    assert!(said(to("v1.31.0")).1.ends_with(
        "version cannot be changed: Cluster.spec.topology.version 1.30.2+vmware.1 was not propagated to control plane yet (control plane version 1.29.9)"
    ));
}

#[test]
fn variables_and_pools_are_those_of_the_class() {
    let api = store();
    let variable = |name: &str, value: Value| {
        let list = json!([{"name": name, "value": value}]);
        change(&api, &resource::CLUSTERS, &cluster(), "/spec/topology/variables", list)
    };
    assert_eq!(variable("cni", json!("calico")), None);
    assert_eq!(variable("audit", json!({"enabled": true})), None);
    let (field, why) = said(variable("proxy", json!(1)));
    assert_eq!(field, "spec.topology.variables[proxy]");
    assert!(why.starts_with("admission webhook \"default.cluster.cluster.x-k8s.io\""), "{why}");
    assert!(why.ends_with("Invalid value: \"1\": variable is not defined"), "{why}");
    let (_, why) = said(variable("cni", json!("flannel")));
    assert!(
        why.ends_with("Unsupported value: \"\\\"flannel\\\"\": supported values: \"antrea\", \"calico\""),
        "{why}"
    );
    let (field, why) = said(variable("audit", json!({"enabled": "yes"})));
    assert_eq!(field, "spec.topology.variables[audit].value.enabled");
    assert!(why.contains("in body must be of type boolean: \"string\""), "{why}");
    let pools = json!([{"name": "md-0", "class": "worker"}, {"name": "md-0", "class": "gpu"}]);
    let refused =
        change(&api, &resource::CLUSTERS, &cluster(), "/spec/topology/workers/machineDeployments", pools)
            .unwrap();
    assert_eq!(refused.details.pointer(FIELDS).unwrap(), "spec.topology.workers.machineDeployments[1].class");
    assert_eq!(refused.details["causes"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_fixed_stays() {
    let api = store();
    let (field, why) = said(change(&api, &resource::CLUSTERS, &cluster(), "/spec/topology", Value::Null));
    assert_eq!(
        (&*field, why.ends_with("Forbidden: cannot be removed from an existing Cluster")),
        ("spec.topology", true)
    );
    let machine = json!({"metadata": {"name": "m", "namespace": "a"}, "spec": {"clusterName": "c", "bootstrap": {"dataSecretName": "s"}}});
    let (field, why) = said(change(&api, &resource::MACHINES, &machine, "/spec/clusterName", "d".into()));
    assert_eq!((&*field, why.ends_with("Forbidden: field is immutable")), ("spec.clusterName", true));
}

#[test]
fn a_class_in_use_is_not_deleted() {
    let api = store();
    let old = api.value(&resource::CLUSTER_CLASSES, "a", "class").unwrap();
    let mut operation = Operation {
        api: &api,
        verb: Verb::Delete,
        resource: &resource::CLUSTER_CLASSES,
        subresource: "",
        who: Identity::Admin,
        dry_run: true,
        old: Some(&old),
        new: &mut Value::Null,
    };
    let refusal = api.review(&mut operation).unwrap_err();
    assert_eq!(refusal.code, 403);
    assert!(
        refusal.message.ends_with("ClusterClass cannot be deleted because it is used by Cluster(s): a/c")
    );
}

#[test]
fn planes_with_their_own_etcd_are_odd() {
    let api = store();
    let plane = |spec: Value| json!({"metadata": {"name": "p", "namespace": "a"}, "spec": spec});
    let to = |old: &Value, n: i64| {
        change(&api, &resource::KUBEADM_CONTROL_PLANES, old, "/spec/replicas", n.into())
    };
    let stacked = plane(json!({"replicas": 1, "version": "v1.30.2"}));
    assert_eq!(to(&stacked, 3), None);
    assert!(
        said(to(&stacked, 2))
            .1
            .ends_with("spec.replicas: Forbidden: cannot be an even number when etcd is stacked")
    );
    assert_eq!(to(&stacked, 0).unwrap().details["causes"].as_array().unwrap().len(), 2);
    let etcd = json!({"clusterConfiguration": {"etcd": {"external": {"endpoints": ["a"]}}}});
    assert_eq!(to(&plane(json!({"replicas": 1, "kubeadmConfigSpec": etcd})), 2), None);
}
