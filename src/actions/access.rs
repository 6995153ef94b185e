//! May this action be done now? Scope, connection and rights; the write session is not asked here,
//! because the executor alone enforces it (the sheet only says that one must be opened).
use super::{Action, spec::Availability};
use crate::{
    domain::{Home, ResourceRef},
    state::{
        State,
        access::{Permit, Question},
        workloads::Reach,
    },
};

/// The access reviews that decide an action on a target.
pub fn questions(action: &dyn Action, state: &State, target: &ResourceRef) -> Vec<Question> {
    action
        .permissions(state, target)
        .into_iter()
        .map(|p| Question {
            site: target.source.site.clone(),
            home: target.source.home.clone(),
            verb: p.verb.into(),
            group: p.group.into(),
            resource: p.resource.into(),
            namespace: target.key.namespace.to_string(),
        })
        .collect()
}

/// Whether the server has said what it allows of the action on this target.
pub fn is_known(action: &dyn Action, state: &State, target: &ResourceRef) -> bool {
    questions(action, state, target).iter().all(|q| state.access.get(q).is_some())
}

/// How the action stands for this target.
pub fn availability(action: &dyn Action, state: &State, target: &ResourceRef) -> Availability {
    if !action.fits(state, target) {
        return Availability::NotHere;
    }
    let Some(site) = state.sites.get(&target.source.site) else { return Availability::NotHere };
    if !site.is_live() && target.source.home == Home::Management {
        return Availability::Greyed(format!("site {} is not reachable now", site.spec.id));
    }
    if let Some(cluster) = target.source.cluster()
        && let Some(Reach::Live { greeting, .. }) = state.workloads.get(&cluster)
        && !greeting.discovery.serves_group("authorization.k8s.io")
    {
        return Availability::Greyed("this API is only a part of Kubernetes and knows no dry run".into());
    }
    if state.fleet.find(target).is_none() {
        return Availability::Greyed("the object is gone".into());
    }
    for question in questions(action, state, target) {
        match state.access.get(&question) {
            Some(Permit::Denied(why)) => {
                let why = if why.is_empty() { String::new() } else { format!(": {why}") };
                return Availability::Greyed(format!(
                    "you may not {} {} in {}{why}",
                    question.verb, question.resource, question.namespace
                ));
            }
            None => return Availability::Greyed("asking the server what you may do".into()),
            Some(Permit::Allowed | Permit::Unknown(_)) => {}
        }
    }
    Availability::Ready
}
