//! Takes a node pool away: out of its topology, or its MachineDeployment where there is none. Never the last one of a
//! cluster, whose workloads would have nowhere to go.
use serde_json::json;

use super::{is_classy, living, machines, place};
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        plan::{Goal, Inputs, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::ResourceRef,
    state::State,
    triage::progress,
};

pub struct DeletePool;

impl Action for DeletePool {
    fn id(&self) -> &'static str {
        "pool.delete"
    }
    fn title(&self) -> &'static str {
        "Delete pool"
    }
    fn help(&self) -> &'static str {
        "Drain and delete all machines of the pool, and the pool with them"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["pool", "delete"], noun: Noun::Pool })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"pool"
    }
    fn danger(&self) -> Danger {
        Danger::Destructive
    }
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission> {
        let (verb, resource) =
            if is_classy(state, target) { ("patch", "clusters") } else { ("delete", "machinedeployments") };
        vec![Permission { verb, group: "cluster.x-k8s.io", resource }]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let (object, pool) = living(state, target)?;
        let family = Family::of(state, target)?.living()?;
        if !family.knows_all("pool") {
            return Err(Refusal::new(
                "the pools are not read here now: whether it is the last one is not known",
            ));
        }
        let others: Vec<ResourceRef> = family
            .pools()
            .into_iter()
            .filter(|(at, other, _)| at.key != target.key && other.meta.deleted.is_none())
            .map(|(at, ..)| at)
            .collect();
        if others.is_empty() {
            return Err(Refusal::new(
                "it is the cluster's last pool: its workloads would have nowhere to run",
            ));
        }
        let summary = format!("delete pool {} of {}", target.key.name, family.at.key);
        let mut draft = Draft::new(self, state, target, summary);
        if pool.topology_name.is_empty() {
            draft.delete(target, object)?;
        } else {
            let name = &pool.topology_name;
            let (index, _) = place(&family, name)?;
            let path = format!("/spec/topology/workers/machineDeployments/{index}");
            let operations = json!([
                { "op": "test", "path": format!("{path}/name"), "value": &**name },
                { "op": "remove", "path": path },
            ]);
            draft.json_patch(&family.at, family.object, operations)?;
        }
        let own = progress::machines_of(state, target, object);
        if family.knows_all("machine") {
            let count = i64::try_from(own.len()).unwrap_or(i64::MAX);
            draft.warn(format!(
                "{} drained and deleted: their pods move to other pools, emptyDir data on them is lost",
                machines(count, &pool.version)
            ));
        } else {
            draft.warn("its machines are not read here now: how many are deleted is not known");
        }
        draft.warn(
            "pods that may only run there (node selectors, taints, zone) stay pending; that is not read here",
        );
        draft.warn("a disruption budget can hold a drain for as long as the drain timeout allows");
        draft.warn_of_pause(family.cluster.paused);
        let names: Vec<&str> = others.iter().map(|at| &*at.key.name).collect();
        draft.say(format!("what stays: the control plane and {}", names.join(", ")));
        let uid = object.meta.uid.to_string();
        Ok(draft.finish(Goal::Gone { target: target.clone(), uid }))
    }
}
