//! A plan in the making: its requests with address and pin, the same by hand, and what the operator must know.
use serde_json::Value;

use super::{
    Action,
    plan::{Address, Consequence, Goal, Inputs, Pin, Plan, Refusal, Step, Undo},
};
use crate::{
    domain::{Home, Object, ResourceRef},
    kinds,
    state::State,
    text::shell,
};

pub struct Draft<'a> {
    state: &'a State,
    plan: Plan,
}

impl<'a> Draft<'a> {
    /// An empty plan of an action for a target.
    pub fn new(action: &dyn Action, state: &'a State, target: &ResourceRef, summary: String) -> Self {
        let plan = Plan {
            action: action.id().to_owned(),
            title: action.title().to_owned(),
            target: target.clone(),
            summary,
            steps: Vec::new(),
            consequences: Vec::new(),
            goal: Goal::Immediate,
            equivalent: String::new(),
            inputs: Inputs::new(),
            undo: None,
        };
        Self { state, plan }
    }

    /// What the form held.
    #[must_use]
    pub fn with(mut self, inputs: Inputs) -> Self {
        self.plan.inputs = inputs;
        self
    }

    /// Something to know.
    pub fn say(&mut self, text: impl Into<String>) {
        self.plan.consequences.push(Consequence { warning: false, text: text.into() });
    }

    /// Something that is worth a second look.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.plan.consequences.push(Consequence { warning: true, text: text.into() });
    }

    /// Says that nothing will happen while the cluster is paused.
    pub fn warn_of_pause(&mut self, paused: bool) {
        if paused {
            self.warn("the cluster is paused: nothing happens until it is resumed");
        }
    }

    /// Adds RFC 6902 operations on an object.
    pub fn json_patch(
        &mut self,
        at: &ResourceRef,
        object: &Object,
        operations: Value,
    ) -> Result<(), Refusal> {
        let address = address(at, object)?;
        self.by_hand(&address, "patch", &format!("--type json -p {}", shell(&operations.to_string())));
        self.plan.steps.push(Step::JsonPatch { at: address, pin: Pin::of(object), operations });
        Ok(())
    }

    /// Adds an RFC 7386 merge patch of an object.
    pub fn merge_patch(
        &mut self,
        at: &ResourceRef,
        object: &Object,
        pin: Pin,
        body: Value,
    ) -> Result<(), Refusal> {
        let address = address(at, object)?;
        self.by_hand(&address, "patch", &format!("--type merge -p {}", shell(&body.to_string())));
        self.plan.steps.push(Step::MergePatch { at: address, pin, body });
        Ok(())
    }

    /// Adds the deletion of an object, as it was shown.
    pub fn delete(&mut self, at: &ResourceRef, object: &Object) -> Result<(), Refusal> {
        let address = address(at, object)?;
        self.by_hand(&address, "delete", "");
        self.plan.steps.push(Step::Delete { at: address, pin: Pin::of(object) });
        Ok(())
    }

    /// The action that takes it back.
    pub fn undo(&mut self, action: &str, target: &ResourceRef, inputs: Inputs) {
        self.plan.undo = Some(Undo { action: action.to_owned(), target: target.clone(), inputs });
    }

    /// The plan, which is done when its goal is reached.
    pub fn finish(mut self, goal: Goal) -> Plan {
        self.plan.goal = goal;
        self.plan
    }

    fn by_hand(&mut self, at: &Address, verb: &str, rest: &str) {
        let key = &at.target.key;
        let mut words = vec!["kubectl".to_owned()];
        match &at.target.source.home {
            Home::Management => {
                let context = self.state.sites.get(&at.target.source.site).map_or("", |s| &s.spec.context);
                words.push(format!("--context {}", shell(context)));
            }
            Home::Workload(cluster) => {
                words.push(format!("--kubeconfig {}", shell(&format!("{}.kubeconfig", cluster.name))));
            }
        }
        if !key.namespace.is_empty() {
            words.push(format!("-n {}", shell(&key.namespace)));
        }
        let kind =
            if at.group.is_empty() { at.plural.clone() } else { format!("{}.{}", at.plural, at.group) };
        words.extend([verb.to_owned(), kind, shell(&key.name), rest.to_owned()]);
        words.retain(|word| !word.is_empty());
        if !self.plan.equivalent.is_empty() {
            self.plan.equivalent.push_str(" && ");
        }
        self.plan.equivalent.push_str(&words.join(" "));
    }
}

/// The path of an object, in the version it was read in.
fn address(at: &ResourceRef, object: &Object) -> Result<Address, Refusal> {
    let kind = kinds::find(at.source.kind.as_str()).ok_or_else(|| Refusal::new("unknown kind"))?;
    Ok(Address {
        target: at.clone(),
        group: kind.group.into(),
        version: object.meta.api_version.rsplit('/').next().unwrap_or_default().to_owned(),
        plural: kind.plural.into(),
        kind: kind.kind.into(),
    })
}
