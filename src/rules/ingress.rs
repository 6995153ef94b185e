//! PKG-06: Contour's Envoy can be reached from outside, and does not hang on one pod.
use super::{Evidence, Outcome, Rule, Severity, Subject};

pub static RULE: Rule = Rule {
    id: "PKG-06",
    severity: Severity::Warning,
    asserts: "Envoy of Contour is a load balancer with an address and two pods",
    check,
};

const NAMESPACE: &str = "tanzu-system-ingress";

fn check(subject: &Subject<'_>) -> Outcome {
    match &subject.packages {
        Err(why) => return Outcome::unknown(format!("PackageInstalls: {why}")),
        Ok(packages) if !packages.iter().any(|p| p.is("contour")) => {
            return Outcome::not_applicable("Contour is not installed");
        }
        Ok(_) => {}
    }
    let services = match &subject.services {
        Ok(services) => services,
        Err(why) => return Outcome::unknown(why.as_str()),
    };
    let Some(envoy) = services.iter().find(|s| &*s.key.name == "envoy" && &*s.key.namespace == NAMESPACE)
    else {
        return Outcome::fail(format!("there is no Service {NAMESPACE}/envoy"));
    };
    let evidence = |field, value: &str| Evidence {
        object: format!("Service {}", envoy.key),
        field,
        value: value.to_owned(),
        at: None,
    };
    if envoy.kind != "LoadBalancer" {
        return Outcome::fail(format!("envoy is a {}", envoy.kind))
            .with([evidence("spec.type", &envoy.kind)]);
    }
    if envoy.address.is_empty() {
        return Outcome::fail("envoy has no address yet").with([evidence("status.loadBalancer", "")]);
    }
    let address = evidence("status.loadBalancer", &envoy.address);
    match envoy.ready {
        None => Outcome::unknown("the pods of envoy are not read").with([address]),
        Some(ready) if ready < 2 => {
            Outcome::fail(format!("{ready} pods of envoy are ready, not two")).with([address])
        }
        Some(_) => Outcome::pass(format!("envoy is reached at {}", envoy.address)).with([address]),
    }
}
