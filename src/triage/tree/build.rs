//! Puts the members of a cluster in their places. Control plane first, pools by name, machines the worst
//! first; sets between a pool and its machines only where they tell something.
use std::collections::{HashMap, HashSet};

use super::{
    Branch, What,
    judge::{counted, own_health, since, worst},
    remark::remarks,
};
use crate::{
    domain::{ClusterKey, Facts, Health, Object, ResourceRef, Source, cluster::ObjectLink},
    state::{
        State,
        collection::Collection,
        tree::{LineId, TreeView},
    },
    triage::{
        echo::{self, Part},
        link::{Linked, Links},
    },
};

/// A member of the cluster: where it is read and what it says.
type Member<'a> = (&'a Source, &'a Object);

pub(super) struct Builder<'a, 'v> {
    pub state: &'a State,
    pub cluster: &'a ClusterKey,
    pub links: Links<'a>,
    /// Where the nodes of the cluster are read.
    pub nodes: Source,
    pub node_collection: Option<&'a Collection>,
    /// What is open: what is not is not built either, where nothing below has something to say.
    pub view: &'v TreeView,
}

/// The members by what they are.
#[derive(Default)]
struct Members<'a> {
    control_planes: Vec<Member<'a>>,
    pools: Vec<Member<'a>>,
    sets: Vec<Member<'a>>,
    checks: Vec<Member<'a>>,
    machines: Vec<Member<'a>>,
}

/// Machines by where they hang.
#[derive(Default)]
struct Hung<'a> {
    control_plane: Vec<Member<'a>>,
    by_set: HashMap<&'a str, Vec<Member<'a>>>,
    /// Of a pool whose set is not known here.
    by_pool: HashMap<&'a str, Vec<Member<'a>>>,
    loose: Vec<Member<'a>>,
}

impl<'a, 'v> Builder<'a, 'v> {
    pub(super) fn new(state: &'a State, cluster: &'a ClusterKey, view: &'v TreeView) -> Self {
        let (links, nodes) = (Links::new(state, &cluster.site), Source::workload(cluster, "node"));
        let node_collection = state.fleet.collection(&nodes);
        Self { state, cluster, links, nodes, node_collection, view }
    }

    pub(super) fn cluster(&self) -> Option<Branch<'a>> {
        let target = ResourceRef {
            source: Source::management(&self.cluster.site, "cluster"),
            key: self.cluster.key.clone(),
        };
        let object = self.state.fleet.find(&target)?;
        let members = self.members();
        let mut hung = Self::hang(&members);
        let mut below = Vec::new();
        if let Some(facts) = object.cluster() {
            below.extend(self.linked(&target, object, &facts.infrastructure, Part::Infrastructure));
        }
        below.extend(self.control_plane(&target, object, &members, &mut hung));
        below.extend(self.workers(&target, &members, &mut hung));
        for (source, check) in &members.checks {
            below.extend(self.check(source, check));
        }
        let mut root = self.object(target, object, Part::Workers, below);
        root.open = true;
        Some(root)
    }

    fn members(&self) -> Members<'a> {
        let mut members = Members::default();
        for (_, source, object) in self.state.fleet.members(self.cluster) {
            let list = match &object.facts {
                Facts::ControlPlane(_) => &mut members.control_planes,
                Facts::Pool(_) => &mut members.pools,
                Facts::MachineSet(_) => &mut members.sets,
                Facts::HealthCheck(_) => &mut members.checks,
                Facts::Machine(_) => &mut members.machines,
                Facts::Malformed(_) => match source.kind.as_str() {
                    "control-plane" => &mut members.control_planes,
                    "pool" => &mut members.pools,
                    "machine-set" => &mut members.sets,
                    "machine" => &mut members.machines,
                    _ => continue,
                },
                _ => continue,
            };
            list.push((source, object));
        }
        for list in [&mut members.pools, &mut members.sets, &mut members.checks, &mut members.control_planes]
        {
            list.sort_by(|(_, a), (_, b)| a.meta.name.cmp(&b.meta.name));
        }
        members
    }

    fn hang(members: &Members<'a>) -> Hung<'a> {
        let sets: HashSet<&str> = members.sets.iter().map(|(_, s)| s.meta.name.as_str()).collect();
        let mut hung = Hung::default();
        for member in &members.machines {
            let object = member.1;
            let set = owner(object, "MachineSet");
            let pool = object.meta.label("cluster.x-k8s.io/deployment-name");
            let list = match (set, pool) {
                _ if object.machine().is_some_and(|m| m.control_plane) => &mut hung.control_plane,
                (Some(set), _) if sets.contains(set) => hung.by_set.entry(set).or_default(),
                (_, Some(pool)) => hung.by_pool.entry(pool).or_default(),
                _ => &mut hung.loose,
            };
            list.push(*member);
        }
        hung
    }

    /// The control plane and its machines. One of another provider is only referred to.
    fn control_plane(
        &self,
        cluster: &ResourceRef,
        object: &'a Object,
        members: &Members<'a>,
        hung: &mut Hung<'a>,
    ) -> Vec<Branch<'a>> {
        let machines = std::mem::take(&mut hung.control_plane);
        if let Some((source, plane)) = members.control_planes.first() {
            let target = target(source, plane);
            let below = self.machines(&target, &machines);
            let mut branch = self.object(target, plane, Part::ControlPlane, below);
            branch.open = true;
            return vec![branch];
        }
        let link = object.cluster().map(|c| &c.control_plane);
        let mut branches: Vec<_> =
            link.into_iter().filter_map(|l| self.linked(cluster, object, l, Part::ControlPlane)).collect();
        let below = self.machines(cluster, &machines);
        match branches.first_mut() {
            Some(branch) => {
                branch.worst = below.iter().map(|b| b.worst).fold(branch.worst, Health::max);
                branch.open = true;
                branch.below.extend(below);
            }
            None => branches.extend(below),
        }
        branches
    }

    fn workers(
        &self,
        cluster: &ResourceRef,
        members: &Members<'a>,
        hung: &mut Hung<'a>,
    ) -> Option<Branch<'a>> {
        let mut below: Vec<_> = members.pools.iter().map(|pool| self.pool(*pool, members, hung)).collect();
        for set in members.sets.iter().filter(|(_, s)| !pool_is_known(s, members)) {
            let machines = hung.by_set.remove(&*set.1.meta.name).unwrap_or_default();
            below.push(self.set(*set, &machines));
        }
        let mut loose: Vec<_> = hung.loose.drain(..).collect();
        loose.extend(hung.by_pool.drain().flat_map(|(_, machines)| machines));
        below.extend(self.machines(cluster, &loose));
        if below.is_empty() {
            return None;
        }
        let worst = worst(&below);
        Some(Branch {
            id: LineId::Section(cluster.clone(), "Workers"),
            what: What::Section("Workers"),
            part: Part::Workers,
            health: worst,
            worst,
            since: None,
            open: true,
            hidden: false,
            below,
        })
    }

    fn pool(&self, pool: Member<'a>, members: &Members<'a>, hung: &mut Hung<'a>) -> Branch<'a> {
        let (source, object) = pool;
        let target = target(source, object);
        let own: Vec<_> = members.sets.iter().filter(|(_, s)| is_of_pool(s, object)).collect();
        let mut sets = Vec::new();
        let mut machines = hung.by_pool.remove(&*object.meta.name).unwrap_or_default();
        let filled = own.iter().filter(|(_, s)| hung.by_set.contains_key(&*s.meta.name)).count();
        for set in own {
            let its = hung.by_set.remove(&*set.1.meta.name).unwrap_or_default();
            let is_faulty = has_own_fault(set.1);
            if is_faulty || (filled > 1 && !its.is_empty()) {
                sets.push(self.set(*set, &its));
            } else {
                machines.extend(its);
            }
        }
        sets.extend(self.machines(&target, &machines));
        let mut branch = self.object(target, object, Part::Workers, sets);
        branch.open = true;
        branch
    }

    fn set(&self, (source, object): Member<'a>, machines: &[Member<'a>]) -> Branch<'a> {
        let target = target(source, object);
        let below = self.machines(&target, machines);
        let mut branch = self.object(target, object, Part::Machines, below);
        branch.open = true;
        branch
    }

    /// A health check, when it has something to say.
    fn check(&self, source: &Source, object: &'a Object) -> Option<Branch<'a>> {
        let facts = object.health_check()?;
        let short = facts.healthy < facts.expected;
        (short || object.health() > Health::Ok)
            .then(|| self.object(target(source, object), object, Part::Machines, Vec::new()))
    }

    /// An object with what it has to say itself before what hangs under it.
    pub(super) fn object(
        &self,
        target: ResourceRef,
        object: &'a Object,
        part: Part,
        below: Vec<Branch<'a>>,
    ) -> Branch<'a> {
        let now = self.state.now;
        let health = own_health(object, now);
        let worst = worst(&below).max(counted(object, health));
        let mut said = remarks(&target, object, &below, now);
        let shown = match (self.view.all_conditions, health <= Health::Paused) {
            (true, _) => echo::all(object),
            (false, true) => Vec::new(),
            (false, false) => {
                echo::shown(object, &below.iter().map(|b| (b.part, b.worst)).collect::<Vec<_>>())
            }
        };
        said.extend(shown.into_iter().map(|shown| Branch {
            id: LineId::Condition(target.clone(), shown.condition.kind.to_string()),
            what: What::Condition(object, shown),
            part: Part::Remark,
            health: shown.health,
            worst: shown.health,
            since: shown.condition.since,
            open: false,
            hidden: false,
            below: Vec::new(),
        }));
        said.extend(below);
        Branch {
            id: LineId::Object(target),
            what: What::Object(object),
            part,
            health,
            worst,
            since: since(object, health),
            open: worst > Health::Paused,
            hidden: false,
            below: said,
        }
    }

    /// What a reference of an object names, or that it cannot be seen.
    pub(super) fn linked(
        &self,
        owner: &ResourceRef,
        object: &'a Object,
        link: &'a ObjectLink,
        part: Part,
    ) -> Option<Branch<'a>> {
        if link.name.is_empty() {
            return None;
        }
        let linked = self.links.resolve(&object.meta.namespace, link);
        Some(self.link_branch((owner, object), (&link.kind, &link.name), linked, part))
    }

    pub(super) fn link_branch(
        &self,
        (owner, of): (&ResourceRef, &Object),
        (kind, name): (&'a str, &'a str),
        linked: Linked<'a>,
        part: Part,
    ) -> Branch<'a> {
        let (why, health) = match linked {
            Linked::Here(target, object) => return self.object(target, object, part, Vec::new()),
            Linked::Gone if of.meta.deleted.is_some() => ("gone".into(), Health::Progressing),
            // Each kind has a watch of its own: that of a new object may be a moment behind.
            Linked::Gone if is_new(self.state, of) => ("not seen yet".into(), Health::Progressing),
            Linked::Gone => ("not found".into(), Health::Bad),
            Linked::Unseen(why) => (why, Health::Unknown),
        };
        Branch {
            id: LineId::Missing(owner.clone(), format!("{kind}/{name}")),
            what: What::Missing { kind, name, why },
            part,
            health,
            worst: if health == Health::Unknown { Health::Ok } else { health },
            since: None,
            open: false,
            hidden: false,
            below: Vec::new(),
        }
    }
}

pub(super) fn target(source: &Source, object: &Object) -> ResourceRef {
    ResourceRef { source: source.clone(), key: object.meta.key() }
}

/// Seconds in which what a new object refers to may not have been seen yet.
const NEW: i64 = 20;

fn is_new(state: &State, object: &Object) -> bool {
    object.meta.created.is_some_and(|created| state.since(created) < NEW)
}

/// The name of the owner of that kind.
fn owner<'a>(object: &'a Object, kind: &str) -> Option<&'a str> {
    object.meta.owners.iter().find(|o| o.kind == *kind).map(|o| o.name.as_str())
}

fn is_of_pool(set: &Object, pool: &Object) -> bool {
    let named =
        owner(set, "MachineDeployment").or_else(|| set.meta.label("cluster.x-k8s.io/deployment-name"));
    named == Some(pool.meta.name.as_str())
}

fn pool_is_known(set: &Object, members: &Members<'_>) -> bool {
    members.pools.iter().any(|(_, pool)| is_of_pool(set, pool))
}

/// The set itself is at fault, not only its machines.
fn has_own_fault(set: &Object) -> bool {
    let machines = [(Part::Machines, Health::Bad)];
    echo::shown(set, &machines).iter().any(|s| s.health.is_fault())
}
