//! `TanzuKubernetesRelease` (run.tanzu.vmware.com): what clusters can be upgraded to.
use serde::Deserialize;

use super::{
    Kind, Place,
    conditions::Conditions,
    lax::{Int, Part, Word},
    meta::{Called, Raw, first},
    words::word,
};
use crate::domain::{Facts, Object, release::Release};

pub static KIND: Kind = Kind {
    id: "release",
    kind: "TanzuKubernetesRelease",
    group: "run.tanzu.vmware.com",
    plural: "tanzukubernetesreleases",
    versions: &["v1alpha3", "v1alpha2", "v1alpha1"],
    place: Place::Management,
    in_tree: false,
    decode,
};

/// Labels whose presence rules a release out.
const UNUSABLE: [&str; 4] = ["incompatible", "deactivated", "invalid", "inactive"];

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    version: Word,
    kubernetes: Part<Kubernetes>,
    kubernetes_version: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Kubernetes {
    version: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    conditions: Conditions,
}

fn decode(version: &str, json: &str) -> Result<Object, serde_json::Error> {
    let raw: Raw<Spec, Status> = serde_json::from_str(json)?;
    let spec = raw.spec.0;
    let called = Called { group: KIND.group, version, kind: KIND.kind };
    let meta = raw.metadata.0.finish(raw.api_version, raw.kind, called, Int(None));
    let unusable = UNUSABLE.into_iter().find(|label| meta.label(label).is_some());
    let release = Release {
        version: spec.version.0,
        kubernetes: first(spec.kubernetes.0.version, spec.kubernetes_version),
        unusable: unusable.map(word).unwrap_or_default(),
    };
    Ok(Object {
        meta,
        conditions: raw.status.0.conditions.finish(),
        facts: Facts::Release(Box::new(release)),
    })
}
