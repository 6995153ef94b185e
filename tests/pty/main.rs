//! Real programs in a real pseudo-terminal: what a person would see, and what is left of the terminal
//! afterwards. Waits for what it wants to see, with a deadline; never sleeps and hopes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is what a test is for"
)]
#![allow(clippy::disallowed_methods, reason = "deadlines need a clock")]

mod binary;
mod console;
mod edge;
mod harness;
mod program;
#[allow(dead_code, reason = "shared with the live tests, which use more of it")]
mod support;
