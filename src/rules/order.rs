//! PKG-03: packages stand on each other: cert-manager, then Contour, then Harbor and Prometheus, then Grafana.
use super::{Evidence, Outcome, Rule, Severity, Subject, core, subject::Served};
use crate::domain::package::{Reconcile, reconcile};

pub static RULE: Rule = Rule {
    id: "PKG-03",
    severity: Severity::Warning,
    asserts: "what a package needs was installed before it, and is well",
    check,
};

/// A package, what it needs, and whether it cannot do without.
const NEEDS: [(&str, &str, bool); 4] = [
    ("contour", "cert-manager", true),
    ("harbor", "contour", true),
    // Only with an ingress of its own, which its values alone tell.
    ("prometheus", "contour", false),
    ("grafana", "prometheus", true),
];

fn check(subject: &Subject<'_>) -> Outcome {
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    let find = |name: &str| packages.iter().find(|p| p.is(name));
    let installed: Vec<_> =
        NEEDS.into_iter().filter_map(|(name, needs, must)| Some((find(name)?, needs, must))).collect();
    if installed.is_empty() {
        return Outcome::not_applicable("nothing is installed that stands on another package");
    }
    let mut wrong: Vec<(String, Evidence)> = Vec::new();
    let mut moving = Vec::new();
    for (package, needs, must) in &installed {
        match (find(needs), must) {
            (None, false) => {}
            (None, true) => {
                let evidence = Evidence::of(package.object, "spec.packageRef.refName", name(package));
                wrong.push((format!("{} needs {needs}, which is not installed", name(package)), evidence));
            }
            (Some(needed), _) => match reconcile(needed.object) {
                Some(state) if state.is_failure() => {
                    wrong.push((
                        format!("{} needs {needs}, which is {}", name(package), state.word()),
                        core::evidence(needed),
                    ));
                }
                Some(Reconcile::Succeeded) if is_younger(needed, package) => {
                    let created = needed.object.meta.created.map(|t| t.to_string()).unwrap_or_default();
                    let evidence = Evidence::of(needed.object, "metadata.creationTimestamp", created);
                    wrong.push((format!("{needs} was installed after {}", name(package)), evidence));
                }
                Some(Reconcile::Succeeded | Reconcile::Paused | Reconcile::Cancelled) => {}
                _ => moving.push(*needs),
            },
        }
    }
    if !wrong.is_empty() {
        let (words, evidence): (Vec<String>, Vec<Evidence>) = wrong.into_iter().unzip();
        return Outcome::fail(words.join("; ")).with(evidence);
    }
    if !moving.is_empty() {
        return Outcome::unknown(format!("not settled: {}", moving.join(", ")));
    }
    Outcome::pass(format!("what {} packages stand on is there", installed.len()))
}

fn name<'a>(served: &Served<'a>) -> &'a str {
    served.package().map_or("", |p| p.short_name())
}

fn is_younger(one: &Served<'_>, other: &Served<'_>) -> bool {
    match (one.object.meta.created, other.object.meta.created) {
        (Some(one), Some(other)) => one > other,
        _ => false,
    }
}
