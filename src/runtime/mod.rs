//! The edge: everything that touches the terminal, the disk or a signal. Nothing here decides; it turns
//! the outside world into plain values and plain values into what the outside world sees.
pub mod audit;
pub mod clipboard;
pub mod input;
pub mod private;
pub mod probe;
pub mod recorder;
pub mod signals;
pub mod terminal;
