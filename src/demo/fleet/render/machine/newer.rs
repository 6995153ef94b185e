//! The conditions of a Machine in v1beta2.
use std::borrow::Cow;

use jiff::Timestamp;

use super::{Owner, node_name, provider_id};
use crate::demo::fleet::{
    Machine, Stage, Trouble,
    render::{
        condition::{Said, no, stamp, unknown, yes},
        words::Here,
    },
};

/// Seconds of deletion after which controllers say that it takes long.
const LONG: i64 = 15 * 60;

/// What a kubelet that went away leaves behind.
const SILENT: &str = "Kubelet stopped posting node status.";

/// Conditions that the kubeadm control plane adds to its machines, and their reason when true.
const PARTS: [(&str, &str); 6] = [
    ("NodeKubeadmLabelsAndTaintsSet", "Set"),
    ("EtcdPodHealthy", "Running"),
    ("EtcdMemberHealthy", "Healthy"),
    ("APIServerPodHealthy", "Running"),
    ("ControllerManagerPodHealthy", "Running"),
    ("SchedulerPodHealthy", "Running"),
];

/// All of them, in the order of the controller.
pub fn newer(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Vec<Said> {
    let mut parts = vec![bootstrap(machine), infrastructure(here, machine)];
    parts.extend(node(here, machine));
    if owner.is_plane() {
        parts.extend(plane(here, machine));
    }
    parts.extend(health_check(owner, machine));
    let deleting = deleting(here, machine);
    let ready = ready(here, machine, &parts, &deleting);
    let available = match ready.status {
        "True" => yes("Available", "Available", machine.since),
        _ => no("Available", "NotReady", "", machine.since),
    };
    let current = match owner {
        Owner::Plane(plane) => plane.version == machine.version,
        Owner::Pool(pool) => pool.sets.last().is_some_and(|s| s.name == machine.set),
    };
    let up_to_date = if current {
        yes("UpToDate", "UpToDate", machine.created)
    } else {
        // Since somebody asked for another version, which is before the machine began to go.
        let (wanted, asked) = match owner {
            Owner::Plane(plane) => (&plane.version, plane.since),
            Owner::Pool(pool) => (&pool.version, pool.sets.last().map_or(pool.since, |s| s.created)),
        };
        no("UpToDate", "NotUpToDate", format!("* Version {}, {wanted} required", machine.version), asked)
    };
    let mut all = vec![available, ready, up_to_date];
    all.append(&mut parts);
    all.push(no("Updating", "NotUpdating", "", machine.created));
    all.push(no("Paused", "NotPaused", "", machine.created));
    all.push(deleting);
    all
}

fn bootstrap(machine: &Machine) -> Said {
    let kind = "BootstrapConfigReady";
    match machine.stage {
        Stage::Pending => no(
            kind,
            "NotReady",
            "KubeadmConfig status.initialization.dataSecretCreated is false",
            machine.created,
        ),
        Stage::Forgetting => no(kind, "ObjectDeleted", "KubeadmConfig has been deleted", machine.since),
        _ => yes(kind, "Ready", machine.created + jiff::SignedDuration::from_secs(2)),
    }
}

fn infrastructure(here: Here<'_>, machine: &Machine) -> Said {
    let kind = "InfrastructureReady";
    let name = here.infra("Machine");
    match machine.stage {
        Stage::Pending | Stage::Cloning | Stage::Starting => {
            no(kind, "NotReady", super::super::infra::waiting(here, machine), machine.created)
        }
        Stage::Forgetting => no(kind, "ObjectDeleted", format!("{name} has been deleted"), machine.since),
        _ => yes(kind, "Ready", machine.created + jiff::SignedDuration::from_secs(40)),
    }
}

/// `NodeHealthy` and `NodeReady`.
fn node(here: Here<'_>, machine: &Machine) -> [Said; 2] {
    let since = machine.since;
    let both = |reason, message: String| {
        [unknown("NodeHealthy", reason, message.clone(), since), unknown("NodeReady", reason, message, since)]
    };
    match machine.stage {
        _ if here.cluster.cut_off(here.now).is_some() => both("ConnectionDown", connection_down(here)),
        Stage::Pending | Stage::Cloning | Stage::Starting => both(
            "InspectionFailed",
            format!("Waiting for {} to report spec.providerID", here.infra("Machine")),
        ),
        Stage::Joining => both(
            "InspectionFailed",
            format!("Waiting for a Node with spec.providerID {} to exist", provider_id(here, machine)),
        ),
        Stage::Settling => {
            let why = "* Node.Ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady";
            [no("NodeHealthy", "NodeNotHealthy", why, since), no("NodeReady", "NodeNotReady", why, since)]
        }
        Stage::Forgetting => {
            let why = format!("Node {} has been deleted", node_name(here, machine));
            [no("NodeHealthy", "NodeDeleted", why.clone(), since), no("NodeReady", "NodeDeleted", why, since)]
        }
        _ if machine.is_lost() => [
            unknown(
                "NodeHealthy",
                "NodeHealthUnknown",
                ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]
                    .map(|c| format!("* Node.{c}: {SILENT}"))
                    .join("\n"),
                since,
            ),
            unknown("NodeReady", "NodeReadyUnknown", format!("* Node.Ready: {SILENT}"), since),
        ],
        _ => [yes("NodeHealthy", "NodeHealthy", since), yes("NodeReady", "NodeReady", since)],
    }
}

/// What is said of a cluster that cannot be asked any more.
pub(in crate::demo::fleet::render) fn connection_down(here: Here<'_>) -> String {
    let since = here.cluster.cut_off(here.now).unwrap_or(here.now);
    format!("Remote connection down since {}", stamp(since))
}

fn plane(here: Here<'_>, machine: &Machine) -> Vec<Said> {
    let since = machine.since;
    let why: Option<Cow<'_, str>> = match machine.stage {
        _ if here.cluster.cut_off(here.now).is_some() => Some(connection_down(here).into()),
        Stage::Settling | Stage::Running | Stage::Draining | Stage::Removing if !machine.is_lost() => None,
        Stage::Forgetting => Some(format!("Node {} does not exist", node_name(here, machine)).into()),
        _ if machine.is_lost() => Some(format!("Node {} is unreachable", node_name(here, machine)).into()),
        _ => Some(
            format!("Waiting for a Node with spec.providerID {} to exist", provider_id(here, machine)).into(),
        ),
    };
    let reason = if here.cluster.cut_off(here.now).is_some() { "ConnectionDown" } else { "InspectionFailed" };
    PARTS
        .into_iter()
        .map(|(kind, good)| match &why {
            None => yes(kind, good, since),
            // Labels and taints are read from the node object, which is still there.
            Some(_) if machine.is_lost() && kind.starts_with("Node") => yes(kind, good, machine.created),
            Some(why) => unknown(kind, reason, why.clone(), since),
        })
        .collect()
}

fn health_check(owner: Owner<'_>, machine: &Machine) -> Option<Said> {
    let kind = "HealthCheckSucceeded";
    if !owner.is_checked() || machine.stage != Stage::Running {
        return None;
    }
    Some(if machine.is_lost() {
        let why =
            "Health check failed: Condition Ready on Node is reporting status Unknown for more than 5m0s";
        no(kind, "UnhealthyNode", why, machine.since)
    } else {
        yes(kind, "HealthCheckSucceeded", machine.since)
    })
}

fn deleting(here: Here<'_>, machine: &Machine) -> Said {
    let kind = "Deleting";
    let active =
        |reason, message: String| yes(kind, reason, machine.deleted.unwrap_or(machine.since)).saying(message);
    match machine.stage {
        Stage::Draining => active("DrainingNode", draining(machine)),
        Stage::Removing => active(
            "WaitingForInfrastructureDeletion",
            format!("Waiting for {} to be deleted", here.infra("Machine")),
        ),
        Stage::Forgetting => active("DeletionCompleted", "Deletion completed".into()),
        _ => no(kind, "NotDeleting", "", machine.created),
    }
}

fn draining(machine: &Machine) -> String {
    let begun = stamp(machine.deleted.unwrap_or(machine.since));
    let why = match &machine.trouble {
        Trouble::Held { pod, budget, healthy } => {
            let budget = budget.rsplit('/').next().unwrap_or(budget);
            format!(
                "* Pod {pod}: cannot evict pod as it would violate the pod's disruption budget. The disruption budget \
                 {budget} needs {healthy} healthy pods and has {healthy} currently"
            )
        }
        _ => "* Pods with deletionTimestamp that still exist: 2".into(),
    };
    format!("Drain not completed yet (started at {begun}):\n{why}")
}

/// The stage of a deletion, as parents repeat it.
pub(in crate::demo::fleet::render) fn deletion_words(
    machine: &Machine,
    deleting: &Said,
    now: Timestamp,
) -> String {
    let begun = machine.deleted.unwrap_or(now);
    let long = now.duration_since(begun).as_secs() > LONG;
    let since = if long { " since more than 15m" } else { "" };
    let why = if long && matches!(machine.trouble, Trouble::Held { .. }) {
        ", delay likely due to PodDisruptionBudgets"
    } else {
        ""
    };
    format!("Machine deletion in progress{since}, stage: {}{why}", deleting.reason)
}

fn ready(here: Here<'_>, machine: &Machine, parts: &[Said], deleting: &Said) -> Said {
    let since = machine.since;
    if deleting.is_true() {
        return no(
            "Ready",
            "NotReady",
            format!("* Deleting: {}", deletion_words(machine, deleting, here.now)),
            since,
        );
    }
    let bad: Vec<&Said> = parts.iter().filter(|p| !p.is_true() && p.kind != "NodeReady").collect();
    if bad.is_empty() {
        return yes("Ready", "Ready", since);
    }
    let line = |said: &&Said| {
        if said.message.starts_with("* ") {
            let indented: Vec<String> = said.message.lines().map(|l| format!("  {l}")).collect();
            format!("* {}:\n{}", said.kind, indented.join("\n"))
        } else {
            format!("* {}: {}", said.kind, said.message)
        }
    };
    let message = bad.iter().map(line).collect::<Vec<_>>().join("\n");
    if bad.iter().all(|b| b.status == "Unknown") {
        unknown("Ready", "ReadyUnknown", message, since)
    } else {
        no("Ready", "NotReady", message, since)
    }
}
