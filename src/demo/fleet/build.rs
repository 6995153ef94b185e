//! From plans, a seed and the present to a fleet in which all is well.
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    Cluster, Fleet, Machine, Plane, Pool, Set, Site, Stage, Trouble, large,
    plans::{ClusterPlan, SITES, SitePlan},
};
use crate::demo::seed::Seed;

/// How large a fleet is to be; nothing asked means the default one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    pub clusters: Option<usize>,
    pub machines: Option<usize>,
}

/// Share of a large fleet at each site, in percent; those without one keep their plans.
const SHARES: [usize; 4] = [40, 40, 20, 0];

/// Machines of a cluster of a large fleet, where nothing is said.
const MACHINES_EACH: usize = 20;

/// The whole fleet as it stands at `now`.
pub fn fleet(seed: u64, size: Size, now: Timestamp) -> Fleet {
    let seed = Seed::new(seed);
    let mut sites: Vec<Site> = SITES.iter().map(|plan| site(&seed, plan, now)).collect();
    if let Some((clusters, machines)) = asked(size) {
        for (at, site) in sites.iter_mut().enumerate().filter(|(at, _)| SHARES[*at] > 0) {
            let share = |total: usize| {
                total * SHARES[..=at].iter().sum::<usize>() / 100
                    - total * SHARES[..at].iter().sum::<usize>() / 100
            };
            let mut seed = seed.named(site.name);
            let made = large::shapes(share(clusters), share(machines)).into_iter().enumerate();
            site.clusters =
                made.map(|(number, shape)| of_shape(&mut seed, site, number, &shape, now)).collect();
        }
    }
    Fleet { sites }
}

fn asked(size: Size) -> Option<(usize, usize)> {
    let clusters = size.clusters.or(size.machines.map(|m| m.div_ceil(MACHINES_EACH)))?;
    Some((clusters, size.machines.unwrap_or(clusters * MACHINES_EACH)))
}

fn site(seed: &Seed, plan: &SitePlan, now: Timestamp) -> Site {
    let mut site = Site {
        name: plan.name,
        dialect: plan.dialect,
        infra: plan.infra,
        version: plan.version,
        user: plan.user,
        answers: plan.answers,
        class: plan.class,
        zones: plan.zones,
        net: plan.net,
        releases: plan.releases,
        clusters: Vec::new(),
    };
    let mut seed = seed.named(plan.name);
    site.clusters =
        plan.clusters.iter().enumerate().map(|(n, c)| of_plan(&mut seed, &site, n, c, now)).collect();
    site
}

/// Name in the topology, machines, bounds of the autoscaler.
type PoolWanted<'a> = (&'a str, usize, Option<(usize, usize)>);

/// What both kinds of plan come to.
struct Wanted<'a> {
    name: &'a str,
    namespace: &'a str,
    role: super::Role,
    classy: bool,
    planes: usize,
    pools: Vec<PoolWanted<'a>>,
    version: &'a str,
    hours: i64,
    number: usize,
}

fn of_plan(seed: &mut Seed, site: &Site, number: usize, plan: &ClusterPlan, now: Timestamp) -> Cluster {
    let wanted = Wanted {
        name: plan.name,
        namespace: plan.namespace,
        role: plan.role,
        classy: plan.classy,
        planes: plan.planes,
        pools: plan.pools.to_vec(),
        version: plan.version,
        hours: plan.age,
        number,
    };
    cluster(seed, site, &wanted, now)
}

fn of_shape(seed: &mut Seed, site: &Site, number: usize, shape: &large::Shape, now: Timestamp) -> Cluster {
    let versions: Vec<&str> =
        SITES.iter().filter(|s| s.name == site.name).flat_map(|s| s.clusters).map(|c| c.version).collect();
    let wanted = Wanted {
        name: &shape.name,
        namespace: &shape.namespace,
        role: shape.role,
        classy: true,
        planes: shape.planes,
        pools: shape.pools.iter().map(|(name, size)| (name.as_str(), *size, None)).collect(),
        version: seed.pick::<&str>(&versions),
        hours: seed.between(3, 17_000),
        number,
    };
    cluster(seed, site, &wanted, now)
}

fn cluster(seed: &mut Seed, site: &Site, wanted: &Wanted<'_>, now: Timestamp) -> Cluster {
    let mut seed = seed.named(wanted.name);
    let created = now - SignedDuration::from_mins(wanted.hours * 60 + seed.between(0, 59));
    let created = created - SignedDuration::from_secs(seed.between(0, 59));
    // Rolled by the last upgrade, or never since it was made.
    let rolled = if wanted.hours > 2_000 {
        now - SignedDuration::from_hours(seed.between(200, 1_400))
    } else {
        created
    };
    let subnet = u8::try_from((wanted.number * 4) % 250).unwrap_or(0);
    let name: Arc<str> = wanted.name.into();
    let version: Arc<str> = wanted.version.into();
    let plane_name: Arc<str> = if wanted.classy {
        format!("{name}-{}", seed.suffix(5)).into()
    } else {
        format!("{name}-control-plane").into()
    };
    let mut cluster = Cluster {
        namespace: wanted.namespace.into(),
        role: wanted.role,
        classy: wanted.classy,
        created,
        endpoint: endpoint(site, &name, subnet, &mut seed),
        subnet,
        paused: false,
        deleted: None,
        since: rolled + SignedDuration::from_mins(20),
        plane: Plane {
            name: plane_name.clone(),
            replicas: wanted.planes,
            version: version.clone(),
            since: rolled + SignedDuration::from_mins(9),
            roll_after: None,
            machines: Vec::new(),
            template: format!("{name}-{}", seed.suffix(5)),
        },
        pools: Vec::new(),
        upgrading: false,
        addresses: 0,
        packages: Vec::new(),
        repositories: Vec::new(),
        name,
        version,
    };
    for number in 0..wanted.planes {
        let at = rolled + SignedDuration::from_mins(3 * i64::try_from(number).unwrap_or(0));
        let machine = machine(&mut seed, site, &mut cluster, &plane_name, number, at);
        cluster.plane.machines.push(machine);
    }
    for (number, (topology, size, autoscaled)) in wanted.pools.iter().enumerate() {
        let pool = pool(&mut seed, site, &mut cluster, (number, topology, *size, *autoscaled), rolled);
        cluster.pools.push(pool);
    }
    cluster.packages = super::package::installs(site, &cluster);
    cluster.repositories = super::package::repositories(&cluster);
    cluster
}

fn endpoint(site: &Site, name: &str, subnet: u8, seed: &mut Seed) -> String {
    match site.infra {
        super::Infra::Aws => format!(
            "{name}-apiserver-{}.eu-central-1.elb.amazonaws.com",
            seed.below(1_000_000_000) + 1_000_000_000
        ),
        _ => format!("{}.{}.{}.10", site.net.0, site.net.1 + 8, subnet),
    }
}

fn pool(
    seed: &mut Seed,
    site: &Site,
    cluster: &mut Cluster,
    (number, topology, machines, autoscaled): (usize, &str, usize, Option<(usize, usize)>),
    last_roll: Timestamp,
) -> Pool {
    let name: Arc<str> = if cluster.classy {
        format!("{}-{topology}-{}", cluster.name, seed.suffix(5)).into()
    } else {
        format!("{}-{topology}", cluster.name).into()
    };
    let first = last_roll + SignedDuration::from_mins(11);
    let set = new_set(
        seed,
        &name,
        if last_roll > cluster.created { 2 } else { 1 },
        &cluster.version,
        first,
        machines,
    );
    let mut pool = Pool {
        created: cluster.created + SignedDuration::from_secs(2),
        replicas: machines,
        since: first + SignedDuration::from_mins(6),
        autoscaled,
        machines: Vec::with_capacity(machines),
        ..new_pool(cluster, topology, name, site.zones[number % site.zones.len()], first)
    };
    for at in 0..machines {
        let begun = first + SignedDuration::from_secs(50 * i64::try_from(at).unwrap_or(0));
        let made = machine(seed, site, cluster, &set.name, number, begun);
        pool.machines.push(made);
    }
    pool.sets.push(set);
    pool
}

/// A pool that has just been asked for.
pub fn new_pool(cluster: &Cluster, topology: &str, name: Arc<str>, zone: &str, created: Timestamp) -> Pool {
    Pool {
        topology: topology.into(),
        name,
        created,
        replicas: 1,
        version: cluster.version.clone(),
        zone: zone.into(),
        since: created,
        autoscaled: None,
        checked: cluster.role != super::Role::Edge,
        paused: false,
        roll_after: None,
        deleted: None,
        machines: Vec::new(),
        sets: Vec::new(),
    }
}

/// A set of a pool, with names as the controllers make them.
pub fn new_set(
    seed: &mut Seed,
    pool: &str,
    revision: usize,
    version: &Arc<str>,
    created: Timestamp,
    size: usize,
) -> Set {
    let suffix = seed.suffix(5);
    Set {
        name: format!("{pool}-{suffix}").into(),
        hash: format!("{}-{suffix}", 1_000_000_000 + seed.below(3_000_000_000)),
        revision,
        version: version.clone(),
        created,
        since: created + SignedDuration::from_mins(5),
        replicas: size,
    }
}

fn machine(
    seed: &mut Seed,
    site: &Site,
    cluster: &mut Cluster,
    set: &Arc<str>,
    zone: usize,
    created: Timestamp,
) -> Machine {
    let mut machine = new_machine(seed, site, cluster, set, created);
    machine.zone = site.zones[zone % site.zones.len()].into();
    machine.stage = Stage::Running;
    machine.since = created + SignedDuration::from_secs(seed.between(55, 160));
    machine
}

/// A machine that has just been asked for.
pub fn new_machine(
    seed: &mut Seed,
    site: &Site,
    cluster: &mut Cluster,
    set: &Arc<str>,
    created: Timestamp,
) -> Machine {
    Machine {
        name: format!("{set}-{}", seed.suffix(5)).into(),
        set: set.clone(),
        version: cluster.version.clone(),
        zone: site.zones[0].into(),
        created,
        address: cluster.next_address(site.net),
        stage: Stage::Pending,
        since: created,
        deleted: None,
        trouble: Trouble::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-02T09:30:00Z".parse().unwrap()
    }

    #[test]
    fn the_default_fleet_is_what_a_company_would_have() {
        let fleet = fleet(1, Size::default(), now());
        let workload =
            fleet.sites.iter().flat_map(|s| &s.clusters).filter(|c| c.role != super::super::Role::Management);
        assert!((14..=20).contains(&workload.count()));
        assert!(fleet.sites.iter().any(|s| !s.answers));
        assert!(fleet.sites.iter().flat_map(|s| &s.clusters).any(|c| !c.classy));
        assert!(fleet.sites.iter().flat_map(|s| &s.clusters).all(|c| c.machines().all(Machine::is_ready)));
    }

    #[test]
    fn the_same_seed_makes_the_same_fleet_and_another_another() {
        let names = |seed| -> Vec<Arc<str>> {
            let fleet = fleet(seed, Size::default(), now());
            fleet
                .sites
                .iter()
                .flat_map(|s| &s.clusters)
                .flat_map(|c| c.machines().map(|m| m.name.clone()).collect::<Vec<_>>())
                .collect()
        };
        assert_eq!(names(4), names(4));
        assert_ne!(names(4), names(5));
    }

    #[test]
    fn a_large_fleet_has_the_numbers_asked_for() {
        let fleet = fleet(1, Size { clusters: Some(100), machines: Some(2_000) }, now());
        let asked = fleet.sites.iter().filter(|s| s.answers);
        let clusters: Vec<&Cluster> = asked.flat_map(|s| &s.clusters).collect();
        assert_eq!(clusters.len(), 100);
        assert_eq!(clusters.iter().map(|c| c.machines().count()).sum::<usize>(), 2_000);
    }
}
