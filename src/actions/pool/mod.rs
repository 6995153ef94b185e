//! Verbs on node pools, and what they have in common: whose number it is, and where a pool stands in its topology.
mod add;
mod delete;
mod restart;
mod scale;

pub use add::AddPool;
pub use delete::DeletePool;
pub use restart::RestartPool;
pub use scale::{AUTOSCALER_MAX, AUTOSCALER_MIN, ScalePool};

use super::{family::Family, plan::Refusal};
use crate::{
    domain::{Object, ResourceRef, cluster::TopologyPool, pool::Pool},
    state::State,
};

/// A pool that is not on its way out.
fn living<'a>(state: &'a State, target: &ResourceRef) -> Result<(&'a Object, &'a Pool), Refusal> {
    let object = state.fleet.find(target).ok_or_else(|| Refusal::new("the pool is gone"))?;
    let pool = object.pool().ok_or_else(|| Refusal::new("the pool cannot be read"))?;
    match object.meta.deleted {
        Some(_) => Err(Refusal::new("the pool is being deleted")),
        None => Ok((object, pool)),
    }
}

/// Where a pool stands in the topology of its cluster: index, and what is declared there.
fn place<'a>(family: &Family<'a>, name: &str) -> Result<(usize, &'a TopologyPool), Refusal> {
    let pools = &family.cluster.pools;
    let index = pools.iter().position(|p| p.name == *name);
    let index = index.ok_or_else(|| Refusal::new(format!("the topology has no pool {name}")))?;
    Ok((index, &pools[index]))
}

/// Whether a topology owns the pool, as far as is known here.
fn is_classy(state: &State, target: &ResourceRef) -> bool {
    state.fleet.find(target).and_then(Object::pool).is_some_and(|p| !p.topology_name.is_empty())
}

/// `2 machines (v1.33.4) are`.
fn machines(count: i64, version: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!(" ({version})") };
    if count == 1 { format!("1 machine{version} is") } else { format!("{count} machines{version} are") }
}
