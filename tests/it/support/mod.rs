//! Fakes and fixtures that several contract tests share.
pub mod api;
pub mod fleet;
