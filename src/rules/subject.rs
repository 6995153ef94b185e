//! What rules look at: one API server with its packages, as far as it is known. Whatever was not read carries the
//! reason, so that a rule cannot take it for nothing.
use jiff::Timestamp;

use crate::{
    domain::{ClusterKey, Object, ObjectKey, SiteId, Source, package::Package, site::SiteSpec},
    state::{Freshness, State, workloads::Reach},
    triage::package::app_of,
};

/// A list that was read, or why it was not.
pub type Known<T> = Result<Vec<T>, String>;

/// What a cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Management,
    SharedServices,
    Workload,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::SharedServices => "shared services",
            Self::Workload => "workload",
        }
    }
}

/// What the operator recorded of a site's design, as tags of the site in the config file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// `air-gap=true`: nothing is fetched from outside.
    pub air_gapped: bool,
    /// `registry=HOST`: the private registry.
    pub registry: String,
    /// `harbor=shared` or `workload`: where Harbor belongs.
    pub harbor: String,
    /// `monitoring=shared` or `workload`: where Prometheus, Grafana and Fluent Bit belong.
    pub monitoring: String,
}

impl Profile {
    /// What the tags of a site record.
    pub fn of(spec: &SiteSpec) -> Self {
        let tag = |name: &str| spec.tags.get(name).cloned().unwrap_or_default();
        Self {
            air_gapped: matches!(tag("air-gap").as_str(), "true" | "yes"),
            registry: tag("registry"),
            harbor: tag("harbor"),
            monitoring: tag("monitoring"),
        }
    }
}

/// A `PackageInstall` and, where it is read, its App.
#[derive(Debug, Clone, Copy)]
pub struct Served<'a> {
    pub object: &'a Object,
    pub app: Option<&'a Object>,
}

impl<'a> Served<'a> {
    pub fn package(self) -> Option<&'a Package> {
        self.object.package()
    }
    pub fn is(self, short: &str) -> bool {
        self.package().is_some_and(|p| p.short_name() == short)
    }
}

/// A Service that makes something reachable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    pub key: ObjectKey,
    /// `spec.type`.
    pub kind: String,
    /// The first address a load balancer gave it; empty while there is none.
    pub address: String,
    /// Pods that stand ready behind it, where that was read.
    pub ready: Option<i64>,
}

/// A `DaemonSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daemon {
    pub key: ObjectKey,
    pub desired: i64,
    pub ready: i64,
}

/// A volume claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub key: ObjectKey,
    /// `status.phase`.
    pub phase: String,
}

/// A version of a package that can be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub package: String,
    pub version: String,
}

/// One API server and what is known of the packages there.
#[derive(Debug)]
pub struct Subject<'a> {
    pub site: &'a SiteId,
    /// The workload cluster; none for the management API.
    pub cluster: Option<&'a ClusterKey>,
    pub role: Role,
    pub profile: Profile,
    pub now: Timestamp,
    /// kapp-controller is not there at all.
    pub absent: bool,
    pub packages: Known<Served<'a>>,
    pub repositories: Known<&'a Object>,
    pub services: Known<Exposed>,
    pub daemons: Known<Daemon>,
    pub claims: Known<Claim>,
    /// When the certificate of Harbor ends.
    pub harbor_certificate: Result<Timestamp, String>,
    pub offers: Known<Offer>,
}

/// What is not read by the console yet.
fn unread<T>(what: &str) -> Result<T, String> {
    Err(format!("{what} are not read"))
}

/// The management API of a site, or a workload cluster of it, as a subject.
pub fn of<'a>(state: &'a State, site: &'a SiteSpec, cluster: Option<&'a ClusterKey>) -> Subject<'a> {
    let source = |kind: &str| match cluster {
        Some(cluster) => Source::workload(cluster, kind),
        None => Source::management(&site.id, kind),
    };
    let installs = source("package-install");
    let packages = read(state, &installs, cluster).map(|objects| {
        let served = |object| Served { object, app: app_of(state, &installs, object) };
        objects.into_iter().map(served).collect()
    });
    Subject {
        site: &site.id,
        cluster,
        role: cluster.map_or(Role::Management, |cluster| role(state, cluster)),
        profile: Profile::of(site),
        now: state.now,
        absent: is_absent(state, &installs),
        packages,
        repositories: read(state, &source("package-repository"), cluster),
        services: unread("Services"),
        daemons: unread("DaemonSets"),
        claims: unread("volume claims"),
        harbor_certificate: unread("the certificates of Harbor"),
        offers: unread("the Packages that are offered"),
    }
}

/// Every management API in the run, and every workload cluster in scope.
pub fn subjects(state: &State) -> Vec<Subject<'_>> {
    let mut all = Vec::new();
    for site in state.sites.iter() {
        all.push(of(state, &site.spec, None));
        let clusters = state.screen.scope.clusters.iter().filter(|c| c.site == site.spec.id);
        all.extend(clusters.map(|cluster| of(state, &site.spec, Some(cluster))));
    }
    all
}

fn role(state: &State, cluster: &ClusterKey) -> Role {
    let clusters = Source::management(&cluster.site, "cluster");
    let found = state.fleet.collection(&clusters).and_then(|c| c.find(&cluster.key));
    let has = |label: &str| found.is_some_and(|(_, object)| object.meta.label(label).is_some());
    if has("cluster-role.tkg.tanzu.vmware.com/management") {
        Role::Management
    } else if has("cluster-role.tkg.tanzu.vmware.com/tanzu-services") {
        Role::SharedServices
    } else {
        Role::Workload
    }
}

fn is_absent(state: &State, source: &Source) -> bool {
    matches!(state.fleet.collection(source).map(|c| &c.freshness), Some(Freshness::Absent { .. }))
}

/// The objects of a collection that can be trusted now, or why it cannot.
fn read<'a>(state: &'a State, source: &Source, cluster: Option<&ClusterKey>) -> Known<&'a Object> {
    if let Some(cluster) = cluster {
        match state.workloads.get(cluster) {
            Some(Reach::Live { .. }) => {}
            Some(Reach::Failing { problem, .. }) => return Err(problem.summary.clone()),
            Some(Reach::NeedsConsent) => return Err("no kubeconfig context leads there".into()),
            Some(Reach::Connecting) | None => return Err("not connected".into()),
        }
    }
    let Some(collection) = state.fleet.collection(source) else { return Err("not read".into()) };
    match &collection.freshness {
        Freshness::Live => Ok(collection.iter().map(|(_, object)| object).collect()),
        Freshness::Absent { .. } => Ok(Vec::new()),
        Freshness::Loading => Err("not read to its end".into()),
        Freshness::Stale { why, .. } | Freshness::Forbidden { why } => Err(why.summary.clone()),
    }
}
