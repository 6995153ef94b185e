//! `PackageInstall` (packaging.carvel.dev): a package in a cluster.
use serde::Deserialize;

use super::{brief, error_of, message::Message};
use crate::{
    domain::{
        Facts, Meta, Object, Text,
        package::{Keeper, Package},
    },
    kinds::{
        Kind, Place,
        conditions::Conditions,
        lax::{Flag, Int, List, Part, Word},
        meta::{Called, Raw, exact},
    },
};

pub static KIND: Kind = Kind {
    id: "package-install",
    kind: "PackageInstall",
    group: "packaging.carvel.dev",
    plural: "packageinstalls",
    versions: &["v1alpha1"],
    place: Place::Both,
    in_tree: false,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    package_ref: Part<PackageRef>,
    service_account_name: Word,
    values: List<Part<Values>>,
    paused: Flag,
    canceled: Flag,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct PackageRef {
    ref_name: Word,
    version_selection: Part<Selection>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Selection {
    constraints: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Values {
    secret_ref: Part<Named>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named {
    name: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    conditions: Conditions,
    useful_error_message: Message,
    version: Word,
    last_attempted_version: Word,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let conditions = brief(status.conditions);
    let values = spec.values.0.into_iter().map(|v| v.0.secret_ref.0.name.0).filter(|n| !n.is_empty());
    let package = Package {
        package: spec.package_ref.0.ref_name.0,
        constraints: spec.package_ref.0.version_selection.0.constraints.0,
        version: status.version.0,
        attempted: status.last_attempted_version.0,
        paused: spec.paused.0,
        cancelled: spec.canceled.0,
        error: error_of(status.useful_error_message, &conditions),
        values: exact(values.collect()),
        keeper: keeper(&meta, &spec.service_account_name.0),
        service_account: spec.service_account_name.0,
    };
    Ok(Object { meta, conditions, facts: Facts::Package(Box::new(package)) })
}

/// Who looks after it: the most particular mark counts.
fn keeper(meta: &Meta, account: &Text) -> Keeper {
    let has = |prefix: &str| meta.labels.keys().any(|label| label.starts_with(prefix));
    let is_owned = |kind: &str| meta.owners.iter().any(|o| o.kind == *kind);
    if *account == "tanzu-cluster-bootstrap-sa"
        || is_owned("ClusterBootstrap")
        || is_owned("Cluster")
        || meta.label("tkg.tanzu.vmware.com/package-name").is_some()
    {
        Keeper::ClusterBootstrap
    } else if has("tmc.cloud.vmware.com/") {
        Keeper::Tmc
    } else if meta.label("kapp.k14s.io/app").is_some() {
        Keeper::Kapp
    } else if ["packaging.carvel.dev/package", "tkg.tanzu.vmware.com/tanzu-package"]
        .iter()
        .any(|mark| meta.annotation(mark).is_some())
    {
        Keeper::User
    } else {
        Keeper::Unmarked
    }
}
