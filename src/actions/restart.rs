//! Rolling restarts by `rolloutAfter`: the moment before which no machine may have been made (kube-apis §1.5). Shared by
//! pools and control planes.
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    draft::Draft,
    input::{Ask, Present, Wanted, text},
    plan::{Inputs, Refusal},
};
use crate::{domain::Object, state::State};

/// The one thing a restart asks.
pub(super) static ASKS: [Ask; 1] = [Ask {
    id: "after",
    label: "Not before",
    value: "TIME",
    help: "machines older than this are replaced, not before it: 2026-01-31T06:00:00Z",
    wanted: Wanted::Text,
    needed: false,
}];

/// The moment in the field at first is the present one.
pub(super) fn present(state: &State) -> Present {
    let now = Timestamp::from_second(state.now.as_second()).unwrap_or(state.now);
    Present { initial: now.to_string(), ..Present::default() }
}

/// The moment that was asked for. There must be a machine that is older, and no other restart may be on its way.
pub(super) fn moment(
    state: &State,
    inputs: &Inputs,
    machines: &[&Object],
    before: Option<Timestamp>,
) -> Result<Timestamp, Refusal> {
    let given = text(inputs, "after");
    let after: Timestamp = given.parse().map_err(|_| {
        Refusal::of("after", format!("{given} is no moment; they look like {}", present(state).initial))
    })?;
    if let Some(before) = before.filter(|before| *before > state.now) {
        return Err(Refusal::new(format!("a restart is due at {before} already: take that away first")));
    }
    let is_old = |m: &&&Object| m.meta.created.is_none_or(|created| created < after);
    if !machines.is_empty() && machines.iter().find(is_old).is_none() {
        return Err(Refusal::of("after", "every machine is newer than that: nothing would be replaced"));
    }
    Ok(after)
}

/// The patch, in the words of the version the object was read in.
pub(super) fn patch(object: &Object, after: Timestamp) -> Value {
    if object.meta.api_version.ends_with("/v1beta1") {
        json!({ "spec": { "rolloutAfter": after.to_string() } })
    } else {
        json!({ "spec": { "rollout": { "after": after.to_string() } } })
    }
}

/// What every restart means.
pub(super) fn consequences(draft: &mut Draft<'_>, state: &State, after: Timestamp, machines: &[&Object]) {
    let count = machines.iter().filter(|m| m.meta.created.is_none_or(|created| created < after)).count();
    let machines = if count == 1 { "1 machine is".to_owned() } else { format!("{count} machines are") };
    draft.warn(format!("{machines} replaced by new ones; their pods move, emptyDir data on them is lost"));
    draft.say("a new machine comes before an old one goes, unless the strategy says otherwise");
    if after > state.now {
        draft.warn(format!("nothing happens before {after}"));
    }
    draft.warn("it cannot be taken back; pausing the cluster stops it where it is");
}
