//! PKG-07: Harbor is well, its volumes are bound and its certificate holds for a while.
use super::{Evidence, Outcome, Rule, Severity, Subject, core};
use crate::domain::package::{Reconcile, reconcile};

pub static RULE: Rule = Rule {
    id: "PKG-07",
    severity: Severity::Warning,
    asserts: "Harbor is reconciled, its volumes are bound, its certificate holds for 30 days",
    check,
};

const NAMESPACE: &str = "tanzu-system-registry";
const DAYS: i64 = 30;

fn check(subject: &Subject<'_>) -> Outcome {
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    let Some(harbor) = packages.iter().find(|p| p.is("harbor")) else {
        return Outcome::not_applicable("Harbor is not installed");
    };
    match reconcile(harbor.object) {
        Some(Reconcile::Succeeded) => {}
        Some(state) if state.is_failure() => {
            return Outcome::fail(format!("Harbor is {}", state.word())).with([core::evidence(harbor)]);
        }
        _ => return Outcome::unknown("Harbor is not settled").with([core::evidence(harbor)]),
    }
    let claims = match &subject.claims {
        Ok(claims) => claims,
        Err(why) => return Outcome::unknown(why.as_str()),
    };
    let loose: Vec<_> =
        claims.iter().filter(|c| &*c.key.namespace == NAMESPACE && c.phase != "Bound").collect();
    if !loose.is_empty() {
        let evidence = loose.iter().map(|claim| Evidence {
            object: format!("PersistentVolumeClaim {}", claim.key),
            field: "status.phase",
            value: claim.phase.clone(),
            at: None,
        });
        return Outcome::fail(format!("{} volumes of Harbor are not bound", loose.len())).with(evidence);
    }
    match &subject.harbor_certificate {
        Err(why) => Outcome::unknown(why.as_str()),
        Ok(end) => {
            let days = (end.as_second() - subject.now.as_second()) / 86_400;
            if days < DAYS {
                Outcome::fail(format!("the certificate of Harbor ends in {days} days ({end})"))
            } else {
                Outcome::pass(format!("Harbor is well; its certificate holds for {days} days"))
            }
        }
    }
}
