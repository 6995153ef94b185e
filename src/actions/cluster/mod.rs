//! Verbs on whole clusters.
mod delete;
mod pause;
mod upgrade;

pub use delete::DeleteCluster;
pub use pause::{PauseCluster, ResumeCluster};
pub use upgrade::UpgradeCluster;

use crate::{
    domain::{Object, ResourceRef, cluster::Cluster},
    state::State,
};

/// What is known of a Cluster that is pointed at.
fn facts<'a>(state: &'a State, target: &ResourceRef) -> Option<&'a Cluster> {
    state.fleet.find(target).filter(|_| target.source.kind == *"cluster").and_then(Object::cluster)
}
