//! tko, the operations console for Tanzu for Kubernetes Operations.
pub mod config;
pub mod domain;
pub mod kinds;
pub mod nearest;
