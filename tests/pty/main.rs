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
mod edge;
mod program;
mod support;
