//! What an object says beside its conditions: that it cannot be read, has failed for good, is held by a finalizer, or
//! that its certificates end. Not what its conditions say.
use std::borrow::Cow;

use jiff::Timestamp;

use super::{
    Branch, What,
    judge::{ending, is_going},
};
use crate::{
    domain::{Facts, Health, Object, ResourceRef, Status, Text},
    state::tree::LineId,
    triage::echo::Part,
};

/// The remark on certificates that have ended, which explains whatever else a machine says.
pub const EXPIRED: &str = "certificates expired";

/// What an object says beside its conditions.
pub(super) fn remarks<'a>(
    target: &ResourceRef,
    object: &'a Object,
    below: &[Branch<'a>],
    now: Timestamp,
) -> Vec<Branch<'a>> {
    let remark = |kind: &'static str, text: Cow<'a, str>, health, since| Branch {
        id: LineId::Condition(target.clone(), kind.to_owned()),
        what: What::Remark { kind, text },
        part: Part::Remark,
        health,
        worst: health,
        since,
        open: false,
        hidden: false,
        below: Vec::new(),
    };
    let mut remarks = Vec::new();
    if let Facts::Malformed(why) = &object.facts {
        remarks.push(remark("unreadable", why.as_str().into(), Health::Unknown, None));
    }
    if let Some(machine) = object.machine().filter(|m| !m.failure.is_empty()) {
        remarks.push(remark("failed for good", machine.failure.as_str().into(), Health::Bad, None));
    }
    if let Some((certificates, health)) = object.machine().and_then(|m| ending(m, now)) {
        let (kind, since) = if certificates.ended() {
            (EXPIRED, Some(certificates.end))
        } else {
            ("certificates expire", None)
        };
        let day = certificates.end.to_string();
        let text = if since.is_some() { day } else { format!("in {} days: {day}", certificates.days) };
        remarks.push(remark(kind, text.into(), health, since));
    }
    // A parent waits for its children to go; only the last in the chain is held by its finalizers.
    if let Some(since) = object.meta.deleted
        && !object.meta.finalizers.is_empty()
        && !below.iter().any(is_going)
        && !says_what_it_waits_for(object)
    {
        let names: Vec<&str> = object.meta.finalizers.iter().map(Text::as_str).collect();
        remarks.push(remark("held by finalizer", names.join(", ").into(), Health::Progressing, Some(since)));
    }
    remarks
}

/// Its controller tells how far the deletion is, which says more than the finalizer that stands for it.
fn says_what_it_waits_for(object: &Object) -> bool {
    object
        .condition("Deleting")
        .is_some_and(|c| c.status == Status::True && !c.message.is_empty() && c.reason != "DeletionCompleted")
}
