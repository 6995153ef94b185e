//! The question whether kubeconfig Secrets may be used. It is on the screen exactly while what is shown there
//! waits for the answer and nothing else has the keys; it must never stay behind or interrupt typing, because
//! a yes makes the console cluster-admin.
use crate::{
    domain::ClusterKey,
    state::{Place, State, overlay::Overlay, workloads::Reach},
};

/// Puts the question or takes it back, whatever has changed.
pub(super) fn settle(state: &mut State) {
    if state.headless {
        return;
    }
    let waiting = waiting(state);
    let before = state.screen.overlays.len();
    let is_over = |o: &Overlay| matches!(o, Overlay::Consent { cluster } if !waiting.iter().any(|w| w.site == cluster.site));
    state.screen.overlays.retain(|o| !is_over(o));
    if state.screen.overlays.len() < before {
        state.touch();
    } else if is_free(state)
        && let Some(cluster) = waiting.into_iter().next()
    {
        state.screen.overlays.push(Overlay::Consent { cluster });
        state.touch();
    }
}

/// The shown clusters whose workload API waits for an answer that has not been given.
fn waiting(state: &State) -> Vec<ClusterKey> {
    let mut waiting = shown(state);
    waiting.retain(|c| {
        matches!(state.workloads.get(c), Some(Reach::NeedsConsent))
            && !state.workloads.declined.contains(&c.site)
            && !state.workloads.consent.contains(&c.site)
    });
    waiting
}

/// The clusters whose workload API is on the screen.
fn shown(state: &State) -> Vec<ClusterKey> {
    match state.screen.place() {
        Place::Tree(cluster) => vec![cluster.clone()],
        Place::Table(pane) if super::follow::is_of_workloads(pane) => {
            state.screen.scope.clusters.iter().cloned().collect()
        }
        Place::Table(_) | Place::Object { .. } => vec![],
    }
}

/// Nobody is typing, choosing or half through a key sequence.
fn is_free(state: &State) -> bool {
    let screen = &state.screen;
    let is_typing = screen.card.searching || screen.table().is_some_and(|t| t.filter.editing);
    screen.overlays.is_empty() && screen.pending.is_empty() && !is_typing
}

/// The operator agrees that the kubeconfig Secrets of the site are used.
pub(super) fn allow(state: &mut State) {
    if let Some(Overlay::Consent { cluster }) =
        state.screen.overlays.pop_if(|o| matches!(o, Overlay::Consent { .. }))
    {
        state.workloads.consent.insert(cluster.site);
    }
}

/// The operator would rather not, until asked again.
pub(super) fn decline(state: &mut State, cluster: ClusterKey) {
    state.workloads.declined.insert(cluster.site);
}

/// The operator may have second thoughts on what is shown.
pub(super) fn ask_again(state: &mut State) {
    let needs = |c: &ClusterKey| matches!(state.workloads.get(c), Some(Reach::NeedsConsent));
    if let Some(cluster) = shown(state).into_iter().find(needs) {
        state.workloads.declined.remove(&cluster.site);
    }
}
