//! Cluster.
use std::borrow::Cow;

use serde_json::{Value, json};

use super::{
    condition::{Said, bullets, no, stamp, unknown, yes},
    infra, plane,
    pool::{self, Counts, paused},
    words::{CONTROL, CORE, Here},
};
use crate::demo::fleet::{Cluster, Role};

/// The Cluster.
pub fn object(here: Here<'_>) -> Value {
    let cluster = here.cluster;
    let mut object = here.object(CORE, "Cluster", &cluster.name, cluster.created);
    let meta = &mut object["metadata"];
    meta["finalizers"] = json!(["cluster.cluster.x-k8s.io"]);
    meta["labels"]["env"] = cluster.role.word().into();
    if here.is_old() {
        tanzu(here, meta);
    }
    if let Some(deleted) = cluster.deleted {
        meta["deletionTimestamp"] = stamp(deleted).into();
    }
    let mut spec = json!({
        "clusterNetwork": {"pods": {"cidrBlocks": ["100.96.0.0/11"]}, "services": {"cidrBlocks": ["100.64.0.0/13"]}, "serviceDomain": "cluster.local"},
        "controlPlaneEndpoint": {"host": cluster.endpoint, "port": 6443},
        "controlPlaneRef": here.link(CONTROL, "KubeadmControlPlane", &cluster.plane.name),
        "infrastructureRef": here.link(here.site.infra_group(), &here.infra("Cluster"), &infra::cluster_name(here)),
    });
    spec["infrastructureRef"].as_object_mut().map(|link| {
        link.contains_key("apiVersion").then(|| link.insert("apiVersion".into(), here.infra_api().into()))
    });
    if cluster.paused {
        spec["paused"] = true.into();
    }
    if cluster.classy {
        spec["topology"] = topology(here);
    }
    object["spec"] = spec;
    object["status"] = status(here);
    object
}

/// Marks of Tanzu Kubernetes Grid.
fn tanzu(here: Here<'_>, meta: &mut Value) {
    let cluster = here.cluster;
    let role = match cluster.role {
        Role::Management => "management",
        Role::Services => "tanzu-services",
        _ => "workload",
    };
    let release = here
        .site
        .plan
        .releases
        .iter()
        .find(|r| r.starts_with(&*cluster.version))
        .map(|r| r.replace('+', "---"));
    let labels = &mut meta["labels"];
    labels[format!("cluster-role.tkg.tanzu.vmware.com/{role}")] = "".into();
    labels["tkg.tanzu.vmware.com/cluster-name"] = (&*cluster.name).into();
    labels["tanzuKubernetesRelease"] = release.clone().unwrap_or_default().into();
    labels["run.tanzu.vmware.com/tkr"] = release.unwrap_or_default().into();
    if role != "management" {
        labels["networking.tkg.tanzu.vmware.com/avi"] = "install-ako-for-all".into();
    }
    meta["annotations"] = json!({
        "osInfo": "ubuntu,20.04,amd64",
        "tkg.tanzu.vmware.com/cluster-controlplane-endpoint": cluster.endpoint,
        "tkg/plan": if cluster.plane.replicas == 3 { "prod" } else { "dev" },
    });
    if cluster.role == Role::Management {
        meta["annotations"]["TKGVERSION"] = "v2.5.2".into();
    }
}

fn topology(here: Here<'_>) -> Value {
    let cluster = here.cluster;
    let worker = if here.is_old() { "tkg-worker" } else { "default-worker" };
    let pools: Vec<Value> = cluster
        .pools
        .iter()
        .map(|pool| {
            let mut one = json!({"class": worker, "failureDomain": &*pool.zone, "name": &*pool.topology});
            match pool.autoscaled {
                Some((low, high)) => {
                    one["metadata"] = json!({"annotations": {
                        "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size": high.to_string(),
                        "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": low.to_string(),
                    }});
                }
                None => one["replicas"] = pool.replicas.into(),
            }
            one
        })
        .collect();
    let mut topology = json!({
        "controlPlane": {"replicas": cluster.plane.replicas},
        "variables": [{"name": "cni", "value": "antrea"}, {"name": "auditLogging", "value": {"enabled": cluster.role == Role::Prod}}],
        "version": &*cluster.version,
        "workers": {"machineDeployments": pools},
    });
    if here.is_old() {
        topology["class"] = here.site.plan.class.0.into();
    } else {
        topology["classRef"] = json!({"name": here.site.plan.class.0, "namespace": here.site.plan.class.1});
    }
    topology
}

/// Numbers of all pools together.
fn workers(cluster: &Cluster) -> Counts {
    cluster.pools.iter().map(pool::counts).fold(Counts::default(), |sum, n| Counts {
        desired: sum.desired + n.desired,
        replicas: sum.replicas + n.replicas,
        ready: sum.ready + n.ready,
        up_to_date: sum.up_to_date + n.up_to_date,
    })
}

/// `status`.
pub fn status(here: Here<'_>) -> Value {
    let cluster = here.cluster;
    let phase = if cluster.deleted.is_some() { "Deleting" } else { "Provisioned" };
    let mut status = json!({"observedGeneration": 1, "phase": phase});
    here.conditions(&mut status, &older(here), &newer(here));
    if here.is_old() {
        status["infrastructureReady"] = true.into();
        status["controlPlaneReady"] = true.into();
        let zones = here.site.plan.zones.iter().map(|z| ((*z).to_owned(), json!({"controlPlane": true})));
        status["failureDomains"] = Value::Object(zones.collect());
    } else {
        status["initialization"] =
            json!({"controlPlaneInitialized": true, "infrastructureProvisioned": true});
        status["controlPlane"] = numbers(plane::counts(&cluster.plane));
        status["workers"] = numbers(workers(cluster));
        status["failureDomains"] =
            here.site.plan.zones.iter().map(|z| json!({"name": z, "controlPlane": true})).collect();
    }
    status
}

fn numbers(n: Counts) -> Value {
    json!({"desiredReplicas": n.desired, "replicas": n.replicas, "readyReplicas": n.ready, "availableReplicas": n.ready, "upToDateReplicas": n.up_to_date})
}

fn older(here: Here<'_>) -> Vec<Said> {
    let cluster = here.cluster;
    let plane = plane::older(here, plane::counts(&cluster.plane)).swap_remove(0);
    let plane = Said { kind: "ControlPlaneReady", ..plane };
    let topology = topology_older(cluster);
    let worst = [&plane, &topology].into_iter().find(|s| !s.is_true());
    let ready =
        worst.map_or_else(|| yes("Ready", "", cluster.since), |s| Said { kind: "Ready", ..s.clone() });
    let mut all = vec![
        ready,
        yes("ControlPlaneInitialized", "", cluster.created + jiff::SignedDuration::from_mins(4)),
        plane,
        yes("InfrastructureReady", "", cluster.created + jiff::SignedDuration::from_secs(30)),
    ];
    if cluster.classy {
        all.push(topology);
    }
    if let Some(next) = update(here) {
        all.push(yes("UpdatesAvailable", "", cluster.since).saying(format!("[{next}]")));
    }
    all
}

/// The newest release of the same or the next minor, where it is newer than what runs.
fn update(here: Here<'_>) -> Option<&'static str> {
    let at = here.site.plan.releases.iter().position(|r| r.starts_with(&*here.cluster.version))?;
    here.site.plan.releases.get(at + 1).copied()
}

fn topology_older(cluster: &Cluster) -> Said {
    match waiting_pools(cluster) {
        Some(why) => {
            no("TopologyReconciled", "MachineDeploymentsUpgradePending", why, cluster.since).severe("Info")
        }
        None => yes("TopologyReconciled", "ReconcileSucceeded", cluster.since),
    }
}

/// Pools that an upgrade has not reached.
fn waiting_pools(cluster: &Cluster) -> Option<String> {
    let waiting: Vec<&str> =
        cluster.pools.iter().filter(|p| p.version != cluster.version).map(|p| &*p.name).collect();
    let rolling = cluster.plane.machines.iter().any(|m| m.version != cluster.version);
    (cluster.upgrading && !waiting.is_empty()).then(|| {
        let why = if rolling { "Control plane is upgrading" } else { "Other pools are upgrading" };
        format!(
            "MachineDeployment(s) {} upgrade to version {} on hold. {why}",
            waiting.join(", "),
            cluster.version
        )
    })
}

fn newer(here: Here<'_>) -> Vec<Said> {
    let (cluster, since) = (here.cluster, here.cluster.since);
    let cut = cluster.cut_off(here.now);
    let probe = match cut {
        Some(at) => no(
            "RemoteConnectionProbe",
            "ProbeFailed",
            format!("Remote connection probe failed, probe last succeeded at {}", stamp(at)),
            at,
        ),
        None => yes("RemoteConnectionProbe", "ProbeSucceeded", since),
    };
    let plane = plane_said(here);
    let pools: Vec<(&str, Vec<Said>)> =
        cluster.pools.iter().map(|p| (&*p.name, conditions_of(&pool::status(here, p), p.since))).collect();
    let find = |said: &[Said], kind: &str| said.iter().find(|s| s.kind == kind).cloned();
    let over = |kind: &'static str, part: &str, good: &'static str, bad: &'static str, negative: bool| {
        over_pools(kind, part, (good, bad), &pools, negative, since)
    };
    let plane_available = match find(&plane, "Available") {
        Some(s) => Said { kind: "ControlPlaneAvailable", ..s },
        None => yes("ControlPlaneAvailable", "Available", since),
    };
    let workers_available = over("WorkersAvailable", "Available", "Available", "NotAvailable", false);
    let mut available: Vec<String> = Vec::new();
    for said in [&probe, &plane_available, &workers_available] {
        if !said.is_true() {
            available.push(format!("* {}: {}", said.kind, said.message.replace('\n', "\n  ")));
        }
    }
    let available = if available.is_empty() {
        yes("Available", "Available", since)
    } else {
        no("Available", "NotAvailable", available.join("\n"), since)
    };
    let rename = |kind: &'static str, from: &str| find(&plane, from).map(|s| Said { kind, ..s });
    let mut all = vec![
        available,
        probe,
        yes("InfrastructureReady", "Ready", cluster.created + jiff::SignedDuration::from_secs(30)),
        yes("ControlPlaneInitialized", "Initialized", cluster.created + jiff::SignedDuration::from_mins(4)),
        plane_available,
        workers_available,
    ];
    if cluster.classy {
        all.push(topology_newer(cluster));
    }
    all.push(both("RollingOut", "NotRollingOut", &cluster.plane.name, &plane, &pools, since));
    all.push(no("Remediating", "NotRemediating", "", cluster.created));
    all.push(both("ScalingDown", "NotScalingDown", &cluster.plane.name, &plane, &pools, since));
    all.push(both("ScalingUp", "NotScalingUp", &cluster.plane.name, &plane, &pools, since));
    all.extend(rename("ControlPlaneMachinesReady", "MachinesReady"));
    all.push(over("WorkerMachinesReady", "MachinesReady", "Ready", "NotReady", false));
    all.extend(rename("ControlPlaneMachinesUpToDate", "MachinesUpToDate"));
    all.push(over("WorkerMachinesUpToDate", "MachinesUpToDate", "UpToDate", "NotUpToDate", false));
    all.push(paused(cluster.paused, since));
    all.push(match cluster.deleted {
        Some(at) => yes("Deleting", "WaitingForWorkersDeletion", at),
        None => no("Deleting", "NotDeleting", "", cluster.created),
    });
    all
}

fn topology_newer(cluster: &Cluster) -> Said {
    match waiting_pools(cluster) {
        Some(why) => no(
            "TopologyReconciled",
            "ClusterUpgrading",
            format!("Cluster is upgrading to {}\n  * {why}", cluster.version),
            cluster.since,
        ),
        None => yes("TopologyReconciled", "ReconcileSucceeded", cluster.since),
    }
}

/// The conditions of the control plane, to repeat.
fn plane_said(here: Here<'_>) -> Vec<Said> {
    conditions_of(&plane::status(here), here.cluster.plane.since)
}

/// Reads conditions back out of a status, by the types that parents repeat.
fn conditions_of(status: &Value, since: jiff::Timestamp) -> Vec<Said> {
    const REPEATED: [&str; 6] =
        ["Available", "RollingOut", "ScalingDown", "ScalingUp", "MachinesReady", "MachinesUpToDate"];
    let find = |kind: &'static str| {
        let one = status["conditions"].as_array()?.iter().find(|c| c["type"] == kind)?;
        let state = ["True", "False", "Unknown"].into_iter().find(|s| one["status"] == *s)?;
        let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
        Some(Said {
            kind,
            status: state,
            reason: text("reason").into(),
            message: text("message"),
            severity: "",
            since,
        })
    };
    REPEATED.into_iter().filter_map(find).collect()
}

fn over_pools(
    kind: &'static str,
    part: &str,
    (good, bad): (&'static str, &'static str),
    pools: &[(&str, Vec<Said>)],
    negative: bool,
    since: jiff::Timestamp,
) -> Said {
    let wrong: Vec<(&str, &Said)> = pools
        .iter()
        .filter_map(|(name, said)| said.iter().find(|s| s.kind == part).map(|s| (*name, s)))
        .filter(|(_, s)| s.is_true() == negative)
        .collect();
    if wrong.is_empty() {
        return yes(kind, good, since);
    }
    // Of machines the names stand in the text already; of pools they are added here.
    let text = if part == "Available" {
        bullets("MachineDeployment", wrong.iter().map(|(n, s)| (*n, Cow::from(s.message.as_str()))))
    } else {
        wrong.iter().map(|(_, s)| s.message.as_str()).collect::<Vec<_>>().join("\n")
    };
    if wrong.iter().all(|(_, s)| s.status == "Unknown") {
        unknown(kind, "ReadyUnknown", text, since)
    } else {
        no(kind, bad, text, since)
    }
}

/// An activity of the control plane or of any pool.
fn both(
    kind: &'static str,
    quiet: &'static str,
    plane_name: &str,
    plane: &[Said],
    pools: &[(&str, Vec<Said>)],
    since: jiff::Timestamp,
) -> Said {
    let active =
        |said: &[Said]| said.iter().find(|s| s.kind == kind && s.is_true()).map(|s| s.message.clone());
    let mut lines: Vec<String> = Vec::new();
    if let Some(text) = active(plane) {
        lines.push(bullets("KubeadmControlPlane", std::iter::once((plane_name, Cow::from(text)))));
    }
    let told = pools.iter().filter_map(|(name, said)| active(said).map(|text| (*name, Cow::from(text))));
    let text = bullets("MachineDeployment", told);
    if !text.is_empty() {
        lines.push(text);
    }
    if lines.is_empty() {
        no(kind, quiet, "", since)
    } else {
        yes(kind, kind, since).saying(lines.join("\n"))
    }
}
