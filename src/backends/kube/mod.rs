//! Kubernetes API servers: which there are, how they are reached, who we are there and what they serve.
//! Hands out plain `kube::Client`s; what is read or written through them is decided elsewhere.
pub mod access;
pub mod backoff;
pub mod client;
mod dial;
pub mod discovery;
pub mod document;
pub mod error;
mod exec;
pub mod greeting;
mod identity;
pub mod kubeconfig;
pub mod pulse;
pub mod route;
pub mod steps;
mod transport;
pub mod watch;

pub use client::{Connections, Options, Prompt};
pub use kubeconfig::{ContextRef, Request, Sites};
pub use route::{ProxyEnvironment, Route, Via};
