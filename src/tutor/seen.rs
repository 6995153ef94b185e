//! What of the incident can be seen in the state: what is ill, where the learner is, what was asked for, whether it is
//! well again. Knows no steps.
use super::{CLUSTER, SITE};
use crate::{
    domain::{ClusterKey, Object, ObjectKey, ResourceRef, SiteId, Source},
    state::{
        Freshness, Place, State,
        overlay::{Overlay, Stage},
        screen::Tab,
        tutor::{Patient, Tutor},
    },
};

/// The action by which the incident ends.
const SCALE: &str = "pool.scale";

pub(super) fn cluster() -> ClusterKey {
    ClusterKey { site: SiteId::new(SITE), key: ObjectKey::new(CLUSTER.0, CLUSTER.1) }
}

pub(super) fn patient_of(tutor: &Tutor) -> Option<&Patient> {
    tutor.patient.as_ref()
}

/// The machine that runs and has no node, and the pool that asked for it; nothing before both are read.
pub fn find_patient(state: &State) -> Option<Patient> {
    let cluster = cluster();
    let members = || state.fleet.members(&cluster);
    let is_stuck = |object: &Object| {
        object.meta.deleted.is_none()
            && object.machine().is_some_and(|m| m.node.is_empty() && !m.control_plane && !m.phase.is_empty())
    };
    let (_, source, machine) = members().find(|(_, _, object)| is_stuck(object))?;
    let name = machine.meta.label("cluster.x-k8s.io/deployment-name")?;
    let (_, home, pool) = members().find(|(_, _, o)| o.pool().is_some() && o.meta.name == *name)?;
    let target = |source: &Source, of: &Object| ResourceRef { source: source.clone(), key: of.meta.key() };
    let asked = pool.pool()?.replicas.desired?;
    Some(Patient {
        machine: target(source, machine),
        pool: target(home, pool),
        asked,
        cluster: cluster.clone(),
    })
}

/// The learner looks at the cluster's tree, or at something in it.
pub(super) fn at_tree(state: &State) -> bool {
    let cluster = cluster();
    match state.screen.place() {
        Place::Tree(of) => *of == cluster,
        Place::Object { target, .. } => {
            let of = |object: &Object| object.meta.cluster_name() == Some(&*cluster.key.name);
            let is_part = target.source.site == cluster.site && target.source.kind != *"cluster";
            is_part && state.fleet.find(target).is_some_and(of)
        }
        Place::Table(_) => false,
    }
}

/// The side of the ill machine's card that is looked at.
pub(super) fn at_patient(state: &State, tutor: &Tutor) -> Option<Tab> {
    match state.screen.place() {
        Place::Object { target, tab } if *target == tutor.patient.as_ref()?.machine => Some(*tab),
        _ => None,
    }
}

/// The server has said what it would do if the pool were scaled.
pub(super) fn is_at_plan(state: &State, tutor: &Tutor) -> bool {
    let pool = tutor.patient.as_ref().map(|p| &p.pool);
    state.screen.overlays.iter().any(|overlay| match overlay {
        Overlay::Action(flow) => {
            flow.action == SCALE
                && Some(&flow.target) == pool
                && matches!(&flow.stage, Stage::Preview { answer: Some(Ok(_)), .. })
        }
        _ => false,
    })
}

/// The pool is asked for fewer machines than it was.
pub(super) fn is_asked_for(state: &State, tutor: &Tutor) -> bool {
    let Some(patient) = &tutor.patient else { return false };
    desired(state, patient).is_some_and(|now| now < patient.asked)
}

fn desired(state: &State, patient: &Patient) -> Option<i64> {
    state.fleet.find(&patient.pool)?.pool()?.replicas.desired
}

/// The pool has what it asks for, and the machine is gone, or has its node after all.
pub fn is_healed(state: &State, tutor: &Tutor) -> bool {
    let Some(patient) = &tutor.patient else { return false };
    let is_live =
        |of: &ResourceRef| state.fleet.collection(&of.source).is_some_and(|c| c.freshness == Freshness::Live);
    let pool = state.fleet.find(&patient.pool).and_then(Object::pool).map(|p| p.replicas);
    let has_all = pool.is_some_and(|r| {
        r.desired.is_some() && r.counted.is_some_and(|c| Some(c.ready) == r.desired && c.current == c.ready)
    });
    let machine = state.fleet.find(&patient.machine);
    // A machine that nobody follows any more may be there still: then the pool's count has to do.
    let is_over = machine.is_none_or(|m| m.machine().is_some_and(|m| !m.node.is_empty()));
    is_live(&patient.pool) && has_all && (is_over || !is_live(&patient.machine))
}
