//! Infrastructure of the three kinds of site: vSphere (CAPV), AWS (CAPA) and a Supervisor. CAPA and the older CAPV
//! write conditions with severities, also beside a Cluster API that does not.
use serde_json::{Value, json};

use super::{
    condition::{Said, new, no, old, stamp, yes},
    machine::{Owner, provider_id},
    words::{CORE, Here},
};
use crate::demo::fleet::{Infra, Machine, Stage};

impl Here<'_> {
    /// Conditions of the infrastructure carry severities.
    fn infra_is_old(self) -> bool {
        self.site.infra != Infra::Supervisor
    }

    /// `apiVersion` of the infrastructure kinds.
    pub fn infra_api(self) -> String {
        let version = if self.is_old() { "v1beta1" } else { "v1beta2" };
        format!("{}/{version}", self.site.infra_group())
    }
}

fn object(here: Here<'_>, kind: &str, name: &str, created: jiff::Timestamp) -> Value {
    let mut object = here.object(here.site.infra_group(), &here.infra(kind), name, created);
    object["apiVersion"] = here.infra_api().into();
    object
}

/// Name of a cluster's infrastructure object.
pub fn cluster_name(here: Here<'_>) -> String {
    if here.cluster.classy { here.cluster.plane.template.clone() } else { here.cluster.name.to_string() }
}

/// `VSphereCluster` or `AWSCluster`.
pub fn cluster(here: Here<'_>) -> Value {
    let cluster = here.cluster;
    let mut object = object(here, "Cluster", &cluster_name(here), cluster.created);
    object["metadata"]["ownerReferences"] = here.owned_by_cluster();
    object["metadata"]["finalizers"] =
        json!([format!("{}.infrastructure.cluster.x-k8s.io", here.infra("Cluster").to_lowercase())]);
    object["spec"] = json!({"controlPlaneEndpoint": {"host": cluster.endpoint, "port": 6443}});
    let since = cluster.created + jiff::SignedDuration::from_secs(25);
    let (conditions, spec) = match here.site.infra {
        Infra::VSphere => (
            vec!["Ready", "FailureDomainsAvailable", "VCenterAvailable"],
            json!({"server": "vcenter.dc1.example.com", "identityRef": {"kind": "Secret", "name": &*cluster.name}}),
        ),
        Infra::Aws => (
            vec![
                "Ready",
                "ClusterSecurityGroupsReady",
                "LoadBalancerReady",
                "NatGatewaysReady",
                "RouteTablesReady",
                "SubnetsReady",
                "VpcReady",
            ],
            json!({"region": "eu-central-1", "controlPlaneLoadBalancer": {"scheme": "internal", "loadBalancerType": "nlb"}}),
        ),
        Infra::Supervisor => (
            vec![
                "Ready",
                "ClusterNetworkReady",
                "LoadBalancerReady",
                "ProviderServiceAccountsReady",
                "ResourcePolicyReady",
                "ServiceDiscoveryReady",
            ],
            json!({}),
        ),
    };
    for (name, value) in spec.as_object().into_iter().flatten() {
        object["spec"][name] = value.clone();
    }
    let said: Vec<Said> = conditions.into_iter().map(|kind| yes(kind, "Ready", since)).collect();
    object["status"] = status(here, &said, true);
    object
}

/// Conditions in the provider's own style.
fn status(here: Here<'_>, said: &[Said], ready: bool) -> Value {
    if here.infra_is_old() {
        json!({"conditions": old(said), "ready": ready})
    } else {
        json!({"conditions": new(said, 1), "initialization": if ready { json!({"provisioned": true}) } else { json!({}) }})
    }
}

/// `VSphereMachineTemplate` or `AWSMachineTemplate`.
pub fn template(here: Here<'_>, name: &str, created: jiff::Timestamp) -> Value {
    let mut object = object(here, "MachineTemplate", name, created);
    object["metadata"]["ownerReferences"] = here.owned_by_cluster();
    object["spec"] = json!({"template": {"spec": machine_spec(here)}});
    object
}

fn machine_spec(here: Here<'_>) -> Value {
    match here.site.infra {
        Infra::VSphere => json!({
            "cloneMode": "fullClone", "datacenter": "/dc1", "datastore": "/dc1/datastore/vsan-gold", "diskGiB": 40,
            "folder": format!("/dc1/vm/tkg-{}", here.cluster.role.word()), "memoryMiB": 16384, "numCPUs": 4,
            "network": {"devices": [{"dhcp4": true, "networkName": format!("/dc1/network/tkg-{}-pg", here.cluster.role.word())}]},
            "resourcePool": format!("/dc1/host/cluster-1/Resources/tkg-{}", here.cluster.role.word()),
            "server": "vcenter.dc1.example.com",
        }),
        Infra::Aws => json!({
            "iamInstanceProfile": "nodes.cluster-api-provider-aws.sigs.k8s.io", "instanceType": "m6i.xlarge",
            "rootVolume": {"size": 80, "type": "gp3"}, "sshKeyName": "tko-eu",
        }),
        Infra::Supervisor => {
            json!({"className": "guaranteed-medium", "powerOffMode": "trySoft", "storageClass": "vsan-gold"})
        }
    }
}

/// `VSphereMachine` or `AWSMachine`.
pub fn machine(here: Here<'_>, owner: Owner<'_>, machine: &Machine) -> Value {
    let mut object = object(here, "Machine", &machine.name, machine.created);
    let template = match owner {
        Owner::Plane(plane) => plane.template.as_str(),
        Owner::Pool(pool) => &pool.name,
    };
    let meta = &mut object["metadata"];
    meta["labels"] = owner.labels(here, machine);
    meta["ownerReferences"] = here.owner(CORE, "Machine", &machine.name);
    meta["finalizers"] =
        json!([format!("{}.infrastructure.cluster.x-k8s.io", here.infra("Machine").to_lowercase())]);
    meta["annotations"] = json!({
        "cluster.x-k8s.io/cloned-from-groupkind": format!("{}.{}", here.infra("MachineTemplate"), here.site.infra_group()),
        "cluster.x-k8s.io/cloned-from-name": template,
    });
    if machine.stage >= Stage::Removing {
        meta["deletionTimestamp"] = stamp(machine.since).into();
    }
    object["spec"] = machine_spec(here);
    if machine.stage > Stage::Starting {
        object["spec"]["providerID"] = provider_id(here, machine).into();
    }
    object["status"] = machine_status(here, machine);
    object
}

/// The virtual machine behind a `VSphereMachine`, where there is one: CAPV clones it under the name of the machine.
pub fn vm(here: Here<'_>, machine: &Machine) -> Option<Value> {
    let there = (Stage::Cloning..Stage::Forgetting).contains(&machine.stage);
    if here.site.infra != Infra::VSphere || !there {
        return None;
    }
    let mut object = here.object(here.site.infra_group(), "VSphereVM", &machine.name, machine.created);
    object["apiVersion"] = here.infra_api().into();
    let meta = &mut object["metadata"];
    meta["labels"] = here.labels(&[]);
    meta["ownerReferences"] = here.owner(here.site.infra_group(), "VSphereMachine", &machine.name);
    meta["ownerReferences"][0]["apiVersion"] = here.infra_api().into();
    meta["finalizers"] = json!(["vspherevm.infrastructure.cluster.x-k8s.io"]);
    object["spec"] = machine_spec(here);
    object["spec"]["template"] = format!("/dc1/vm/templates/ubuntu-2004-kube-{}", machine.version).into();
    if machine.stage > Stage::Cloning {
        object["spec"]["biosUUID"] = here.uid("vm", &machine.name).into();
    }
    object["status"] = vm_status(here, machine);
    Some(object)
}

/// `status` of a virtual machine.
pub fn vm_status(here: Here<'_>, machine: &Machine) -> Value {
    let ready = machine.stage > Stage::Starting;
    let main = made(here, machine);
    let reachable = yes("VCenterAvailable", "", machine.created);
    let mut status = status(here, &[Said { kind: "Ready", ..main.clone() }, reachable, main], ready);
    if ready {
        status["addresses"] = json!([machine.address.map(|n| n.to_string()).join(".")]);
    }
    status
}

/// `status` of the infrastructure machine.
pub fn machine_status(here: Here<'_>, machine: &Machine) -> Value {
    let main = made(here, machine);
    let mut status =
        status(here, &[Said { kind: "Ready", ..main.clone() }, main], machine.stage > Stage::Starting);
    if here.site.infra == Infra::Aws && machine.stage > Stage::Cloning {
        status["instanceState"] =
            (if machine.stage >= Stage::Removing { "shutting-down" } else { "running" }).into();
    }
    status
}

/// The condition that tells how far the machine is, in the words of the provider.
fn made(here: Here<'_>, machine: &Machine) -> Said {
    let kind = match here.site.infra {
        Infra::VSphere => "VMProvisioned",
        Infra::Aws => "InstanceReady",
        Infra::Supervisor => "VirtualMachineProvisioned",
    };
    let pick = |vsphere, aws, supervisor| match here.site.infra {
        Infra::VSphere => vsphere,
        Infra::Aws => aws,
        Infra::Supervisor => supervisor,
    };
    let reason = match machine.stage {
        Stage::Pending => "WaitingForBootstrapData",
        Stage::Cloning => pick("Cloning", "InstanceProvisionStarted", "Provisioning"),
        Stage::Starting => pick("WaitingForNetworkAddresses", "InstanceNotReady", "WaitingForNetworkAddress"),
        Stage::Removing | Stage::Forgetting => "Deleting",
        _ => return yes(kind, "Provisioned", machine.created + jiff::SignedDuration::from_secs(38)),
    };
    no(kind, reason, "", machine.since).severe("Info")
}

/// What the Machine of v1beta2 says while its infrastructure is being made.
pub fn waiting(here: Here<'_>, machine: &Machine) -> String {
    match here.site.infra {
        Infra::Supervisor => format!("* VirtualMachineProvisioned: {}", made(here, machine).reason),
        _ => format!("{} status.ready is false", here.infra("Machine")),
    }
}

/// `InfrastructureReady` of a v1beta1 Machine: the summary of the infrastructure, copied.
pub fn older_ready(here: Here<'_>, machine: &Machine) -> Said {
    if machine.stage == Stage::Forgetting {
        return no("InfrastructureReady", "Deleted", "", machine.since).severe("Info");
    }
    Said { kind: "InfrastructureReady", ..made(here, machine) }
}
