//! The packages of the demo's clusters as plain data: what comes with a cluster, what its owners installed, and where
//! it all is from. Made with the fleet, moved by `demo::control`. Pure.
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Cluster, Infra, Role, Site};

/// How far the controller is with a package or a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Fetching,
    Templating,
    Deploying,
    Deleting,
    /// It ended, well or not.
    Done,
}

/// What keeps a package from being reconciled or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flaw {
    #[default]
    None,
    /// Its values name something that its templates do not know.
    Values,
    /// A kind that another package brings is not there: group and version, kind.
    NoKind(&'static str, &'static str),
    /// Its service account is gone.
    NoAccount,
    /// The certificate of the registry is of nobody who is trusted.
    Certificate,
}

/// Who installed a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It came with the cluster.
    Core,
    /// It came with the cluster that owns it, and stands on the management API.
    Remote,
    /// Somebody wanted it.
    Own,
}

/// One installed package.
#[derive(Debug, Clone)]
pub struct Install {
    pub name: Arc<str>,
    /// Of the `PackageInstall`, which is not where the package is deployed to.
    pub namespace: Arc<str>,
    pub into: &'static str,
    pub reference: &'static str,
    pub version: Arc<str>,
    pub origin: Origin,
    pub created: Timestamp,
    pub phase: Phase,
    /// When the phase began.
    pub since: Timestamp,
    pub paused: bool,
    pub cancelled: bool,
    pub deleted: Option<Timestamp>,
    pub flaw: Flaw,
    /// Attempts that failed one after the other.
    pub failures: i64,
}

impl Install {
    /// It stands on the management API, for a cluster that it is owned by.
    pub fn is_remote(&self) -> bool {
        self.origin == Origin::Remote
    }
    /// What keeps it from being deleted, or from being reconciled.
    pub fn is_failing(&self) -> bool {
        self.phase == Phase::Done && self.flaw != Flaw::None
    }
}

/// One repository.
#[derive(Debug, Clone)]
pub struct Repository {
    pub name: &'static str,
    pub namespace: &'static str,
    pub image: &'static str,
    pub created: Timestamp,
    pub since: Timestamp,
    pub flaw: Flaw,
    pub failures: i64,
}

/// A package that there is: name, version, namespace of its `PackageInstall`, and where it is deployed to.
struct Offer(&'static str, &'static str, &'static str, &'static str);

const CORE: &[Offer] = &[
    Offer("antrea.tanzu.vmware.com", "1.11.1+vmware.4-tkg.1-advanced", "tkg-system", "kube-system"),
    Offer("metrics-server.tanzu.vmware.com", "0.6.2+vmware.1-tkg.1", "tkg-system", "kube-system"),
    Offer(
        "secretgen-controller.tanzu.vmware.com",
        "0.14.2+vmware.2-tkg.1",
        "tkg-system",
        "secretgen-controller",
    ),
    Offer("pinniped.tanzu.vmware.com", "0.24.0+vmware.1-tkg.1", "tkg-system", "pinniped-concierge"),
];
const VSPHERE: &[Offer] = &[
    Offer("vsphere-cpi.tanzu.vmware.com", "1.26.0+vmware.1-tkg.1", "tkg-system", "kube-system"),
    Offer("vsphere-csi.tanzu.vmware.com", "3.0.1+vmware.4-tkg.1", "tkg-system", "vmware-system-csi"),
];
const MANAGEMENT: &[Offer] = &[
    Offer("ako-operator.tanzu.vmware.com", "1.9.0+vmware.1-tkg.1", "tkg-system", "tkg-system-networking"),
    Offer("tanzu-addons-manager.tanzu.vmware.com", "2.3.0+vmware.1", "tkg-system", "tkg-system"),
];
const KAPP_CONTROLLER: Offer =
    Offer("kapp-controller.tanzu.vmware.com", "0.45.2+vmware.1-tkg.1", "", "tkg-system");

pub const CERT_MANAGER: &str = "cert-manager.tanzu.vmware.com";
const INGRESS: &[Offer] = &[
    Offer(CERT_MANAGER, "1.12.2+vmware.1-tkg.1", "cert-manager-package", "cert-manager"),
    Offer(
        "contour.tanzu.vmware.com",
        "1.24.4+vmware.1-tkg.1",
        "tanzu-contour-ingress",
        "tanzu-system-ingress",
    ),
    Offer(
        "fluent-bit.tanzu.vmware.com",
        "2.1.2+vmware.1-tkg.1",
        "tanzu-fluent-bit-logging",
        "tanzu-system-logging",
    ),
];
const METRICS: &[Offer] = &[Offer(
    "prometheus.tanzu.vmware.com",
    "2.43.0+vmware.1-tkg.1",
    "tanzu-prometheus-monitoring",
    "tanzu-system-monitoring",
)];
const SERVICES: &[Offer] = &[
    Offer(
        "harbor.tanzu.vmware.com",
        "2.8.2+vmware.2-tkg.1",
        "tanzu-harbor-registry",
        "tanzu-system-registry",
    ),
    Offer(
        "grafana.tanzu.vmware.com",
        "9.5.1+vmware.2-tkg.1",
        "tanzu-grafana-dashboards",
        "tanzu-system-dashboards",
    ),
];

/// The packages of a cluster, those that come with it first.
pub fn installs(site: &Site, cluster: &Cluster) -> Vec<Install> {
    let mut core: Vec<&Offer> = CORE.iter().collect();
    if site.infra == Infra::VSphere {
        core.extend(VSPHERE);
    }
    let mut own: Vec<&Offer> = Vec::new();
    match cluster.role {
        Role::Management => core.extend(MANAGEMENT.iter().filter(|_| site.infra == Infra::VSphere)),
        Role::Services => own.extend(INGRESS.iter().chain(METRICS).chain(SERVICES)),
        Role::Prod => own.extend(INGRESS.iter().chain(METRICS)),
        Role::Staging => own.extend(INGRESS),
        Role::Dev | Role::Edge => {}
    }
    let mut all: Vec<Install> = core.into_iter().map(|offer| install(cluster, offer, Origin::Core)).collect();
    all.extend(own.into_iter().map(|offer| install(cluster, offer, Origin::Own)));
    if cluster.role != Role::Management {
        let mut kapp = install(cluster, &KAPP_CONTROLLER, Origin::Remote);
        kapp.namespace = cluster.namespace.clone();
        all.push(kapp);
    }
    all
}

fn install(cluster: &Cluster, offer: &Offer, origin: Origin) -> Install {
    let Offer(reference, version, namespace, into) = *offer;
    let short = reference.split('.').next().unwrap_or(reference);
    let comes_along = origin != Origin::Own;
    let name = if comes_along { format!("{}-{short}", cluster.name) } else { short.to_owned() };
    let created = cluster.created + SignedDuration::from_mins(if comes_along { 10 } else { 90 });
    Install {
        name: name.into(),
        namespace: namespace.into(),
        into,
        reference,
        version: version.into(),
        origin,
        created,
        phase: Phase::Done,
        since: created + SignedDuration::from_secs(40),
        paused: false,
        cancelled: false,
        deleted: None,
        flaw: Flaw::None,
        failures: 0,
    }
}

/// Where the packages of a cluster are from.
pub fn repositories(cluster: &Cluster) -> Vec<Repository> {
    let created = cluster.created + SignedDuration::from_mins(9);
    vec![Repository {
        name: "tanzu-standard",
        namespace: "tkg-system",
        image: "registry.example.com/tkg/packages/standard/repo:v2023.7.13",
        created,
        since: created + SignedDuration::from_secs(20),
        flaw: Flaw::None,
        failures: 0,
    }]
}
