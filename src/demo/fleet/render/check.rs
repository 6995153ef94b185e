//! `MachineHealthCheck`.
use serde_json::{Value, json};

use super::{
    condition::{no, yes},
    pool::labels,
    words::{CORE, Here},
};
use crate::demo::fleet::Pool;

/// The `MachineHealthCheck` of a pool.
pub fn object(here: Here<'_>, pool: &Pool) -> Value {
    let mut object = here.object(CORE, "MachineHealthCheck", &pool.name, pool.created);
    object["metadata"]["ownerReferences"] = json!([{"apiVersion": here.api(CORE), "kind": "Cluster", "name": &*here.cluster.name, "uid": here.uid("Cluster", &here.cluster.name)}]);
    let selector = json!({"matchLabels": labels(here, pool)});
    object["spec"] = if here.is_old() {
        json!({
            "clusterName": &*here.cluster.name, "maxUnhealthy": "100%", "nodeStartupTimeout": "20m0s", "selector": selector,
            "unhealthyConditions": [{"status": "Unknown", "timeout": "5m0s", "type": "Ready"}, {"status": "False", "timeout": "12m0s", "type": "Ready"}],
        })
    } else {
        json!({
            "clusterName": &*here.cluster.name, "selector": selector,
            "checks": {"nodeStartupTimeoutSeconds": 1200, "unhealthyNodeConditions": [
                {"status": "Unknown", "timeoutSeconds": 300, "type": "Ready"}, {"status": "False", "timeoutSeconds": 720, "type": "Ready"}]},
        })
    };
    object["status"] = status(here, pool);
    object
}

/// `status` of the `MachineHealthCheck`.
pub fn status(here: Here<'_>, pool: &Pool) -> Value {
    let expected = pool.machines.len();
    let healthy = pool.ready();
    let said = [yes("RemediationAllowed", "RemediationAllowed", pool.created)];
    let newer = [said[0].clone(), no("Paused", "NotPaused", "", pool.created)];
    let targets: Vec<&str> = pool.machines.iter().map(|m| &*m.name).collect();
    let mut status = json!({
        "observedGeneration": 1, "expectedMachines": expected, "currentHealthy": healthy, "remediationsAllowed": healthy, "targets": targets,
    });
    here.conditions(&mut status, &said, &newer);
    status
}
