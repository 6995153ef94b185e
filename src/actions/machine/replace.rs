//! Has a machine replaced: by its health check where one watches it, which keeps to its budget, else by deleting it, upon
//! which its owner makes another.
use serde_json::json;

use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{Object, ResourceRef, Source, health_check::HealthCheck},
    state::State,
    triage::progress,
};

pub struct ReplaceMachine;

/// Has the health check treat the machine as broken (Cluster API 1.7 and later).
const REMEDIATE: &str = "cluster.x-k8s.io/remediate-machine";
/// Has the health check leave the machine alone.
const SKIP: &str = "cluster.x-k8s.io/skip-remediation";

impl Action for ReplaceMachine {
    fn id(&self) -> &'static str {
        "machine.replace"
    }
    fn title(&self) -> &'static str {
        "Replace machine"
    }
    fn help(&self) -> &'static str {
        "Drain and delete the machine; its pool or control plane makes a new one"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["repair", "machine"], noun: Noun::Machine })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"machine"
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission> {
        let checked = state.fleet.find(target).is_some_and(|m| check_of(state, target, m).is_some());
        let verb = if checked { "patch" } else { "delete" };
        vec![Permission { verb, group: "cluster.x-k8s.io", resource: "machines" }]
    }
    fn reads(&self) -> &'static [&'static str] {
        &["health-check"]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let object = state.fleet.find(target).ok_or_else(|| Refusal::new("the machine is gone"))?;
        let machine = object.machine().ok_or_else(|| Refusal::new("the machine cannot be read"))?;
        if object.meta.deleted.is_some() {
            return Err(Refusal::settled("the machine is being deleted already"));
        }
        let family = Family::of(state, target)?.living()?;
        let owner = owner(&family, object)?;
        if machine.control_plane {
            quorum(&family, state, target)?;
        }
        let check = check_of(state, target, object);
        let summary = format!("replace machine {} of {}", target.key.name, family.at.key);
        let mut draft = Draft::new(self, state, target, summary);
        if let Some((name, _)) = check {
            if object.meta.annotation(REMEDIATE).is_some() {
                return Err(Refusal::settled("its health check has been asked to replace it already"));
            }
            let body = json!({ "metadata": { "annotations": { REMEDIATE: "" } } });
            draft.merge_patch(target, object, Pin::of(object), body)?;
            draft.say(format!("the health check {name} has it replaced, and keeps to its budget"));
        } else {
            draft.delete(target, object)?;
            draft.say(
                "no health check can be asked to replace it: the machine is deleted, its owner makes another",
            );
        }
        drain_note(&mut draft, &machine.node);
        draft.warn_of_pause(family.cluster.paused);
        if family.cluster.paused {
            draft.warn("resume the cluster first, or nothing comes of it");
        }
        let (noun, name) = (if machine.control_plane { "control plane" } else { "pool" }, &owner.key.name);
        draft.say(format!("a new machine is made by the {noun} {name}; no other machine is touched"));
        let uid = object.meta.uid.to_string();
        Ok(draft.finish(Goal::Replaced { machine: target.clone(), uid, owner }))
    }
}

fn drain_note(draft: &mut Draft<'_>, node: &str) {
    if node.is_empty() {
        draft.say("it has no node yet: there is nothing to drain");
        return;
    }
    draft.warn(format!("its node {node} is drained: pods move, emptyDir data on it is lost"));
    draft.warn("a disruption budget can hold the drain for as long as the drain timeout allows");
}

/// What makes another machine when this one goes.
fn owner(family: &Family<'_>, machine: &Object) -> Result<ResourceRef, Refusal> {
    if machine.machine().is_some_and(|m| m.control_plane) {
        let plane = family.plane().map(|(at, ..)| at);
        return plane.ok_or_else(|| Refusal::new("its control plane is not read here"));
    }
    let pool = machine.meta.label("cluster.x-k8s.io/deployment-name");
    let pool = pool.and_then(|name| family.pools().into_iter().find(|(at, ..)| &*at.key.name == name));
    pool.map(|(at, ..)| at)
        .ok_or_else(|| Refusal::new("no pool owns the machine: nothing would make another in its place"))
}

/// A member of etcd may only go while the others hold the majority.
fn quorum(family: &Family<'_>, state: &State, target: &ResourceRef) -> Result<(), Refusal> {
    if !family.knows_all("machine") {
        return Err(Refusal::new(
            "the machines are not read here now: whether etcd can spare one is not known",
        ));
    }
    let all = progress::machines_of_plane(state, family.key());
    let others: Vec<&&Object> = all.iter().filter(|m| *m.meta.name != *target.key.name).collect();
    if others.is_empty() {
        return Err(Refusal::new(
            "it is the only control plane machine: deleting it loses etcd and with it the cluster's state",
        ));
    }
    let sick = others.iter().find(|m| m.meta.deleted.is_some() || m.health().is_fault());
    match sick {
        Some(other) => Err(Refusal::new(format!(
            "control plane machine {} is not well either: etcd might lose its majority",
            other.meta.name
        ))),
        None => Ok(()),
    }
}

/// The health check that would replace the machine when asked to: it selects it, is at work, and has budget left.
fn check_of<'a>(
    state: &'a State,
    target: &ResourceRef,
    machine: &Object,
) -> Option<(&'a str, &'a HealthCheck)> {
    if machine.meta.annotation(SKIP).is_some() {
        return None;
    }
    let source = Source::management(&target.source.site, "health-check");
    let checks = state.fleet.of_kind("health-check").filter(|(_, of, o)| {
        **of == source && o.meta.namespace == machine.meta.namespace && o.meta.deleted.is_none()
    });
    checks
        .filter_map(|(.., object)| Some((&*object.meta.name, object.health_check()?)))
        .find(|(_, check)| !check.paused && check.allowed != Some(0) && check.selects(machine))
}
