//! The conditions of a Machine in v1beta1.
use super::Owner;
use crate::demo::fleet::{
    Machine, Stage,
    render::{
        condition::{Said, no, unknown, yes},
        words::Here,
    },
};

/// All of them: the summary first, as the API sorts them.
pub fn older(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Vec<Said> {
    let since = machine.since;
    let mut parts = vec![bootstrap(machine), super::super::infra::older_ready(here, machine)];
    parts.push(node(here, machine));
    if owner.is_checked() && machine.stage == Stage::Running {
        parts.push(if machine.is_lost() {
            let why = "Condition Ready on node is reporting status Unknown for more than 5m0s";
            no("HealthCheckSucceeded", "UnhealthyNode", why, since).severe("Warning")
        } else {
            yes("HealthCheckSucceeded", "", since)
        });
    }
    if machine.deleted.is_some() {
        parts.push(draining(machine));
    }
    let mut all = vec![summary(machine, &parts)];
    if owner.is_plane() {
        all.extend(plane(machine));
    }
    all.append(&mut parts);
    all
}

fn bootstrap(machine: &Machine) -> Said {
    let kind = "BootstrapReady";
    match machine.stage {
        Stage::Pending => no(kind, "WaitingForDataSecret", "", machine.created).severe("Info"),
        Stage::Forgetting => no(kind, "Deleted", "", machine.since).severe("Info"),
        _ => yes(kind, "", machine.created + jiff::SignedDuration::from_secs(2)),
    }
}

fn node(here: Here<'_>, machine: &Machine) -> Said {
    let (kind, since) = ("NodeHealthy", machine.since);
    match machine.stage {
        Stage::Pending | Stage::Cloning | Stage::Starting => {
            no(kind, "WaitingForNodeRef", "", machine.created).severe("Info")
        }
        Stage::Joining => {
            no(kind, "NodeProvisioning", "Waiting for a node with matching ProviderID to exist", since)
                .severe("Warning")
        }
        Stage::Settling => {
            no(kind, "NodeConditionsFailed", "Node condition Ready is False. ", since).severe("Warning")
        }
        Stage::Removing | Stage::Forgetting => no(kind, "Deleting", "", since).severe("Info"),
        _ if machine.is_lost() => unknown(
            kind,
            "NodeConditionsFailed",
            "Node condition MemoryPressure is Unknown. Node condition DiskPressure is Unknown. \
             Node condition PIDPressure is Unknown. Node condition Ready is Unknown. ",
            since,
        ),
        _ if here.cluster.cut_off(here.now).is_some() => unknown(
            kind,
            "NodeInspectionFailed",
            "Failed to get the Node for this Machine by ProviderID",
            since,
        ),
        _ => yes(kind, "", since),
    }
}

fn draining(machine: &Machine) -> Said {
    let since = machine.deleted.unwrap_or(machine.since);
    if machine.stage == Stage::Draining {
        no("DrainingSucceeded", "Draining", "Draining the node before deletion", since).severe("Info")
    } else {
        yes("DrainingSucceeded", "", machine.since)
    }
}

/// Conditions that the kubeadm control plane adds.
fn plane(machine: &Machine) -> Vec<Said> {
    const PARTS: [&str; 5] = [
        "APIServerPodHealthy",
        "ControllerManagerPodHealthy",
        "EtcdMemberHealthy",
        "EtcdPodHealthy",
        "SchedulerPodHealthy",
    ];
    PARTS
        .into_iter()
        .map(|kind| {
            if machine.is_lost() {
                let reason = if kind == "EtcdMemberHealthy" {
                    "MemberInspectionFailed"
                } else {
                    "PodInspectionFailed"
                };
                unknown(kind, reason, "Node is unreachable", machine.since)
            } else if machine.stage < Stage::Settling {
                no(kind, "PodProvisioning", "", machine.since).severe("Info")
            } else {
                yes(kind, "", machine.since)
            }
        })
        .collect()
}

/// What comes first in the order of the controller, told as the summary. Whether there is a node does not count.
fn summary(machine: &Machine, parts: &[Said]) -> Said {
    const ORDER: [&str; 4] =
        ["InfrastructureReady", "BootstrapReady", "HealthCheckSucceeded", "DrainingSucceeded"];
    let Some(said) =
        ORDER.into_iter().find_map(|kind| parts.iter().find(|p| p.kind == kind && p.status == "False"))
    else {
        return yes("Ready", "", machine.since);
    };
    let done =
        parts.iter().filter(|p| p.is_true() && matches!(p.kind, "InfrastructureReady" | "BootstrapReady"));
    let counts = machine.stage < Stage::Joining;
    let message = if counts { format!("{} of 2 completed", done.count()) } else { said.message.clone() };
    Said { kind: "Ready", message, ..said.clone() }
}
