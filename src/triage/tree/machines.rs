//! The machines of one owner: those with something to say one by one, the worst first, with what they
//! stand on; equal healthy ones as one line that can be opened.
use std::cmp::Reverse;

use super::{
    Branch, What,
    build::{Builder, target},
};
use crate::{
    domain::{Health, Object, ResourceRef, Source},
    state::tree::LineId,
    triage::{echo::Part, link},
};

impl<'a> Builder<'a> {
    /// The lines of an owner's machines.
    pub(super) fn machines(
        &self,
        owner: &ResourceRef,
        machines: &[(&'a Source, &'a Object)],
    ) -> Vec<Branch<'a>> {
        let mut branches: Vec<_> = machines.iter().map(|(source, m)| self.machine(source, m)).collect();
        branches.sort_by(|a, b| (Reverse(a.worst), name(a)).cmp(&(Reverse(b.worst), name(b))));
        let first_healthy = branches.iter().position(|b| b.worst <= Health::Paused).unwrap_or(branches.len());
        let healthy = branches.split_off(first_healthy);
        branches.extend(grouped(owner, healthy));
        branches
    }

    fn machine(&self, source: &Source, object: &'a Object) -> Branch<'a> {
        let target = target(source, object);
        let mut below = Vec::new();
        if let Some(machine) = object.machine() {
            below.extend(self.linked(&target, object, &machine.infrastructure, Part::Infrastructure));
            below.extend(self.linked(&target, object, &machine.bootstrap, Part::Bootstrap));
            if !machine.node.is_empty() {
                let node = link::node(self.state, self.cluster, &self.nodes, &machine.node);
                below.push(self.link_branch((&target, object), ("Node", &machine.node), node, Part::Node));
            }
        }
        self.object(target, object, Part::Machines, below)
    }
}

fn name<'a>(branch: &Branch<'a>) -> &'a str {
    if let What::Object(object) = branch.what { object.meta.name.as_str() } else { "" }
}

/// What healthy machines must share to be equal: phase, version, health.
fn alike<'a>(branch: &Branch<'a>) -> (Health, &'a str, &'a str) {
    let What::Object(object) = branch.what else { return (branch.worst, "", "") };
    let (phase, version) = object.machine().map_or(("", ""), |m| (m.phase.as_str(), m.version.as_str()));
    (branch.worst, phase, version)
}

fn grouped<'a>(owner: &ResourceRef, healthy: Vec<Branch<'a>>) -> Vec<Branch<'a>> {
    let mut groups: Vec<Vec<Branch<'a>>> = Vec::new();
    for branch in healthy {
        match groups.iter_mut().find(|g| g.first().is_some_and(|b| alike(b) == alike(&branch))) {
            Some(group) => group.push(branch),
            None => groups.push(vec![branch]),
        }
    }
    groups.into_iter().map(|group| fold(owner, group)).collect()
}

fn fold<'a>(owner: &ResourceRef, mut group: Vec<Branch<'a>>) -> Branch<'a> {
    let count = group.len();
    if count == 1
        && let Some(only) = group.pop()
    {
        return only;
    }
    let (worst, phase, version) = group.first().map_or((Health::Ok, "", ""), alike);
    Branch {
        id: LineId::Group(owner.clone(), format!("{phase} {version} {}", worst.word())),
        what: What::Group { count, phase, version },
        part: Part::Machines,
        health: worst,
        worst,
        // The one that changed last: from then on all are as they are.
        since: group.iter().filter_map(|b| b.since).max(),
        open: false,
        below: group,
    }
}
