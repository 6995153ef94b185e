//! Incidents of packages: where they are told is two objects below what one looks at first, or not in one place at all.
use super::{Scenario, Truth};
use crate::demo::{
    control::{Key, World},
    fleet::{
        Role,
        package::{CERT_MANAGER, Flaw, Phase},
    },
};

const CONTOUR: &str = "contour.tanzu.vmware.com";
const PROMETHEUS: &str = "prometheus.tanzu.vmware.com";

/// Those of this file.
pub(super) static ALL: &[&Scenario] = &[&VALUES, &DEPENDENCY, &DELETION, &DRIFTING, &REPOSITORY];

/// The versions that the drifting clusters have, the first the one that most others have too.
const DRIFT: [(&str, &str, &str); 3] = [
    ("dc1-mgmt", "payments-prod", "1.22.3+vmware.1-tkg.1"),
    ("aws-eu-mgmt", "web-prod-eu", "1.23.5+vmware.1-tkg.1"),
    ("dc2-supervisor", "warehouse-prod", "1.22.3+vmware.1-tkg.1"),
];

pub(super) static VALUES: Scenario = Scenario {
    name: "package-values",
    title: "A package whose values were changed: its templates know no such value",
    truth: |world| {
        truth(
            world,
            ("dc1-mgmt", "payments-stage"),
            CONTOUR,
            Flaw::Values,
            "'envoy.service.typ' is not declared",
        )
    },
    inject: |world| flaw(world, ("dc1-mgmt", "payments-stage"), CONTOUR, Flaw::Values),
    heal: |world| flaw(world, ("dc1-mgmt", "payments-stage"), CONTOUR, Flaw::None),
};

/// The kind that cert-manager brings and Contour needs.
const NO_ISSUER: Flaw = Flaw::NoKind("cert-manager.io/v1", "Issuer");

pub(super) static DEPENDENCY: Scenario = Scenario {
    name: "package-dependency",
    title: "A package without the one that it stands on: cert-manager was taken away",
    truth: |world| {
        truth(world, ("aws-eu-mgmt", "web-stage-eu"), CONTOUR, NO_ISSUER, "cert-manager.io/v1/Issuer")
    },
    inject: |world| {
        if let Some(key) = world.key("aws-eu-mgmt", "web-stage-eu") {
            world.without_package(&key, CERT_MANAGER);
        }
        flaw(world, ("aws-eu-mgmt", "web-stage-eu"), CONTOUR, NO_ISSUER);
    },
    heal: |world| flaw(world, ("aws-eu-mgmt", "web-stage-eu"), CONTOUR, Flaw::None),
};

pub(super) static DELETION: Scenario = Scenario {
    name: "package-delete-stuck",
    title: "A package that cannot be deleted: its service account went first",
    truth: |world| {
        let place = ("dc1-mgmt", "identity-prod");
        truth(
            world,
            place,
            PROMETHEUS,
            Flaw::NoAccount,
            "serviceaccounts \"prometheus-tanzu-prometheus-monitoring-sa\" not found",
        )
    },
    inject: |world| {
        let Some(key) = world.key("dc1-mgmt", "identity-prod") else { return };
        let since = super::ago(world, 26, 40);
        world.alter_package(&key, PROMETHEUS, |install| {
            (install.flaw, install.failures, install.phase) = (Flaw::NoAccount, 37, Phase::Done);
            install.deleted = Some(since);
        });
    },
    heal: |world| {
        let Some(key) = world.key("dc1-mgmt", "identity-prod") else { return };
        let now = world.now();
        world.alter_package(&key, PROMETHEUS, |install| {
            (install.flaw, install.phase, install.since) = (Flaw::None, Phase::Deleting, now);
        });
    },
};

pub(super) static DRIFTING: Scenario = Scenario {
    name: "package-drift",
    title: "One package in three versions over the clusters of six teams",
    truth: |world| {
        let key = drifting(world).next()?;
        let packages = &world.cluster(&key)?.packages;
        let version = packages.iter().find(|p| p.reference == CONTOUR)?.version.to_string();
        (version == DRIFT[0].2).then_some(Truth::Package { cluster: key, reference: CONTOUR, says: version })
    },
    inject: |world| {
        for (site, cluster, version) in DRIFT {
            let Some(key) = world.key(site, cluster) else { continue };
            world.alter_package(&key, CONTOUR, |install| install.version = version.into());
        }
    },
    heal: |world| {
        let newest = world
            .sites()
            .iter()
            .flat_map(|live| &live.site.clusters)
            .filter(|c| c.role == Role::Staging)
            .flat_map(|c| &c.packages)
            .find(|p| p.reference == CONTOUR)
            .map(|p| p.version.clone());
        let Some(newest) = newest else { return };
        let now = world.now();
        for key in drifting(world).collect::<Vec<_>>() {
            world.alter_package(&key, CONTOUR, |install| {
                (install.version, install.phase, install.since) = (newest.clone(), Phase::Fetching, now);
            });
        }
    },
};

pub(super) static REPOSITORY: Scenario = Scenario {
    name: "repository-certificate",
    title: "A repository whose registry shows a certificate that nobody trusts",
    truth: |world| {
        let cluster = world.key("dc1-mgmt", "shared-services")?;
        let repository =
            world.cluster(&cluster)?.repositories.first().filter(|r| r.flaw == Flaw::Certificate)?;
        let says = "x509: certificate signed by unknown authority".to_owned();
        Some(Truth::Package { reference: repository.name, says, cluster })
    },
    inject: |world| certificate(world, Flaw::Certificate, 212),
    heal: |world| certificate(world, Flaw::None, 0),
};

fn drifting(world: &World) -> impl Iterator<Item = Key> {
    DRIFT.into_iter().filter_map(|(site, cluster, _)| world.key(site, cluster))
}

/// What a console must name, while a package of a cluster has that flaw.
fn truth(
    world: &World,
    (site, cluster): (&str, &str),
    reference: &'static str,
    flaw: Flaw,
    says: &str,
) -> Option<Truth> {
    let cluster = world.key(site, cluster)?;
    let install = world.cluster(&cluster)?.packages.iter().find(|p| p.reference == reference)?;
    (install.flaw == flaw).then(|| Truth::Package { cluster, reference, says: says.to_owned() })
}

/// A package that has failed for two hours, or that is tried again because nothing is wrong any more.
fn flaw(world: &mut World, (site, cluster): (&str, &str), reference: &str, flaw: Flaw) {
    let Some(key) = world.key(site, cluster) else { return };
    let (since, now) = (super::ago(world, 0, 3), world.now());
    world.alter_package(&key, reference, |install| {
        (install.flaw, install.failures, install.phase, install.since) = match flaw {
            Flaw::None => (flaw, 0, Phase::Fetching, now),
            _ => (flaw, 29, Phase::Done, since),
        };
    });
}

fn certificate(world: &mut World, flaw: Flaw, failures: i64) {
    let Some(key) = world.key("dc1-mgmt", "shared-services") else { return };
    let since = super::ago(world, 0, 2);
    world.alter_repositories(&key, |repositories| {
        for repository in repositories {
            (repository.flaw, repository.failures, repository.since) = (flaw, failures, since);
        }
    });
}

#[cfg(test)]
mod tests;
