//! Packages, their Apps and repositories as kapp-controller writes them: stages, one condition, and errors in the
//! shape of the tools.
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Here, condition::stamp, words::CORE};
use crate::demo::fleet::package::{Flaw, Install, Origin, Phase, Repository};

/// What a condition says where the error stands elsewhere.
const SEE: &str = "Error (see .status.usefulErrorMessage for details)";

/// How long the stages take, in seconds.
pub const FETCH: i64 = 2;
pub const TEMPLATE: i64 = 1;
pub const DEPLOY: i64 = 6;

/// Every object of a package.
pub fn install(here: Here<'_>, of: &Install, put: &mut impl FnMut(Value)) {
    let meta = |kind: &str, name: &str| {
        json!({"name": name, "namespace": &*of.namespace, "uid": here.uid(kind, &format!("{}/{name}", of.namespace)),
               "creationTimestamp": stamp(of.created)})
    };
    let (secret, account) = (values_of(of), account_of(of));
    put(json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": meta("Secret", &secret),
               "data": {"values.yaml": STANDARD.encode(values(of))}}));
    if of.flaw != Flaw::NoAccount {
        put(
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta("ServiceAccount", &account)}),
        );
    }
    let mut object = json!({
        "apiVersion": "packaging.carvel.dev/v1alpha1", "kind": "PackageInstall", "metadata": meta("PackageInstall", &of.name),
        "spec": {
            "packageRef": {"refName": of.reference, "versionSelection": {"constraints": &*of.version, "prereleases": {}}},
            "serviceAccountName": account, "syncPeriod": "10m0s", "values": [{"secretRef": {"name": secret}}],
        },
        "status": status(of, 1),
    });
    object["metadata"]["generation"] = 1.into();
    object["metadata"]["finalizers"] = json!(["finalizers.packageinstall.packaging.carvel.dev/delete"]);
    if of.is_remote() {
        object["metadata"]["ownerReferences"] = json!([{"apiVersion": here.api(CORE), "kind": "Cluster", "name": &*here.cluster.name,
            "uid": here.uid("Cluster", &here.cluster.name)}]);
        object["spec"]["cluster"] = json!({"kubeconfigSecretRef": {"name": format!("{}-kubeconfig", here.cluster.name), "key": "value"}});
    } else if of.origin == Origin::Own {
        let mark = format!("{}-{}", of.name, of.namespace);
        object["metadata"]["annotations"] =
            json!({"packaging.carvel.dev/package": &*mark, "tkg.tanzu.vmware.com/tanzu-package": mark});
    }
    marked(&mut object, of);
    put(object);
    put(app(here, of));
}

/// The App of a package: of its name, and owned by it.
pub fn app(here: Here<'_>, of: &Install) -> Value {
    let id = format!("{}/{}", of.namespace, of.name);
    let mut object = json!({
        "apiVersion": "kappctrl.k14s.io/v1alpha1", "kind": "App",
        "metadata": {
            "name": &*of.name, "namespace": &*of.namespace, "uid": here.uid("App", &id), "generation": 1,
            "creationTimestamp": stamp(of.created), "finalizers": ["finalizers.kapp-ctrl.k14s.io/delete"],
            "annotations": {"packaging.carvel.dev/package-ref-name": of.reference, "packaging.carvel.dev/package-version": &*of.version},
            "ownerReferences": [{"apiVersion": "packaging.carvel.dev/v1alpha1", "kind": "PackageInstall", "name": &*of.name,
                "uid": here.uid("PackageInstall", &id), "controller": true, "blockOwnerDeletion": true}],
        },
        "spec": {
            "serviceAccountName": account_of(of), "syncPeriod": "10m0s",
            "fetch": [{"imgpkgBundle": {"image": format!("registry.example.com/tkg/packages/standard/{}:v{}", short(of), of.version.replace('+', "_"))}}],
            "template": [{"ytt": {"paths": ["config/"], "valuesFrom": [{"secretRef": {"name": values_of(of)}}]}}, {"kbld": {"paths": ["-", ".imgpkg/images.yml"]}}],
            "deploy": [{"kapp": {"rawOptions": ["--wait-timeout=15m"]}}],
        },
        "status": app_status(of, 1),
    });
    marked(&mut object, of);
    object
}

/// Marks an object for deletion where its package is.
fn marked(object: &mut Value, of: &Install) {
    if let Some(deleted) = of.deleted {
        object["metadata"]["deletionTimestamp"] = stamp(deleted).into();
        object["metadata"]["deletionGracePeriodSeconds"] = 0.into();
    }
}

/// Status of a `PackageInstall` whose controller has seen that generation.
pub fn status(of: &Install, generation: i64) -> Value {
    let mut status = json!({"observedGeneration": generation, "version": &*of.version, "lastAttemptedVersion": &*of.version});
    say(&mut status, of, SEE);
    status
}

/// Status of its App: the stages as far as they came.
pub fn app_status(of: &Install, generation: i64) -> Value {
    let mut status = json!({"observedGeneration": generation});
    let ended = |seconds: i64| of.since + SignedDuration::from_secs(seconds);
    let error = error(of);
    let failed = if of.is_failing() { stage_of(of.flaw) } else { None };
    let begun = match of.phase {
        Phase::Done | Phase::Deleting => of.since - SignedDuration::from_secs(FETCH + TEMPLATE + DEPLOY),
        Phase::Fetching => of.since,
        Phase::Templating => of.since - SignedDuration::from_secs(FETCH),
        Phase::Deploying => of.since - SignedDuration::from_secs(FETCH + TEMPLATE),
    };
    let at = |seconds: i64| stamp(begun + SignedDuration::from_secs(seconds));
    status["fetch"] = stage(
        failed == Some(Phase::Fetching),
        &error,
        (Some(at(0)), (of.phase > Phase::Fetching).then(|| at(FETCH))),
    );
    if of.phase > Phase::Fetching && failed != Some(Phase::Fetching) {
        let done = (of.phase > Phase::Templating).then(|| at(FETCH + TEMPLATE));
        status["template"] = stage(failed == Some(Phase::Templating), &error, (None, done));
    }
    if of.phase > Phase::Templating && failed.is_none_or(|f| f == Phase::Deploying) {
        let updated = if of.phase == Phase::Deploying { ended(1) } else { of.since };
        let mut deploy = stage(
            failed == Some(Phase::Deploying),
            &error,
            (Some(at(FETCH + TEMPLATE)), Some(stamp(updated))),
        );
        deploy["finished"] = (of.phase != Phase::Deploying).into();
        if of.phase == Phase::Deploying {
            deploy["stdout"] = format!("ongoing: reconcile deployment/{0} (apps/v1) namespace: {1}\n  ^ Waiting for 1 unavailable replicas", short(of), of.into).into();
            deploy["exitCode"] = Value::Null;
        }
        deploy["kapp"] = json!({"associatedResources": {"label": format!("kapp.k14s.io/app={}", 1_690_000_000 + of.name.len()), "namespaces": [of.into], "groupKinds": [{"group": "apps", "kind": "Deployment"}]}});
        status["deploy"] = deploy;
    }
    let (well, ill) = if of.is_failing() { (0, of.failures.max(1)) } else { (1, 0) };
    status["consecutiveReconcileSuccesses"] = well.into();
    status["consecutiveReconcileFailures"] = ill.into();
    let heading = match failed {
        Some(Phase::Fetching) => "Fetching resources: ",
        Some(Phase::Templating) => "Templating dir: ",
        _ => "Deploying: ",
    };
    say(&mut status, of, &format!("{heading}{SEE}"));
    status
}

fn stage(failed: bool, error: &str, (started, updated): (Option<String>, Option<String>)) -> Value {
    let mut stage = json!({"exitCode": i64::from(failed)});
    for (field, time) in [("startedAt", started), ("updatedAt", updated)] {
        if let Some(time) = time {
            stage[field] = time.into();
        }
    }
    if failed {
        stage["error"] = SEE.into();
        stage["stderr"] = error.into();
    }
    stage
}

/// The one condition, the description, and the error.
fn say(status: &mut Value, of: &Install, see: &str) {
    let failing = of.is_failing();
    let (kind, words) = match (of.phase, of.deleted.is_some(), failing) {
        (Phase::Deleting, ..) => ("Deleting", "Deleting".to_owned()),
        (Phase::Done, true, true) => ("DeleteFailed", format!("Delete failed: {see}")),
        (Phase::Done, false, true) => ("ReconcileFailed", format!("Reconcile failed: {see}")),
        (Phase::Done, ..) => ("ReconcileSucceeded", "Reconcile succeeded".to_owned()),
        _ => ("Reconciling", "Reconciling".to_owned()),
    };
    let mut condition = json!({"type": kind, "status": "True"});
    if failing {
        condition["message"] = see.into();
        status["usefulErrorMessage"] = error(of).into();
    }
    status["conditions"] = json!([condition]);
    let held = of.paused || of.cancelled;
    status["friendlyDescription"] = if held { "Canceled/paused".into() } else { words.into() };
}

/// The stage in which a flaw shows.
fn stage_of(flaw: Flaw) -> Option<Phase> {
    match flaw {
        Flaw::None => None,
        Flaw::Certificate => Some(Phase::Fetching),
        Flaw::Values => Some(Phase::Templating),
        Flaw::NoKind(..) | Flaw::NoAccount => Some(Phase::Deploying),
    }
}

/// What the tool says that fails.
fn error(of: &Install) -> String {
    match of.flaw {
        Flaw::None => String::new(),
        Flaw::Values => format!(
            "ytt: Error: Overlaying data values (in following order: additional data values):\n  One or more data values were invalid:\n    \
             Given data value 'envoy.service.typ' is not declared in the schema of {}\n      in values.yaml:4 | typ: LoadBalancer",
            of.reference
        ),
        Flaw::NoKind(group, kind) => format!(
            "kapp: Error: Expected to find kind '{group}/{kind}', but did not:\n- Kubernetes API server did not have matching apiVersion + kind\n\
             - No matching CRD was found in given configuration"
        ),
        Flaw::NoAccount => {
            format!(
                "Preparing kapp: Getting service account: serviceaccounts \"{}\" not found",
                account_of(of)
            )
        }
        Flaw::Certificate => certificate(),
    }
}

fn certificate() -> String {
    "vendir: Error: Syncing directory '0':\n  Syncing directory '.' with imgpkgBundle contents:\n    Fetching image:\n      \
     Error while preparing a transport to talk with the registry:\n        Unable to create round tripper:\n          \
     Get \"https://registry.example.com/v2/\": x509: certificate signed by unknown authority"
        .to_owned()
}

/// A repository with its status.
pub fn repository(here: Here<'_>, of: &Repository) -> Value {
    json!({
        "apiVersion": "packaging.carvel.dev/v1alpha1", "kind": "PackageRepository",
        "metadata": {"name": of.name, "namespace": of.namespace, "uid": here.uid("PackageRepository", of.name), "generation": 1,
                     "creationTimestamp": stamp(of.created), "finalizers": ["finalizers.packagerepository.packaging.carvel.dev/delete"]},
        "spec": {"fetch": {"imgpkgBundle": {"image": of.image}}, "syncPeriod": "10m0s"},
        "status": repository_status(of, 1),
    })
}

pub fn repository_status(of: &Repository, generation: i64) -> Value {
    let fetched = |failed: bool, since: Timestamp| json!({"exitCode": i64::from(failed), "startedAt": stamp(since - SignedDuration::from_secs(FETCH)), "updatedAt": stamp(since)});
    if of.flaw == Flaw::None {
        return json!({
            "observedGeneration": generation, "conditions": [{"type": "ReconcileSucceeded", "status": "True"}],
            "friendlyDescription": "Reconcile succeeded", "consecutiveReconcileSuccesses": 1, "consecutiveReconcileFailures": 0,
            "fetch": fetched(false, of.since), "template": {"exitCode": 0, "updatedAt": stamp(of.since)},
            "deploy": {"exitCode": 0, "finished": true, "startedAt": stamp(of.since), "updatedAt": stamp(of.since)},
        });
    }
    let message = format!("Fetching resources: {SEE}");
    let mut fetch = fetched(true, of.since);
    fetch["error"] = message.clone().into();
    fetch["stderr"] = certificate().into();
    json!({
        "observedGeneration": generation, "conditions": [{"type": "ReconcileFailed", "status": "True", "message": message}],
        "friendlyDescription": format!("Reconcile failed: {message}"), "usefulErrorMessage": certificate(),
        "consecutiveReconcileSuccesses": 0, "consecutiveReconcileFailures": of.failures, "fetch": fetch,
    })
}

fn short(of: &Install) -> &'static str {
    of.reference.split('.').next().unwrap_or(of.reference)
}

fn account_of(of: &Install) -> String {
    if of.origin == Origin::Own {
        format!("{}-{}-sa", of.name, of.namespace)
    } else {
        "tanzu-cluster-bootstrap-sa".to_owned()
    }
}

fn values_of(of: &Install) -> String {
    if of.origin == Origin::Own {
        format!("{}-{}-values", of.name, of.namespace)
    } else {
        format!("{}-package", of.name)
    }
}

fn values(of: &Install) -> String {
    let service = if of.flaw == Flaw::Values { "typ" } else { "type" };
    match short(of) {
        "contour" => {
            format!("infrastructure_provider: vsphere\nenvoy:\n  service:\n    {service}: LoadBalancer\n")
        }
        "harbor" => "hostname: harbor.example.com\nharborAdminPassword: not-for-the-screen\n".to_owned(),
        _ => "{}\n".to_owned(),
    }
}
