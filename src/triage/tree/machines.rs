//! The machines of one owner: those with something to say one by one, the worst first, with what they
//! stand on; equal healthy ones as one line that can be opened.
use std::cmp::Reverse;

use jiff::Timestamp;

use super::{
    Branch, What,
    build::{Builder, target},
    judge::{counted, own_health, well_since},
};
use crate::{
    domain::{Health, Object, ObjectKey, ResourceRef, Source, Text, cluster::ObjectLink},
    state::tree::LineId,
    triage::{
        echo::Part,
        link::{self, Glance},
    },
};

/// A machine, and the worst of it and of what it stands on.
#[derive(Clone, Copy)]
struct Judged<'a> {
    source: &'a Source,
    object: &'a Object,
    health: Health,
}

impl<'a> Judged<'a> {
    /// What healthy machines must share to be equal: phase, version, health.
    fn alike(self) -> (Health, &'a str, &'a str) {
        let machine = self.object.machine();
        let (phase, version) = machine.map_or(("", ""), |m| (m.phase.as_str(), m.version.as_str()));
        (self.health, phase, version)
    }
}

impl<'a> Builder<'a, '_> {
    /// The lines of an owner's machines.
    pub(super) fn machines(
        &self,
        owner: &ResourceRef,
        machines: &[(&'a Source, &'a Object)],
    ) -> Vec<Branch<'a>> {
        let mut all: Vec<Judged<'a>> = machines
            .iter()
            .map(|(source, object)| Judged { source, object, health: self.worst_of_machine(object) })
            .collect();
        all.sort_by_key(|m| (Reverse(m.health), m.object.meta.name.as_str()));
        let wells = all.split_off(all.partition_point(|m| m.health > Health::Paused));
        let mut branches: Vec<_> = all.iter().map(|m| self.machine(m.source, m.object)).collect();
        let mut groups: Vec<Vec<Judged<'a>>> = Vec::new();
        for well in wells {
            match groups.iter_mut().find(|g| g.first().is_some_and(|w| w.alike() == well.alike())) {
                Some(group) => group.push(well),
                None => groups.push(vec![well]),
            }
        }
        branches.extend(groups.iter().filter_map(|group| self.group(owner, group)));
        branches
    }

    /// The worst of a machine and of what it stands on, at a glance: most machines are well.
    fn worst_of_machine(&self, object: &'a Object) -> Health {
        let now = self.state.now;
        let own = own_health(object, now);
        let Some(machine) = object.machine() else { return own };
        let linked = |link: &'a ObjectLink| {
            if link.name.is_empty() {
                return Health::Ok;
            }
            health_of(self.links.glance(&object.meta.namespace, link), now)
        };
        let key = || ObjectKey { namespace: Text::default().shared(), name: machine.node.shared() };
        let node = match self.node_collection {
            Some(nodes) if !machine.node.is_empty() => health_of(link::glance(Some(nodes), &key()), now),
            _ => Health::Ok,
        };
        own.max(linked(&machine.infrastructure)).max(linked(&machine.bootstrap)).max(node)
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

    /// A healthy machine, with what it stands on only when it was opened.
    fn well(&self, well: Judged<'a>) -> Branch<'a> {
        let id = LineId::Object(target(well.source, well.object));
        if self.view.is_open(&id, false) {
            return self.machine(well.source, well.object);
        }
        Branch {
            id,
            what: What::Object(well.object),
            part: Part::Machines,
            health: well.health,
            worst: well.health,
            since: well_since(well.object),
            open: false,
            hidden: true,
            below: Vec::new(),
        }
    }

    /// Equal machines; one alone is itself.
    fn group(&self, owner: &ResourceRef, group: &[Judged<'a>]) -> Option<Branch<'a>> {
        let first = *group.first()?;
        if group.len() == 1 {
            return Some(self.well(first));
        }
        let (health, phase, version) = first.alike();
        let id = LineId::Group(owner.clone(), format!("{phase} {version} {}", health.word()));
        let is_open = self.view.is_open(&id, false);
        let shown = if is_open { group } else { &[] };
        Some(Branch {
            id,
            what: What::Group { count: group.len(), phase, version },
            part: Part::Machines,
            health,
            worst: health,
            // The one that changed last: from then on all are as they are.
            since: group.iter().filter_map(|w| well_since(w.object)).max(),
            open: false,
            hidden: !is_open,
            below: shown.iter().map(|w| self.well(*w)).collect(),
        })
    }
}

/// What a reference counts for the machine that names it.
fn health_of(glance: Glance<'_>, now: Timestamp) -> Health {
    match glance {
        Glance::Here(object) => counted(object, own_health(object, now)),
        Glance::Gone => Health::Bad,
        Glance::Unseen => Health::Ok,
    }
}
