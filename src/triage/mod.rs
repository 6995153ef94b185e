//! Joining what is known into answers: how far a job is, what a cluster hangs on. Pure.
#[cfg(test)]
pub(crate) mod bed;
pub mod cause;
pub mod echo;
pub mod link;
pub mod matrix;
pub mod package;
pub mod progress;
pub mod tree;
