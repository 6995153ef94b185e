//! Verbs on nodes, through the API of their workload cluster.
mod cordon;

pub use cordon::{CordonNode, UncordonNode};
