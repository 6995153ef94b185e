//! What stands in the demo: sites, clusters, pools and machines as plain data. Made from a seed by [`build`], moved by
//! `demo::control`, written as Kubernetes objects by [`render`] and, for the inside of a cluster, [`workload`].
//! Pure: no clock, no IO.
pub mod build;
mod large;
pub mod package;
mod plans;
pub mod render;
pub mod workload;

use std::sync::Arc;

use jiff::Timestamp;

pub use build::{Size, fleet};

/// All sites of a demo.
#[derive(Debug, Clone)]
pub struct Fleet {
    pub sites: Vec<Site>,
}

/// The dialect of Cluster API that a site speaks (kube-apis §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// v1beta1 alone, as Tanzu Kubernetes Grid 2.x serves it.
    Old,
    /// v1beta2 native, with the older conditions beside it.
    New,
}

/// What machines are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Infra {
    VSphere,
    Aws,
    Supervisor,
}

/// One management API and the clusters it manages.
#[derive(Debug, Clone)]
pub struct Site {
    /// The kubeconfig context, and what the console calls it.
    pub name: &'static str,
    pub dialect: Dialect,
    pub infra: Infra,
    /// `gitVersion` of its API server.
    pub version: &'static str,
    /// The user of its kubeconfig.
    pub user: &'static str,
    /// Something listens at its address.
    pub answers: bool,
    /// Its ClusterClass: name and namespace.
    pub class: (&'static str, &'static str),
    /// Zones that machines are spread over.
    pub zones: &'static [&'static str],
    /// First two octets of the node networks.
    pub net: (u8, u8),
    pub releases: &'static [&'static str],
    pub clusters: Vec<Cluster>,
}

impl Site {
    /// The site without its clusters.
    #[must_use]
    pub fn clone_head(&self) -> Self {
        Self { clusters: Vec::new(), ..*self }
    }
}

/// What a cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Management,
    Services,
    Prod,
    Staging,
    Dev,
    Edge,
}

impl Role {
    /// Value of the environment label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Services => "shared-services",
            Self::Prod => "prod",
            Self::Staging => "staging",
            Self::Dev => "dev",
            Self::Edge => "edge",
        }
    }
}

/// One cluster and its machines.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub namespace: Arc<str>,
    pub name: Arc<str>,
    pub role: Role,
    /// Made from the site's ClusterClass.
    pub classy: bool,
    pub created: Timestamp,
    /// What the topology asks for.
    pub version: Arc<str>,
    pub endpoint: String,
    /// Third octet of its node network.
    pub subnet: u8,
    pub paused: bool,
    pub deleted: Option<Timestamp>,
    /// Last change that its conditions tell.
    pub since: Timestamp,
    pub plane: Plane,
    pub pools: Vec<Pool>,
    /// An upgrade is on its way and waits here before these pools.
    pub upgrading: bool,
    /// Addresses given out so far.
    pub addresses: u16,
    /// What is installed in it, and where that is from.
    pub packages: Vec<package::Install>,
    pub repositories: Vec<package::Repository>,
}

/// A control plane.
#[derive(Debug, Clone)]
pub struct Plane {
    pub name: Arc<str>,
    pub replicas: usize,
    pub version: Arc<str>,
    pub since: Timestamp,
    /// Machines made before then are to be replaced, once it has come.
    pub roll_after: Option<Timestamp>,
    pub machines: Vec<Machine>,
    /// The generation of its spec that its controller has seen, kept by the store otherwise.
    pub template: String,
}

/// A node pool: a MachineDeployment with its sets.
#[derive(Debug, Clone)]
pub struct Pool {
    /// In the topology: `md-0`.
    pub topology: Arc<str>,
    pub name: Arc<str>,
    pub created: Timestamp,
    pub replicas: usize,
    pub version: Arc<str>,
    pub zone: Arc<str>,
    pub since: Timestamp,
    /// Bounds for the autoscaler, which then decides the size.
    pub autoscaled: Option<(usize, usize)>,
    /// A `MachineHealthCheck` watches it.
    pub checked: bool,
    pub paused: bool,
    /// Machines made before then are to be replaced, once it has come.
    pub roll_after: Option<Timestamp>,
    /// Since when nobody asks for it any more.
    pub deleted: Option<Timestamp>,
    /// The newest last; more than one while it rolls.
    pub sets: Vec<Set>,
    pub machines: Vec<Machine>,
}

/// One generation of a pool.
#[derive(Debug, Clone)]
pub struct Set {
    pub name: Arc<str>,
    pub hash: String,
    pub revision: usize,
    pub version: Arc<str>,
    pub created: Timestamp,
    pub since: Timestamp,
    /// Machines it should have.
    pub replicas: usize,
}

/// How far a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Waits for its bootstrap data.
    Pending,
    /// Its infrastructure is being made.
    Cloning,
    /// It is started and waits for an address.
    Starting,
    /// It runs, and no node has joined.
    Joining,
    /// Its node is there, and not ready.
    Settling,
    Running,
    Draining,
    /// The infrastructure machine goes.
    Removing,
    /// The bootstrap configuration goes.
    Forgetting,
}

/// What keeps a machine from going on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trouble {
    #[default]
    None,
    /// Its kubelet never registers.
    NeverJoins,
    /// Its node stopped answering.
    Lost,
    /// A `PodDisruptionBudget` forbids the eviction of a pod: both as namespace/name.
    Held { pod: String, budget: String, healthy: u32 },
    /// Its control plane certificates are over since then.
    Expired(Timestamp),
}

/// One machine.
#[derive(Debug, Clone)]
pub struct Machine {
    pub name: Arc<str>,
    /// Name of its set; of the control plane for those.
    pub set: Arc<str>,
    pub version: Arc<str>,
    pub zone: Arc<str>,
    pub created: Timestamp,
    pub address: [u8; 4],
    pub stage: Stage,
    /// When the stage began.
    pub since: Timestamp,
    pub deleted: Option<Timestamp>,
    pub trouble: Trouble,
}

impl Machine {
    /// It has a node that is ready.
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Running && self.deleted.is_none() && !self.is_lost()
    }

    pub fn is_lost(&self) -> bool {
        self.trouble == Trouble::Lost
    }

    /// It has a node object.
    pub fn has_node(&self) -> bool {
        (Stage::Settling..=Stage::Draining).contains(&self.stage)
    }

    /// `status.phase`.
    pub fn phase(&self) -> &'static str {
        match self.stage {
            Stage::Pending => "Pending",
            Stage::Cloning | Stage::Starting => "Provisioning",
            Stage::Joining => "Provisioned",
            Stage::Settling | Stage::Running => "Running",
            Stage::Draining | Stage::Removing | Stage::Forgetting => "Deleting",
        }
    }
}

impl Pool {
    /// Machines made for the spec as it is now.
    pub fn current(&self) -> impl Iterator<Item = &Machine> {
        let newest = self.sets.last().map(|s| s.name.clone());
        self.machines.iter().filter(move |m| Some(&m.set) == newest.as_ref())
    }

    pub fn ready(&self) -> usize {
        self.machines.iter().filter(|m| m.is_ready()).count()
    }

    /// Machines of one of its sets.
    pub fn of_set<'a>(&'a self, set: &'a Set) -> impl Iterator<Item = &'a Machine> {
        self.machines.iter().filter(move |m| m.set == set.name)
    }

    /// A time from which on what is older is replaced has come, and a set is from before it.
    pub fn is_outdated(&self, set: &Set, now: Timestamp) -> bool {
        self.roll_after.is_some_and(|at| at <= now && set.created < at)
    }

    pub fn is_rolling(&self) -> bool {
        self.sets.len() > 1
    }
}

impl Cluster {
    /// It is the one that manages the others of its site.
    pub fn is_management(&self) -> bool {
        self.role == Role::Management
    }

    /// Every machine, the control plane first.
    pub fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.plane.machines.iter().chain(self.pools.iter().flat_map(|p| &p.machines))
    }

    /// Since when its API server cannot be asked, because no certificate of its control plane holds any more.
    pub fn cut_off(&self, now: Timestamp) -> Option<Timestamp> {
        let expired = |m: &Machine| match m.trouble {
            Trouble::Expired(at) if at <= now => Some(at),
            _ => None,
        };
        let last = self.plane.machines.iter().map(expired).max()?;
        if self.plane.machines.iter().all(|m| expired(m).is_some()) { last } else { None }
    }

    /// The next address of its node network.
    pub fn next_address(&mut self, net: (u8, u8)) -> [u8; 4] {
        self.addresses = self.addresses.wrapping_add(1);
        let [high, low] = (self.addresses.wrapping_add(10)).to_be_bytes();
        [net.0, net.1, self.subnet.wrapping_add(high), low]
    }
}
