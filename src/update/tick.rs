//! Once a second: the clock, ages, sessions that end, sources that nobody needs any more.
use jiff::Timestamp;

use crate::{
    domain::{Object, Source},
    effect::Effect,
    panes,
    state::{State, fleet::ObjId},
};

/// Seconds a source is followed after the last view of it was left, so that a glance elsewhere is free.
pub(super) const LINGER: i64 = 60;

/// Seconds between two looks for work that has stopped: no message tells of it.
const STALL_CHECK: i64 = 60;

pub(super) fn tick(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let before = state.now;
    state.now = now;
    if before.as_second() != now.as_second() {
        state.touch();
    }
    if before.as_second().div_euclid(STALL_CHECK) != now.as_second().div_euclid(STALL_CHECK) {
        notice_stalls(state);
    }
    // What has ended must not be shown as open until the executor says so too.
    let ended = state.sites.end_sessions(now);
    for site in &ended {
        super::settle::site_changed(state, site);
    }
    ended.into_iter().map(Effect::CloseSession).collect()
}

/// Clusters whose health time alone has changed are counted, filtered and sorted anew.
fn notice_stalls(state: &mut State) {
    let is_other = |(id, source, object): (ObjId, &Source, &Object)| {
        let known = state.tallies.health_of(id);
        (known.is_some_and(|known| known != panes::cluster_health(state, source, object))).then_some(id)
    };
    let changed: Vec<ObjId> = state.fleet.of_kind("cluster").filter_map(is_other).collect();
    for id in changed {
        state.fleet.note_again(id);
    }
}
