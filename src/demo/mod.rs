//! The demo: an embedded fleet that behaves like a real one.
pub mod clock;
pub mod fleet;
pub mod seed;
