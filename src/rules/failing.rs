//! PKG-04: no package fails; where one does, its own words are told.
use super::{Outcome, Rule, Severity, Subject, core};
use crate::domain::package::{Reconcile, reconcile};

pub static RULE: Rule = Rule {
    id: "PKG-04",
    severity: Severity::Critical,
    asserts: "no package fails to be reconciled or deleted",
    check,
};

fn check(subject: &Subject<'_>) -> Outcome {
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    if packages.is_empty() {
        return Outcome::not_applicable("no packages are installed");
    }
    let failing: Vec<_> =
        packages.iter().filter(|p| reconcile(p.object).is_some_and(Reconcile::is_failure)).collect();
    if let Some(first) = failing.first() {
        let error = first.package().map_or("", |p| &p.error);
        let more =
            if failing.len() > 1 { format!(", and {} more", failing.len() - 1) } else { String::new() };
        return Outcome::fail(format!("{}: {error}{more}", first.object.meta.name))
            .with(failing.iter().map(|p| core::evidence(p)));
    }
    let silent = packages
        .iter()
        .filter(|p| matches!(reconcile(p.object), None | Some(Reconcile::NoStatus | Reconcile::Pending)));
    match silent.count() {
        0 => Outcome::pass(format!("none of {} packages fails", packages.len())),
        count => Outcome::unknown(format!("{count} of {} packages have said nothing yet", packages.len())),
    }
}
