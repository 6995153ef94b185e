//! Carvel packages: what is installed in a cluster (`PackageInstall`), the `App` that carries it out, and the
//! repositories that packages come from. How they are is read here once, for panes, rules and actions alike.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Health, Object, Status, Text};

/// How far the controller is with one of these objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reconcile {
    Succeeded,
    Paused,
    Cancelled,
    Reconciling,
    /// The controller has not seen the newest spec: what the status says is about an older one.
    Pending,
    Deleting,
    /// Nothing was said yet.
    NoStatus,
    Failed,
    DeleteFailed,
}

impl Reconcile {
    /// One or two words for a table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Reconciling => "reconciling",
            Self::Pending => "pending",
            Self::Deleting => "deleting",
            Self::NoStatus => "no status",
            Self::Failed => "failed",
            Self::DeleteFailed => "delete failed",
        }
    }

    /// What the state means for whoever looks for faults.
    pub fn health(self) -> Health {
        match self {
            Self::Succeeded => Health::Ok,
            Self::Paused | Self::Cancelled => Health::Paused,
            Self::Reconciling | Self::Pending | Self::Deleting => Health::Progressing,
            Self::NoStatus => Health::Unknown,
            Self::Failed | Self::DeleteFailed => Health::Bad,
        }
    }

    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::DeleteFailed)
    }
}

/// Who looks after an installed package, as its labels and annotations tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeper {
    /// Core packages of a cluster: changed through their configuration object, never here.
    ClusterBootstrap,
    /// Tanzu Mission Control.
    Tmc,
    /// Part of another App that kapp deployed.
    Kapp,
    /// Somebody, with the tanzu or kctrl command.
    User,
    /// Nothing says.
    #[default]
    Unmarked,
}

impl Keeper {
    pub fn word(self) -> &'static str {
        match self {
            Self::ClusterBootstrap => "ClusterBootstrap",
            Self::Tmc => "TMC",
            Self::Kapp => "kapp",
            Self::User => "user",
            Self::Unmarked => "",
        }
    }
}

/// A `PackageInstall`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Package {
    /// `spec.packageRef.refName`: `contour.tanzu.vmware.com`.
    pub package: Text,
    /// Which versions are allowed; empty for any.
    pub constraints: Text,
    /// The version chosen last.
    pub version: Text,
    /// The version last handed to the App.
    pub attempted: Text,
    pub paused: bool,
    pub cancelled: bool,
    /// The first line of the error that says something; empty where there is none.
    pub error: Text,
    /// Names of the Secrets that hold its values.
    pub values: Vec<Text>,
    pub service_account: Text,
    pub keeper: Keeper,
}

impl Package {
    /// The name without the publisher's domain: `contour`.
    pub fn short_name(&self) -> &str {
        short(&self.package)
    }
}

/// A package's name without the publisher's domain.
pub fn short(package: &str) -> &str {
    package.split('.').next().unwrap_or(package)
}

/// One stage of an App: fetch, template or deploy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stage {
    pub exit_code: Option<i64>,
    /// The first line of its error that says something.
    pub error: Text,
    /// The last lines of what the tool printed, where it failed or still runs.
    pub tail: Text,
    pub started: Option<Timestamp>,
    pub updated: Option<Timestamp>,
}

impl Stage {
    pub fn is_failed(&self) -> bool {
        self.exit_code.is_some_and(|code| code != 0) || !self.error.is_empty()
    }
}

/// An `App`: how a package is fetched, templated and deployed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct App {
    pub paused: bool,
    pub cancelled: bool,
    pub error: Text,
    pub fetch: Option<Stage>,
    pub template: Option<Stage>,
    pub deploy: Option<Stage>,
    /// Reconciles that failed one after the other.
    pub failures: i64,
    /// Namespaces of what it deployed.
    pub namespaces: Vec<Text>,
    /// Label of what it deployed, `name=value`.
    pub label: Text,
}

impl App {
    /// The stages that were begun, in their order.
    pub fn stages(&self) -> impl Iterator<Item = (&'static str, &Stage)> {
        [("fetch", &self.fetch), ("template", &self.template), ("deploy", &self.deploy)]
            .into_iter()
            .filter_map(|(name, stage)| Some((name, stage.as_ref()?)))
    }
    /// The stage that failed, if one did.
    pub fn failed(&self) -> Option<(&'static str, &Stage)> {
        self.stages().find(|(_, stage)| stage.is_failed())
    }
    /// When it was last worked on.
    pub fn tried(&self) -> Option<Timestamp> {
        self.stages().filter_map(|(_, stage)| stage.updated.or(stage.started)).max()
    }
}

/// A `PackageRepository`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repository {
    /// How it is fetched: `imgpkgBundle`, `image`, `http`, `git`, `inline`.
    pub method: Text,
    /// Image or address.
    pub address: Text,
    pub paused: bool,
    pub error: Text,
    pub tried: Option<Timestamp>,
    pub failures: i64,
}

impl Repository {
    /// The host that it is fetched from: what stands before the first slash, if that can be a host.
    pub fn host(&self) -> Option<&str> {
        let address = self.address.split_once("://").map_or(self.address.as_str(), |(_, rest)| rest);
        let host = address.split('/').next().filter(|host| host.contains(['.', ':']))?;
        Some(host.rsplit_once('@').map_or(host, |(_, host)| host))
    }
}

/// The flags of a spec that hold a controller back.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    paused: bool,
    cancelled: bool,
}

/// How far the controller is with a package, its App or a repository; `None` for other kinds.
pub fn reconcile(object: &Object) -> Option<Reconcile> {
    use super::Facts;
    let held = match &object.facts {
        Facts::Package(p) => Held { paused: p.paused, cancelled: p.cancelled },
        Facts::App(a) => Held { paused: a.paused, cancelled: a.cancelled },
        Facts::Repository(r) => Held { paused: r.paused, cancelled: false },
        _ => return None,
    };
    // The list holds exactly one entry, which is true.
    let said = object.conditions.iter().find(|c| c.status == Status::True).map(|c| c.kind.as_str());
    Some(match said {
        Some("DeleteFailed") if object.meta.deleted.is_some() => Reconcile::DeleteFailed,
        _ if object.meta.deleted.is_some() => Reconcile::Deleting,
        _ if held.cancelled => Reconcile::Cancelled,
        _ if held.paused => Reconcile::Paused,
        Some(_) if object.meta.is_behind() => Reconcile::Pending,
        Some("ReconcileSucceeded") => Reconcile::Succeeded,
        Some("ReconcileFailed") => Reconcile::Failed,
        Some("DeleteFailed") => Reconcile::DeleteFailed,
        Some("Deleting") => Reconcile::Deleting,
        Some("Reconciling") => Reconcile::Reconciling,
        None | Some(_) => Reconcile::NoStatus,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Condition, Facts, Meta};

    fn package(condition: &str, meta: Meta, package: Package) -> Object {
        let said = Condition {
            kind: condition.into(),
            status: Status::True,
            severity: None,
            reason: Text::default(),
            message: Text::default(),
            since: None,
        };
        let conditions = if condition.is_empty() { Vec::new() } else { vec![said] };
        Object { meta, conditions, facts: Facts::Package(Box::new(package)) }
    }

    #[test]
    fn a_state_is_believed_only_of_the_spec_it_is_about() {
        let of = |generation, observed_generation| {
            let meta = Meta { generation, observed_generation, ..Meta::default() };
            reconcile(&package("ReconcileSucceeded", meta, Package::default()))
        };
        assert_eq!(of(2, 2), Some(Reconcile::Succeeded));
        assert_eq!(of(3, 2), Some(Reconcile::Pending));
    }

    #[test]
    fn every_state_has_its_health() {
        let paused = Package { paused: true, ..Package::default() };
        let cancelled = Package { cancelled: true, ..Package::default() };
        for (condition, facts, state, health) in [
            ("", Package::default(), Reconcile::NoStatus, Health::Unknown),
            ("Reconciling", Package::default(), Reconcile::Reconciling, Health::Progressing),
            ("ReconcileSucceeded", Package::default(), Reconcile::Succeeded, Health::Ok),
            ("ReconcileFailed", Package::default(), Reconcile::Failed, Health::Bad),
            ("Deleting", Package::default(), Reconcile::Deleting, Health::Progressing),
            ("DeleteFailed", Package::default(), Reconcile::DeleteFailed, Health::Bad),
            ("ReconcileFailed", paused, Reconcile::Paused, Health::Paused),
            ("ReconcileSucceeded", cancelled, Reconcile::Cancelled, Health::Paused),
            ("SomethingNew", Package::default(), Reconcile::NoStatus, Health::Unknown),
        ] {
            let object = package(condition, Meta::default(), facts);
            assert_eq!(reconcile(&object), Some(state), "{condition}");
            assert_eq!(object.health(), health, "{condition}");
        }
    }

    #[test]
    fn what_is_marked_for_deletion_is_deleting_whatever_the_status_still_says() {
        let meta = Meta { deleted: Some(Timestamp::UNIX_EPOCH), ..Meta::default() };
        let of = |condition| reconcile(&package(condition, meta.clone(), Package::default()));
        assert_eq!(of("ReconcileSucceeded"), Some(Reconcile::Deleting));
        assert_eq!(of("DeleteFailed"), Some(Reconcile::DeleteFailed));
    }

    #[test]
    fn the_host_of_a_repository() {
        let host = |address: &str| {
            Repository { address: address.into(), ..Repository::default() }.host().map(str::to_owned)
        };
        assert_eq!(host("registry.example.com/tkg/repo:v2"), Some("registry.example.com".into()));
        assert_eq!(host("https://me@charts.example.com:8443/x.tgz"), Some("charts.example.com:8443".into()));
        assert_eq!(host("library/repo"), None);
    }
}
