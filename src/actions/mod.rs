//! The operator's verbs. One file an action, one line in `ACTIONS`. Pure: an action makes a plan,
//! it never carries one out, and it names no key (keys live in keymaps/).
pub mod access;
pub mod cluster;
pub mod control_plane;
pub mod diff;
pub mod draft;
pub mod family;
pub mod input;
pub mod line;
pub mod machine;
pub mod node;
pub mod plan;
pub mod pool;
mod restart;
pub mod spec;

use crate::{domain::ResourceRef, state::State};
use input::{Ask, Present};
use plan::{Inputs, Plan, Refusal};
use spec::{Call, Danger, Permission};

pub trait Action: Sync {
    /// What a keymap and the journal name: `pool.scale`.
    fn id(&self) -> &'static str;
    fn title(&self) -> &'static str;
    /// One line of help.
    fn help(&self) -> &'static str;
    /// How it is called without a screen; nothing where it only makes sense before eyes.
    fn call(&self) -> Option<Call>;
    /// Whether it applies to such a thing at all.
    fn fits(&self, state: &State, target: &ResourceRef) -> bool;
    fn danger(&self) -> Danger;
    /// The rights it needs for this target, and on which object's namespace they are asked.
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission>;
    /// What it asks: the fields of its form, and its flags without a screen.
    fn asks(&self) -> &'static [Ask] {
        &[]
    }
    /// What a target has to say to a question: present value, options.
    fn present(&self, _state: &State, _target: &ResourceRef, _ask: &Ask) -> Present {
        Present::default()
    }
    /// Kinds of the management API that it looks at besides clusters, control planes, pools and machines.
    fn reads(&self) -> &'static [&'static str] {
        &[]
    }
    /// Makes the plan, or says why there is none.
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal>;
}

/// Every action, in the order of the action sheet.
pub static ACTIONS: &[&dyn Action] = &[
    &pool::ScalePool,
    &control_plane::ScaleControlPlane,
    &pool::AddPool,
    &machine::ReplaceMachine,
    &node::CordonNode,
    &node::UncordonNode,
    &cluster::UpgradeCluster,
    &pool::RestartPool,
    &control_plane::RestartControlPlane,
    &cluster::PauseCluster,
    &cluster::ResumeCluster,
    &pool::DeletePool,
    &cluster::DeleteCluster,
];

/// Finds an action by its id.
pub fn find(id: &str) -> Option<&'static dyn Action> {
    ACTIONS.iter().copied().find(|a| a.id() == id)
}

/// Checks the values against their fields, then makes the plan.
pub fn plan(
    action: &dyn Action,
    state: &State,
    target: &ResourceRef,
    inputs: &Inputs,
) -> Result<Plan, Refusal> {
    input::check(&input::of(action, state, target), inputs)?;
    action.plan(state, target, inputs)
}
