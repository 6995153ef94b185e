//! `PackageRepository` (packaging.carvel.dev): where the packages of a cluster come from.
use serde::Deserialize;

use super::{RawStage, brief, error_of, message::Message};
use crate::{
    domain::{Facts, Object, Text, package::Repository},
    kinds::{
        Kind, Place,
        conditions::Conditions,
        lax::{Flag, Int, Part, Word},
        meta::{Called, Raw, first},
        words::word,
    },
};

pub static KIND: Kind = Kind {
    id: "package-repository",
    kind: "PackageRepository",
    group: "packaging.carvel.dev",
    plural: "packagerepositories",
    versions: &["v1alpha1"],
    place: Place::Both,
    in_tree: false,
    decode,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Spec {
    fetch: Part<Fetch>,
    paused: Flag,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Fetch {
    imgpkg_bundle: Option<Part<Origin>>,
    image: Option<Part<Origin>>,
    http: Option<Part<Origin>>,
    git: Option<Part<Origin>>,
    inline: Option<Part<Origin>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Origin {
    image: Word,
    url: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: Int,
    conditions: Conditions,
    useful_error_message: Message,
    fetch: Part<RawStage>,
    template: Part<RawStage>,
    deploy: Part<RawStage>,
    consecutive_reconcile_failures: Int,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let (spec, status) = (raw.spec.0, raw.status.0);
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, status.observed_generation);
    let conditions = brief(status.conditions);
    let (method, address) = source(spec.fetch.0);
    let times = [&status.fetch.0, &status.template.0, &status.deploy.0];
    let repository = Repository {
        method: word(method),
        address,
        paused: spec.paused.0,
        error: error_of(status.useful_error_message, &conditions),
        tried: times.into_iter().filter_map(|s| s.updated_at.0.or(s.started_at.0)).max(),
        failures: status.consecutive_reconcile_failures.0.unwrap_or(0),
    };
    Ok(Object { meta, conditions, facts: Facts::Repository(Box::new(repository)) })
}

/// How it is fetched, and from where.
fn source(fetch: Fetch) -> (&'static str, Text) {
    let ways = [
        ("imgpkgBundle", fetch.imgpkg_bundle),
        ("image", fetch.image),
        ("http", fetch.http),
        ("git", fetch.git),
        ("inline", fetch.inline),
    ];
    let way = ways.into_iter().find_map(|(method, from)| Some((method, from?.0)));
    way.map_or(("", Text::default()), |(method, from)| (method, first(from.image, from.url)))
}
