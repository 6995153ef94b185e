//! The controllers of the demo: what Cluster API, its providers and the kubelets would do, driven by the demo's time.
//! They keep the fleet as plain data and write what follows from it into the stores. Work comes from a queue of what
//! is due, and from what clients changed; nothing is polled, and a fleet at rest costs nothing.
mod inside;
mod listen;
mod machine;
mod package;
mod pool;
mod pools;
mod queue;
mod run;
mod topology;
mod upgrade;
mod workload;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

pub use queue::{Due, Key};
pub use run::{Shared, run, workload};

use super::{
    admission,
    clock::Clock,
    fleet::{Cluster, Dialect, Fleet, Infra, Machine, Pool, Site},
    seed::Seed,
    store::{self, Api, Served, resource},
};
use queue::Queue;

/// The fleet, its stores and what is due.
pub struct World {
    pub(super) clock: Clock,
    pub(super) seed: Seed,
    pub(super) sites: Vec<Live>,
    queue: Queue,
    /// The time of the step that is being taken.
    now: Timestamp,
    /// Wakes the controllers when there is one more store to look at.
    pub(super) wake: Arc<tokio::sync::Notify>,
}

/// A site and its store.
pub struct Live {
    pub site: Site,
    pub api: Api,
    /// Stores of workload clusters that somebody has asked for, and of the management cluster: that is the site's own.
    pub workloads: BTreeMap<Key, Api>,
    /// Their revisions that the controllers inside have seen.
    looked: BTreeMap<Key, u64>,
    /// Revisions of each resource that were looked at.
    seen: BTreeMap<&'static str, u64>,
    /// Revisions that the controllers wrote themselves.
    own: HashSet<u64>,
    /// Revisions up to which packages were looked at: of the site, and of its clusters.
    packages_seen: BTreeMap<Option<Key>, u64>,
    /// Clusters whose objects must be written, and machines of them.
    dirty: BTreeMap<Key, BTreeSet<Arc<str>>>,
}

impl World {
    /// Fills a store for each site.
    pub fn new(fleet: Fleet, seed: u64, clock: Clock) -> Self {
        let now = clock.now();
        let sites = fleet.sites.into_iter().enumerate();
        let sites = sites.map(|(at, site)| Live::new(at, site, seed, &clock)).collect();
        let seed = Seed::new(seed).named("controllers");
        Self { clock, seed, sites, queue: Queue::default(), now, wake: Arc::default() }
    }

    pub fn sites(&self) -> &[Live] {
        &self.sites
    }

    /// Where a site stands among all.
    pub fn site(&self, name: &str) -> Option<usize> {
        self.sites.iter().position(|live| live.site.name == name)
    }

    /// Does all that clients asked for and all that is due, and says when the next thing is.
    pub fn step(&mut self) -> Option<Timestamp> {
        self.now = self.clock.now();
        for site in 0..self.sites.len() {
            self.listen(site);
            self.listen_to_packages(site);
        }
        while let Some((_, due)) = self.queue.pop(self.now) {
            self.handle(due);
        }
        self.write_all();
        self.look_inside();
        self.queue.next()
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Topology(key) => self.topology(&key),
            Due::Plane(key) => self.plane(&key),
            Due::Pool(key, pool) => self.pool(&key, &pool),
            Due::Stage(key, machine) => self.stage(&key, &machine),
            Due::Health(key, machine) => self.health(&key, &machine),
            Due::Ending(key) => self.ending(&key),
            Due::Beat(key) => self.beat(&key),
            Due::Inside(key) => self.inside(&key),
            Due::Package(key, name) => self.package(&key, &name),
            Due::Well(site) => self.sites[site].api.set_fault(store::Fault::None),
        }
    }

    /// Makes something due after so many milliseconds.
    fn later(&mut self, millis: i64, due: Due) {
        let at = self.now + SignedDuration::from_millis(millis);
        self.queue.add(at, due);
    }

    /// A cluster as plain data.
    pub fn cluster(&self, key: &Key) -> Option<&Cluster> {
        self.sites.get(key.site)?.cluster(key)
    }

    fn cluster_mut(&mut self, key: &Key) -> Option<&mut Cluster> {
        self.sites.get_mut(key.site)?.site.clusters.iter_mut().find(|c| c.is(key))
    }

    /// Puts the Secret with its kubeconfig beside every cluster of a site: `file` makes one by namespace and name.
    pub fn open_workloads(&self, site: usize, file: impl Fn(&str, &str) -> String) {
        let Some(live) = self.sites.get(site) else { return };
        for cluster in &live.site.clusters {
            let here = super::fleet::render::Here { site: &live.site, cluster, now: self.clock.now() };
            let file = file(&cluster.namespace, &cluster.name);
            live.api.load(super::fleet::render::secret::kubeconfig(here, &file));
        }
    }

    /// The demo's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass where it only moves by hand.
    pub fn pass(&self, by: std::time::Duration) {
        self.clock.advance(by);
    }

    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// A site is well again after so many seconds.
    pub fn well_after(&mut self, site: &str, seconds: i64) {
        self.now = self.clock.now();
        if let Some(at) = self.site(site) {
            self.later(seconds * 1000, Due::Well(at));
        }
    }

    /// Takes the health check from a pool, as somebody did who found it in the way.
    pub fn unwatch(&mut self, key: &Key, pool: usize) {
        let Some(pool) = self.cluster_mut(key).and_then(|c| c.pools.get_mut(pool)) else { return };
        pool.checked = false;
        let name = pool.name.clone();
        if let Some(live) = self.sites.get_mut(key.site) {
            live.release(&resource::MACHINE_HEALTH_CHECKS, &key.namespace, &name);
        }
    }

    /// Writes into a Cluster what its parts already are, as if that had been asked for.
    pub fn ask_for_sizes(&mut self, key: &Key) {
        let Some(live) = self.sites.get_mut(key.site) else { return };
        let Some(cluster) = live.site.clusters.iter().find(|c| c.is(key)) else { return };
        let here = super::fleet::render::Here { site: &live.site, cluster, now: self.clock.now() };
        let spec = super::fleet::render::cluster::object(here)["spec"].clone();
        let written = live.api.modify(&resource::CLUSTERS, &key.namespace, &key.name, |object| {
            object["spec"] = spec.clone();
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(1) + 1;
            super::fleet::render::observe(&mut object["status"], generation);
        });
        if let Ok(object) = written {
            live.own.insert(object.revision);
        }
    }

    /// Changes a cluster by hand, as an incident does, and has everything about it written anew.
    pub fn alter(&mut self, key: &Key, change: impl FnOnce(&mut Cluster)) {
        self.now = self.clock.now();
        let Some(cluster) = self.cluster_mut(key) else { return };
        // Machines that the change takes away must leave the store too.
        let mut names: BTreeSet<Arc<str>> = cluster.machines().map(|m| m.name.clone()).collect();
        change(cluster);
        names.extend(cluster.machines().map(|m| m.name.clone()));
        self.rewrite_machines(key);
        for name in names {
            self.touch(key, Some(&name));
            self.later(0, Due::Stage(key.clone(), name));
        }
        self.touch(key, None);
        self.write_all();
    }

    /// The cluster of a site with that name.
    pub fn key(&self, site: &str, cluster: &str) -> Option<Key> {
        let site = self.site(site)?;
        let found = self.sites[site].site.clusters.iter().find(|c| &*c.name == cluster)?;
        Some(Key { site, namespace: found.namespace.clone(), name: found.name.clone() })
    }

    /// Marks what must be written.
    fn touch(&mut self, key: &Key, machine: Option<&Arc<str>>) {
        if let Some(live) = self.sites.get_mut(key.site) {
            let machines = live.dirty.entry(key.clone()).or_default();
            machines.extend(machine.cloned());
        }
    }
}

impl Live {
    fn new(at: usize, site: Site, seed: u64, clock: &Clock) -> Self {
        let info = store::Info { version: site.version.to_owned(), name: site.name.to_owned(), seed };
        let now = clock.now();
        let api = Api::new(info, served(&site), as_store_clock(clock));
        let own = workload::own(at, &site, &api, seed, now);
        super::fleet::render::site(&site, &mut |value| _ = api.load(value));
        for cluster in &site.clusters {
            super::fleet::render::cluster(&site, cluster, now, &mut |value| _ = api.load(value));
            super::fleet::render::packages(&site, cluster, now, &mut |value| _ = api.load(value));
        }
        admission::cluster_api(&api);
        if !site.answers {
            api.set_fault(store::Fault::Refusing);
        }
        // What was there from the start was changed by nobody.
        let revision = api.revision();
        let looked = own.iter().map(|key| (key.clone(), inside::revision(&api))).collect();
        let workloads = own.into_iter().map(|key| (key, api.clone())).collect();
        let looked_at = listen::FOLLOWED.iter().map(|r| (r.plural, revision)).collect();
        Self {
            site,
            api,
            workloads,
            looked,
            seen: looked_at,
            own: HashSet::new(),
            packages_seen: BTreeMap::from([(None, revision)]),
            dirty: BTreeMap::new(),
        }
    }

    fn cluster(&self, key: &Key) -> Option<&Cluster> {
        self.site.clusters.iter().find(|c| c.is(key))
    }
}

impl Cluster {
    fn is(&self, key: &Key) -> bool {
        self.name == key.name && self.namespace == key.namespace
    }

    fn machine_mut(&mut self, name: &str) -> Option<&mut Machine> {
        let pools = self.pools.iter_mut().flat_map(|p| &mut p.machines);
        self.plane.machines.iter_mut().chain(pools).find(|m| &*m.name == name)
    }

    fn pool_mut(&mut self, name: &str) -> Option<&mut Pool> {
        self.pools.iter_mut().find(|p| &*p.name == name)
    }

    /// The pool that a machine belongs to; none for the control plane.
    fn pool_of(&self, machine: &str) -> Option<&Pool> {
        self.pools.iter().find(|p| p.machines.iter().any(|m| &*m.name == machine))
    }
}

/// The demo's time as a store takes it.
pub fn as_store_clock(clock: &Clock) -> store::Clock {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// What the API of a site serves.
fn served(site: &Site) -> Vec<Served> {
    let mut all = resource::kubernetes();
    all.extend(resource::cluster_api(site.version_word()));
    let infra: &[&'static resource::Resource] = match site.infra {
        Infra::VSphere => &[
            &resource::VSPHERE_CLUSTERS,
            &resource::VSPHERE_MACHINES,
            &resource::VSPHERE_VMS,
            &resource::VSPHERE_MACHINE_TEMPLATES,
            &resource::VSPHERE_CLUSTER_TEMPLATES,
        ],
        Infra::Aws => &[
            &resource::AWS_CLUSTERS,
            &resource::AWS_MACHINES,
            &resource::AWS_MACHINE_TEMPLATES,
            &resource::AWS_CLUSTER_TEMPLATES,
        ],
        Infra::Supervisor => &[
            &resource::SUPERVISOR_CLUSTERS,
            &resource::SUPERVISOR_MACHINES,
            &resource::SUPERVISOR_MACHINE_TEMPLATES,
        ],
    };
    all.extend(infra.iter().map(|r| Served::preferring(r, site.version_word())));
    // The clusters in the cloud are of plain Cluster API: nothing is installed on their management API.
    if site.infra != Infra::Aws {
        all.extend(resource::carvel());
    }
    if site.dialect == Dialect::Old {
        all.push(Served::newest(&resource::TANZU_RELEASES));
    }
    all
}

#[cfg(test)]
mod tests;
