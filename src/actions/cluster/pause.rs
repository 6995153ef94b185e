//! Pauses a cluster's controllers, and lets them work again (`spec.paused`, kube-apis §1.5).
use serde_json::json;

use super::facts;
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{ResourceRef, pool::Rollout},
    state::State,
};

/// The other way to pause: an annotation on the object itself.
const ANNOTATION: &str = "cluster.x-k8s.io/paused";

const RIGHTS: Permission = Permission { verb: "patch", group: "cluster.x-k8s.io", resource: "clusters" };

pub struct PauseCluster;

impl Action for PauseCluster {
    fn id(&self) -> &'static str {
        "cluster.pause"
    }
    fn title(&self) -> &'static str {
        "Pause cluster"
    }
    fn help(&self) -> &'static str {
        "Have its controllers stand still; what runs goes on running"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["pause"], noun: Noun::Cluster })
    }
    fn fits(&self, state: &State, target: &ResourceRef) -> bool {
        facts(state, target).is_some_and(|cluster| !cluster.paused)
    }
    fn danger(&self) -> Danger {
        Danger::Reversible
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![RIGHTS]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let family = Family::of(state, target)?.living()?;
        if family.cluster.paused {
            return Err(Refusal::settled("the cluster is paused already"));
        }
        let mut draft = Draft::new(self, state, target, format!("pause cluster {}", family.at.key));
        let body = json!({ "spec": { "paused": true } });
        draft.merge_patch(&family.at, family.object, Pin::of(family.object), body)?;
        draft.say("its nodes and pods run on and are not touched");
        draft.warn(
            "until it is resumed nothing is scaled, upgraded or deleted, and no broken machine is replaced",
        );
        for (at, object, _) in family.pools() {
            if let Some(rollout) = object.rollout().filter(|r| r.is_moving()) {
                draft.warn(format!("pool {} is {}: it stops halfway", at.key.name, rollout.word()));
            }
        }
        if let Some((.., object, _)) = family.plane()
            && let Some(rollout) = object.rollout().filter(|r| r.is_moving())
        {
            draft.warn(format!("the control plane is {}: it stops halfway", rollout.word()));
        }
        draft.undo("cluster.resume", target, Inputs::new());
        Ok(draft.finish(Goal::Paused { cluster: family.at, paused: true }))
    }
}

pub struct ResumeCluster;

impl Action for ResumeCluster {
    fn id(&self) -> &'static str {
        "cluster.resume"
    }
    fn title(&self) -> &'static str {
        "Resume cluster"
    }
    fn help(&self) -> &'static str {
        "Let the controllers of a paused cluster work again"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["resume"], noun: Noun::Cluster })
    }
    fn fits(&self, state: &State, target: &ResourceRef) -> bool {
        facts(state, target).is_some_and(|cluster| cluster.paused)
    }
    fn danger(&self) -> Danger {
        Danger::Reversible
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![RIGHTS]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        // A deletion waits for the resumption too, so a cluster on its way out may be resumed.
        let family = Family::of(state, target)?;
        if !family.cluster.paused {
            return Err(Refusal::settled("the cluster is not paused"));
        }
        let mut draft = Draft::new(self, state, target, format!("resume cluster {}", family.at.key));
        let mut body = json!({ "spec": { "paused": false } });
        if family.object.meta.annotation(ANNOTATION).is_some() {
            body["metadata"] = json!({ "annotations": { ANNOTATION: null } });
        }
        draft.merge_patch(&family.at, family.object, Pin::of(family.object), body)?;
        draft.say("what was asked for meanwhile is done at once: scaling, upgrades, repairs");
        if family.object.meta.deleted.is_some() {
            draft.warn("the cluster is being deleted: that goes on as soon as it is resumed");
        }
        for (at, object, pool) in family.pools() {
            let (Some(wanted), Some(counted)) = (pool.replicas.desired, pool.replicas.counted) else {
                continue;
            };
            if object.rollout() == Some(Rollout::Paused) && counted.current != wanted {
                let name = &at.key.name;
                draft.warn(format!("pool {name} has {} machines and wants {wanted}", counted.current));
            }
        }
        draft.undo("cluster.pause", target, Inputs::new());
        Ok(draft.finish(Goal::Paused { cluster: family.at, paused: false }))
    }
}
