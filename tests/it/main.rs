//! The one integration binary: contract tests against fakes of each wire, and what looks at the whole.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]
mod contract_connect;
mod contract_discovery;
mod contract_exec;
mod contract_proxy;
mod headless;
mod live_connect;
mod support;
