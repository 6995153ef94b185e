//! The edge: everything that touches the terminal, the disk or a signal. Nothing here decides; it turns
//! the outside world into plain values and plain values into what the outside world sees.
pub mod audit;
pub mod private;
