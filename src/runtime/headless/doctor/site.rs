//! One site: the way there, who we are, what we may do, what is served, how far its clock is off.
use std::time::Duration;

use super::{Finding, Level, rights};
use crate::{
    backends::kube::{Connections, Route, Via, access, greeting},
    domain::{
        Home, Problem, ProblemKind,
        site::{Discovery, Greeting, SiteSpec},
    },
    kinds,
    state::access::{Permit, Question},
};

/// Seconds of difference between clocks that are worth a word, and that break tokens and certificates.
const SKEW: (u64, u64) = (5, 60);
/// Milliseconds of a small request from which on the console feels slow.
const SLOW: u64 = 500;

/// All that was learnt of a site.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) spec: SiteSpec,
    route: Result<Route, Problem>,
    greeting: Result<Greeting, Problem>,
    rights: Vec<(Question, Permit)>,
}

/// Asks the site, for at most so long.
pub(super) async fn examine(connections: &Connections, spec: &SiteSpec, patience: Duration) -> Facts {
    let mut facts = Facts {
        spec: spec.clone(),
        route: connections.route(&spec.id),
        greeting: Err(late(patience)),
        rights: Vec::new(),
    };
    let asked = tokio::time::timeout(patience, async {
        let client = connections.connect(&spec.id).await?;
        let greeting = greeting::greet(&client).await?;
        let rights = access::ask(&client, rights::questions(&spec.id, &greeting.discovery)).await;
        Ok((greeting, rights))
    });
    match asked.await {
        Ok(Ok((greeting, rights))) => (facts.greeting, facts.rights) = (Ok(greeting), rights),
        Ok(Err(problem)) => facts.greeting = Err(problem),
        Err(_) => {}
    }
    facts
}

fn late(patience: Duration) -> Problem {
    let summary = format!("no answer within {} s", patience.as_secs());
    Problem::new(ProblemKind::Unreachable, summary)
        .hint("see whether the server, the way to it and a login helper answer; --timeout gives more time")
}

/// What there is to say of a site.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![route(facts)];
    let greeting = match &facts.greeting {
        Ok(greeting) => greeting,
        Err(problem) => {
            findings.push(Finding::new(Level::Bad, "reach", &*problem.summary).fix(&*problem.hint));
            return findings;
        }
    };
    let version = if greeting.version.is_empty() { "unknown version" } else { &greeting.version };
    let slow = greeting.latency_ms > SLOW;
    let reach = Finding::new(
        if slow { Level::Warning } else { Level::Ok },
        "reach",
        format!("{version}, {} ms", greeting.latency_ms),
    );
    findings.push(if slow {
        reach.fix("use a closer network, or a jump host beside the site")
    } else {
        reach
    });
    findings.push(identity(greeting));
    findings.push(clock(greeting.clock_skew_s));
    findings.extend(groups(&greeting.discovery));
    findings.extend(rights::judge(&facts.rights));
    findings
}

fn route(facts: &Facts) -> Finding {
    match &facts.route {
        Err(problem) => Finding::new(Level::Bad, "route", &*problem.summary).fix(&*problem.hint),
        Ok(Route { via: Via::Direct, why }) => {
            Finding::ok("route", format!("{} directly ({why})", facts.spec.server))
        }
        Ok(Route { via: Via::Proxy(proxy), why }) => {
            Finding::ok("route", format!("{} through {proxy} ({why})", facts.spec.server))
        }
    }
}

fn identity(greeting: &Greeting) -> Finding {
    if greeting.identity.is_empty() {
        return Finding::new(
            Level::Note,
            "identity",
            "the server does not say who we are (SelfSubjectReview)",
        );
    }
    let groups = if greeting.groups.is_empty() { "no group".into() } else { greeting.groups.join(", ") };
    if greeting.identity == "system:anonymous" {
        return Finding::new(Level::Bad, "identity", "anonymous: our credentials were not looked at")
            .fix("log in again; the kubeconfig's user has no credential that this server takes");
    }
    Finding::ok("identity", format!("{} ({groups})", greeting.identity))
}

fn clock(skew: i64) -> Finding {
    let level = match skew.unsigned_abs() {
        off if off > SKEW.1 => Level::Bad,
        off if off > SKEW.0 => Level::Warning,
        _ => return Finding::ok("clock", "agrees with ours"),
    };
    let side = if skew > 0 { "ahead of" } else { "behind" };
    Finding::new(level, "clock", format!("{} s {side} ours: ages are wrong by that", skew.unsigned_abs()))
        .fix("synchronise both clocks (chrony, or ESXi and guest tools)")
}

/// Which API groups the console reads are served, and which are not.
fn groups(discovery: &Discovery) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: Vec<&str> = kinds::KINDS.iter().map(|k| k.group).filter(|g| !g.is_empty()).collect();
    known.sort_unstable();
    known.dedup();
    let (served, missing): (Vec<&str>, Vec<&str>) =
        known.into_iter().partition(|g| discovery.serves_group(g));
    let versions = |group: &str| {
        let mut all: Vec<&str> =
            discovery.kinds.iter().filter(|k| k.group == group).map(|k| k.version.as_str()).collect();
        all.dedup();
        all.sort_unstable();
        all.dedup();
        format!("{group} {}", all.join("+"))
    };
    if !served.is_empty() {
        let words: Vec<String> = served.into_iter().map(versions).collect();
        findings.push(Finding::ok("served", words.join(", ")));
    }
    if !missing.is_empty() {
        let capi = missing.contains(&"cluster.x-k8s.io");
        let level = if capi { Level::Warning } else { Level::Note };
        let finding = Finding::new(level, "not served", missing.join(", "));
        findings.push(if capi {
            finding.fix("this is no management cluster: name one, or hide this context in the config file")
        } else {
            finding
        });
    }
    let stale: Vec<String> =
        discovery.kinds.iter().filter(|k| k.stale).map(|k| format!("{}/{}", k.group, k.version)).collect();
    if !stale.is_empty() {
        let mut stale = stale;
        stale.dedup();
        findings.push(
            Finding::new(Level::Warning, "API down", stale.join(", "))
                .fix("kubectl get apiservices shows which aggregated API server does not answer"),
        );
    }
    findings
}

/// The home all questions are about.
pub(super) const HOME: Home = Home::Management;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{
        SiteId,
        site::{Protection, ServedKind},
    };

    fn facts(greeting: Result<Greeting, Problem>) -> Facts {
        Facts {
            spec: SiteSpec {
                id: SiteId::new("a"),
                context: "a".into(),
                server: "https://a".into(),
                tags: BTreeMap::new(),
                protection: Protection::Normal,
                colour: String::new(),
                write: false,
            },
            route: Ok(Route { via: Via::Direct, why: "no proxy is set".into() }),
            greeting,
            rights: vec![],
        }
    }

    fn level(findings: &[Finding], what: &str) -> Option<Level> {
        findings.iter().find(|f| f.what == what).map(|f| f.level)
    }

    #[test]
    fn a_site_that_is_not_reached_is_a_fault_with_a_fix() {
        let findings = judge(&facts(Err(late(Duration::from_secs(3)))));
        assert_eq!(level(&findings, "reach"), Some(Level::Bad));
        assert!(!findings[1].fix.is_empty());
    }

    #[test]
    fn clocks_strangers_and_plain_clusters_are_noticed() {
        let mut greeting = Greeting { identity: "me".into(), clock_skew_s: -90, ..Greeting::default() };
        let findings = judge(&facts(Ok(greeting.clone())));
        assert_eq!(level(&findings, "clock"), Some(Level::Bad));
        assert_eq!(level(&findings, "not served"), Some(Level::Warning));
        assert!(findings.iter().all(|f| matches!(f.level, Level::Ok | Level::Note) || !f.fix.is_empty()));
        greeting.identity = "system:anonymous".into();
        greeting.clock_skew_s = 2;
        greeting.discovery.kinds = vec![ServedKind {
            group: "cluster.x-k8s.io".into(),
            version: "v1beta1".into(),
            stale: true,
            ..ServedKind::default()
        }];
        let findings = judge(&facts(Ok(greeting)));
        assert_eq!(level(&findings, "clock"), Some(Level::Ok));
        assert_eq!(level(&findings, "identity"), Some(Level::Bad));
        assert_eq!(level(&findings, "not served"), Some(Level::Note));
        assert_eq!(level(&findings, "API down"), Some(Level::Warning));
    }
}
