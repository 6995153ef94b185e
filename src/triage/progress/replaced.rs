//! Machines that are to be replaced: one, or all of a pool or control plane.
use jiff::Timestamp;

use super::{
    Progress,
    crew::{Crew, is_running, waiting_for},
};
use crate::{domain::ResourceRef, state::State};

/// The very machine is gone, and its owner has as many that run as it wants.
pub(super) fn machine(state: &State, machine: &ResourceRef, uid: &str, owner: &ResourceRef) -> Progress {
    let crew = match Crew::of(state, owner) {
        Ok(crew) => crew,
        Err(end) => return end,
    };
    let wanted = crew.desired().unwrap_or(0);
    let progress = format!("{} of {wanted} machines run", crew.running());
    match state.fleet.find(machine).filter(|m| *m.meta.uid == *uid) {
        Some(old) if old.meta.deleted.is_none() => Progress::waiting(
            format!("{} to be given up by its {} or health check", machine.key.name, crew.noun),
            progress,
        ),
        Some(old) => Progress::waiting(waiting_for(old), progress),
        None if !super::is_live(state, machine) => {
            Progress::waiting("the machines to be read again", progress)
        }
        None => crew.sized(wanted),
    }
}

/// Every machine was made at or after the moment, as the controllers compare it, and runs.
pub(super) fn rolled_out(state: &State, owner: &ResourceRef, after: Timestamp) -> Progress {
    let crew = match Crew::of(state, owner) {
        Ok(crew) => crew,
        Err(end) => return end,
    };
    let wanted = crew.desired().unwrap_or(0);
    let is_new = |m: &&&crate::domain::Object| {
        m.meta.created.is_some_and(|created| created.as_second() >= after.as_second())
    };
    let new = crew.machines.iter().filter(is_new).filter(|m| is_running(m)).count();
    let progress = format!("{new} of {wanted} machines are new and run");
    if after > state.now {
        return Progress::waiting(format!("{after}, when it may begin"), progress);
    }
    if crew.object.meta.is_behind() {
        return Progress::waiting("the controller to see the new spec", progress);
    }
    let moving = crew.machines.iter().find(|m| !is_running(m));
    let old = crew.machines.iter().find(|m| !is_new(m));
    match (moving, old) {
        (Some(machine), _) => Progress::waiting(waiting_for(machine), progress),
        (None, Some(old)) => Progress::waiting(format!("{} to be replaced", old.meta.name), progress),
        (None, None) => match crew.sized(wanted) {
            Progress::Reached(_) => Progress::Reached(progress),
            other => other,
        },
    }
}
