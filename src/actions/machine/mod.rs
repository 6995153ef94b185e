//! Verbs on single machines.
mod replace;

pub use replace::ReplaceMachine;
