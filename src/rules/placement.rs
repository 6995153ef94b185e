//! PKG-05: packages run where the site's design puts them, as its tags record it.
use super::{Evidence, Outcome, Rule, Severity, Subject, subject::Role};

pub static RULE: Rule = Rule {
    id: "PKG-05",
    severity: Severity::Warning,
    asserts: "Harbor, monitoring and logging run where the site's tags put them",
    check,
};

const MONITORING: [&str; 3] = ["prometheus", "grafana", "fluent-bit"];

fn check(subject: &Subject<'_>) -> Outcome {
    let profile = &subject.profile;
    if profile.harbor.is_empty() && profile.monitoring.is_empty() {
        return Outcome::not_applicable(
            "the site records no choice (tags harbor and monitoring: shared or workload)",
        );
    }
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    let place = |short: &str| match short {
        "harbor" => profile.harbor.as_str(),
        short if MONITORING.contains(&short) => profile.monitoring.as_str(),
        _ => "",
    };
    let here = match subject.role {
        Role::SharedServices => "shared",
        Role::Workload => "workload",
        Role::Management => "management",
    };
    let placed: Vec<_> = packages
        .iter()
        .filter_map(|p| {
            let short = p.package()?.short_name();
            Some((p, short, place(short))).filter(|(_, _, place)| !place.is_empty())
        })
        .collect();
    if placed.is_empty() {
        return Outcome::not_applicable("none of these packages is installed here");
    }
    let astray: Vec<_> = placed.iter().filter(|(_, _, place)| *place != here).collect();
    if astray.is_empty() {
        return Outcome::pass(format!("{} packages are where they belong", placed.len()));
    }
    let words: Vec<String> =
        astray.iter().map(|(_, short, place)| format!("{short} belongs to the {place} clusters")).collect();
    Outcome::fail(format!("{}; this is a {} cluster", words.join("; "), subject.role.word()))
        .with(astray.iter().map(|(p, short, _)| Evidence::of(p.object, "spec.packageRef.refName", *short)))
}
