//! Each rule where it passes, where it fails, where something is not known, and where it does not apply.
use serde_json::{Value, json};

use super::*;
use crate::{
    domain::{ObjectKey, SiteId},
    kinds,
};

/// A package as its `PackageInstall` says it is.
fn install(namespace: &str, short: &str, condition: &str, day: u8) -> Object {
    let account = if namespace == "tkg-system" { "tanzu-cluster-bootstrap-sa" } else { "sa" };
    read(
        "package-install",
        &json!({
            "metadata": {"namespace": namespace, "name": short, "generation": 1, "creationTimestamp": format!("2026-01-{day:02}T00:00:00Z")},
            "spec": {"packageRef": {"refName": format!("{short}.tanzu.vmware.com")}, "serviceAccountName": account},
            "status": {"observedGeneration": 1, "version": "1.0.0", "usefulErrorMessage": if condition.ends_with("Failed") { "ytt: Error: no such value" } else { "" },
                       "conditions": [{"type": condition, "status": "True"}]},
        }),
    )
}

fn repository(name: &str, image: &str, condition: &str) -> Object {
    read(
        "package-repository",
        &json!({
            "metadata": {"namespace": "tkg-system", "name": name},
            "spec": {"fetch": {"imgpkgBundle": {"image": image}}},
            "status": {"usefulErrorMessage": if condition.ends_with("Failed") { "x509: unknown authority" } else { "" },
                       "conditions": [{"type": condition, "status": "True"}]},
        }),
    )
}

fn read(kind: &str, value: &Value) -> Object {
    kinds::find(kind).unwrap().read("v1alpha1", &value.to_string())
}

/// What a subject is made of.
struct World {
    site: SiteId,
    packages: Known<Object>,
    repositories: Known<Object>,
}

impl World {
    fn of(packages: Vec<Object>) -> Self {
        Self { site: SiteId::new("lab"), packages: Ok(packages), repositories: Ok(Vec::new()) }
    }
    fn silent() -> Self {
        Self { packages: Err("connection refused".into()), ..Self::of(Vec::new()) }
    }
    fn subject(&self) -> Subject<'_> {
        let unread = || Err("not read".to_owned());
        Subject {
            site: &self.site,
            cluster: None,
            role: Role::Workload,
            profile: Profile::default(),
            now: "2026-03-01T00:00:00Z".parse().unwrap(),
            absent: false,
            packages: self
                .packages
                .as_ref()
                .map(|all| all.iter().map(|object| Served { object, app: None }).collect())
                .map_err(Clone::clone),
            repositories: self.repositories.as_ref().map(|all| all.iter().collect()).map_err(Clone::clone),
            services: Err("not read".into()),
            daemons: Err("not read".into()),
            claims: Err("not read".into()),
            harbor_certificate: unread(),
            offers: Err("not read".into()),
        }
    }
    fn judge(&self, rule: &str) -> Outcome {
        (find(rule).unwrap().check)(&self.subject())
    }
}

fn verdict(rule: &str, packages: Vec<Object>) -> Verdict {
    World::of(packages).judge(rule).verdict
}

#[test]
fn ids_are_unique_and_found_however_they_are_written() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.iter().all(|id| find(&id.to_lowercase()).is_some_and(|rule| rule.id == *id)));
    ids.dedup();
    assert_eq!((ids.len(), RULES.len()), (9, 9));
    assert!(ids.is_sorted() && find("PKG-10").is_none());
}

#[test]
fn what_cannot_be_read_is_unknown_to_every_rule_that_applies() {
    let world = World { repositories: Err("connection refused".into()), ..World::silent() };
    for rule in RULES.iter().filter(|rule| rule.id != "PKG-05") {
        let outcome = (rule.check)(&world.subject());
        assert_eq!(outcome.verdict, Verdict::Unknown, "{}", rule.id);
        assert!(outcome.words.contains("connection refused"), "{}: {}", rule.id, outcome.words);
    }
}

#[test]
fn core_packages() {
    let core = |condition| vec![install("tkg-system", "antrea", condition, 1)];
    assert_eq!(verdict("PKG-01", core("ReconcileSucceeded")), Verdict::Pass);
    assert_eq!(verdict("PKG-01", core("Reconciling")), Verdict::Unknown);
    assert_eq!(
        verdict("PKG-01", vec![install("x", "contour", "ReconcileFailed", 1)]),
        Verdict::NotApplicable
    );
    let outcome = World::of(core("ReconcileFailed")).judge("PKG-01");
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert_eq!(outcome.evidence[0].object, "PackageInstall tkg-system/antrea");
    assert_eq!(outcome.evidence[0].value, "failed: no such value");
}

#[test]
fn the_standard_repository() {
    let of = |image: &str, condition: &str, profile: Profile| {
        let world = World {
            repositories: Ok(vec![repository("tanzu-standard", image, condition)]),
            ..World::of(vec![])
        };
        (find("PKG-02").unwrap().check)(&Subject { profile, ..world.subject() }).verdict
    };
    let public = "projects.example.com/repo:v1";
    let gap = |registry: &str| Profile { air_gapped: true, registry: registry.into(), ..Profile::default() };
    assert_eq!(of(public, "ReconcileSucceeded", Profile::default()), Verdict::Pass);
    assert_eq!(of(public, "ReconcileFailed", Profile::default()), Verdict::Fail);
    assert_eq!(of(public, "Reconciling", Profile::default()), Verdict::Unknown);
    assert_eq!(of(public, "ReconcileSucceeded", gap("harbor.local")), Verdict::Fail);
    assert_eq!(of("harbor.local/repo:v1", "ReconcileSucceeded", gap("harbor.local")), Verdict::Pass);
    assert_eq!(of(public, "ReconcileSucceeded", gap("")), Verdict::Unknown);
    assert_eq!(verdict("PKG-02", vec![]), Verdict::Fail, "not there at all");
    let world = World::of(vec![]);
    let absent = (find("PKG-02").unwrap().check)(&Subject { absent: true, ..world.subject() });
    assert_eq!(absent.verdict, Verdict::NotApplicable);
}

#[test]
fn the_order_of_packages() {
    let well = "ReconcileSucceeded";
    let both =
        |manager, day| vec![install("a", "cert-manager", manager, day), install("b", "contour", well, 5)];
    assert_eq!(verdict("PKG-03", both(well, 4)), Verdict::Pass);
    assert_eq!(verdict("PKG-03", both("Reconciling", 4)), Verdict::Unknown);
    assert_eq!(verdict("PKG-03", vec![install("a", "cert-manager", well, 1)]), Verdict::NotApplicable);
    for (packages, words) in [
        (both("ReconcileFailed", 4), "contour needs cert-manager, which is failed"),
        (both(well, 6), "cert-manager was installed after contour"),
        (vec![install("b", "contour", well, 5)], "contour needs cert-manager, which is not installed"),
    ] {
        let outcome = World::of(packages).judge("PKG-03");
        assert_eq!((outcome.verdict, outcome.words.as_str()), (Verdict::Fail, words));
    }
    // Prometheus without an ingress needs none.
    assert_eq!(verdict("PKG-03", vec![install("p", "prometheus", well, 1)]), Verdict::Pass);
}

#[test]
fn failing_packages_with_their_own_words() {
    let outcome = World::of(vec![
        install("a", "contour", "ReconcileSucceeded", 1),
        install("b", "harbor", "ReconcileFailed", 1),
    ])
    .judge("PKG-04");
    assert_eq!((outcome.verdict, outcome.words.as_str()), (Verdict::Fail, "harbor: no such value"));
    assert_eq!(outcome.evidence.len(), 1);
    assert_eq!(verdict("PKG-04", vec![install("a", "contour", "ReconcileSucceeded", 1)]), Verdict::Pass);
    assert_eq!(verdict("PKG-04", vec![install("a", "contour", "SomethingNew", 1)]), Verdict::Unknown);
    assert_eq!(verdict("PKG-04", vec![]), Verdict::NotApplicable);
}

#[test]
fn placement_after_the_record_of_the_site() {
    let harbor = || vec![install("h", "harbor", "ReconcileSucceeded", 1)];
    let of = |packages: Known<Object>, choice: &str, role| {
        let world = World { packages, ..World::of(vec![]) };
        let profile = Profile { harbor: choice.into(), ..Profile::default() };
        (find("PKG-05").unwrap().check)(&Subject { role, profile, ..world.subject() }).verdict
    };
    assert_eq!(of(Ok(harbor()), "shared", Role::SharedServices), Verdict::Pass);
    assert_eq!(of(Ok(harbor()), "shared", Role::Workload), Verdict::Fail);
    assert_eq!(of(Err("refused".into()), "shared", Role::Workload), Verdict::Unknown);
    assert_eq!(of(Ok(vec![]), "shared", Role::Workload), Verdict::NotApplicable);
    assert_eq!(of(Ok(harbor()), "", Role::Workload), Verdict::NotApplicable, "nothing is recorded");
}

#[test]
fn envoy_of_contour() {
    let world = World::of(vec![install("c", "contour", "ReconcileSucceeded", 1)]);
    let of = |kind: &str, address: &str, ready| {
        let envoy = Exposed {
            key: ObjectKey::new("tanzu-system-ingress", "envoy"),
            kind: kind.into(),
            address: address.into(),
            ready,
        };
        (find("PKG-06").unwrap().check)(&Subject { services: Ok(vec![envoy]), ..world.subject() }).verdict
    };
    assert_eq!(of("LoadBalancer", "10.0.0.1", Some(2)), Verdict::Pass);
    assert_eq!(of("LoadBalancer", "10.0.0.1", Some(1)), Verdict::Fail);
    assert_eq!(of("LoadBalancer", "10.0.0.1", None), Verdict::Unknown);
    assert_eq!(of("LoadBalancer", "", Some(2)), Verdict::Fail);
    assert_eq!(of("NodePort", "", Some(2)), Verdict::Fail);
    let none = (find("PKG-06").unwrap().check)(&Subject { services: Ok(vec![]), ..world.subject() });
    assert_eq!(none.verdict, Verdict::Fail);
    assert_eq!(world.judge("PKG-06").verdict, Verdict::Unknown, "Services are not read");
    assert_eq!(verdict("PKG-06", vec![]), Verdict::NotApplicable);
}

#[test]
fn harbor_its_volumes_and_its_certificate() {
    let harbor = |condition| World::of(vec![install("h", "harbor", condition, 1)]);
    let of = |world: &World, phase: &str, end: &str| {
        let claim = Claim { key: ObjectKey::new("tanzu-system-registry", "registry"), phase: phase.into() };
        let subject = Subject {
            claims: Ok(vec![claim]),
            harbor_certificate: end.parse().map_err(|_| "not read".to_owned()),
            ..world.subject()
        };
        (find("PKG-07").unwrap().check)(&subject).verdict
    };
    let well = harbor("ReconcileSucceeded");
    assert_eq!(of(&well, "Bound", "2026-06-01T00:00:00Z"), Verdict::Pass);
    assert_eq!(of(&well, "Bound", "2026-03-20T00:00:00Z"), Verdict::Fail, "it ends within 30 days");
    assert_eq!(of(&well, "Pending", "2026-06-01T00:00:00Z"), Verdict::Fail);
    assert_eq!(of(&well, "Bound", ""), Verdict::Unknown);
    assert_eq!(well.judge("PKG-07").verdict, Verdict::Unknown);
    assert_eq!(harbor("ReconcileFailed").judge("PKG-07").verdict, Verdict::Fail);
    assert_eq!(harbor("Reconciling").judge("PKG-07").verdict, Verdict::Unknown);
    assert_eq!(verdict("PKG-07", vec![]), Verdict::NotApplicable);
}

#[test]
fn fluent_bit_on_every_node() {
    let world = World::of(vec![install("f", "fluent-bit", "ReconcileSucceeded", 1)]);
    let of = |daemons: Known<Daemon>| {
        (find("PKG-08").unwrap().check)(&Subject { daemons, ..world.subject() }).verdict
    };
    let daemon =
        |ready| Daemon { key: ObjectKey::new("tanzu-system-logging", "fluent-bit"), desired: 3, ready };
    assert_eq!(of(Ok(vec![daemon(3)])), Verdict::Pass);
    assert_eq!(of(Ok(vec![daemon(2)])), Verdict::Fail);
    assert_eq!(of(Ok(vec![])), Verdict::Fail);
    assert_eq!(of(Err("not read".into())), Verdict::Unknown);
    assert_eq!(verdict("PKG-08", vec![]), Verdict::NotApplicable);
}

#[test]
fn installed_versions_are_offered() {
    let world = World::of(vec![install("c", "contour", "ReconcileSucceeded", 1)]);
    let of = |offers: Known<Offer>| (find("PKG-09").unwrap().check)(&Subject { offers, ..world.subject() });
    let offer = |version: &str| Offer { package: "contour.tanzu.vmware.com".into(), version: version.into() };
    assert_eq!(of(Ok(vec![offer("0.9.0"), offer("1.0.0")])).verdict, Verdict::Pass);
    let gone = of(Ok(vec![offer("0.9.0")]));
    assert_eq!((gone.verdict, gone.words.as_str()), (Verdict::Fail, "no repository offers contour 1.0.0"));
    assert_eq!(of(Err("the aggregated API is down".into())).verdict, Verdict::Unknown);
    assert_eq!(verdict("PKG-09", vec![]), Verdict::NotApplicable);
}
