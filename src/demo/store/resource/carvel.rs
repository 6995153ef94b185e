//! Kinds of Carvel's kapp-controller, as their definitions name them. Packages and their metadata come from an
//! aggregated API, which the demo has not.
use super::{Column, Resource, Served};

const PACKAGING: &str = "packaging.carvel.dev";
const KAPPCTRL: &str = "kappctrl.k14s.io";
const V1: &[&str] = &["v1alpha1"];
const CATEGORY: &[&str] = &["carvel"];
const DESCRIPTION: Column = Column::text("Description", ".status.friendlyDescription");

pub static PACKAGE_INSTALLS: Resource = Resource::custom(PACKAGING, "PackageInstall", "packageinstalls")
    .versions(V1)
    .short(&["pkgi"])
    .categories(CATEGORY)
    .columns(&[
        Column::text("Package name", ".spec.packageRef.refName"),
        Column::text("Package version", ".status.version"),
        DESCRIPTION,
    ]);
pub static PACKAGE_REPOSITORIES: Resource =
    Resource::custom(PACKAGING, "PackageRepository", "packagerepositories")
        .versions(V1)
        .short(&["pkgr"])
        .categories(CATEGORY)
        .columns(&[DESCRIPTION]);
pub static APPS: Resource =
    Resource::custom(KAPPCTRL, "App", "apps").versions(V1).categories(CATEGORY).columns(&[DESCRIPTION]);

/// What a server has where kapp-controller is installed.
pub fn carvel() -> Vec<Served> {
    [&PACKAGE_INSTALLS, &PACKAGE_REPOSITORIES, &APPS].into_iter().map(Served::newest).collect()
}
