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
    // What has ended must not be shown as open until the executor says so too.
    let ended = state.sites.end_sessions(now);
    for site in &ended {
        super::settle::site_changed(state, site);
    }
    ended.into_iter().map(Effect::CloseSession).collect()
}
