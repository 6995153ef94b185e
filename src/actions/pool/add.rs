//! Adds a node pool to a cluster's topology, of one of the classes that its ClusterClass has for workers.
use serde_json::{Value, json};

use super::machines;
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        input::{Ask, Present, Wanted, text, whole},
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{Object, ResourceRef},
    state::State,
};

pub struct AddPool;

/// The most machines a new pool begins with.
const MOST: i64 = 1000;

const LIST: &str = "/spec/topology/workers/machineDeployments";

impl Action for AddPool {
    fn id(&self) -> &'static str {
        "pool.add"
    }
    fn title(&self) -> &'static str {
        "Add pool"
    }
    fn help(&self) -> &'static str {
        "Add a node pool to the cluster"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["pool", "add"], noun: Noun::Cluster })
    }
    fn fits(&self, state: &State, target: &ResourceRef) -> bool {
        let cluster = state.fleet.find(target).and_then(Object::cluster);
        target.source.kind == *"cluster" && cluster.is_some_and(crate::domain::cluster::Cluster::is_classy)
    }
    fn danger(&self) -> Danger {
        Danger::Reversible
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![Permission { verb: "patch", group: "cluster.x-k8s.io", resource: "clusters" }]
    }
    fn asks(&self) -> &'static [Ask] {
        const TEXT: Ask = Ask { id: "", label: "", value: "", help: "", wanted: Wanted::Text, needed: true };
        const ASKS: [Ask; 4] = [
            Ask {
                id: "name",
                label: "Name",
                value: "NAME",
                help: "what the topology calls the pool",
                ..TEXT
            },
            Ask {
                id: "class",
                label: "Class",
                value: "CLASS",
                help: "the worker class it is made from",
                wanted: Wanted::Choice,
                needed: false,
            },
            Ask {
                id: "replicas",
                label: "Machines",
                value: "N",
                help: "how many machines it begins with",
                wanted: Wanted::Whole { from: 0, to: MOST },
                needed: false,
            },
            Ask {
                id: "failure-domain",
                label: "Failure domain",
                value: "ZONE",
                help: "the zone of its machines; none lets the provider choose",
                needed: false,
                ..TEXT
            },
        ];
        &ASKS
    }
    fn reads(&self) -> &'static [&'static str] {
        &["cluster-class"]
    }
    fn present(&self, state: &State, target: &ResourceRef, ask: &Ask) -> Present {
        let Ok(family) = Family::of(state, target) else { return Present::default() };
        match ask.id {
            "name" => Present { initial: free_name(&family), ..Present::default() },
            "class" => {
                let options = classes(state, &family);
                let usual = family.cluster.pools.first().map(|p| p.class.to_string());
                let initial = usual.or_else(|| options.first().cloned()).unwrap_or_default();
                Present { initial, options, ..Present::default() }
            }
            "replicas" => Present { initial: "1".to_owned(), ..Present::default() },
            _ => Present::default(),
        }
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let family = Family::of(state, target)?.living()?;
        if !family.cluster.is_classy() {
            return Err(Refusal::new(
                "the cluster has no ClusterClass: there is no class to make a pool from",
            ));
        }
        let (name, class) = (text(inputs, "name"), text(inputs, "class"));
        check_name(&family, name)?;
        if class.is_empty() {
            return Err(Refusal::of("class", "the class of the pool is needed: it is not known here"));
        }
        let replicas = whole(inputs, "replicas")?;
        let mut pool = json!({ "class": class, "name": name, "replicas": replicas });
        let zone = text(inputs, "failure-domain");
        if !zone.is_empty() {
            pool["failureDomain"] = Value::from(zone);
        }
        let summary = format!("add pool {name} with {replicas} machines to {}", family.at.key);
        let mut draft = Draft::new(self, state, target, summary).with(inputs.clone());
        if family.cluster.pools.is_empty() {
            // Neither the list nor what it stands in need be there yet.
            let body = json!({ "spec": { "topology": { "workers": { "machineDeployments": [pool] } } } });
            draft.merge_patch(&family.at, family.object, Pin::of(family.object), body)?;
        } else {
            let operations = json!([{ "op": "add", "path": format!("{LIST}/-"), "value": pool }]);
            draft.json_patch(&family.at, family.object, operations)?;
        }
        draft.say(format!(
            "{} made of class {class}; nothing that runs is touched",
            machines(replicas, &family.cluster.version)
        ));
        draft.warn_of_pause(family.cluster.paused);
        if let Some((_, object, _)) = family.plane()
            && let Some(rollout) = object.rollout().filter(|r| r.is_moving())
        {
            draft.warn(format!("the control plane is {}: new machines may wait for it", rollout.word()));
        }
        draft.say("variables, labels and taints are those of the class");
        let name = name.to_owned();
        Ok(draft.finish(Goal::PoolMade { cluster: family.at, name, replicas }))
    }
}

/// `md-2`, after the pools that are there.
fn free_name(family: &Family<'_>) -> String {
    let pools = &family.cluster.pools;
    let free = |name: &String| pools.iter().all(|p| *p.name != **name);
    (0..=pools.len()).map(|n| format!("md-{n}")).find(free).unwrap_or_default()
}

/// The worker classes of the cluster's class, or, where that is not read, those its pools are of.
fn classes(state: &State, family: &Family<'_>) -> Vec<String> {
    let cluster = family.cluster;
    let namespace = Some(&cluster.class_namespace).filter(|n| !n.is_empty());
    let namespace = namespace.unwrap_or(&family.object.meta.namespace);
    let mut found = state.fleet.of_kind("cluster-class").filter(|(_, s, _)| s.site == family.at.source.site);
    let class = found
        .find(|(.., o)| o.meta.name == cluster.class && o.meta.namespace == *namespace)
        .and_then(|(.., object)| object.class());
    class.map(|c| c.worker_classes.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

/// A name that Kubernetes takes as a label, and that is free.
fn check_name(family: &Family<'_>, name: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = name.starts_with(plain) && name.ends_with(plain) && name.chars().all(|c| plain(c) || c == '-');
    if !fits || name.len() > 63 {
        let near: String = name
            .to_ascii_lowercase()
            .chars()
            .map(|c| if plain(c) { c } else { '-' })
            .take(63)
            .collect::<String>()
            .trim_matches('-')
            .to_owned();
        let near = if near.is_empty() { free_name(family) } else { near };
        return Err(Refusal::of("name", format!("small letters, digits and `-`, 63 at most: {near}")));
    }
    if family.cluster.pools.iter().any(|p| *p.name == *name) {
        let free = free_name(family);
        return Err(Refusal::of("name", format!("the cluster has a pool {name} already; {free} is free")));
    }
    Ok(())
}
