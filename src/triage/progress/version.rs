//! A cluster on its way to another Kubernetes version: the control plane first, then its pools.
use super::{
    Progress,
    crew::{Crew, is_running},
};
use crate::{
    actions::family::Family,
    domain::{ResourceRef, version::same_release},
    state::State,
};

/// Every machine is of the version and runs.
pub(super) fn of(state: &State, cluster: &ResourceRef, version: &str) -> Progress {
    let Ok(family) = Family::of(state, cluster) else {
        if super::is_live(state, cluster) {
            return Progress::gone("cluster", cluster);
        }
        return Progress::waiting("the cluster to be read again", "not known at the moment");
    };
    let mut parts: Vec<ResourceRef> = family.plane().map(|(at, ..)| at).into_iter().collect();
    parts.extend(family.pools().into_iter().map(|(at, ..)| at));
    let is_there = |machine: &crate::domain::Object| {
        is_running(machine) && machine.machine().is_some_and(|m| same_release(&m.version, version))
    };
    let (mut there, mut all, mut waiting) = (0, 0, None);
    for at in &parts {
        let crew = match Crew::of(state, at) {
            Ok(crew) => crew,
            Err(end) => return end,
        };
        let wanted = crew.desired().unwrap_or(0);
        let new = crew.machines.iter().filter(|m| is_there(m)).count();
        there += new;
        all += usize::try_from(wanted).unwrap_or(0);
        if waiting.is_some() {
            continue;
        }
        let name = &crew.object.meta.name;
        let asked = crew.object.control_plane().map(|c| &c.version);
        let asked = asked.or_else(|| crew.object.pool().map(|p| &p.version));
        waiting = match crew.sized(wanted) {
            _ if asked.is_some_and(|asked| !same_release(asked, version)) => {
                Some(format!("{} {name} to be asked for {version}", crew.noun))
            }
            Progress::Waiting { waiting, .. } => Some(format!("{} {name}: {waiting}", crew.noun)),
            _ if new < crew.machines.len() => {
                let old = crew.machines.iter().find(|m| !is_there(m));
                old.map(|m| format!("{} {name}: {} to be replaced", crew.noun, m.meta.name))
            }
            _ => None,
        };
    }
    let progress = format!("{there} of {all} machines run {version}");
    match waiting {
        _ if parts.is_empty() => Progress::waiting("the parts of the cluster to be read", progress),
        Some(waiting) => Progress::waiting(waiting, progress),
        None => Progress::Reached(progress),
    }
}
