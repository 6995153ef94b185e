//! PKG-01: what comes with a cluster is reconciled. Without its network, storage and identity packages a cluster is
//! none.
use super::{Evidence, Outcome, Rule, Severity, Subject, subject::Served};
use crate::domain::package::{Keeper, Reconcile, reconcile};

pub static RULE: Rule =
    Rule { id: "PKG-01", severity: Severity::Critical, asserts: "the core packages are reconciled", check };

/// Namespaces that core packages are installed in.
const NAMESPACES: [&str; 2] = ["tkg-system", "vmware-system-tkg"];

fn check(subject: &Subject<'_>) -> Outcome {
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    let core: Vec<&Served<'_>> = packages.iter().filter(|p| is_core(p)).collect();
    if core.is_empty() {
        return Outcome::not_applicable("no core packages: the cluster is not one of TKG");
    }
    let in_state = |is: fn(Reconcile) -> bool| -> Vec<&&Served<'_>> {
        core.iter().filter(|p| reconcile(p.object).is_some_and(is)).collect()
    };
    let failing = in_state(Reconcile::is_failure);
    if !failing.is_empty() {
        return Outcome::fail(format!("{} of {} core packages fail", failing.len(), core.len()))
            .with(failing.into_iter().map(|p| evidence(p)));
    }
    let held = in_state(|s| matches!(s, Reconcile::Paused | Reconcile::Cancelled));
    if !held.is_empty() {
        return Outcome::fail(format!("{} of {} core packages are held", held.len(), core.len()))
            .with(held.into_iter().map(|p| evidence(p)));
    }
    let moving = in_state(|s| s != Reconcile::Succeeded);
    if !moving.is_empty() {
        return Outcome::unknown(format!("{} of {} core packages are not settled", moving.len(), core.len()))
            .with(moving.into_iter().map(|p| evidence(p)));
    }
    Outcome::pass(format!("{} core packages are reconciled", core.len()))
}

fn is_core(served: &Served<'_>) -> bool {
    NAMESPACES.contains(&served.object.meta.namespace.as_str())
        || served.package().is_some_and(|p| p.keeper == Keeper::ClusterBootstrap)
}

/// The state of a package, with its error where it has one.
pub(super) fn evidence(served: &Served<'_>) -> Evidence {
    let state = reconcile(served.object).map_or("unreadable", Reconcile::word);
    let error = served.package().map_or("", |p| &p.error);
    let value = if error.is_empty() { state.to_owned() } else { format!("{state}: {error}") };
    let at = served.app.and_then(|app| app.app()?.tried());
    Evidence { at, ..Evidence::of(served.object, "status.conditions", value) }
}
