//! PKG-09: every installed version is still offered by a repository, so that it can be repaired or moved.
use super::{Evidence, Outcome, Rule, Severity, Subject};

pub static RULE: Rule = Rule {
    id: "PKG-09",
    severity: Severity::Warning,
    asserts: "the installed versions are offered by the repositories",
    check,
};

fn check(subject: &Subject<'_>) -> Outcome {
    let packages = match &subject.packages {
        Ok(packages) => packages,
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
    };
    let installed: Vec<_> = packages
        .iter()
        .filter_map(|p| Some((p, p.package()?)))
        .filter(|(_, package)| !package.version.is_empty())
        .collect();
    if installed.is_empty() {
        return Outcome::not_applicable("no packages are installed");
    }
    let offers = match &subject.offers {
        Ok(offers) => offers,
        Err(why) => return Outcome::unknown(why.as_str()),
    };
    let offered =
        |name: &str, version: &str| offers.iter().any(|o| o.package == name && o.version == version);
    let gone: Vec<_> = installed.iter().filter(|(_, p)| !offered(&p.package, &p.version)).collect();
    if gone.is_empty() {
        return Outcome::pass(format!("{} installed versions are offered", installed.len()));
    }
    let names: Vec<String> = gone.iter().map(|(_, p)| format!("{} {}", p.short_name(), p.version)).collect();
    Outcome::fail(format!("no repository offers {}", names.join(", "))).with(
        gone.iter().map(|(served, p)| Evidence::of(served.object, "status.version", p.version.as_str())),
    )
}
