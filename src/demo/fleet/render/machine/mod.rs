//! Machine and `KubeadmConfig`.
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    condition::{Said, no, stamp, yes},
    words::{BOOTSTRAP, CONTROL, CORE, Here},
};
use crate::demo::fleet::{Infra, Machine, Plane, Pool, Stage, Trouble};

mod newer;
mod older;

pub use newer::newer;
pub(super) use newer::{connection_down, deletion_words};
pub use older::older;

/// What a machine belongs to.
#[derive(Clone, Copy)]
pub enum Owner<'a> {
    Plane(&'a Plane),
    Pool(&'a Pool),
}

impl Owner<'_> {
    pub fn is_plane(self) -> bool {
        matches!(self, Self::Plane(_))
    }

    /// Nothing at all is to be said of the machine: every condition is as it should be.
    pub fn is_well(self, here: Here<'_>, machine: &Machine) -> bool {
        let current = match self {
            Self::Plane(plane) => plane.version == machine.version,
            Self::Pool(pool) => pool.sets.last().is_some_and(|s| s.name == machine.set),
        };
        current && machine.is_ready() && here.cluster.cut_off(here.now).is_none()
    }

    /// A `MachineHealthCheck` watches it.
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Pool(pool) if pool.checked)
    }

    /// Labels of the machine and what is made for it.
    pub(super) fn labels(self, here: Here<'_>, machine: &Machine) -> Value {
        match self {
            Self::Plane(plane) => here.labels(&[
                ("cluster.x-k8s.io/control-plane", ""),
                ("cluster.x-k8s.io/control-plane-name", &plane.name),
            ]),
            Self::Pool(pool) => {
                let hash = pool.sets.iter().find(|s| s.name == machine.set).map_or("", |s| s.hash.as_str());
                let mut more = vec![
                    ("cluster.x-k8s.io/deployment-name", &*pool.name),
                    ("cluster.x-k8s.io/set-name", &*machine.set),
                    ("machine-template-hash", hash),
                ];
                if here.cluster.classy {
                    more.push(("topology.cluster.x-k8s.io/deployment-name", &*pool.topology));
                }
                here.labels(&more)
            }
        }
    }

    fn reference(self, here: Here<'_>, machine: &Machine) -> Value {
        match self {
            Self::Plane(plane) => here.owner(CONTROL, "KubeadmControlPlane", &plane.name),
            Self::Pool(_) => here.owner(CORE, "MachineSet", &machine.set),
        }
    }
}

/// `providerID` as the cloud would give it.
pub fn provider_id(here: Here<'_>, machine: &Machine) -> String {
    let uid = here.uid("vm", &machine.name);
    match here.site.plan.infra {
        Infra::Aws => format!("aws:///{}/i-0{}", machine.zone, uid.replace('-', "").get(..16).unwrap_or("")),
        Infra::VSphere | Infra::Supervisor => format!("vsphere://{uid}"),
    }
}

/// The name of its node.
pub fn node_name(here: Here<'_>, machine: &Machine) -> String {
    let [a, b, c, d] = machine.address;
    match here.site.plan.infra {
        Infra::Aws => format!("ip-{a}-{b}-{c}-{d}.eu-central-1.compute.internal"),
        _ => machine.name.to_string(),
    }
}

/// The Machine.
pub fn object(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Value {
    let mut object = here.object(CORE, "Machine", &machine.name, machine.created);
    let meta = &mut object["metadata"];
    meta["generation"] = 3.into();
    meta["finalizers"] = json!(["machine.cluster.x-k8s.io"]);
    meta["labels"] = owner.labels(here, machine);
    meta["ownerReferences"] = owner.reference(here, machine);
    if owner.is_plane() && !here.is_old() {
        meta["annotations"] = json!({"pre-terminate.delete.hook.machine.cluster.x-k8s.io/kcp-cleanup": ""});
    }
    if let Some(deleted) = machine.deleted {
        meta["deletionTimestamp"] = stamp(deleted).into();
        meta["deletionGracePeriodSeconds"] = 0.into();
    }
    object["spec"] = spec(here, owner, machine);
    object["status"] = status(here, owner, machine);
    object
}

/// `spec`, with what its controllers add to it as it comes up.
pub fn spec(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Value {
    let mut spec = json!({
        "bootstrap": {"configRef": here.link(BOOTSTRAP, "KubeadmConfig", &machine.name)},
        "clusterName": &*here.cluster.name,
        "infrastructureRef": here.link(here.site.infra_group(), &here.infra("Machine"), &machine.name),
        "version": &*machine.version,
    });
    if machine.stage > Stage::Pending {
        spec["bootstrap"]["dataSecretName"] = (&*machine.name).into();
    }
    if machine.stage > Stage::Starting {
        spec["providerID"] = provider_id(here, machine).into();
    }
    if owner.is_plane() || here.site.plan.infra != Infra::VSphere {
        spec["failureDomain"] = (&*machine.zone).into();
    }
    if here.is_old() {
        spec["nodeDeletionTimeout"] = "10s".into();
    } else {
        spec["deletion"] = json!({"nodeDeletionTimeoutSeconds": 10});
    }
    spec
}

/// `status`.
pub fn status(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Value {
    let mut status =
        json!({"observedGeneration": 3, "phase": machine.phase(), "lastUpdated": stamp(machine.since)});
    here.conditions(&mut status, &older(here, owner, machine), &newer(here, owner, machine));
    let (booted, made) = (machine.stage > Stage::Pending, machine.stage > Stage::Starting);
    if here.is_old() {
        status["bootstrapReady"] = booted.into();
        status["infrastructureReady"] = made.into();
    } else {
        status["initialization"] = json!({});
        for (name, done) in [("bootstrapDataSecretCreated", booted), ("infrastructureProvisioned", made)] {
            if done {
                status["initialization"][name] = true.into();
            }
        }
    }
    if made {
        status["addresses"] = addresses(here, machine);
    }
    if machine.stage >= Stage::Settling {
        let name = node_name(here, machine);
        status["nodeRef"] = if here.is_old() {
            json!({"apiVersion": "v1", "kind": "Node", "name": name, "uid": here.uid("Node", &name)})
        } else {
            json!({"name": name})
        };
        status["nodeInfo"] = crate::demo::fleet::workload::node::info(here, machine);
    }
    if owner.is_plane() && machine.stage >= Stage::Running {
        let expiry = match machine.trouble {
            Trouble::Expired(at) => at,
            _ => renewed_until(machine.created, here.now),
        };
        status["certificatesExpiryDate"] = stamp(expiry).into();
    }
    if !here.is_old() && machine.stage >= Stage::Draining {
        status["deletion"] = json!({"nodeDrainStartTime": stamp(machine.deleted.unwrap_or(machine.since))});
    }
    status
}

/// When certificates end that are made for a year and renewed a month before that.
fn renewed_until(created: Timestamp, now: Timestamp) -> Timestamp {
    const HOURS: (i64, i64) = (365 * 24, 335 * 24);
    let renewals = (now.duration_since(created).as_hours().max(0)) / HOURS.1;
    created + jiff::SignedDuration::from_hours(renewals * HOURS.1 + HOURS.0)
}

fn addresses(here: Here<'_>, machine: &Machine) -> Value {
    let [a, b, c, d] = machine.address;
    let ip = format!("{a}.{b}.{c}.{d}");
    match here.site.plan.infra {
        Infra::Aws => {
            json!([{"type": "InternalDNS", "address": node_name(here, machine)}, {"type": "InternalIP", "address": ip}])
        }
        Infra::VSphere => {
            json!([{"type": "InternalDNS", "address": &*machine.name}, {"type": "ExternalIP", "address": ip}, {"type": "InternalIP", "address": ip}])
        }
        Infra::Supervisor => json!([{"type": "InternalIP", "address": ip}]),
    }
}

/// The `KubeadmConfig` of a machine.
pub fn bootstrap(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Value {
    let mut object = here.object(BOOTSTRAP, "KubeadmConfig", &machine.name, machine.created);
    let meta = &mut object["metadata"];
    meta["labels"] = owner.labels(here, machine);
    meta["ownerReferences"] = here.owner(CORE, "Machine", &machine.name);
    if let Owner::Pool(pool) = owner {
        meta["annotations"] = json!({
            "cluster.x-k8s.io/cloned-from-groupkind": "KubeadmConfigTemplate.bootstrap.cluster.x-k8s.io",
            "cluster.x-k8s.io/cloned-from-name": &*pool.name,
        });
    }
    object["spec"] = json!({"format": "cloud-config", "joinConfiguration": {"nodeRegistration": {"criSocket": "unix:///run/containerd/containerd.sock"}}});
    object["status"] = bootstrap_status(here, machine);
    object
}

/// Its `status`.
pub fn bootstrap_status(here: Here<'_>, machine: &Machine) -> Value {
    let since = machine.created + jiff::SignedDuration::from_secs(2);
    let ready = machine.stage > Stage::Pending;
    let one = |kind| {
        if ready {
            yes(kind, "Available", since)
        } else {
            no(kind, "NotAvailable", "", machine.created).severe("Info")
        }
    };
    let summary = if ready {
        yes("Ready", "Ready", since)
    } else {
        no("Ready", "NotReady", "", machine.created).severe("Info")
    };
    let mut said: Vec<Said> =
        vec![summary, yes("CertificatesAvailable", "Available", machine.created), one("DataSecretAvailable")];
    let mut status = json!({"observedGeneration": 1});
    let older = said.clone();
    said.push(no("Paused", "NotPaused", "", machine.created));
    here.conditions(&mut status, &older, &said);
    if ready {
        status["dataSecretName"] = (&*machine.name).into();
        if here.is_old() {
            status["ready"] = true.into();
        } else {
            status["initialization"] = json!({"dataSecretCreated": true});
        }
    }
    status
}
