//! The operator's verbs. One file an action, one line in `ACTIONS`. Pure: an action makes a plan,
//! it never carries one out, and it names no key (keys live in keymaps/).
pub mod access;
pub mod diff;
pub mod plan;
pub mod scale_pool;
pub mod spec;

use crate::{domain::ResourceRef, state::State};
use plan::{Inputs, Plan, Refusal};
use spec::{Danger, Input, Permission};

pub trait Action: Sync {
    /// What a keymap and the journal name: `pool.scale`.
    fn id(&self) -> &'static str;
    fn title(&self) -> &'static str;
    /// One line of help.
    fn help(&self) -> &'static str;
    /// Whether it applies to such a thing at all.
    fn fits(&self, state: &State, target: &ResourceRef) -> bool;
    fn danger(&self) -> Danger;
    /// The rights it needs for this target, and on which object's namespace they are asked.
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission>;
    /// Fields of the form, filled with the present values.
    fn inputs(&self, _state: &State, _target: &ResourceRef) -> Vec<Input> {
        Vec::new()
    }
    /// Makes the plan, or says why there is none.
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal>;
}

/// Every action, in the order of the action sheet.
pub static ACTIONS: &[&dyn Action] = &[&scale_pool::ScalePool];

/// Finds an action by its id.
pub fn find(id: &str) -> Option<&'static dyn Action> {
    ACTIONS.iter().copied().find(|a| a.id() == id)
}
