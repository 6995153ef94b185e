//! Fakes and fixtures that several tests share.
pub mod api;
pub mod fakes;
pub mod fleet;
pub mod objects;
pub mod scenario;
pub mod style;
