//! An API server with a memory: lists, pages, watches and patches as the real one words them, with every
//! failure at hand. In process (so that the clock can be paused) or on the loopback.
mod loopback;
mod server;
mod store;
mod write;

pub use loopback::Loopback;
pub use server::{Asked, Reply, Server, Streaming};
