//! The controllers as a task: they wake when something is due and when a client changed something, and sleep between.
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Key, World};
use crate::demo::store::Api;

/// A world that the controllers and the doors share.
pub type Shared = Arc<Mutex<World>>;

/// The shortest sleep: changes that come together are one step.
const GATHER: Duration = Duration::from_millis(20);
/// The longest, when nothing is due.
const DAY: Duration = Duration::from_hours(24);

fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Moves the world until told to stop.
pub async fn run(world: Shared, stop: CancellationToken) {
    let wake = lock(&world).wake.clone();
    while !stop.is_cancelled() {
        let (mut changed, wait) = {
            let mut world = lock(&world);
            let of_site = |live: &super::Live| {
                std::iter::once(&live.api).chain(live.workloads.values()).map(Api::subscribe_all).collect()
            };
            // Before the step, so that what comes during it wakes the next one.
            let changed: Vec<_> = world.sites.iter().flat_map::<Vec<_>, _>(of_site).collect();
            let next = world.step();
            (changed, next.map_or(DAY, |at| world.clock.until(at)))
        };
        let woken = futures::future::select_all(changed.iter_mut().map(|r| Box::pin(r.changed())));
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(wait.max(GATHER)) => {}
            () = wake.notified() => {}
            _ = woken => sleep(GATHER).await,
        }
    }
}

/// The store of a workload cluster of a site, made when it is asked for first.
pub fn workload(world: &Shared, site: usize, namespace: &str, name: &str) -> Option<Api> {
    lock(world).workload(&Key { site, namespace: namespace.into(), name: name.into() })
}
