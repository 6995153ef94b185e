//! Keeps new pods from a node, and lets them come again (`spec.unschedulable`). A node's status never rests and it counts no
//! changes of its spec, so it is pinned by its uid alone.
use serde_json::json;

use crate::{
    actions::{
        Action,
        draft::Draft,
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{Object, ResourceRef, node::Node},
    state::State,
};

const RIGHTS: Permission = Permission { verb: "patch", group: "", resource: "nodes" };

fn node<'a>(state: &'a State, target: &ResourceRef) -> Option<(&'a Object, &'a Node)> {
    let object = state.fleet.find(target)?;
    Some((object, object.node()?))
}

/// The patch of one field, and what both verbs have in common.
fn draft<'a>(
    action: &dyn Action,
    state: &'a State,
    target: &ResourceRef,
    object: &Object,
    cordoned: bool,
) -> Result<Draft<'a>, Refusal> {
    let verb = if cordoned { "cordon" } else { "uncordon" };
    let mut draft = Draft::new(action, state, target, format!("{verb} node {}", target.key.name));
    let body = json!({ "spec": { "unschedulable": cordoned } });
    draft.merge_patch(target, object, Pin::by_uid(object), body)?;
    Ok(draft)
}

pub struct CordonNode;

impl Action for CordonNode {
    fn id(&self) -> &'static str {
        "node.cordon"
    }
    fn title(&self) -> &'static str {
        "Cordon node"
    }
    fn help(&self) -> &'static str {
        "Keep new pods from the node; those on it stay"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["cordon"], noun: Noun::Node })
    }
    fn fits(&self, state: &State, target: &ResourceRef) -> bool {
        node(state, target).is_some_and(|(_, node)| !node.cordoned)
    }
    fn danger(&self) -> Danger {
        Danger::Reversible
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![RIGHTS]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let (object, node) = node(state, target).ok_or_else(|| Refusal::new("the node is gone"))?;
        if node.cordoned {
            return Err(Refusal::settled("the node is cordoned already"));
        }
        let mut draft = draft(self, state, target, object, true)?;
        draft.say("no new pods are placed on it; those that run there stay and are not touched");
        let open = state.fleet.of_kind("node").filter(|(_, source, o)| {
            **source == target.source
                && o.meta.name != object.meta.name
                && o.node().is_some_and(|n| !n.cordoned)
        });
        match open.count() {
            0 => {
                draft.warn("no other node of the cluster takes new pods: what is new or moves stays pending");
            }
            1 => draft.warn("only one other node of the cluster takes new pods"),
            n => draft.say(format!("{n} other nodes of the cluster take new pods")),
        }
        draft.undo("node.uncordon", target, Inputs::new());
        Ok(draft.finish(Goal::Cordoned { node: target.clone(), cordoned: true }))
    }
}

pub struct UncordonNode;

impl Action for UncordonNode {
    fn id(&self) -> &'static str {
        "node.uncordon"
    }
    fn title(&self) -> &'static str {
        "Uncordon node"
    }
    fn help(&self) -> &'static str {
        "Let new pods come to a cordoned node again"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["uncordon"], noun: Noun::Node })
    }
    fn fits(&self, state: &State, target: &ResourceRef) -> bool {
        node(state, target).is_some_and(|(_, node)| node.cordoned)
    }
    fn danger(&self) -> Danger {
        Danger::Reversible
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![RIGHTS]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let (object, node) = node(state, target).ok_or_else(|| Refusal::new("the node is gone"))?;
        if !node.cordoned {
            return Err(Refusal::settled("the node is not cordoned"));
        }
        let mut draft = draft(self, state, target, object, false)?;
        draft.say("new pods may be placed on it; those that left it do not come back by themselves");
        if object.health().is_fault() {
            draft.warn("the node has a fault now: pods that are placed on it may not run");
        }
        draft.undo("node.cordon", target, Inputs::new());
        Ok(draft.finish(Goal::Cordoned { node: target.clone(), cordoned: false }))
    }
}
