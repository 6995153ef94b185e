//! What the console says of each incident once it has read what is there, and that what is healed becomes well.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::{
    demo::{
        clock::Clock,
        fleet::{Size, fleet},
        store::{Api, Delete, resource},
    },
    domain::{
        ClusterKey, ObjectKey, SiteId, Source,
        package::{Reconcile, reconcile},
        site::{Greeting, Protection, SiteSpec},
    },
    kinds,
    msg::{Change, Observation},
    rules::{self, Verdict},
    state::{Row, Sites, State, workloads::Reach},
    triage,
};

fn world() -> World {
    let start: Timestamp = "2026-03-02T09:30:00Z".parse().unwrap();
    World::new(fleet(1, Size::default(), start), 1, Clock::by_hand(start))
}

/// Lets time pass until nothing more is due in it.
fn run(world: &mut World, seconds: u64) {
    for _ in 0..seconds * 4 {
        world.step();
        world.pass(std::time::Duration::from_millis(250));
    }
    world.step();
}

/// What the console knows once it has read the packages of every site and of every cluster of it.
fn seen(world: &mut World) -> State {
    let mut state = State::default();
    state.now = world.now();
    let name = |at: usize, world: &World| SiteId::new(world.sites()[at].site.name);
    let spec = |id: SiteId| SiteSpec {
        context: id.to_string(),
        id,
        server: String::new(),
        tags: BTreeMap::default(),
        protection: Protection::Normal,
        colour: String::new(),
        write: false,
    };
    state.sites = Sites::new((0..world.sites().len()).map(|at| spec(name(at, world))).collect());
    for at in 0..world.sites().len() {
        let site = name(at, world);
        let api = world.sites()[at].api.clone();
        read(&mut state, &api, |kind| Source::management(&site, kind));
        let clusters: Vec<Key> = world.sites()[at]
            .site
            .clusters
            .iter()
            .filter(|c| c.role != Role::Management)
            .map(|c| Key { site: at, namespace: c.namespace.clone(), name: c.name.clone() })
            .collect();
        for key in clusters {
            let api = world.workload(&key).unwrap();
            let cluster = ClusterKey { site: site.clone(), key: ObjectKey::new(&key.namespace, &key.name) };
            let live = Reach::Live { via: String::new(), greeting: Box::new(Greeting::default()) };
            state.workloads.by_cluster.insert(cluster.clone(), live);
            read(&mut state, &api, |kind| Source::workload(&cluster, kind));
            state.screen.scope.clusters.insert(cluster);
        }
    }
    state
}

fn read(state: &mut State, api: &Api, source: impl Fn(&str) -> Source) {
    let now = state.now;
    for (id, resource) in [
        ("cluster", &resource::CLUSTERS),
        ("package-install", &resource::PACKAGE_INSTALLS),
        ("app", &resource::APPS),
        ("package-repository", &resource::PACKAGE_REPOSITORIES),
    ] {
        if !api.serves(resource) {
            continue;
        }
        let kind = kinds::find(id).unwrap();
        let read = |json: &[u8]| kind.read(kind.versions[0], std::str::from_utf8(json).unwrap());
        let rows = api.list(resource, None).objects;
        let changes = rows.iter().map(|o| Change::Upsert(Box::new(read(&o.json)))).collect();
        state.fleet.observe(&source(id), Observation::Changes(changes), now);
        state.fleet.observe(&source(id), Observation::Resumed, now);
    }
}

/// What the row of a package or of a repository says.
fn told(world: &World, state: &State, cluster: &Key, reference: &str) -> Option<String> {
    let site = SiteId::new(world.sites()[cluster.site].site.name);
    let cluster = ClusterKey { site, key: ObjectKey::new(&cluster.namespace, &cluster.name) };
    ["package-install", "package-repository"].into_iter().find_map(|kind| {
        let collection = state.fleet.collection(&Source::workload(&cluster, kind))?;
        let is_it = |o: &crate::domain::Object| {
            *o.meta.name == *reference || o.package().is_some_and(|p| *p.package == *reference)
        };
        let (_, object) = collection.iter().find(|(_, object)| is_it(object))?;
        let row = Row::Object { source: &collection.source, object };
        let version = object.package().map(|p| p.version.to_string());
        triage::package::why(state, row).or(version)
    })
}

/// Ids of the rules that fail somewhere, with their words.
fn failing(state: &State) -> Vec<(&'static str, String)> {
    let judge = |subject| rules::RULES.iter().map(move |rule| (rule.id, (rule.check)(&subject)));
    let all = rules::subjects(state).into_iter().flat_map(judge);
    all.filter(|(_, outcome)| outcome.verdict == Verdict::Fail).map(|(id, o)| (id, o.words)).collect()
}

#[test]
fn where_all_is_well_nothing_fails() {
    let state = seen(&mut world());
    assert_eq!(failing(&state), Vec::new());
    let matrix = triage::matrix::of(&rules::subjects(&state));
    assert!(
        matrix
            .lines
            .iter()
            .flat_map(|l| &l.cells)
            .flatten()
            .all(|c| !c.drifts && c.state == Reconcile::Succeeded)
    );
    assert!(matrix.lines.len() >= 12, "{}", matrix.lines.len());
}

#[test]
fn each_incident_is_named_by_its_true_cause() {
    for scenario in ALL {
        let mut world = world();
        (scenario.inject)(&mut world);
        world.step();
        let state = seen(&mut world);
        let Some(Truth::Package { cluster, reference, says }) = (scenario.truth)(&world) else {
            panic!("{} has no truth", scenario.name)
        };
        let told = told(&world, &state, &cluster, reference);
        assert!(told.as_ref().is_some_and(|t| t.contains(&says)), "{}: {told:?}", scenario.name);
    }
}

#[test]
fn rules_and_matrix_name_them_too() {
    let fails = |scenario: &Scenario| {
        let mut world = world();
        (scenario.inject)(&mut world);
        failing(&seen(&mut world))
    };
    let has = |found: &[(&str, String)], id: &str, words: &str| {
        assert!(found.iter().any(|(i, w)| *i == id && w.contains(words)), "{id} {words}: {found:?}");
    };
    has(&fails(&VALUES), "PKG-04", "'envoy.service.typ' is not declared");
    has(&fails(&DEPENDENCY), "PKG-03", "contour needs cert-manager, which is not installed");
    has(&fails(&DELETION), "PKG-04", "not found");
    has(&fails(&REPOSITORY), "PKG-02", "x509: certificate signed by unknown authority");
    let mut world = world();
    (DRIFTING.inject)(&mut world);
    let state = seen(&mut world);
    let matrix = triage::matrix::of(&rules::subjects(&state));
    let contour = matrix.lines.iter().find(|l| l.package == CONTOUR).unwrap();
    assert_eq!(contour.versions.len(), 3, "{:?}", contour.versions);
    assert_eq!(contour.cells.iter().flatten().filter(|c| c.drifts).count(), 3);
}

#[test]
fn what_is_healed_becomes_well_by_itself() {
    for scenario in ALL {
        let mut world = world();
        (scenario.inject)(&mut world);
        seen(&mut world);
        run(&mut world, 1);
        (scenario.heal)(&mut world);
        run(&mut world, 15);
        assert_eq!((scenario.truth)(&world), None, "{}", scenario.name);
        let found = failing(&seen(&mut world));
        // Taking the symptom away does not bring back what was removed.
        let left: Vec<_> = found.iter().filter(|(id, _)| *id != "PKG-03").collect();
        assert!(left.is_empty(), "{}: {left:?}", scenario.name);
    }
}

/// A package of a cluster that is well, and the store it is in.
fn contour(world: &mut World) -> (Key, Api) {
    let key = world.key("dc1-mgmt", "payments-prod").unwrap();
    let api = world.workload(&key).unwrap();
    (key, api)
}

fn object(api: &Api) -> Value {
    api.value(&resource::PACKAGE_INSTALLS, "tanzu-contour-ingress", "contour").unwrap_or_default()
}

fn ask(api: &Api, change: impl Fn(&mut Value)) {
    api.modify(&resource::PACKAGE_INSTALLS, "tanzu-contour-ingress", "contour", change).unwrap();
}

fn state_of(api: &Api) -> Option<Reconcile> {
    let kind = kinds::find("package-install").unwrap();
    reconcile(&kind.read("v1alpha1", &object(api).to_string()))
}

#[test]
fn a_package_is_paused_resumed_and_moved_to_another_version() {
    let mut world = world();
    let (_, api) = contour(&mut world);
    assert_eq!(state_of(&api), Some(Reconcile::Succeeded));
    ask(&api, |o| o["spec"]["paused"] = true.into());
    run(&mut world, 1);
    assert_eq!(object(&api)["status"]["friendlyDescription"], "Canceled/paused");
    assert_eq!(state_of(&api), Some(Reconcile::Paused));
    ask(&api, |o| {
        o["spec"].as_object_mut().unwrap().remove("paused");
        o["spec"]["packageRef"]["versionSelection"]["constraints"] = "1.25.0".into();
    });
    assert_eq!(state_of(&api), Some(Reconcile::Pending), "the controller has not seen it");
    run(&mut world, 2);
    assert_eq!(state_of(&api), Some(Reconcile::Reconciling));
    run(&mut world, 12);
    assert_eq!(state_of(&api), Some(Reconcile::Succeeded));
    assert_eq!(object(&api)["status"]["version"], json!("1.25.0"));
    let app = api.value(&resource::APPS, "tanzu-contour-ingress", "contour").unwrap();
    assert_eq!(app["status"]["deploy"]["finished"], true);
}

#[test]
fn a_deleted_package_goes_with_its_app_and_one_without_account_does_not() {
    let mut world = world();
    let (key, api) = contour(&mut world);
    api.delete(&resource::PACKAGE_INSTALLS, "tanzu-contour-ingress", "contour", &Delete::default()).unwrap();
    run(&mut world, 2);
    assert_eq!(state_of(&api), Some(Reconcile::Deleting));
    run(&mut world, 10);
    assert!(object(&api).is_null());
    assert!(api.value(&resource::APPS, "tanzu-contour-ingress", "contour").is_none());
    assert!(world.cluster(&key).unwrap().packages.iter().all(|p| p.reference != CONTOUR));
    let before = api.revision();
    run(&mut world, 5);
    assert_eq!(api.revision(), before, "nothing more is done");
}
