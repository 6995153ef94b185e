//! tko, the operations console for Tanzu for Kubernetes Operations.
pub mod backends;
pub mod command;
pub mod config;
pub mod domain;
pub mod filter;
pub mod keymap;
pub mod kinds;
pub mod nearest;
pub mod runtime;
pub mod telemetry;
pub mod text;
pub mod theme;
pub mod toml_file;
