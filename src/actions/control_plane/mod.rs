//! Verbs on control planes. They fit the cluster as well as its control plane, which few people look for.
mod restart;
mod scale;

pub use restart::RestartControlPlane;
pub use scale::ScaleControlPlane;

use super::{family::Family, plan::Refusal};
use crate::{
    domain::{Object, ResourceRef, pool::ControlPlane},
    state::State,
};

fn is_plane_or_cluster(target: &ResourceRef) -> bool {
    target.source.kind == *"cluster" || target.source.kind == *"control-plane"
}

/// The control plane of a living cluster.
fn living<'a>(
    state: &'a State,
    target: &ResourceRef,
) -> Result<(Family<'a>, ResourceRef, &'a Object, &'a ControlPlane), Refusal> {
    let family = Family::of(state, target)?.living()?;
    let (at, object, plane) =
        family.plane().ok_or_else(|| Refusal::new("the cluster's control plane is not read here"))?;
    Ok((family, at, object, plane))
}
