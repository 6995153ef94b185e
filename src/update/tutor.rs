//! The guided incident: goes on when a step is achieved, and takes its room from the console while it is shown.
use crate::{
    state::{State, tutor::Tutor},
    tutor,
    view::layout,
};

/// Begins at the first step.
pub(super) fn begin(state: &mut State) {
    state.tutor = Some(Tutor::default());
    fit(state);
}

/// The learner has had enough, or is through.
pub(super) fn leave(state: &mut State) {
    if state.tutor.take().is_none() {
        state.notices.tell(state.now, "no tutor is shown");
    }
    fit(state);
}

/// The terminal has that size; the console gets what the tutor leaves.
pub(super) fn resize(state: &mut State, width: u16, height: u16) {
    state.terminal = (width, height);
    fit(state);
}

fn fit(state: &mut State) {
    let (width, height) = state.terminal;
    let (console, _) = layout::beside(width, height, state.tutor.is_some());
    (state.width, state.height) = (console.width, console.height);
    state.touch();
}

/// After each message: looks for what the incident is about, and passes the steps that are achieved.
pub(super) fn settle(state: &mut State) {
    let Some(mut tutor) = state.tutor.take() else { return };
    if tutor.patient.is_none() {
        tutor.patient = tutor::find_patient(state);
    }
    let steps = tutor::achieved(state, &tutor);
    if steps > 0 {
        tutor.at += steps;
        state.touch();
    }
    state.tutor = Some(tutor);
}
