//! Scales a node pool: through the Cluster's topology where that owns the number, else on the
//! MachineDeployment (kube-apis §1.5). An autoscaler's pool is left to its autoscaler.
use serde_json::json;

use super::{
    Action,
    plan::{Address, Consequence, Goal, Inputs, Pin, Plan, Refusal, Step},
    spec::{Danger, Input, Permission},
};
use crate::{
    domain::{
        Object, ResourceRef, Source,
        cluster::TopologyPool,
        pool::{Pool, Rollout},
    },
    kinds, panes,
    state::{Freshness, State},
    text::shell,
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
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"pool"
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission> {
        let classy =
            state.fleet.find(target).and_then(Object::pool).is_some_and(|p| !p.topology_name.is_empty());
        let resource = if classy { "clusters" } else { "machinedeployments" };
        vec![Permission { verb: "patch", group: "cluster.x-k8s.io", resource }]
    }
    fn inputs(&self, state: &State, target: &ResourceRef) -> Vec<Input> {
        let now = state.fleet.find(target).and_then(Object::pool).and_then(|p| p.replicas.desired);
        let help = now.map_or_else(String::new, |n| format!("now {n}; a whole number from 0 to {MOST}"));
        vec![Input {
            id: "replicas",
            label: "Machines",
            help,
            initial: now.map(|n| n.to_string()).unwrap_or_default(),
        }]
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let object = state.fleet.find(target).ok_or_else(|| Refusal::new("the pool is gone"))?;
        let pool = object.pool().ok_or_else(|| Refusal::new("the pool cannot be read"))?;
        if object.meta.deleted.is_some() {
            return Err(Refusal::new("the pool is being deleted"));
        }
        if let Some(bounds) = autoscaler(object) {
            return Err(owned_by_autoscaler(&bounds));
        }
        let wanted = replicas(inputs)?;
        let now = pool.replicas.desired.ok_or_else(|| {
            Refusal::new("somebody else decides this pool's size: spec.replicas is not set")
        })?;
        if wanted == now {
            return Err(Refusal::of("replicas", format!("the pool already wants {now}")));
        }
        let scale = Scale { state, target, object, pool, now, wanted };
        if pool.topology_name.is_empty() { scale.on_deployment() } else { scale.through_topology() }
    }
}

fn replicas(inputs: &Inputs) -> Result<i64, Refusal> {
    let text = inputs.get("replicas").map_or("", |s| s.trim());
    match text.parse::<i64>() {
        Ok(n @ 0..=MOST) => Ok(n),
        Ok(_) => Err(Refusal::of("replicas", format!("from 0 to {MOST}"))),
        Err(_) => Err(Refusal::of("replicas", "a whole number is needed")),
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
        let (at, cluster) = self.cluster().ok_or_else(|| {
            Refusal::new("the Cluster of this pool is not known here, and its topology owns the size")
        })?;
        let facts =
            cluster.cluster().ok_or_else(|| Refusal::new("the Cluster of this pool cannot be read"))?;
        if cluster.meta.deleted.is_some() {
            return Err(Refusal::new("the cluster is being deleted"));
        }
        let name = &self.pool.topology_name;
        let index = facts
            .pools
            .iter()
            .position(|p| p.name == *name)
            .ok_or_else(|| Refusal::new(format!("the topology has no pool {name}")))?;
        if let Some(bounds) = declared_autoscaler(&facts.pools[index]) {
            return Err(owned_by_autoscaler(&bounds));
        }
        if facts.pools[index].replicas.is_none() {
            return Err(Refusal::new(
                "the topology leaves this pool's size to somebody else: replicas is not set",
            ));
        }
        let path = format!("/spec/topology/workers/machineDeployments/{index}");
        let operations = json!([
            { "op": "test", "path": format!("{path}/name"), "value": &**name },
            { "op": "replace", "path": format!("{path}/replicas"), "value": self.wanted },
        ]);
        self.plan(&at, cluster, "cluster", operations)
    }

    fn on_deployment(&self) -> Result<Plan, Refusal> {
        let operations = json!([{ "op": "replace", "path": "/spec/replicas", "value": self.wanted }]);
        self.plan(self.target, self.object, "pool", operations)
    }

    fn plan(
        &self,
        at: &ResourceRef,
        written: &Object,
        kind: &str,
        operations: serde_json::Value,
    ) -> Result<Plan, Refusal> {
        let kind = kinds::find(kind).ok_or_else(|| Refusal::new("unknown kind"))?;
        let version = written.meta.api_version.rsplit('/').next().unwrap_or_default().to_owned();
        let address = Address {
            target: at.clone(),
            group: kind.group.into(),
            version,
            plural: kind.plural.into(),
            kind: kind.kind.into(),
        };
        let equivalent = format!(
            "kubectl --context {} -n {} patch {}.{} {} --type json -p {}",
            shell(self.state.sites.get(&at.source.site).map_or("", |s| &s.spec.context)),
            shell(&at.key.namespace),
            kind.plural,
            kind.group,
            shell(&at.key.name),
            shell(&operations.to_string())
        );
        let pin = Pin {
            uid: written.meta.uid.to_string(),
            resource_version: written.meta.resource_version.to_string(),
            generation: written.meta.generation,
        };
        Ok(Plan {
            action: "pool.scale".into(),
            title: "Scale pool".into(),
            target: self.target.clone(),
            summary: format!(
                "scale pool {} of {} from {} to {} machines",
                self.object.meta.name,
                self.object.meta.cluster_name().unwrap_or("?"),
                self.now,
                self.wanted
            ),
            steps: vec![Step::JsonPatch { at: address, pin, operations }],
            consequences: self.consequences(),
            goal: Goal::PoolSize { pool: self.target.clone(), replicas: self.wanted },
            equivalent,
            inputs: [("replicas".to_owned(), self.wanted.to_string())].into(),
        })
    }

    fn cluster(&self) -> Option<(ResourceRef, &Object)> {
        let name = self.object.meta.cluster_name()?;
        let at = ResourceRef {
            source: Source::management(&self.target.source.site, "cluster"),
            key: crate::domain::ObjectKey::new(&self.object.meta.namespace, name),
        };
        let object = self.state.fleet.find(&at)?;
        Some((at, object))
    }

    /// Who is affected, in words.
    fn consequences(&self) -> Vec<Consequence> {
        let mut all = Vec::new();
        let mut say = |warning: bool, text: String| all.push(Consequence { warning, text });
        let more = self.wanted - self.now;
        if more > 0 {
            say(false, format!("{} made; nothing that runs is touched", machines(more, &self.pool.version)));
        } else {
            say(
                true,
                format!(
                    "{} drained and deleted: their pods move to other nodes, emptyDir data on them is lost",
                    machines(-more, &self.pool.version)
                ),
            );
            say(false, "the controller chooses which, unhealthy and annotated machines first, unless the pool's delete order says otherwise".into());
        }
        if self.wanted == 0 {
            say(true, "the pool will have no machine at all: what can only run there stays pending".into());
        }
        let rollout = panes::pool_rollout(self.object);
        if !matches!(rollout, Some(Rollout::Settled) | None) {
            say(true, format!("the pool is {} at the moment", rollout.map_or("busy", Rollout::word)));
        }
        if self.cluster().is_some_and(|(_, c)| c.cluster().is_some_and(|c| c.paused)) {
            say(true, "the cluster is paused: nothing happens until it is resumed".into());
        }
        let machines = Source::management(&self.target.source.site, "machine");
        if self.state.fleet.collection(&machines).is_none_or(|c| c.freshness != Freshness::Live) {
            say(true, "its machines are not read here now: whether one has a fault is not known".into());
        }
        let unhealthy = progress::machines_of(self.state, self.target, self.object)
            .iter()
            .filter(|m| m.health().is_fault())
            .count();
        if unhealthy > 0 {
            let have = if unhealthy == 1 { "has" } else { "have" };
            say(true, format!("{unhealthy} of the pool's machines {have} a fault now"));
        }
        say(false, "the control plane and the cluster's other pools are not touched".into());
        all
    }
}

fn machines(count: i64, version: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!(" ({version})") };
    if count == 1 { format!("1 machine{version} is") } else { format!("{count} machines{version} are") }
}
