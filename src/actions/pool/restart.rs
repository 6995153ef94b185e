//! Replaces every machine of a pool by a new one of the same kind. Written on the MachineDeployment: the topology does
//! not own this field.
use super::living;
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        input::{Ask, Present},
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        restart,
        spec::{Call, Danger, Noun, Permission},
    },
    domain::ResourceRef,
    state::State,
    triage::progress,
};

pub struct RestartPool;

impl Action for RestartPool {
    fn id(&self) -> &'static str {
        "pool.restart"
    }
    fn title(&self) -> &'static str {
        "Roll pool"
    }
    fn help(&self) -> &'static str {
        "Replace all machines of the pool by new ones, a few at a time"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["rollout", "pool"], noun: Noun::Pool })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"pool"
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![Permission { verb: "patch", group: "cluster.x-k8s.io", resource: "machinedeployments" }]
    }
    fn asks(&self) -> &'static [Ask] {
        &restart::ASKS
    }
    fn present(&self, state: &State, _target: &ResourceRef, _ask: &Ask) -> Present {
        restart::present(state)
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let (object, pool) = living(state, target)?;
        let family = Family::of(state, target)?.living()?;
        if family.cluster.paused || pool.paused {
            return Err(Refusal::new("it is paused: resume it first"));
        }
        if let Some(rollout) = object.rollout().filter(|r| r.is_moving()) {
            return Err(Refusal::new(format!("the pool is {}: wait for its end", rollout.word())));
        }
        let machines = progress::machines_of(state, target, object);
        if machines.is_empty() && family.knows_all("machine") {
            return Err(Refusal::settled("the pool has no machines"));
        }
        let after = restart::moment(state, inputs, &machines, pool.rollout_after)?;
        let summary = format!("replace the machines of pool {} of {}", target.key.name, family.at.key);
        let given = Inputs::from([("after".to_owned(), after.to_string())]);
        let mut draft = Draft::new(self, state, target, summary).with(given);
        draft.merge_patch(target, object, Pin::of(object), restart::patch(object, after))?;
        restart::consequences(&mut draft, state, after, &machines);
        let faults = machines.iter().filter(|m| m.health().is_fault()).count();
        if faults > 0 {
            draft.warn(format!(
                "{faults} of its machines have a fault now; one that cannot be drained holds it up"
            ));
        }
        draft.say("the control plane and the cluster's other pools are not touched");
        Ok(draft.finish(Goal::RolledOut { owner: target.clone(), after }))
    }
}
