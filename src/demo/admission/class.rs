//! Classes: what Clusters use of one stays.
use serde_json::Value;

use super::{Operation, Refusal, Verb, cluster::class_key, forbidden, refuse};
use crate::demo::store::resource;

const WEBHOOK: &str = "validation.clusterclass.cluster.x-k8s.io";
/// How many Clusters a message names.
const NAMED: usize = 3;

pub(super) fn check(operation: &mut Operation<'_>) -> Result<(), Refusal> {
    let Some(old) = operation.old else { return Ok(()) };
    let text = |field: &str| old["metadata"][field].as_str().unwrap_or_default().to_owned();
    let key = (text("namespace"), text("name"));
    let clusters = operation.api.values(&resource::CLUSTERS, None);
    let users: Vec<&Value> = clusters.iter().filter(|c| class_key(c) == key).collect();
    if operation.verb == Verb::Delete {
        return if users.is_empty() { Ok(()) } else { Err(in_use(operation, &key.1, &users)) };
    }
    let classes = |class: &Value| -> Vec<Value> {
        let list = class["spec"]["workers"]["machineDeployments"].as_array().cloned().unwrap_or_default();
        list.into_iter().map(|mut c| c["class"].take()).collect()
    };
    let kept = classes(operation.new);
    let mut wrong = Vec::new();
    for gone in classes(old).iter().filter(|c| !kept.contains(c)) {
        for user in &users {
            let pools = user["spec"]["topology"]["workers"]["machineDeployments"].as_array();
            if pools.into_iter().flatten().any(|p| p["class"] == *gone) {
                let why = format!(
                    "MachineDeploymentClass {gone} cannot be deleted because it is used by Cluster {}",
                    user["metadata"]["name"]
                );
                wrong.push(forbidden("spec.workers.machineDeployments", why));
            }
        }
    }
    refuse(WEBHOOK, operation, &wrong)
}

fn in_use(operation: &Operation<'_>, name: &str, users: &[&Value]) -> Refusal {
    let shown = |user: &Value| {
        let text = |field: &str| user["metadata"][field].as_str().unwrap_or_default().to_owned();
        format!("{}/{}", text("namespace"), text("name"))
    };
    let mut list = users.iter().take(NAMED).map(|u| shown(u)).collect::<Vec<_>>().join(", ");
    if users.len() > NAMED {
        list = format!("{list}, ... ({} more)", users.len() - NAMED);
    }
    let why = format!("ClusterClass cannot be deleted because it is used by Cluster(s): {list}");
    let mut refusal = Refusal::forbidden(operation.resource, name, &why);
    // The webhook names the resource by its kind.
    refusal.message = format!(
        "admission webhook \"{WEBHOOK}\" denied the request: ClusterClass.cluster.x-k8s.io \"{name}\" is forbidden: {why}"
    );
    refusal
}
