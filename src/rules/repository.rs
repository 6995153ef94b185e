//! PKG-02: the standard repository is there and reconciled; where nothing comes from outside, it is the private one.
use super::{Evidence, Outcome, Role, Rule, Severity, Subject};
use crate::domain::package::{Reconcile, reconcile};

pub static RULE: Rule = Rule {
    id: "PKG-02",
    severity: Severity::Warning,
    asserts: "the repository tanzu-standard is there and reconciled, and private in an air gap",
    check,
};

const NAME: &str = "tanzu-standard";

fn check(subject: &Subject<'_>) -> Outcome {
    if subject.role == Role::Management {
        return Outcome::not_applicable("packages of users are installed in workload clusters");
    }
    if subject.absent {
        return Outcome::not_applicable("kapp-controller is not installed");
    }
    let repositories = match &subject.repositories {
        Ok(repositories) => repositories,
        Err(why) => return Outcome::unknown(format!("PackageRepositories: {why}")),
    };
    let Some(object) = repositories.iter().find(|r| r.meta.name == NAME) else {
        return Outcome::fail(format!("there is no repository {NAME}"));
    };
    let Some(repository) = object.repository() else {
        return Outcome::unknown(format!("{NAME} cannot be read"));
    };
    let state = reconcile(object).unwrap_or(Reconcile::NoStatus);
    let said = || Evidence {
        at: repository.tried,
        ..Evidence::of(object, "status.usefulErrorMessage", repository.error.as_str())
    };
    let from = || Evidence::of(object, "spec.fetch", repository.address.as_str());
    match state {
        Reconcile::Succeeded => {}
        Reconcile::Reconciling | Reconcile::Pending | Reconcile::NoStatus => {
            return Outcome::unknown(format!("{NAME} is {}", state.word()));
        }
        _ => {
            return Outcome::fail(format!("{NAME} is {}: {}", state.word(), repository.error)).with([said()]);
        }
    }
    if !subject.profile.air_gapped {
        return Outcome::pass(format!("{NAME} is reconciled")).with([from()]);
    }
    match (subject.profile.registry.as_str(), repository.host()) {
        ("", _) => Outcome::unknown("the site is air-gapped and records no registry (tag registry=HOST)"),
        (wanted, Some(host)) if wanted == host => {
            Outcome::pass(format!("{NAME} is reconciled, from {host}")).with([from()])
        }
        (wanted, _) => Outcome::fail(format!("{NAME} does not come from {wanted}")).with([from()]),
    }
}
