//! Scales a control plane: through the Cluster's topology where there is one, else on the KubeadmControlPlane. etcd wants
//! an odd number, which newer servers insist on and older ones do not.
use serde_json::json;

use super::{is_plane_or_cluster, living};
use crate::{
    actions::{
        Action,
        draft::Draft,
        family::Family,
        input::{Ask, Present, Wanted, whole},
        plan::{Goal, Inputs, Pin, Plan, Refusal},
        spec::{Call, Danger, Noun, Permission},
    },
    domain::{Object, ResourceRef, pool::Rollout},
    state::State,
    triage::progress,
};

pub struct ScaleControlPlane;

/// More members make etcd slower, not safer.
const MOST: i64 = 9;

impl Action for ScaleControlPlane {
    fn id(&self) -> &'static str {
        "control-plane.scale"
    }
    fn title(&self) -> &'static str {
        "Scale control plane"
    }
    fn help(&self) -> &'static str {
        "Change how many machines the control plane has"
    }
    fn call(&self) -> Option<Call> {
        Some(Call { words: &["scale", "control-plane"], noun: Noun::Cluster })
    }
    fn fits(&self, _state: &State, target: &ResourceRef) -> bool {
        is_plane_or_cluster(target)
    }
    fn danger(&self) -> Danger {
        Danger::Disruptive
    }
    fn permissions(&self, state: &State, target: &ResourceRef) -> Vec<Permission> {
        let classy = Family::of(state, target).is_ok_and(|family| family.cluster.is_classy());
        vec![if classy {
            Permission { verb: "patch", group: "cluster.x-k8s.io", resource: "clusters" }
        } else {
            let group = "controlplane.cluster.x-k8s.io";
            Permission { verb: "patch", group, resource: "kubeadmcontrolplanes" }
        }]
    }
    fn asks(&self) -> &'static [Ask] {
        &[Ask {
            id: "replicas",
            label: "Machines",
            value: "N",
            help: "how many machines the control plane shall have; odd, because etcd votes",
            wanted: Wanted::Whole { from: 1, to: MOST },
            needed: true,
        }]
    }
    fn present(&self, state: &State, target: &ResourceRef, _ask: &Ask) -> Present {
        let now = Family::of(state, target).ok().and_then(|family| wanted_now(&family));
        now.map_or_else(Present::default, |n| Present {
            initial: n.to_string(),
            note: format!("now {n}"),
            ..Present::default()
        })
    }
    fn plan(&self, state: &State, target: &ResourceRef, inputs: &Inputs) -> Result<Plan, Refusal> {
        let (family, at, object, _) = living(state, target)?;
        let wanted = odd(whole(inputs, "replicas")?)?;
        let now = wanted_now(&family)
            .ok_or_else(|| Refusal::new("somebody else decides its size: replicas is not set"))?;
        if wanted == now {
            return Err(Refusal {
                input: Some("replicas".to_owned()),
                ..Refusal::settled(format!("the control plane already wants {now}"))
            });
        }
        let name = &family.at.key;
        let summary = format!("scale the control plane of {name} from {now} to {wanted} machines");
        let inputs = |n: i64| Inputs::from([("replicas".to_owned(), n.to_string())]);
        let mut draft = Draft::new(self, state, target, summary).with(inputs(wanted));
        if family.cluster.is_classy() {
            let body = json!({ "spec": { "topology": { "controlPlane": { "replicas": wanted } } } });
            draft.merge_patch(&family.at, family.object, Pin::of(family.object), body)?;
        } else {
            draft.merge_patch(&at, object, Pin::of(object), json!({ "spec": { "replicas": wanted } }))?;
        }
        consequences(&family, object, now, wanted, state, &mut draft);
        draft.undo("control-plane.scale", target, inputs(now));
        Ok(draft.finish(Goal::PlaneSize { plane: at, replicas: wanted }))
    }
}

/// The size that is asked for now, by whoever owns it.
fn wanted_now(family: &Family<'_>) -> Option<i64> {
    if family.cluster.is_classy() {
        return family.cluster.control_plane_replicas;
    }
    family.plane().and_then(|(.., plane)| plane.replicas.desired)
}

fn odd(n: i64) -> Result<i64, Refusal> {
    match n {
        1..=MOST if n % 2 == 1 => Ok(n),
        1..=MOST => Err(Refusal::of(
            "replicas",
            format!("{n} is even, and etcd votes: {} or {}", n - 1, (n + 1).min(MOST)),
        )),
        _ => Err(Refusal::of("replicas", format!("from 1 to {MOST}, and odd"))),
    }
}

fn consequences(
    family: &Family<'_>,
    object: &Object,
    now: i64,
    wanted: i64,
    state: &State,
    draft: &mut Draft<'_>,
) {
    let count = (wanted - now).abs();
    let machines = if count == 1 { "1 machine is".to_owned() } else { format!("{count} machines are") };
    if wanted > now {
        draft.say(format!("{machines} made, one after another, each joining etcd; the API stays up"));
    } else {
        draft.warn(format!("{machines} drained and deleted, one after another, each leaving etcd first"));
    }
    if wanted == 1 {
        draft.warn(
            "one machine is no redundancy: if it is lost, etcd and with it the cluster's state is lost",
        );
    } else {
        draft.say(format!("etcd will stand the loss of {} of {wanted} machines", (wanted - 1) / 2));
    }
    if let Some(rollout) = object.rollout().filter(|r| !matches!(r, Rollout::Settled)) {
        draft.warn(format!("the control plane is {} at the moment", rollout.word()));
    }
    draft.warn_of_pause(family.cluster.paused);
    let machines = progress::machines_of_plane(state, family.key());
    let faults = machines.iter().filter(|m| m.health().is_fault()).count();
    if faults > 0 {
        draft.warn(format!("{faults} of its machines have a fault now: etcd may not take or lose a member"));
    }
    draft.say("the node pools are not touched");
}
