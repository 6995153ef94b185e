//! tko, the operations console for Tanzu for Kubernetes Operations.
pub mod domain;
pub mod kinds;
