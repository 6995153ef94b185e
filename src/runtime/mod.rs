//! The edge: everything that touches the terminal, the disk or a signal. Nothing here decides; it turns
//! the outside world into plain values and plain values into what the outside world sees.
pub mod app;
pub mod audit;
pub mod clipboard;
pub mod connect;
pub mod console;
pub mod executor;
pub mod headless;
pub mod input;
pub mod links;
pub mod memory;
mod naming;
pub mod private;
pub mod probe;
pub mod recorder;
pub mod replay;
pub mod runner;
pub mod setup;
pub mod signals;
mod sources;
pub mod terminal;
