//! What the console needs to be allowed to do, and whether it is.
use super::{Finding, Level, site::HOME};
use crate::{
    domain::{SiteId, site::Discovery},
    kinds::{self, Place},
    state::access::{Permit, Question},
};

/// Kinds that an action writes to.
const WRITTEN: &[&str] = &["clusters", "machinedeployments"];

/// Reading every kind that is served, and writing what actions write.
pub(super) fn questions(site: &SiteId, discovery: &Discovery) -> Vec<Question> {
    let question = |verb: &str, group: &str, resource: &str| Question {
        site: site.clone(),
        home: HOME,
        verb: verb.into(),
        group: group.into(),
        resource: resource.into(),
        namespace: String::new(),
    };
    let mut questions = Vec::new();
    let managed = kinds::KINDS.iter().filter(|k| k.place == Place::Management);
    for kind in managed.filter(|k| k.served(discovery).is_some()) {
        questions.extend(["list", "watch"].map(|verb| question(verb, kind.group, kind.plural)));
        if WRITTEN.contains(&kind.plural) {
            questions.push(question("patch", kind.group, kind.plural));
        }
    }
    questions
}

/// Missing reading is a fault; missing writing is how a viewer is meant to be.
pub(super) fn judge(rights: &[(Question, Permit)]) -> Vec<Finding> {
    if rights.is_empty() {
        return Vec::new();
    }
    let denied = |of: &dyn Fn(&Question) -> bool| -> Vec<String> {
        let mut names: Vec<String> = rights
            .iter()
            .filter(|(q, permit)| of(q) && matches!(permit, Permit::Denied(_)))
            .map(|(q, _)| format!("{} {}", q.verb, q.resource))
            .collect();
        names.dedup();
        names
    };
    let (read, write) = (denied(&|q| q.verb != "patch"), denied(&|q| q.verb == "patch"));
    let mut findings = vec![if read.is_empty() {
        Finding::ok("may read", "every kind the console shows, in all namespaces")
    } else {
        Finding::new(Level::Bad, "may not read", read.join(", "))
            .fix("ask for a ClusterRole with get, list and watch on these, bound to you or a group of yours")
    }];
    findings.push(if write.is_empty() {
        Finding::ok("may write", "node pools can be scaled (within a write session)")
    } else {
        Finding::new(
            Level::Note,
            "may not write",
            format!("{}: pools cannot be scaled everywhere", write.join(", ")),
        )
    });
    let unknown = rights.iter().find_map(|(_, permit)| match permit {
        Permit::Unknown(why) => Some(why.clone()),
        _ => None,
    });
    findings.extend(unknown.map(|why| {
        Finding::new(Level::Warning, "rights", format!("not all could be asked: {why}"))
            .fix("let you create selfsubjectaccessreviews (the ClusterRole system:basic-user does)")
    }));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::site::ServedKind;

    fn answered(permit: impl Fn(&Question) -> Permit) -> Vec<(Question, Permit)> {
        let served = |plural: &str| ServedKind {
            group: "cluster.x-k8s.io".into(),
            version: "v1beta1".into(),
            plural: plural.into(),
            ..ServedKind::default()
        };
        let discovery =
            Discovery { kinds: vec![served("clusters"), served("machines")], ..Discovery::default() };
        let all = questions(&SiteId::new("a"), &discovery);
        assert_eq!(all.len(), 5, "list and watch of both, patch of one: {all:?}");
        all.into_iter().map(|q| (q.clone(), permit(&q))).collect()
    }

    #[test]
    fn a_viewer_is_healthy_and_a_stranger_is_not() {
        let levels = |permit: &dyn Fn(&Question) -> Permit| -> Vec<Level> {
            judge(&answered(permit)).iter().map(|f| f.level).collect()
        };
        let denied = || Permit::Denied(String::new());
        assert_eq!(levels(&|_| Permit::Allowed), [Level::Ok, Level::Ok]);
        let viewer = |q: &Question| if q.verb == "patch" { denied() } else { Permit::Allowed };
        assert_eq!(levels(&viewer), [Level::Ok, Level::Note]);
        assert_eq!(levels(&|_| denied()), [Level::Bad, Level::Note]);
        assert_eq!(levels(&|_| Permit::Unknown("x".into())), [Level::Ok, Level::Ok, Level::Warning]);
        assert!(judge(&[]).is_empty());
    }
}
