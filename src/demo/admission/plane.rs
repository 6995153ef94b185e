//! Control planes: etcd that runs beside the API server needs an odd number of machines.
use super::{Cause, Operation, Refusal, Verb, forbidden, refuse, version, with_v};

const WEBHOOK: &str = "validation.kubeadmcontrolplane.controlplane.cluster.x-k8s.io";
const OF_SCALE: &str = "validation-scale.kubeadmcontrolplane.controlplane.cluster.x-k8s.io";

pub(super) fn check(operation: &mut Operation<'_>) -> Result<(), Refusal> {
    if operation.verb == Verb::Delete {
        return Ok(());
    }
    with_v(operation.new, "/spec/version");
    let spec = &operation.new["spec"];
    let stacked = spec["kubeadmConfigSpec"]["clusterConfiguration"]["etcd"]["external"].is_null();
    let replicas = spec["replicas"].as_i64().unwrap_or(1);
    if operation.subresource == "scale" {
        return if replicas <= 0 {
            Err(Refusal::denied(OF_SCALE, "replicas should be greater than zero"))
        } else if stacked && replicas % 2 == 0 {
            Err(Refusal::denied(OF_SCALE, "replicas cannot be an even number when etcd is stacked"))
        } else {
            Ok(())
        };
    }
    let mut wrong: Vec<Cause> = Vec::new();
    if replicas <= 0 {
        wrong.push(forbidden("spec.replicas", "cannot be less than or equal to 0"));
    }
    if stacked && replicas % 2 == 0 {
        wrong.push(forbidden("spec.replicas", "cannot be an even number when etcd is stacked"));
    }
    version("spec.version", &spec["version"], "must be a valid semantic version", &mut wrong);
    refuse(WEBHOOK, operation, &wrong)
}
