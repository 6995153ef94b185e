//! Once a second: the clock, ages, sessions that end, sources that nobody needs any more.
use jiff::Timestamp;

use crate::{effect::Effect, state::State};

/// Seconds a source is followed after the last view of it was left, so that a glance elsewhere is free.
pub(super) const LINGER: i64 = 60;

pub(super) fn tick(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let before = state.now;
    state.now = now;
    if before.as_second() != now.as_second() {
        state.touch();
    }
    let mut effects = Vec::new();
    for site in 0..state.sites.len() {
        let Some(site) = u32::try_from(site).ok().and_then(|i| state.sites.at(i)) else { continue };
        if site.session.as_ref().is_some_and(|s| s.until <= now) {
            effects.push(Effect::CloseSession(site.spec.id.clone()));
        }
    }
    effects
}
