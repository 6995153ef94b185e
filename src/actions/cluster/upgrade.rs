//! Upgrades a cluster through its topology: the next patch or minor version, by the rules of Kubernetes and Cluster API.
//! Older servers check few of these, so they are all checked here first (kube-apis §1.5, §11).
use std::cmp::Ordering;

use serde_json::json;

use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        input::{Ask, Present, Wanted, text},
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{
        ResourceRef,
        version::{Version, compare, minors_behind, same_release},
    },
    nearest::suggestion,
    state::State,
};

pub struct UpgradeCluster;

impl Action for UpgradeCluster {
    fn id(&self) -> &'static str {
        "cluster.upgrade"
    }
    fn title(&self) -> &'static str {
        "Upgrade cluster"
    }
    fn help(&self) -> &'static str {
        "Bring the cluster to the next Kubernetes version, control plane first"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["upgrade"], noun: Noun::Cluster })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"cluster"
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![Permission { verb: "patch", group: "cluster.x-k8s.io", resource: "clusters" }]
    }
    fn asks(&self) -> &'static [Ask] {
        &[Ask {
            id: "to",
            label: "Version",
            value: "VERSION",
            help: "where to: a later patch or the next minor version",
            wanted: Wanted::Offer,
            needed: true,
        }]
    }
    fn reads(&self) -> &'static [&'static str] {
        &["cluster-class", "release"]
    }
    fn present(&self, state: &State, target: &ResourceRef, _ask: &Ask) -> Present {
        let Ok(family) = Family::of(state, target) else { return Present::default() };
        let options = targets(state, &family).unwrap_or_default();
        Present {
            initial: options.first().cloned().unwrap_or_default(),
            note: format!("now {}", family.cluster.version),
            options,
        }
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let family = Family::of(state, target)?.living()?;
        let to = text(inputs, "to");
        let from = family.cluster.version.as_str();
        if !family.cluster.is_classy() {
            return Err(Refusal::new(
                "the cluster has no ClusterClass: its machine templates must be changed first, which is not offered here",
            ));
        }
        hop(from, to)?;
        offered(state, &family, to)?;
        settled(&family, to)?;
        let summary = format!("upgrade cluster {} from {from} to {to}", family.at.key);
        let inputs = Inputs::from([("to".to_owned(), to.to_owned())]);
        let mut draft = Draft::new(self, state, target, summary).with(inputs);
        let body = json!({ "spec": { "topology": { "version": to } } });
        draft.merge_patch(&family.at, family.object, Pin::of(family.object), body)?;
        consequences(&family, &mut draft);
        Ok(draft.finish(Goal::Version { cluster: family.at, version: to.to_owned() }))
    }
}

/// From a version to another in one step: forward, of the same major, over one minor at most.
fn hop(from: &str, to: &str) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::of("to", why));
    let Some(new) = Version::parse(to) else {
        return refuse(format!("{to} is no version; versions look like v1.33.4"));
    };
    let Some(now) = Version::parse(from) else {
        return refuse(format!("the version it has, {from}, cannot be read"));
    };
    if same_release(from, to) {
        return Err(Refusal::settled(format!("the cluster is asked for {from} already")));
    }
    if new.major != now.major {
        return refuse(format!("{to} is of another major version than {from}"));
    }
    if compare(to, from) != Ordering::Greater {
        return refuse(format!("{to} is older than {from}: there is no way back"));
    }
    if new.minor > now.minor + 1 {
        let next = format!("v{}.{}", now.major, now.minor + 1);
        return refuse(format!("from {from} to {to} a minor version would be left out: go to {next} first"));
    }
    Ok(())
}

/// The versions that a cluster can go to, oldest first; `None` where nobody here says which there are.
pub fn targets(state: &State, family: &Family<'_>) -> Option<Vec<String>> {
    let from = family.cluster.version.as_str();
    let here = |source: &crate::domain::Source| source.site == family.at.source.site;
    let releases = state.fleet.of_kind("release").filter(|(_, source, _)| here(source));
    let mut known: Vec<String> = releases
        .filter_map(|(.., object)| object.release().filter(|r| r.is_usable()))
        // A topology is asked for a release by the name it has been asked before.
        .map(|r| if from.contains("-tkg.") || r.kubernetes.is_empty() { &r.version } else { &r.kubernetes })
        .map(ToString::to_string)
        .collect();
    if known.is_empty() {
        let cluster = family.cluster;
        let namespace = Some(&cluster.class_namespace).filter(|n| !n.is_empty());
        let namespace = namespace.unwrap_or(&family.object.meta.namespace);
        let mut classes = state.fleet.of_kind("cluster-class").filter(|(_, source, _)| here(source));
        let class = classes
            .find(|(.., o)| o.meta.name == cluster.class && o.meta.namespace == *namespace)
            .and_then(|(.., object)| object.class())?;
        known = class.kubernetes_versions.iter().map(ToString::to_string).collect();
    }
    if known.is_empty() {
        return None;
    }
    known.retain(|to| hop(from, to).is_ok());
    known.sort_by(|a, b| compare(a, b));
    known.dedup();
    Some(known)
}

fn offered(state: &State, family: &Family<'_>, to: &str) -> Result<(), Refusal> {
    match targets(state, family) {
        Some(known) if known.is_empty() => {
            Err(Refusal::of("to", "no version is offered here that the cluster could go to"))
        }
        Some(known) if !known.iter().any(|k| same_release(k, to)) => {
            let nearest = suggestion(to, known.iter().map(String::as_str));
            Err(Refusal::of("to", format!("{to} is not offered here; {nearest}")))
        }
        _ => Ok(()),
    }
}

/// Nothing is on its way any more, and no machine would be too old beside the new control plane.
fn settled(family: &Family<'_>, to: &str) -> Result<(), Refusal> {
    if family.role() == Some("management") {
        return Err(Refusal::new(
            "it is the management cluster: `tanzu management-cluster upgrade` brings its providers along",
        ));
    }
    if family.cluster.paused {
        return Err(Refusal::new("the cluster is paused: resume it first"));
    }
    let from = &family.cluster.version;
    if let Some((_, object, plane)) = family.plane() {
        let running = &plane.running_version;
        if !same_release(&plane.version, from) || !running.is_empty() && !same_release(running, from) {
            let at = if running.is_empty() { &plane.version } else { running };
            return Err(Refusal::new(format!(
                "the control plane is still at {at}: the upgrade to {from} is not over"
            )));
        }
        if let Some(rollout) = object.rollout().filter(|r| r.is_moving()) {
            return Err(Refusal::new(format!("the control plane is {}: wait for its end", rollout.word())));
        }
    }
    for (at, _, pool) in family.pools() {
        if !same_release(&pool.version, from) {
            return Err(Refusal::new(format!(
                "pool {} is still at {}: the upgrade to {from} is not over",
                at.key.name, pool.version
            )));
        }
    }
    for machine in family.machines() {
        let Some(version) = machine.machine().map(|m| m.version.as_str()) else { continue };
        let most = if Version::parse(to).is_some_and(|v| v.minor < 28) { 2 } else { 3 };
        if minors_behind(version, to).is_some_and(|behind| behind > most) {
            return Err(Refusal::new(format!(
                "machine {} is at {version}, more than {most} minor versions behind {to}",
                machine.meta.name
            )));
        }
    }
    Ok(())
}

fn consequences(family: &Family<'_>, draft: &mut Draft<'_>) {
    let count = family.machines().count();
    if family.knows_all("machine") {
        draft.warn(format!(
            "all {count} machines are replaced: the control plane one by one, then its pools; their pods move"
        ));
    } else {
        draft.warn("all machines are replaced; how many there are is not known here now");
    }
    draft.warn("it cannot be taken back: Kubernetes has no way to an older version");
    match family.plane() {
        Some((.., plane)) if plane.replicas.desired == Some(1) => {
            draft.warn("the control plane has one machine: its API is away while that is replaced");
        }
        Some((_, object, _)) if object.health().is_fault() => {
            draft.warn("the control plane has a fault now");
        }
        Some(_) => {}
        None => draft.warn("its control plane is not read here: whether it is well is not known"),
    }
    for (name, value) in
        family.cluster.pools.iter().flat_map(|p| p.annotations.iter().map(|(k, _)| (&p.name, k)))
    {
        for (mark, words) in [
            ("hold-upgrade-sequence", "is held: it and the pools after it stay at the old version"),
            ("defer-upgrade", "is deferred: it stays at the old version"),
        ] {
            if value.contains(mark) {
                draft.warn(format!("pool {name} {words} until somebody takes the annotation away"));
            }
        }
    }
    let faults = family.machines().filter(|m| m.health().is_fault()).count();
    if faults > 0 {
        draft.warn(format!(
            "{faults} of its machines have a fault now; one that cannot be drained holds it up"
        ));
    }
    draft.say("not read here: disruption budgets, deprecated APIs in use, add-ons that must come along");
}
