use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::{
    demo::fleet::{Dialect, Fleet, Infra, Machine, Size, Stage, Trouble, fleet},
    domain::{Health, Object},
    kinds::KINDS,
};

fn now() -> Timestamp {
    "2026-03-02T09:30:00Z".parse().unwrap()
}

fn made(seed: u64) -> Fleet {
    fleet(seed, Size::default(), now())
}

/// Every object of a fleet, read as the console reads it.
fn rows(fleet: &Fleet) -> Vec<Object> {
    let mut rows = Vec::new();
    for of in &fleet.sites {
        let mut put = |value: Value| {
            let kind = value["kind"].as_str().unwrap();
            let (group, version) =
                value["apiVersion"].as_str().unwrap().split_once('/').unwrap_or(("", "v1"));
            if let Some(known) = KINDS.iter().find(|k| k.group == group && k.kind == kind) {
                assert!(known.versions.contains(&version), "{kind} {version}");
                rows.push(known.read(version, &value.to_string()));
            } else {
                rows.push(crate::kinds::decode_plain(version, &value.to_string()).unwrap());
            }
        };
        site(of, &mut put);
        for one in &of.clusters {
            cluster(of, one, now(), &mut put);
        }
    }
    rows
}

#[test]
fn a_fleet_in_which_all_is_well_is_read_as_well() {
    for row in rows(&made(3)) {
        let bad: Vec<_> = row.conditions.iter().filter(|c| row.judge(c) != Health::Ok).collect();
        assert!(bad.is_empty(), "{} {}: {bad:?}", row.meta.kind, row.meta.name);
        let health = row.health();
        assert!(health == Health::Ok || row.conditions.is_empty(), "{} {}", row.meta.kind, row.meta.name);
    }
}

#[test]
fn uids_differ_and_owners_exist() {
    let rows = rows(&made(3));
    let mut seen: BTreeMap<&str, &Object> = BTreeMap::new();
    for row in &rows {
        assert!(seen.insert(&row.meta.uid, row).is_none(), "{} {}", row.meta.kind, row.meta.name);
    }
    for row in &rows {
        for owner in &row.meta.owners {
            let found = seen
                .get(owner.uid.as_str())
                .unwrap_or_else(|| panic!("{} has no {}", row.meta.name, owner.kind));
            assert_eq!((&found.meta.kind, &found.meta.name), (&owner.kind, &owner.name));
        }
    }
}

/// A cluster of a site with the dialect, one of whose workers is at a stage.
fn at_stage(dialect: Dialect, stage: Stage, trouble: Trouble) -> Vec<Object> {
    let mut fleet = made(1);
    let at = fleet
        .sites
        .iter()
        .position(|s| s.plan.dialect == dialect && s.plan.infra != Infra::Supervisor)
        .unwrap();
    fleet.sites.swap(0, at);
    fleet.sites.truncate(1);
    fleet.sites[0].clusters.truncate(3);
    fleet.sites[0].clusters.drain(..2);
    let machine: &mut Machine = &mut fleet.sites[0].clusters[0].pools[0].machines[0];
    machine.stage = stage;
    machine.since = now();
    machine.trouble = trouble;
    if stage >= Stage::Draining {
        machine.deleted = Some(now());
    }
    rows(&fleet)
}

#[test]
fn a_machine_on_its_way_is_told_as_on_its_way_by_all_its_owners() {
    let stages = [
        Stage::Pending,
        Stage::Cloning,
        Stage::Starting,
        Stage::Joining,
        Stage::Settling,
        Stage::Draining,
        Stage::Removing,
    ];
    for (dialect, stage) in [Dialect::Old, Dialect::New].into_iter().flat_map(|d| stages.map(|s| (d, s))) {
        let rows = at_stage(dialect, stage, Trouble::None);
        let machine =
            rows.iter().find(|r| r.machine().is_some_and(|m| !m.control_plane) && r.health() != Health::Ok);
        assert!(machine.is_some() || dialect == Dialect::Old, "{dialect:?} {stage:?}");
        let pool = rows.iter().find(|r| r.pool().is_some()).unwrap();
        assert!(
            pool.pool().unwrap().replicas.counted.unwrap().ready
                < pool.pool().unwrap().replicas.desired.unwrap(),
            "{stage:?}"
        );
    }
}

#[test]
fn a_machine_that_was_lost_says_so_where_the_console_looks() {
    for dialect in [Dialect::Old, Dialect::New] {
        let rows = at_stage(dialect, Stage::Running, Trouble::Lost);
        let told = rows.iter().filter_map(|r| r.condition("NodeHealthy")).any(|c| c.health() != Health::Ok);
        assert!(told, "{dialect:?}");
    }
}
