//! What a site holds beside its clusters: namespaces, the ClusterClass, releases.
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::condition::{new, old, stamp, yes};
use crate::demo::{
    fleet::{Dialect, Site},
    seed::uid,
};

/// All of them.
pub fn all(site: &Site, put: &mut impl FnMut(Value)) {
    let born = born(site);
    let mut namespaces: BTreeSet<&str> = site.clusters.iter().map(|c| &*c.namespace).collect();
    namespaces.extend(["default", "kube-system", "kube-public", site.plan.class.1]);
    for name in namespaces {
        put(json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "uid": uid(&[site.plan.name, "Namespace", name]), "creationTimestamp": stamp(born),
                         "labels": {"kubernetes.io/metadata.name": name}},
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
        }));
    }
    // v1beta1 takes a class from the cluster's own namespace alone.
    let mut homes: BTreeSet<&str> = BTreeSet::from([site.plan.class.1]);
    if site.plan.dialect == Dialect::Old {
        homes.extend(site.clusters.iter().filter(|c| c.classy).map(|c| &*c.namespace));
    }
    for namespace in homes {
        put(class(site, namespace, born));
    }
    for release in site.plan.releases {
        put(release_object(site, release, born));
    }
}

/// When the site came to be: a little before its first cluster.
fn born(site: &Site) -> Timestamp {
    let first = site.clusters.iter().map(|c| c.created).min().unwrap_or(Timestamp::UNIX_EPOCH);
    first - SignedDuration::from_mins(25)
}

fn class(site: &Site, namespace: &str, born: Timestamp) -> Value {
    let old_dialect = site.plan.dialect == Dialect::Old;
    let name = site.plan.class.0;
    let worker = if old_dialect { "tkg-worker" } else { "default-worker" };
    let variables = json!([
        {"name": "cni", "required": false, "schema": {"openAPIV3Schema": {"type": "string", "enum": ["antrea", "calico"], "default": "antrea"}}},
        {"name": "auditLogging", "required": false, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"enabled": {"type": "boolean"}}}}},
    ]);
    let version = site.version_word();
    let template = |kind: &str, name: &str| {
        if old_dialect {
            json!({"ref": {"apiVersion": format!("{}/{version}", site.infra_group()), "kind": kind, "name": name, "namespace": namespace}})
        } else {
            json!({"templateRef": {"apiVersion": format!("{}/v1beta2", site.infra_group()), "kind": kind, "name": name}})
        }
    };
    let kind = format!("{}ClusterTemplate", site.infra_prefix());
    let status = if old_dialect {
        json!({"observedGeneration": 1, "conditions": old(&[yes("RefVersionsUpToDate", "", born), yes("VariablesReconciled", "", born)])})
    } else {
        json!({"observedGeneration": 1, "conditions": new(&[yes("RefVersionsUpToDate", "RefVersionsUpToDate", born), yes("VariablesReady", "VariablesReady", born)], 1)})
    };
    json!({
        "apiVersion": format!("cluster.x-k8s.io/{version}"), "kind": "ClusterClass",
        "metadata": {"name": name, "namespace": namespace, "uid": uid(&[site.plan.name, "ClusterClass", namespace, name]),
                     "creationTimestamp": stamp(born), "generation": 1},
        "spec": {"infrastructure": template(&kind, name), "variables": variables,
                 "workers": {"machineDeployments": [{"class": worker, "template": {"infrastructure": template(&format!("{}MachineTemplate", site.infra_prefix()), name)}}]}},
        "status": status,
    })
}

/// A `TanzuKubernetesRelease`: the oldest is out of use.
fn release_object(site: &Site, version: &str, born: Timestamp) -> Value {
    let name = version.replace('+', "---");
    let kubernetes = version.split("-tkg").next().unwrap_or(version);
    let mut labels = json!({});
    // Every prefix of the version is a label, so that a query can be any of them.
    let mut prefix = String::new();
    for part in name.split_inclusive(['.', '-']) {
        prefix.push_str(part);
        labels[prefix.trim_end_matches(['.', '-'])] = "".into();
    }
    if site.plan.releases.first() == Some(&version) && site.plan.releases.len() > 2 {
        labels["deactivated"] = "".into();
    }
    json!({
        "apiVersion": "run.tanzu.vmware.com/v1alpha3", "kind": "TanzuKubernetesRelease",
        "metadata": {"name": name, "uid": uid(&[site.plan.name, "TanzuKubernetesRelease", version]), "creationTimestamp": stamp(born),
                     "generation": 1, "labels": labels},
        "spec": {"version": version, "kubernetes": {"version": kubernetes, "imageRepository": "registry.example.com/tkg"},
                 "osImages": [{"name": format!("{name}-ubuntu-2004")}, {"name": format!("{name}-photon-3")}]},
        "status": {"conditions": old(&[yes("Ready", "", born), yes("Compatible", "", born)])},
    })
}
