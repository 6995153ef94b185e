//! Overlays: closing them, accepting them, checking a form while it is filled in.
use super::{Context, action, choose, consent, session};
use crate::{
    actions,
    effect::Effect,
    state::{
        State,
        overlay::{Overlay, Stage},
    },
};

/// Esc: one step back. From a preview that is the form; a card of a problem just goes.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    state.touch();
    let Some(overlay) = state.screen.overlays.pop() else { return vec![] };
    match overlay {
        Overlay::Action(flow) if matches!(flow.stage, Stage::Preview { .. }) && !flow.fields.is_empty() => {
            action::back(state, *flow)
        }
        Overlay::Consent { cluster } => {
            consent::decline(state, cluster);
            vec![]
        }
        _ => vec![],
    }
}

/// Enter: what the overlay offers.
pub(super) fn accept(state: &mut State, context: &Context) -> Vec<Effect> {
    state.touch();
    match state.screen.overlays.last() {
        Some(Overlay::Palette(_) | Overlay::Actions { .. } | Overlay::Copy { .. } | Overlay::Sort { .. }) => {
            choose::accept(state, context)
        }
        Some(Overlay::Action(_)) => action::accept(state),
        Some(Overlay::Session(_)) => session::accept(state),
        Some(Overlay::Help { .. } | Overlay::Problem(_) | Overlay::Login { .. }) => close(state),
        // Enter is pressed by habit and agrees to nothing that makes us cluster-admin.
        Some(Overlay::Consent { .. }) | None => vec![],
    }
}

/// Says at once what is wrong with the form.
pub(super) fn validate(state: &mut State) {
    let Some(Overlay::Action(mut flow)) = state.screen.overlays.pop() else { return };
    if matches!(flow.stage, Stage::Form)
        && let Some(action) = actions::find(&flow.action)
    {
        flow.refusal = actions::plan(action, state, &flow.target, &flow.values()).err();
    }
    state.screen.overlays.push(Overlay::Action(flow));
}
