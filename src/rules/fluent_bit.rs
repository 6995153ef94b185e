//! PKG-08: Fluent Bit runs on every node; what it does not see, nobody will find.
use super::{Evidence, Outcome, Rule, Severity, Subject};

pub static RULE: Rule =
    Rule { id: "PKG-08", severity: Severity::Warning, asserts: "Fluent Bit is ready on every node", check };

const NAMESPACE: &str = "tanzu-system-logging";

fn check(subject: &Subject<'_>) -> Outcome {
    match &subject.packages {
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
        Ok(packages) if !packages.iter().any(|p| p.is("fluent-bit")) => {
            return Outcome::not_applicable("Fluent Bit is not installed");
        }
        Ok(_) => {}
    }
    let daemons = match &subject.daemons {
        Ok(daemons) => daemons,
        Err(why) => return Outcome::unknown(why.as_str()),
    };
    let Some(daemon) =
        daemons.iter().find(|d| &*d.key.name == "fluent-bit" && &*d.key.namespace == NAMESPACE)
    else {
        return Outcome::fail(format!("there is no DaemonSet {NAMESPACE}/fluent-bit"));
    };
    let words = format!("{} of {} nodes have a ready Fluent Bit", daemon.ready, daemon.desired);
    let evidence = Evidence {
        object: format!("DaemonSet {}", daemon.key),
        field: "status.numberReady",
        value: daemon.ready.to_string(),
        at: None,
    };
    if daemon.ready < daemon.desired { Outcome::fail(words) } else { Outcome::pass(words) }.with([evidence])
}
