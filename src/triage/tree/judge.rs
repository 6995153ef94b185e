//! How an object of a tree is judged: its own health, what that counts above it, and since when. Says nothing of
//! where it hangs.
use jiff::Timestamp;

use super::{Branch, What};
use crate::domain::{
    Facts, Health, Object,
    machine::{Certificates, Machine},
};

/// The worst of some branches.
pub(super) fn worst(branches: &[Branch<'_>]) -> Health {
    branches.iter().map(|b| b.worst).max().unwrap_or(Health::Ok)
}

/// What an object says of itself. A machine that has not come to run is on its way, whatever its
/// conditions say so far; one whose certificates end is no better than they are.
pub(super) fn own_health(object: &Object, now: Timestamp) -> Health {
    let Some(machine) = object.machine() else { return object.health() };
    let certificates = ending(machine, now).map_or(Health::Ok, |(_, health)| health);
    let running = if machine.phase == "Running" { Health::Ok } else { Health::Progressing };
    object.health().max(running).max(certificates)
}

/// Certificates that have ended or end within days, and how bad that is while the cluster still runs.
pub(super) fn ending(machine: &Machine, now: Timestamp) -> Option<(Certificates, Health)> {
    let certificates = machine.certificates(now).filter(|c| c.health == Health::Bad)?;
    Some((certificates, if certificates.ended() { Health::Bad } else { Health::Warning }))
}

/// What an object's own health counts for those above it.
pub(super) fn counted(object: &Object, own: Health) -> Health {
    // An object of a provider that writes no conditions is not a riddle to solve.
    let is_mute = matches!(object.facts, Facts::Plain) && object.conditions.is_empty();
    if is_mute && own == Health::Unknown { Health::Ok } else { own }
}

/// Something in the branch is being deleted.
pub(super) fn is_going(branch: &Branch<'_>) -> bool {
    matches!(branch.what, What::Object(o) if o.meta.deleted.is_some()) || branch.below.iter().any(is_going)
}

/// Since when the object is as it is: its worst condition, else what sums it up.
pub(super) fn since(object: &Object, health: Health) -> Option<Timestamp> {
    if health == Health::Ok {
        return well_since(object);
    }
    object.meta.deleted.or_else(|| object.worst_condition().map_or_else(|| well_since(object), |c| c.since))
}

/// Since when what sums it up is as it is.
pub(super) fn well_since(object: &Object) -> Option<Timestamp> {
    object.condition("Ready").or_else(|| object.condition("Available"))?.since
}
