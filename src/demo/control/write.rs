//! What the controllers found, as objects: statuses, new machines, machines that went, events.
use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Key, Live, World};
use crate::demo::{
    fleet::{
        Cluster, Infra, Machine, Stage,
        render::{
            self, Here, check, cluster,
            condition::{keep_times, stamp},
            infra, machine,
            machine::Owner,
            observe, plane, pool,
        },
    },
    seed::uid,
    store::{Resource, resource},
};

impl World {
    /// Writes everything that was touched.
    pub(super) fn write_all(&mut self) {
        let now = self.now;
        for live in &mut self.sites {
            for (key, machines) in std::mem::take(&mut live.dirty) {
                live.write_cluster(&key, &machines, now);
            }
        }
    }

    /// An event of the management API.
    pub(super) fn event(&mut self, key: &Key, (kind, name): (&str, &str), reason: &str, note: &str) {
        let now = self.now;
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let component = match kind {
            "Cluster" => "topology/cluster-controller",
            "MachineDeployment" => "machinedeployment-controller",
            "MachineSet" => "machineset-controller",
            _ => "machine-controller",
        };
        let uid_of = uid(&[live.site.name, kind, &key.namespace, name]);
        let digest = uid(&[kind, name, reason, note, &now.to_string()]).replace('-', "");
        let version = live.site.version_word();
        let event = json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": format!("{name}.{}", digest.get(..16).unwrap_or_default()), "namespace": &*key.namespace, "creationTimestamp": stamp(now)},
            "involvedObject": {"apiVersion": format!("cluster.x-k8s.io/{version}"), "kind": kind, "name": name, "namespace": &*key.namespace, "uid": uid_of},
            "reason": reason, "message": note, "type": "Normal", "count": 1, "firstTimestamp": stamp(now), "lastTimestamp": stamp(now),
            "source": {"component": component}, "reportingComponent": component, "reportingInstance": "",
        });
        live.api.load(event);
    }

    /// Writes the machines of a cluster as they would be had they always been so: with their past.
    pub(super) fn rewrite_machines(&mut self, key: &Key) {
        let now = self.now;
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(cluster) = live.cluster(key).cloned() else { return };
        let site = live.site.clone_head();
        let here = Here { site: &site, cluster: &cluster, now };
        let mut objects = Vec::new();
        for (owner, machine) in cluster.machines().filter_map(|m| find(&cluster, &m.name)) {
            render::of_machine(here, owner, machine, &mut |value| objects.push(value));
        }
        for value in objects {
            live.load(value);
        }
    }

    /// What a machine's controller says when it comes to a new stage.
    pub(super) fn say(&mut self, key: &Key, name: &Arc<str>, from: Stage, to: Stage) {
        let told = match (from, to) {
            (_, Stage::Settling) => ("SuccessfulSetNodeRef", name.to_string()),
            (Stage::Draining, Stage::Removing) => {
                ("SuccessfulDrainNode", format!("success draining Machine's node \"{name}\""))
            }
            _ => return,
        };
        self.event(key, ("Machine", name), told.0, &told.1);
    }
}

impl Live {
    /// Writes what changed about a cluster: its machines of those names, then all that sums them up.
    fn write_cluster(&mut self, key: &Key, machines: &BTreeSet<Arc<str>>, now: Timestamp) {
        let Some(at) = self.site.clusters.iter().position(|c| c.is(key)) else { return };
        let cluster = self.site.clusters[at].clone();
        let site = self.site.clone_head();
        let here = Here { site: &site, cluster: &cluster, now };
        for name in machines {
            match find(&cluster, name) {
                Some((owner, of)) => self.write_machine(here, owner, of),
                None => self.drop_machine(here, name),
            }
        }
        for pool in &cluster.pools {
            self.write_pool(here, pool);
        }
        self.update(
            here,
            &resource::KUBEADM_CONTROL_PLANES,
            &cluster.plane.name,
            &plane::status(here),
            |spec| {
                spec["replicas"] = cluster.plane.replicas.into();
                spec["version"] = (&*cluster.plane.version).into();
            },
        );
        self.update(here, &resource::CLUSTERS, &cluster.name, &cluster::status(here), |_| {});
        self.write_inside(key, here, machines);
    }

    fn write_machine(&mut self, here: Here<'_>, owner: Owner<'_>, of: &Machine) {
        let namespace = &here.cluster.namespace;
        if self.api.get(&resource::MACHINES, namespace, &of.name).is_none() {
            let mut fresh = Vec::new();
            render::of_machine(here, owner, of, &mut |value| fresh.push(value));
            for value in fresh {
                self.load(value);
            }
            return;
        }
        let spec = machine::spec(here, owner, of);
        self.update(here, &resource::MACHINES, &of.name, &machine::status(here, owner, of), |into| {
            for field in ["providerID", "bootstrap"] {
                if spec.get(field).is_some() {
                    into[field] = spec[field].clone();
                }
            }
        });
        if self.site.infra == Infra::VSphere {
            self.write_vm(here, of);
        }
        if of.stage < Stage::Forgetting {
            self.update(
                here,
                &resource::KUBEADM_CONFIGS,
                &of.name,
                &machine::bootstrap_status(here, of),
                |_| {},
            );
            let provider = (of.stage > Stage::Starting).then(|| machine::provider_id(here, of));
            self.update(
                here,
                infra_machines(self.site.infra),
                &of.name,
                &infra::machine_status(here, of),
                |spec| {
                    if let Some(id) = provider.as_deref() {
                        spec["providerID"] = id.into();
                    }
                },
            );
        } else {
            self.release(infra_machines(self.site.infra), namespace, &of.name);
        }
        if of.deleted.is_some() {
            self.mark_deleted(namespace, &of.name);
        }
    }

    /// The virtual machine of a machine: there from when it is cloned until it is deleted.
    fn write_vm(&mut self, here: Here<'_>, of: &Machine) {
        let namespace = &here.cluster.namespace;
        if of.stage >= Stage::Forgetting {
            self.release(&resource::VSPHERE_VMS, namespace, &of.name);
        } else if self.api.get(&resource::VSPHERE_VMS, namespace, &of.name).is_some() {
            self.update(here, &resource::VSPHERE_VMS, &of.name, &infra::vm_status(here, of), |_| {});
        } else if let Some(vm) = infra::vm(here, of) {
            self.load(vm);
        }
    }

    /// What a controller deletes is marked as a client's deletion would mark it.
    fn mark_deleted(&mut self, namespace: &str, name: &str) {
        let deleting = self.api.get(&resource::MACHINES, namespace, name).is_some_and(|o| o.deleting);
        if !deleting
            && let Ok(object) =
                self.api.delete(&resource::MACHINES, namespace, name, &crate::demo::store::Delete::default())
        {
            self.own.insert(object.revision);
        }
    }

    fn drop_machine(&mut self, here: Here<'_>, name: &str) {
        let namespace = here.cluster.namespace.clone();
        if self.site.infra == Infra::VSphere {
            self.release(&resource::VSPHERE_VMS, &namespace, name);
        }
        for resource in [infra_machines(self.site.infra), &resource::KUBEADM_CONFIGS, &resource::MACHINES] {
            self.release(resource, &namespace, name);
        }
    }

    fn write_pool(&mut self, here: Here<'_>, of: &crate::demo::fleet::Pool) {
        let namespace = &here.cluster.namespace;
        if of.deleted.is_none() && self.api.get(&resource::MACHINE_DEPLOYMENTS, namespace, &of.name).is_none()
        {
            render::of_pool(here, of, &mut |value| self.load(value));
        }
        self.update(here, &resource::MACHINE_DEPLOYMENTS, &of.name, &pool::status(here, of), |spec| {
            spec["replicas"] = of.replicas.into();
            spec["template"]["spec"]["version"] = (&*of.version).into();
        });
        for set in &of.sets {
            if self.api.get(&resource::MACHINE_SETS, namespace, &set.name).is_none() {
                self.load(pool::set(here, of, set));
            }
            self.update(here, &resource::MACHINE_SETS, &set.name, &pool::set_status(here, of, set), |spec| {
                spec["replicas"] = set.replicas.into();
            });
        }
        for object in self.api.list(&resource::MACHINE_SETS, Some(namespace)).objects {
            let gone = of.sets.iter().all(|s| *s.name != *object.name);
            let prefix = object
                .name
                .strip_prefix(&*of.name)
                .is_some_and(|rest| rest.starts_with('-') && rest.len() == 6);
            if gone && prefix {
                self.release(&resource::MACHINE_SETS, namespace, &object.name);
            }
        }
        if of.checked {
            self.update(here, &resource::MACHINE_HEALTH_CHECKS, &of.name, &check::status(here, of), |_| {});
        }
    }

    /// Writes a status, with the times of what did not change, and what the controllers write of the spec.
    fn update(
        &mut self,
        here: Here<'_>,
        resource: &Resource,
        name: &str,
        status: &Value,
        spec: impl Fn(&mut Value),
    ) {
        let written = self.api.modify(resource, &here.cluster.namespace, name, |object| {
            let before = object["spec"].clone();
            spec(&mut object["spec"]);
            let seen =
                object["metadata"]["generation"].as_i64().unwrap_or(1) + i64::from(before != object["spec"]);
            let mut status = status.clone();
            if status.get("observedGeneration").is_some() {
                observe(&mut status, seen);
            }
            keep_times(&object["status"], &mut status);
            object["status"] = status;
        });
        if let Ok(object) = written {
            self.own.insert(object.revision);
        }
    }

    fn load(&mut self, value: Value) {
        if let Some(object) = self.api.load(value) {
            self.own.insert(object.revision);
        }
    }
}

/// A machine of a cluster and what it belongs to.
fn find<'a>(cluster: &'a Cluster, name: &str) -> Option<(Owner<'a>, &'a Machine)> {
    if let Some(machine) = cluster.plane.machines.iter().find(|m| &*m.name == name) {
        return Some((Owner::Plane(&cluster.plane), machine));
    }
    cluster.pools.iter().find_map(|p| Some((Owner::Pool(p), p.machines.iter().find(|m| &*m.name == name)?)))
}

fn infra_machines(infra: Infra) -> &'static Resource {
    match infra {
        Infra::VSphere => &resource::VSPHERE_MACHINES,
        Infra::Aws => &resource::AWS_MACHINES,
        Infra::Supervisor => &resource::SUPERVISOR_MACHINES,
    }
}

impl Infra {
    /// The kind of the templates that machines are made from.
    pub(super) fn templates(self) -> &'static Resource {
        match self {
            Self::VSphere => &resource::VSPHERE_MACHINE_TEMPLATES,
            Self::Aws => &resource::AWS_MACHINE_TEMPLATES,
            Self::Supervisor => &resource::SUPERVISOR_MACHINE_TEMPLATES,
        }
    }
}
