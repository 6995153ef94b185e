//! KubeadmControlPlane.
use std::borrow::Cow;

use serde_json::{Value, json};

use super::{
    condition::{Said, bullets, no, unknown, yes},
    machine::{Owner, connection_down, newer as machine_newer},
    pool::{Counts, machines_current, machines_ready, older_machines_ready, paused, scaling},
    words::{CONTROL, Here},
};
use crate::demo::fleet::{Machine, Plane};

/// Numbers of the control plane.
pub fn counts(plane: &Plane) -> Counts {
    Counts {
        desired: plane.replicas,
        replicas: plane.machines.len(),
        ready: plane.machines.iter().filter(|m| m.is_ready()).count(),
        up_to_date: plane.machines.iter().filter(|m| m.version == plane.version).count(),
    }
}

/// The KubeadmControlPlane.
pub fn object(here: Here<'_>) -> Value {
    let plane = &here.cluster.plane;
    let mut object = here.object(CONTROL, "KubeadmControlPlane", &plane.name, here.cluster.created);
    let meta = &mut object["metadata"];
    meta["ownerReferences"] = here.owned_by_cluster();
    meta["finalizers"] = json!(["kubeadm.controlplane.cluster.x-k8s.io"]);
    let infra = here.link(here.site.infra_group(), &here.infra("MachineTemplate"), &plane.template);
    let rollout = json!({"rollingUpdate": {"maxSurge": 1}, "type": "RollingUpdate"});
    let mut spec = json!({
        "kubeadmConfigSpec": {"joinConfiguration": {"nodeRegistration": {"criSocket": "unix:///run/containerd/containerd.sock"}}},
        "replicas": plane.replicas,
        "version": &*plane.version,
    });
    if here.is_old() {
        spec["machineTemplate"] = json!({"infrastructureRef": infra});
        spec["rolloutStrategy"] = rollout;
    } else {
        spec["machineTemplate"] =
            json!({"metadata": {"labels": here.labels(&[])}, "spec": {"infrastructureRef": infra}});
        spec["rollout"] = json!({"strategy": rollout});
    }
    object["spec"] = spec;
    object["status"] = status(here);
    object
}

/// `status`.
pub fn status(here: Here<'_>) -> Value {
    let plane = &here.cluster.plane;
    let n = counts(plane);
    let lowest =
        plane.machines.iter().map(|m| &m.version).find(|v| **v != plane.version).unwrap_or(&plane.version);
    let mut status = json!({
        "observedGeneration": 1, "replicas": n.replicas, "readyReplicas": n.ready, "version": &**lowest,
        "selector": format!("cluster.x-k8s.io/cluster-name={},cluster.x-k8s.io/control-plane", here.cluster.name),
    });
    here.conditions(&mut status, &older(here, n), &newer(here, n));
    if here.is_old() {
        status["initialized"] = true.into();
        status["ready"] = (n.ready > 0).into();
        status["updatedReplicas"] = n.up_to_date.into();
        status["unavailableReplicas"] = n.replicas.saturating_sub(n.ready).into();
    } else {
        status["initialization"] = json!({"controlPlaneInitialized": true});
        status["availableReplicas"] = n.ready.into();
        status["upToDateReplicas"] = n.up_to_date.into();
    }
    status
}

/// A summary over the machines, of the conditions that begin or end so.
fn parts(here: Here<'_>, kind: &'static str, of: &[&str], plane: &Plane) -> Said {
    let since = plane.since;
    if here.cluster.cut_off(here.now).is_some() {
        return unknown(kind, "ConnectionDown", connection_down(here), since);
    }
    let mut bad: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for machine in plane.machines.iter().filter(|m| !Owner::Plane(plane).is_well(here, m)) {
        let said: Vec<String> = machine_newer(here, Owner::Plane(plane), machine)
            .into_iter()
            .filter(|s| of.contains(&s.kind) && !s.is_true())
            .map(|s| format!("* {}: {}", s.kind, s.message))
            .collect();
        if !said.is_empty() {
            bad.push((&machine.name, said.join("\n").into()));
        }
    }
    if bad.is_empty() {
        yes(kind, "Healthy", since)
    } else {
        unknown(kind, "HealthUnknown", bullets("Machine", bad.into_iter()), since)
    }
}

fn newer(here: Here<'_>, n: Counts) -> Vec<Said> {
    let (plane, created) = (&here.cluster.plane, here.cluster.created);
    let since = plane.since;
    let owner = Owner::Plane(plane);
    let machines: Vec<&Machine> = plane.machines.iter().collect();
    let available = if here.cluster.cut_off(here.now).is_some() {
        unknown("Available", "ConnectionDown", connection_down(here), since)
    } else if n.ready * 2 > plane.replicas {
        yes("Available", "Available", since)
    } else {
        let why = format!(
            "* There are {} healthy etcd members, but quorum requires at least {}",
            n.ready,
            plane.replicas / 2 + 1
        );
        no("Available", "NotAvailable", why, since)
    };
    let rolling = match n.replicas - n.up_to_date {
        0 => no("RollingOut", "NotRollingOut", "", since),
        old => {
            let from = plane.machines.iter().find(|m| m.version != plane.version).map_or("", |m| &m.version);
            let why = format!(
                "Rolling out {old} not up-to-date replicas\n* Version {from}, {} required",
                plane.version
            );
            yes("RollingOut", "RollingOut", since).saying(why)
        }
    };
    let mut all = vec![
        available,
        yes("CertificatesAvailable", "Available", created),
        yes("Initialized", "Initialized", created),
        parts(here, "EtcdClusterHealthy", &["EtcdMemberHealthy"], plane),
        parts(
            here,
            "ControlPlaneComponentsHealthy",
            &["EtcdPodHealthy", "APIServerPodHealthy", "ControllerManagerPodHealthy", "SchedulerPodHealthy"],
            plane,
        ),
        rolling,
        no("Remediating", "NotRemediating", "", created),
    ];
    all.extend(scaling(here, owner, &machines, n, since));
    all.push(machines_ready(here, owner, &machines, since));
    all.push(machines_current(here, owner, &machines, since));
    all.push(paused(here.cluster.paused, created));
    all.push(no("Deleting", "NotDeleting", "", created));
    all
}

/// The conditions of v1beta1; the summary first.
pub fn older(here: Here<'_>, n: Counts) -> Vec<Said> {
    let (plane, created) = (&here.cluster.plane, here.cluster.created);
    let since = plane.since;
    let machines: Vec<&Machine> = plane.machines.iter().collect();
    let lost: Vec<&str> = plane.machines.iter().filter(|m| m.is_lost()).map(|m| &*m.name).collect();
    let part = |kind, reason, what: &str| {
        if lost.is_empty() {
            yes(kind, "", since)
        } else {
            unknown(
                kind,
                reason,
                format!("Following machines are reporting unknown {what}: {}", lost.join(", ")),
                since,
            )
        }
    };
    let mut rest = vec![
        yes("Available", "", created),
        yes("CertificatesAvailable", "", created),
        part("ControlPlaneComponentsHealthy", "ControlPlaneComponentsUnknown", "control plane status"),
        part("EtcdClusterHealthy", "EtcdClusterUnknown", "etcd member status"),
        yes("MachinesCreated", "", created),
        older_machines_ready(here, Owner::Plane(plane), &machines, since),
    ];
    let old = n.replicas - n.up_to_date;
    if old > 0 {
        let why = format!("Rolling {old} replicas with outdated spec ({} replicas up to date)", n.up_to_date);
        rest.push(no("MachinesSpecUpToDate", "RollingUpdateInProgress", why, since).severe("Warning"));
    }
    rest.push(match n.replicas.cmp(&n.desired) {
        std::cmp::Ordering::Less => no(
            "Resized",
            "ScalingUp",
            format!("Scaling up control plane to {} replicas (actual {})", n.desired, n.replicas),
            since,
        )
        .severe("Warning"),
        std::cmp::Ordering::Greater => no(
            "Resized",
            "ScalingDown",
            format!("Scaling down control plane to {} replicas (actual {})", n.desired, n.replicas),
            since,
        )
        .severe("Warning"),
        std::cmp::Ordering::Equal => yes("Resized", "", since),
    });
    let order = ["MachinesSpecUpToDate", "Resized", "MachinesReady"];
    let worst = order.into_iter().find_map(|k| rest.iter().find(|s| s.kind == k && !s.is_true()));
    let ready = worst.map_or_else(|| yes("Ready", "", since), |s| Said { kind: "Ready", ..s.clone() });
    rest.insert(0, ready);
    rest
}
