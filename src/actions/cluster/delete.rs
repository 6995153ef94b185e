//! Deletes a cluster: the Cluster object alone, its controllers take everything else along (kube-apis §1.5). Never on a
//! protected site, and never what others are managed from.
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        plan::{Goal, Inputs, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{ResourceRef, site::Protection},
    state::State,
};

pub struct DeleteCluster;

impl Action for DeleteCluster {
    fn id(&self) -> &'static str {
        "cluster.delete"
    }
    fn title(&self) -> &'static str {
        "Delete cluster"
    }
    fn help(&self) -> &'static str {
        "Delete the cluster with all its machines and everything that runs on them"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["delete", "cluster"], noun: Noun::Cluster })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        target.source.kind == *"cluster"
    }
    fn danger(&self) -> Danger {
        Danger::Destructive
    }
    fn permissions(&self, _state: &State, _target: &ResourceRef) -> Vec<Permission> {
        vec![Permission { verb: "delete", group: "cluster.x-k8s.io", resource: "clusters" }]
    }
    fn plan(&self, state: &State, target: &ResourceRef, _inputs: &Inputs) -> Result<Plan, Refusal> {
        let family = Family::of(state, target)?;
        if family.object.meta.deleted.is_some() {
            return Err(Refusal::settled("the cluster is being deleted already"));
        }
        guard(&family)?;
        let mut draft = Draft::new(self, state, target, format!("delete cluster {}", family.at.key));
        draft.delete(&family.at, family.object)?;
        consequences(&family, &mut draft);
        let uid = family.object.meta.uid.to_string();
        Ok(draft.finish(Goal::Gone { target: family.at, uid }))
    }
}

fn guard(family: &Family<'_>) -> Result<(), Refusal> {
    if family.protection() == Protection::High {
        return Err(Refusal::new("the site is protected: clusters are not deleted there from this console"));
    }
    if family.role() != Some("management") {
        return Ok(());
    }
    Err(Refusal::new(match family.siblings() {
        0 => "it is the management cluster: it cannot delete itself, `tanzu management-cluster delete` can"
            .to_owned(),
        1 => "it is the management cluster and another cluster is managed from it: delete that first"
            .to_owned(),
        n => format!("it is the management cluster and {n} clusters are managed from it: delete those first"),
    }))
}

fn consequences(family: &Family<'_>, draft: &mut Draft<'_>) {
    let (plane, workers): (Vec<_>, Vec<_>) =
        family.machines().partition(|m| m.machine().is_some_and(|m| m.control_plane));
    let pools: Vec<String> = family.pools().iter().map(|(at, ..)| at.key.name.to_string()).collect();
    if family.knows_all("machine") {
        let of = if pools.is_empty() { String::new() } else { format!(" ({})", pools.join(", ")) };
        draft.warn(format!(
            "{} control plane and {} worker machines{of} are deleted, without being drained",
            plane.len(),
            workers.len()
        ));
    } else {
        draft.warn("its machines are not read here now: how many are deleted is not known");
    }
    let endpoint = &family.cluster.endpoint;
    let api = if endpoint.is_empty() { String::new() } else { format!(", and its API at {endpoint}") };
    draft.warn(format!("everything that runs in it is lost{api}; it cannot be taken back"));
    draft.warn(
        "not read here: load balancers, volumes and backups of its workloads; some may stay behind and cost",
    );
    if family.role() == Some("tanzu-services") {
        draft.warn("it is the shared services cluster: registry and monitoring of the others may be in it");
    }
    let finalizers: Vec<&str> = family.object.meta.finalizers.iter().map(|f| &**f).collect();
    if !finalizers.is_empty() {
        draft.say(format!("it is gone when these are done: {}", finalizers.join(", ")));
    }
    if family.cluster.paused {
        draft.warn("the cluster is paused: the deletion begins when it is resumed");
    }
}
