//! Scales a node pool: through the Cluster's topology where that owns the number, else on the
//! MachineDeployment (kube-apis §1.5). An autoscaler's pool is left to its autoscaler.
use serde_json::{Value, json};

use super::{is_classy, living, machines, place};
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        input::{Ask, Present, Wanted, whole},
        plan::{Goal, Inputs, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{
        Object, ResourceRef, Source,
        cluster::TopologyPool,
        pool::{Pool, Rollout},
    },
    panes,
    state::{Freshness, State},
    triage::progress,
};

pub struct ScalePool;

/// Annotations by which a Cluster Autoscaler claims a pool (cluster-autoscaler, provider clusterapi).
pub const AUTOSCALER_MIN: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
pub const AUTOSCALER_MAX: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

/// The most machines a pool is scaled to from here.
const MOST: i64 = 1000;

impl Action for ScalePool {
    fn id(&self) -> &'static str {
        "pool.scale"
    }
    fn title(&self) -> &'static str {
        "Scale pool"
    }
    fn help(&self) -> &'static str {
        "Change how many machines the pool has"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["scale", "pool"], noun: Noun::Pool })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"pool"
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission> {
        let resource = if is_classy(state, target) { "clusters" } else { "machinedeployments" };
        vec![Permission { verb: "patch", group: "cluster.x-k8s.io", resource }]
    }
    fn asks(&self) -> &'static [Ask] {
        &[Ask {
            id: "replicas",
            label: "Machines",
            value: "N",
            help: "how many machines the pool shall have",
            wanted: Wanted::Whole { from: 0, to: MOST },
            needed: true,
        }]
    }
    fn present(&self, state: &State, target: &ResourceRef, _ask: &Ask) -> Present {
        let now = state.fleet.find(target).and_then(Object::pool).and_then(|p| p.replicas.desired);
        now.map_or_else(Present::default, |n| Present {
            initial: n.to_string(),
            note: format!("now {n}"),
            ..Present::default()
        })
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let (object, pool) = living(state, target)?;
        if let Some(bounds) = autoscaler(object) {
            return Err(owned_by_autoscaler(&bounds));
        }
        let wanted = whole(inputs, "replicas")?;
        let now = pool.replicas.desired.ok_or_else(|| {
            Refusal::new("somebody else decides this pool's size: spec.replicas is not set")
        })?;
        if wanted == now {
            return Err(Refusal {
                input: Some("replicas".to_owned()),
                ..Refusal::settled(format!("the pool already wants {now}"))
            });
        }
        let scale = Scale { state, target, object, pool, now, wanted };
        if pool.topology_name.is_empty() { scale.on_deployment() } else { scale.through_topology() }
    }
}

/// `1 to 5`, when an autoscaler has claimed the pool.
fn autoscaler(object: &Object) -> Option<String> {
    bounds(object.meta.annotation(AUTOSCALER_MIN), object.meta.annotation(AUTOSCALER_MAX))
}

/// The same where the Cluster's topology says so; it reaches the pool only with the next reconciliation.
fn declared_autoscaler(pool: &TopologyPool) -> Option<String> {
    let find = |name: &str| pool.annotations.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    bounds(find(AUTOSCALER_MIN), find(AUTOSCALER_MAX))
}

fn bounds(min: Option<&str>, max: Option<&str>) -> Option<String> {
    (min.is_some() || max.is_some()).then(|| format!("{} to {}", min.unwrap_or("?"), max.unwrap_or("?")))
}

fn owned_by_autoscaler(bounds: &str) -> Refusal {
    Refusal::new(format!("a cluster autoscaler owns this pool's size ({bounds}); change its bounds instead"))
}

/// One change of one pool's size.
struct Scale<'a> {
    state: &'a State,
    target: &'a ResourceRef,
    object: &'a Object,
    pool: &'a Pool,
    now: i64,
    wanted: i64,
}

impl Scale<'_> {
    /// The topology owns the number: the Cluster is written, or the topology controller would undo it.
    fn through_topology(&self) -> Result<Plan, Refusal> {
        let family = Family::of(self.state, self.target)?.living()?;
        let name = &self.pool.topology_name;
        let (index, declared) = place(&family, name)?;
        if let Some(bounds) = declared_autoscaler(declared) {
            return Err(owned_by_autoscaler(&bounds));
        }
        if declared.replicas.is_none() {
            return Err(Refusal::new(
                "the topology leaves this pool's size to somebody else: replicas is not set",
            ));
        }
        let path = format!("/spec/topology/workers/machineDeployments/{index}");
        let operations = json!([
            { "op": "test", "path": format!("{path}/name"), "value": &**name },
            { "op": "replace", "path": format!("{path}/replicas"), "value": self.wanted },
        ]);
        self.plan(&family.at, family.object, operations)
    }

    fn on_deployment(&self) -> Result<Plan, Refusal> {
        let operations = json!([{ "op": "replace", "path": "/spec/replicas", "value": self.wanted }]);
        self.plan(self.target, self.object, operations)
    }

    fn plan(&self, at: &ResourceRef, written: &Object, operations: Value) -> Result<Plan, Refusal> {
        let summary = format!(
            "scale pool {} of {} from {} to {} machines",
            self.object.meta.name,
            self.object.meta.cluster_name().unwrap_or("?"),
            self.now,
            self.wanted
        );
        let inputs = |n: i64| Inputs::from([("replicas".to_owned(), n.to_string())]);
        let mut draft = Draft::new(&ScalePool, self.state, self.target, summary).with(inputs(self.wanted));
        draft.json_patch(at, written, operations)?;
        self.consequences(&mut draft);
        draft.undo("pool.scale", self.target, inputs(self.now));
        Ok(draft.finish(Goal::PoolSize { pool: self.target.clone(), replicas: self.wanted }))
    }

    /// Who is affected, in words.
    fn consequences(&self, draft: &mut Draft<'_>) {
        let more = self.wanted - self.now;
        if more > 0 {
            draft.say(format!("{} made; nothing that runs is touched", machines(more, &self.pool.version)));
        } else {
            draft.warn(format!(
                "{} drained and deleted: their pods move to other nodes, emptyDir data on them is lost",
                machines(-more, &self.pool.version)
            ));
            draft.say("the controller chooses which, unhealthy and annotated machines first, unless the pool's delete order says otherwise");
        }
        if self.wanted == 0 {
            draft.warn("the pool will have no machine at all: what can only run there stays pending");
        }
        let rollout = panes::pool_rollout(self.object);
        if !matches!(rollout, Some(Rollout::Settled) | None) {
            draft.warn(format!("the pool is {} at the moment", rollout.map_or("busy", Rollout::word)));
        }
        let paused = Family::of(self.state, self.target).is_ok_and(|family| family.cluster.paused);
        draft.warn_of_pause(paused);
        let source = Source::management(&self.target.source.site, "machine");
        if self.state.fleet.collection(&source).is_none_or(|c| c.freshness != Freshness::Live) {
            draft.warn("its machines are not read here now: whether one has a fault is not known");
        }
        let unhealthy = progress::machines_of(self.state, self.target, self.object)
            .iter()
            .filter(|m| m.health().is_fault())
            .count();
        if unhealthy > 0 {
            let have = if unhealthy == 1 { "has" } else { "have" };
            draft.warn(format!("{unhealthy} of the pool's machines {have} a fault now"));
        }
        draft.say("the control plane and the cluster's other pools are not touched");
    }
}
