use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::{
    demo::{
        clock::Clock,
        fleet::{Size, fleet},
        store::Api,
    },
    domain::{
        ClusterKey, ObjectKey, SiteId, Source,
        site::{Discovery, Greeting, Protection, ServedKind, SiteSpec},
    },
    kinds::{AnyKind, any::id_of},
    msg::{Change, Observation},
    state::{Sites, State},
    triage::cause::{self, Cause},
};

fn world(seed: u64) -> World {
    let start: Timestamp = "2026-03-02T09:30:00Z".parse().unwrap();
    World::new(fleet(seed, Size::default(), start), seed, Clock::by_hand(start))
}

fn discovery(api: &Api) -> Discovery {
    let kind = |served: &crate::demo::store::Served| ServedKind {
        group: served.resource.group.into(),
        version: served.version.into(),
        kind: served.resource.kind.into(),
        plural: served.resource.plural.into(),
        namespaced: served.resource.namespaced,
        stale: false,
    };
    Discovery { kinds: api.served().iter().map(kind).collect(), aggregated: true }
}

/// What the console knows once it has read a site.
fn seen(world: &World, key: &Key) -> (State, ClusterKey) {
    let live = &world.sites()[key.site];
    let site = SiteId::new(live.site.name);
    let mut state = State::default();
    state.now = world.now();
    state.sites = Sites::new(vec![SiteSpec {
        id: site.clone(),
        context: live.site.name.into(),
        server: String::new(),
        tags: BTreeMap::default(),
        protection: Protection::Normal,
        colour: String::new(),
        write: false,
    }]);
    let discovery = discovery(&live.api);
    for served in live.api.served() {
        let resource = served.resource;
        let Some(id) = id_of(&discovery, resource.group, resource.kind) else { continue };
        let Some((kind, version)) = AnyKind::served(id.as_str(), &discovery) else { continue };
        let rows = live.api.list(resource, None).objects;
        let read = |json: &[u8]| kind.read(&version, std::str::from_utf8(json).unwrap());
        let changes = rows.iter().map(|o| Change::Upsert(Box::new(read(&o.json)))).collect();
        let source = Source::management(&site, id.as_str());
        state.fleet.observe(&source, Observation::Changes(changes), world.now());
        state.fleet.observe(&source, Observation::Resumed, world.now());
        state.screen.followed.insert(source);
    }
    state.sites.get_mut(&site).unwrap().greeting = Some(Greeting { discovery, ..Greeting::default() });
    (state, ClusterKey { site, key: ObjectKey::new(&key.namespace, &key.name) })
}

fn named(world: &World, key: &Key) -> Option<Cause> {
    let (state, cluster) = seen(world, key);
    cause::of(&state, &cluster)
}

#[test]
fn the_console_names_the_true_cause_of_every_incident_of_a_cluster_whatever_the_seed() {
    let mut wrong = Vec::new();
    for seed in 0..10 {
        // All at once: each has a cluster of its own, and none may hide another.
        let mut world = world(seed);
        let of_clusters = SCENARIOS
            .iter()
            .filter(|s| !matches!((s.truth)(&world), Some(Truth::Site { .. })) && !s.is_of_packages());
        let of_clusters: Vec<_> = of_clusters.copied().collect();
        assert_eq!(of_clusters.len(), 5);
        for scenario in &of_clusters {
            (scenario.inject)(&mut world);
        }
        world.step();
        for scenario in of_clusters {
            let Some(Truth::Condition { cluster, kind, name, condition, reason }) = (scenario.truth)(&world)
            else {
                panic!("{} has no truth", scenario.name)
            };
            let truth = format!("{kind} {name}: {condition} {reason}");
            let told = named(&world, &cluster);
            let told =
                told.map(|c| format!("{} {}: {} {}", c.kind, c.target.key.name, c.condition, c.reason));
            if told.as_deref() != Some(truth.as_str()) {
                wrong.push(format!("{} ({seed}): {told:?} instead of {truth}", scenario.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn where_all_is_well_no_cause_is_named() {
    let world = world(3);
    for (at, live) in world.sites().iter().enumerate() {
        for cluster in &live.site.clusters {
            let key = Key { site: at, namespace: cluster.namespace.clone(), name: cluster.name.clone() };
            assert_eq!(named(&world, &key), None, "{}", cluster.name);
        }
    }
}

#[test]
fn what_is_healed_becomes_well_by_itself() {
    for scenario in SCENARIOS {
        let mut world = world(2);
        (scenario.inject)(&mut world);
        world.step();
        let Some(Truth::Condition { cluster, .. }) = (scenario.truth)(&world) else { continue };
        (scenario.heal)(&mut world);
        for _ in 0..2_000 {
            let Some(next) = world.step() else { break };
            let ahead = next.duration_since(world.now()).as_millis().max(1);
            world.pass(std::time::Duration::from_millis(u64::try_from(ahead).unwrap()));
        }
        assert_eq!(named(&world, &cluster), None, "{}", scenario.name);
    }
}

#[test]
fn names_are_words_for_the_command_line_and_differ() {
    let mut names: Vec<&str> = names().collect();
    assert!(names.iter().all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '-') && find(n).is_some()));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SCENARIOS.len());
    assert!(find("nothing").is_none());
}

#[test]
fn a_held_rollout_looks_as_if_it_had_been_held_all_the_time() {
    let mut world = world(1);
    (SCENARIOS[0].inject)(&mut world);
    let Some(Truth::Condition { cluster, name, .. }) = (SCENARIOS[0].truth)(&world) else {
        panic!("no truth")
    };
    let api = &world.sites()[cluster.site].api;
    let machines = api.values(&crate::demo::store::resource::MACHINES, Some(&cluster.namespace));
    let of_pool: Vec<_> = machines
        .iter()
        .filter(|m| m["spec"]["clusterName"] == "search-prod-eu" && m["spec"]["version"] == "v1.34.2")
        .collect();
    assert_eq!(of_pool.len(), 8, "three of the control plane, five of the pool");
    let held = machines.iter().find(|m| m["metadata"]["name"] == *name).unwrap();
    let since: Timestamp = held["metadata"]["deletionTimestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(world.now().duration_since(since).as_hours() / 24, 14);
    assert_eq!(machines.iter().filter(|m| m["spec"]["clusterName"] == "search-prod-eu").count(), 13);
}
