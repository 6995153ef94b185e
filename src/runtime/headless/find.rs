//! From the names on a command line to identities. A wrong name is answered with the nearest right one.
use super::{
    exit::{Exit, Failure},
    lacks::Lack,
};
use crate::{
    actions::spec::Noun,
    domain::{ClusterKey, Home, Object, ObjectKey, Problem, ProblemKind, ResourceRef, Source},
    nearest::suggestion,
    state::State,
};

/// Every `--site` must be one.
pub(super) fn check_sites(asked: &[String], known: &[&str]) -> Result<(), Failure> {
    match asked.iter().find(|site| !known.contains(&site.as_str())) {
        None => Ok(()),
        Some(site) => Err(Failure::usage(format!("--site {site}: there is no such site"))
            .hint(suggestion(site, known.iter().copied()))),
    }
}

/// `NAME` or `NAMESPACE/NAME`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    namespace: Option<&'a str>,
    pub(super) name: &'a str,
}

impl<'a> Named<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        match text.split_once('/') {
            Some((namespace, name)) => Self { namespace: Some(namespace), name },
            None => Self { namespace: None, name: text },
        }
    }
    /// Whether it names this; `namespaces` are those of `-n`, none means all.
    pub(super) fn is(self, key: &ObjectKey, namespaces: &[String]) -> bool {
        *key.name == *self.name
            && self.namespace.is_none_or(|n| n == &*key.namespace)
            && (namespaces.is_empty() || namespaces.iter().any(|n| **n == *key.namespace))
    }
}

/// All clusters a name stands for, over all sites of the run.
pub(super) fn clusters(state: &State, asked: Named<'_>, namespaces: &[String]) -> Vec<ClusterKey> {
    let mut found: Vec<ClusterKey> = state
        .fleet
        .of_kind("cluster")
        .map(|(_, source, object)| ClusterKey { site: source.site.clone(), key: object.meta.key() })
        .filter(|cluster| asked.is(&cluster.key, namespaces))
        .collect();
    found.sort();
    found
}

/// The failure of a cluster that is nowhere.
pub(super) fn no_cluster(state: &State, asked: Named<'_>, lacks: &[Lack]) -> Failure {
    let names: Vec<String> =
        state.fleet.of_kind("cluster").map(|(_, _, object)| object.meta.name.to_string()).collect();
    nowhere("cluster", asked.name, &names, lacks)
}

/// Not found, or not known to be there when some site did not answer.
pub(super) fn nowhere(noun: &str, name: &str, names: &[String], lacks: &[Lack]) -> Failure {
    let problem = |summary: String| {
        Problem::new(ProblemKind::NotFound, summary).hint(suggestion(name, names.iter().map(String::as_str)))
    };
    if lacks.is_empty() {
        return Failure::new(Exit::NotFound, problem(format!("there is no {noun} {name}")));
    }
    Failure::new(Exit::Partly, problem(format!("no {noun} {name} was found, but not every site answered")))
}

/// A name that stands for more than one thing, and which ones.
pub(super) fn several(noun: &str, name: &str, found: impl Iterator<Item = String>) -> Failure {
    let found: Vec<String> = found.collect();
    Failure::usage(format!("{name} names {} {noun}s: {}", found.len(), found.join(", ")))
        .hint("narrow it with --site and -n, or write NAMESPACE/NAME")
}

/// The objects that a name stands for: of a pool it may be the name that its topology gives it.
pub(super) fn targets(
    state: &State,
    noun: Noun,
    asked: Named<'_>,
    namespace: Option<&str>,
    cluster: Option<Named<'_>>,
) -> Vec<ResourceRef> {
    let kind = noun.word();
    let named = |o: &Object| {
        let key = o.meta.key();
        let declared = o.pool().map(|p| ObjectKey::new(&key.namespace, &p.topology_name));
        asked.is(&key, &[]) || declared.is_some_and(|key| asked.is(&key, &[]))
    };
    let within = |source: &Source, o: &Object| match &source.home {
        Home::Workload(key) => cluster.is_none_or(|c| c.is(key, &[])),
        Home::Management => cluster.is_none_or(|c| {
            o.meta.cluster_name().is_some_and(|of| c.is(&ObjectKey::new(&o.meta.namespace, of), &[]))
        }),
    };
    let here = |o: &Object| o.meta.namespace.is_empty() || namespace.is_none_or(|n| n == &*o.meta.namespace);
    let mut found: Vec<ResourceRef> = state
        .fleet
        .of_kind(kind)
        .filter(|(_, source, o)| named(o) && here(o) && within(source, o))
        .map(|(_, source, o)| ResourceRef { source: source.clone(), key: o.meta.key() })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_carry_its_namespace() {
        let key = ObjectKey::new("prod", "pay");
        assert!(Named::parse("pay").is(&key, &[]));
        assert!(Named::parse("prod/pay").is(&key, &[]));
        assert!(!Named::parse("dev/pay").is(&key, &[]));
        assert!(!Named::parse("pay").is(&key, &["dev".into()]));
        assert!(Named::parse("pay").is(&key, &["dev".into(), "prod".into()]));
    }

    #[test]
    fn a_wrong_site_is_a_mistake_of_the_command_line() {
        let failure = check_sites(&["mian".into()], &["main", "old"]).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.problem.hint.contains("main"), "{:?}", failure.problem);
    }

    #[test]
    fn nothing_found_while_a_site_is_silent_is_not_a_no() {
        let lack = Lack {
            site: crate::domain::SiteId::new("a"),
            what: String::new(),
            workload: false,
            why: Problem::new(ProblemKind::Unreachable, "refused"),
        };
        assert_eq!(nowhere("cluster", "x", &[], &[]).exit, Exit::NotFound);
        assert_eq!(nowhere("cluster", "x", &[], &[lack]).exit, Exit::Partly);
    }
}
