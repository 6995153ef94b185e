//! Joining what is known into answers: how far a job is, what a cluster hangs on. Pure.
pub mod progress;
