//! Replaces every machine of a control plane by a new one of the same kind, one after another. This also renews its
//! certificates.
use super::{is_plane_or_cluster, living};
use crate::{
    actions::{
        Action,
        draft::Draft,
        input::{Ask, Present},
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        restart,
        spec::{Call, Danger, Noun, Permission},
    },
    domain::ResourceRef,
    state::State,
    triage::progress,
};

pub struct RestartControlPlane;

impl Action for RestartControlPlane {
    fn id(&self) -> &'static str {
        "control-plane.restart"
    }
    fn title(&self) -> &'static str {
        "Roll control plane"
    }
    fn help(&self) -> &'static str {
        "Replace all control plane machines by new ones, which renews their certificates"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["rollout", "control-plane"], noun: Noun::Cluster })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        is_plane_or_cluster(target)
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        let group = "controlplane.cluster.x-k8s.io";
        vec![Permission { verb: "patch", group, resource: "kubeadmcontrolplanes" }]
    }
    fn asks(&self) -> &'static [Ask] {
        &restart::ASKS
    }
    fn present(&self, state: &State, _target: &ResourceRef, _ask: &Ask) -> Present {
        restart::present(state)
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let (family, at, object, plane) = living(state, target)?;
        if family.cluster.paused || plane.paused {
            return Err(Refusal::new("it is paused: resume it first"));
        }
        if let Some(rollout) = object.rollout().filter(|r| r.is_moving()) {
            return Err(Refusal::new(format!("the control plane is {}: wait for its end", rollout.word())));
        }
        let machines = progress::machines_of_plane(state, family.key());
        let after = restart::moment(state, inputs, &machines, plane.rollout_after)?;
        let summary = format!("replace the control plane machines of {}", family.at.key);
        let given = Inputs::from([("after".to_owned(), after.to_string())]);
        let mut draft = Draft::new(self, state, target, summary).with(given);
        draft.merge_patch(&at, object, Pin::of(object), restart::patch(object, after))?;
        restart::consequences(&mut draft, state, after, &machines);
        let faults = machines.iter().filter(|m| m.health().is_fault()).count();
        if faults > 0 {
            draft.warn(format!("{faults} of its machines have a fault now: it waits until etcd is well"));
        }
        if plane.replicas.desired == Some(1) {
            draft.warn("the control plane has one machine: its API is away while that is replaced");
        }
        draft.say("the node pools are not touched");
        Ok(draft.finish(Goal::RolledOut { owner: at, after }))
    }
}
