//! MachineDeployment, `MachineSet`, and what their machines are booted with.
use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    condition::{Said, bullets, no, unknown, yes},
    machine::{Owner, newer as machine_newer, older as machine_older},
    words::{BOOTSTRAP, CORE, Here},
};
use crate::demo::fleet::{Machine, Pool, Set};

/// Numbers of a pool or a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub desired: usize,
    pub replicas: usize,
    pub ready: usize,
    pub up_to_date: usize,
}

/// Numbers of a pool.
pub fn counts(pool: &Pool) -> Counts {
    Counts {
        desired: pool.replicas,
        replicas: pool.machines.len(),
        ready: pool.ready(),
        up_to_date: pool.current().count(),
    }
}

/// The MachineDeployment.
pub fn object(here: Here<'_>, pool: &Pool) -> Value {
    let mut object = here.object(CORE, "MachineDeployment", &pool.name, pool.created);
    let meta = &mut object["metadata"];
    meta["labels"] = labels(here, pool);
    meta["ownerReferences"] = json!([{"apiVersion": here.api(CORE), "kind": "Cluster", "name": &*here.cluster.name, "uid": here.uid("Cluster", &here.cluster.name)}]);
    let revision = pool.sets.last().map_or(1, |s| s.revision);
    meta["annotations"] = json!({"machinedeployment.clusters.x-k8s.io/revision": revision.to_string()});
    if let Some((low, high)) = pool.autoscaled {
        meta["annotations"]["cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size"] =
            low.to_string().into();
        meta["annotations"]["cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"] =
            high.to_string().into();
    }
    let mut finalizers = Vec::new();
    if !here.is_old() {
        finalizers.push("cluster.x-k8s.io/machinedeployment");
    }
    if here.cluster.classy {
        finalizers.push("machinedeployment.topology.cluster.x-k8s.io");
    }
    meta["finalizers"] = json!(finalizers);
    let rolling = json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}, "type": "RollingUpdate"});
    let mut spec = json!({
        "clusterName": &*here.cluster.name,
        "replicas": pool.replicas,
        "selector": {"matchLabels": labels(here, pool)},
        "template": {"metadata": {"labels": labels(here, pool)}, "spec": template(here, pool, &pool.version)},
    });
    if here.is_old() {
        spec["strategy"] = rolling;
    } else {
        spec["rollout"] = json!({"strategy": rolling});
    }
    object["spec"] = spec;
    object["status"] = status(here, pool);
    object
}

pub(super) fn labels(here: Here<'_>, pool: &Pool) -> Value {
    if here.cluster.classy {
        here.labels(&[("topology.cluster.x-k8s.io/deployment-name", &pool.topology)])
    } else {
        here.labels(&[("cluster.x-k8s.io/deployment-name", &pool.name)])
    }
}

fn template(here: Here<'_>, pool: &Pool, version: &str) -> Value {
    json!({
        "bootstrap": {"configRef": here.link(BOOTSTRAP, "KubeadmConfigTemplate", &pool.name)},
        "clusterName": &*here.cluster.name,
        "failureDomain": &*pool.zone,
        "infrastructureRef": here.link(here.site.infra_group(), &here.infra("MachineTemplate"), &pool.name),
        "version": version,
    })
}

/// The `KubeadmConfigTemplate` of a pool.
pub fn bootstrap_template(here: Here<'_>, pool: &Pool) -> Value {
    let mut object = here.object(BOOTSTRAP, "KubeadmConfigTemplate", &pool.name, pool.created);
    object["metadata"]["ownerReferences"] = here.owned_by_cluster();
    object["spec"] = json!({"template": {"spec": {"joinConfiguration": {"nodeRegistration": {"criSocket": "unix:///run/containerd/containerd.sock"}}}}});
    object
}

/// `status` of the MachineDeployment.
pub fn status(here: Here<'_>, pool: &Pool) -> Value {
    let n = counts(pool);
    let phase = if n.replicas < n.desired || n.ready < n.desired && n.replicas == n.desired {
        "ScalingUp"
    } else if n.replicas > n.desired {
        "ScalingDown"
    } else {
        "Running"
    };
    let mut status = json!({"observedGeneration": 1, "phase": phase, "replicas": n.replicas, "readyReplicas": n.ready, "availableReplicas": n.ready});
    here.conditions(&mut status, &older(here, pool, n), &newer(here, pool, n));
    if here.is_old() {
        status["updatedReplicas"] = n.up_to_date.into();
        status["unavailableReplicas"] = n.replicas.max(n.desired).saturating_sub(n.ready).into();
    } else {
        status["upToDateReplicas"] = n.up_to_date.into();
    }
    status["selector"] = format!("cluster.x-k8s.io/cluster-name={}", here.cluster.name).into();
    status
}

fn newer(here: Here<'_>, pool: &Pool, n: Counts) -> Vec<Said> {
    let since = pool.since;
    let available = if n.ready >= n.desired {
        yes("Available", "Available", since)
    } else {
        let why = format!(
            "{} available replicas, at least {} required (spec.strategy.rollout.maxUnavailable is 0, spec.replicas is {})",
            n.ready, n.desired, n.desired
        );
        no("Available", "NotAvailable", why, since)
    };
    let rolling = match n.replicas - n.up_to_date {
        0 => no("RollingOut", "NotRollingOut", "", since),
        old => {
            let version = pool.sets.first().map_or("", |s| &s.version);
            let why = if *version == *pool.version {
                String::new()
            } else {
                format!("\n* Version {version}, {} required", pool.version)
            };
            yes("RollingOut", "RollingOut", since)
                .saying(format!("Rolling out {old} not up-to-date replicas{why}"))
        }
    };
    let (owner, machines): (Owner<'_>, Vec<&Machine>) = (Owner::Pool(pool), pool.machines.iter().collect());
    let mut all = vec![available, rolling, no("Remediating", "NotRemediating", "", pool.created)];
    all.extend(scaling(here, owner, &machines, n, since));
    all.push(machines_ready(here, owner, &machines, since));
    all.push(machines_current(here, owner, &machines, since));
    all.push(paused(pool.paused || here.cluster.paused, pool.created));
    all.push(no("Deleting", "NotDeleting", "", pool.created));
    all
}

/// Paused, as both dialects' newer line tells it.
pub(super) fn paused(paused: bool, since: Timestamp) -> Said {
    if paused {
        yes("Paused", "Paused", since).saying("Cluster spec.paused is set to true")
    } else {
        no("Paused", "NotPaused", "", since)
    }
}

/// `ScalingDown` and `ScalingUp`.
pub(super) fn scaling(
    here: Here<'_>,
    owner: Owner<'_>,
    machines: &[&Machine],
    n: Counts,
    since: Timestamp,
) -> [Said; 2] {
    let down = if n.replicas > n.desired {
        let mut why = format!("Scaling down from {} to {} replicas", n.replicas, n.desired);
        for machine in machines.iter().filter(|m| m.deleted.is_some()) {
            let all = machine_newer(here, owner, machine);
            let words =
                all.last().map(|d| super::machine::deletion_words(machine, d, here.now)).unwrap_or_default();
            if words.contains("more than") {
                let cause =
                    words.split_once(", delay").map_or(String::new(), |(_, cause)| format!(", delay{cause}"));
                why = format!("{why}\n* Machine {} is in deletion since more than 15m{cause}", machine.name);
            }
        }
        yes("ScalingDown", "ScalingDown", since).saying(why)
    } else {
        no("ScalingDown", "NotScalingDown", "", since)
    };
    let up = if n.replicas < n.desired {
        yes("ScalingUp", "ScalingUp", since)
            .saying(format!("Scaling up from {} to {} replicas", n.replicas, n.desired))
    } else {
        no("ScalingUp", "NotScalingUp", "", since)
    };
    [down, up]
}

/// A condition of the machines that their owner repeats.
fn repeated(here: Here<'_>, owner: Owner<'_>, machines: &[&Machine], part: &str) -> Vec<(String, Said)> {
    machines
        .iter()
        .filter(|m| !owner.is_well(here, m))
        .filter_map(|m| {
            let said = machine_newer(here, owner, m).into_iter().find(|s| s.kind == part)?;
            (!said.is_true()).then(|| (m.name.to_string(), said))
        })
        .collect()
}

pub(super) fn machines_ready(
    here: Here<'_>,
    owner: Owner<'_>,
    machines: &[&Machine],
    since: Timestamp,
) -> Said {
    let bad = repeated(here, owner, machines, "Ready");
    if bad.is_empty() {
        return if machines.is_empty() {
            yes("MachinesReady", "NoReplicas", since)
        } else {
            yes("MachinesReady", "Ready", since)
        };
    }
    let text = bullets("Machine", bad.iter().map(|(n, s)| (n.as_str(), Cow::from(s.message.as_str()))));
    if bad.iter().all(|(_, s)| s.status == "Unknown") {
        unknown("MachinesReady", "ReadyUnknown", text, since)
    } else {
        no("MachinesReady", "NotReady", text, since)
    }
}

pub(super) fn machines_current(
    here: Here<'_>,
    owner: Owner<'_>,
    machines: &[&Machine],
    since: Timestamp,
) -> Said {
    let bad = repeated(here, owner, machines, "UpToDate");
    if bad.is_empty() {
        return yes("MachinesUpToDate", if machines.is_empty() { "NoReplicas" } else { "UpToDate" }, since);
    }
    let text = bullets("Machine", bad.iter().map(|(n, s)| (n.as_str(), Cow::from(s.message.as_str()))));
    no("MachinesUpToDate", "NotUpToDate", text, since)
}

fn older(here: Here<'_>, pool: &Pool, n: Counts) -> Vec<Said> {
    let since = pool.since;
    let available = if n.ready >= n.desired {
        yes("Available", "", since)
    } else {
        let why =
            format!("Minimum availability requires {} replicas, current {} available", n.desired, n.ready);
        no("Available", "WaitingForAvailableMachines", why, since).severe("Warning")
    };
    let set = pool.sets.last().map(|set| Said { kind: "MachineSetReady", ..set_ready(here, pool, set) });
    let mut all = vec![Said { kind: "Ready", ..available.clone() }, available];
    all.extend(set);
    all
}

/// `MachinesReady @ Machine/x` of v1beta1: the first machine that is not ready, and how many are.
pub(super) fn older_machines_ready(
    here: Here<'_>,
    owner: Owner<'_>,
    machines: &[&Machine],
    since: Timestamp,
) -> Said {
    let bad: Vec<(&Machine, Said)> = machines
        .iter()
        .filter(|m| !owner.is_well(here, m))
        .filter_map(|m| Some((*m, machine_older(here, owner, m).into_iter().next()?)))
        .filter(|(_, said)| !said.is_true())
        .collect();
    let Some((machine, said)) = bad.first() else { return yes("MachinesReady", "", since) };
    let done = machines.len() - bad.len();
    Said {
        kind: "MachinesReady",
        reason: format!("{} @ Machine/{}", said.reason, machine.name).into(),
        message: format!("{done} of {} completed", machines.len()),
        since,
        ..said.clone()
    }
}

fn set_ready(here: Here<'_>, pool: &Pool, set: &Set) -> Said {
    let n = set_counts(pool, set);
    let resized = resized(n, set.since);
    if resized.is_true() {
        let machines: Vec<&Machine> = pool.of_set(set).collect();
        Said { kind: "Ready", ..older_machines_ready(here, Owner::Pool(pool), &machines, set.since) }
    } else {
        Said { kind: "Ready", ..resized }
    }
}

fn resized(n: Counts, since: Timestamp) -> Said {
    let told = |reason, word| {
        let why = format!("Scaling {word} MachineSet to {} replicas (actual {})", n.desired, n.replicas);
        no("Resized", reason, why, since).severe("Warning")
    };
    match n.replicas.cmp(&n.desired) {
        std::cmp::Ordering::Less => told("ScalingUp", "up"),
        std::cmp::Ordering::Greater => told("ScalingDown", "down"),
        std::cmp::Ordering::Equal => yes("Resized", "", since),
    }
}

fn set_counts(pool: &Pool, set: &Set) -> Counts {
    let machines = || pool.of_set(set);
    let newest = pool.sets.last().is_some_and(|s| s.name == set.name);
    Counts {
        desired: set.replicas,
        replicas: machines().count(),
        ready: machines().filter(|m| m.is_ready()).count(),
        up_to_date: if newest { machines().count() } else { 0 },
    }
}

/// The `MachineSet`.
pub fn set(here: Here<'_>, pool: &Pool, set: &Set) -> Value {
    let mut object = here.object(CORE, "MachineSet", &set.name, set.created);
    let mut more =
        vec![("cluster.x-k8s.io/deployment-name", &*pool.name), ("machine-template-hash", set.hash.as_str())];
    if here.cluster.classy {
        more.push(("topology.cluster.x-k8s.io/deployment-name", &*pool.topology));
    }
    let labels = here.labels(&more);
    let meta = &mut object["metadata"];
    meta["labels"] = labels.clone();
    meta["ownerReferences"] = here.owner(CORE, "MachineDeployment", &pool.name);
    meta["annotations"] = json!({
        "machinedeployment.clusters.x-k8s.io/desired-replicas": pool.replicas.to_string(),
        "machinedeployment.clusters.x-k8s.io/max-replicas": (pool.replicas + 1).to_string(),
        "machinedeployment.clusters.x-k8s.io/revision": set.revision.to_string(),
    });
    if !here.is_old() {
        meta["finalizers"] = json!(["cluster.x-k8s.io/machineset"]);
    }
    object["spec"] = json!({
        "clusterName": &*here.cluster.name,
        "replicas": set.replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": template(here, pool, &set.version)},
    });
    object["status"] = set_status(here, pool, set);
    object
}

/// `status` of the `MachineSet`.
pub fn set_status(here: Here<'_>, pool: &Pool, set: &Set) -> Value {
    let n = set_counts(pool, set);
    let machines: Vec<&Machine> = pool.of_set(set).collect();
    let owner = Owner::Pool(pool);
    let older = vec![
        set_ready(here, pool, set),
        yes("MachinesCreated", "", set.created),
        older_machines_ready(here, owner, &machines, set.since),
        resized(n, set.since),
    ];
    let mut newer = vec![no("Remediating", "NotRemediating", "", set.created)];
    newer.extend(scaling(here, owner, &machines, n, set.since));
    newer.push(machines_ready(here, owner, &machines, set.since));
    newer.push(machines_current(here, owner, &machines, set.since));
    newer.push(paused(pool.paused || here.cluster.paused, set.created));
    newer.push(no("Deleting", "NotDeleting", "", set.created));
    let mut status = json!({"observedGeneration": 1, "replicas": n.replicas, "readyReplicas": n.ready, "availableReplicas": n.ready});
    here.conditions(&mut status, &older, &newer);
    if here.is_old() {
        status["fullyLabeledReplicas"] = n.replicas.into();
    } else {
        status["upToDateReplicas"] = n.up_to_date.into();
    }
    status
}
