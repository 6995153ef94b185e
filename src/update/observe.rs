//! What sources and servers say: rows, rights, whole objects.
use crate::{
    domain::{Problem, ResourceRef, Source},
    effect::Effect,
    msg::{Document, Observation},
    state::{
        State,
        access::{Permit, Question},
    },
};

pub(super) fn observed(state: &mut State, source: &Source, observation: Observation) -> Vec<Effect> {
    // A source that was given up may still have a message on its way.
    if !state.screen.followed.contains(source) {
        return vec![];
    }
    let now = state.now;
    let lost = match &observation {
        Observation::Failed { problem, .. } => super::sites::lost(state, source, problem),
        _ => vec![],
    };
    state.fleet.observe(source, observation, now);
    lost
}

pub(super) fn access(state: &mut State, answers: Vec<(Question, Permit)>) -> Vec<Effect> {
    for (question, permit) in answers {
        state.access.learn(question, permit);
    }
    super::choose::refresh_actions(state);
    state.touch();
    vec![]
}

pub(super) fn document(
    state: &mut State,
    target: ResourceRef,
    document: Result<Box<Document>, Problem>,
) -> Vec<Effect> {
    state.documents.put(target, document.map(|d| *d));
    state.touch();
    vec![]
}
