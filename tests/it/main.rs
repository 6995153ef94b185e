//! The one integration binary: contract tests against fakes of each wire, scenarios and views of the whole
//! console without a world, and what is held against the whole tree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]
mod actions;
mod contract_connect;
mod contract_console;
mod contract_demo;
mod contract_discovery;
mod contract_exec;
mod contract_proxy;
mod contract_steps;
mod contract_watch;
mod demo_verbs;
mod headless;
mod incidents;
mod live_connect;
mod scenarios;
mod support;
mod tidy;
mod tutor;
mod views;
