//! The console on real engines: what it shows is what the API says, what it does is what it said it would.
//!
//! Runs with `TKO_LIVE=1` on beds that `testbed/up` and `testbed/fleet` made; `.ci/run live` makes them and
//! says where they are. Without it every test says that it was skipped. The tests run one at a time, since
//! they look at the same fleets, and each leaves a fleet as it was.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed expectation is what a test is for"
)]
#![allow(clippy::disallowed_methods, reason = "deadlines need a clock")]

mod agree;
mod bed;
#[path = "../pty/console.rs"]
#[allow(dead_code, reason = "shared with the hermetic tests, which use more of it")]
mod console;
mod contract;
#[path = "../it/contract_demo/mod.rs"]
#[allow(dead_code, reason = "shared with the hermetic tests, which play it on the demo alone")]
mod contract_demo;
mod keyboard;
mod outage;
mod pool;
mod read_only;
mod record;
mod scale;
#[path = "../pty/support.rs"]
#[allow(dead_code, reason = "shared with the hermetic tests, which use more of it")]
mod support;
mod verbs;
mod viewer;
