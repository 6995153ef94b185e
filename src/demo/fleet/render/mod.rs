//! The fleet as Kubernetes objects, in the shape, with the words and in the dialect of the controllers that would have
//! written them. Each function makes one object from the plain data; nothing is kept here.
pub mod check;
pub mod class;
pub mod cluster;
pub mod condition;
pub mod infra;
pub mod machine;
pub mod package;
pub mod plane;
pub mod pool;
pub mod secret;
mod words;

use serde_json::Value;

use super::{Cluster, Site};

pub(in crate::demo) use words::observe;
pub use words::{BOOTSTRAP, CONTROL, CORE, Here};

/// What a site holds beside its clusters.
pub fn site(site: &Site, put: &mut impl FnMut(Value)) {
    class::all(site, put);
}

/// Every object of a cluster on its management API, owners before what they own.
pub fn cluster(site: &Site, cluster: &Cluster, now: jiff::Timestamp, put: &mut impl FnMut(Value)) {
    let here = Here { site, cluster, now };
    put(cluster::object(here));
    put(infra::cluster(here));
    put(infra::template(here, &cluster.plane.template, cluster.created));
    put(plane::object(here));
    for machine in &cluster.plane.machines {
        of_machine(here, machine::Owner::Plane(&cluster.plane), machine, put);
    }
    for pool in &cluster.pools {
        of_pool(here, pool, put);
        for set in &pool.sets {
            put(pool::set(here, pool, set));
        }
        for machine in &pool.machines {
            of_machine(here, machine::Owner::Pool(pool), machine, put);
        }
    }
}

/// The packages that stand on the management API: its own for the management cluster, else the kapp-controller that
/// it installs into the cluster.
pub fn packages(site: &Site, cluster: &Cluster, now: jiff::Timestamp, put: &mut impl FnMut(Value)) {
    let here = Here { site, cluster, now };
    let is_management = cluster.role == super::Role::Management;
    for install in cluster.packages.iter().filter(|p| p.is_remote() || is_management) {
        package::install(here, install, put);
    }
    for repository in cluster.repositories.iter().filter(|_| is_management) {
        put(package::repository(here, repository));
    }
}

/// A pool without its sets and machines.
pub fn of_pool(here: Here<'_>, pool: &super::Pool, put: &mut impl FnMut(Value)) {
    put(infra::template(here, &pool.name, pool.created));
    put(pool::bootstrap_template(here, pool));
    put(pool::object(here, pool));
    if pool.checked {
        put(check::object(here, pool));
    }
}

/// The objects of a machine.
pub fn of_machine(
    here: Here<'_>,
    owner: machine::Owner<'_>,
    of: &super::Machine,
    put: &mut impl FnMut(Value),
) {
    put(machine::object(here, owner, of));
    put(machine::bootstrap(here, owner, of));
    put(infra::machine(here, owner, of));
    if let Some(vm) = infra::vm(here, of) {
        put(vm);
    }
}

#[cfg(test)]
mod tests;
