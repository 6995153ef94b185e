//! Machines and their deployments.
use super::{Cause, Operation, Verb, invalid, name, required, same_cluster, version, with_v};

const WORDS: &str = "must be a valid semantic version";

pub(super) fn deployment(operation: &mut Operation<'_>) -> Vec<Cause> {
    let mut wrong = Vec::new();
    if operation.verb == Verb::Delete {
        return wrong;
    }
    with_v(operation.new, "/spec/template/spec/version");
    let spec = &operation.new["spec"];
    let template = &spec["template"]["spec"];
    name(operation.new, "must be a valid label value:", &mut wrong);
    same_cluster(operation, &mut wrong);
    if spec["clusterName"] != template["clusterName"] {
        let why = "spec.clusterName and spec.template.spec.clusterName must be set to the same value";
        wrong.push(invalid("spec.clusterName", &spec["clusterName"], why));
    }
    version("spec.template.spec.version", &template["version"], WORDS, &mut wrong);
    wrong
}

pub(super) fn machine(operation: &mut Operation<'_>) -> Vec<Cause> {
    let mut wrong = Vec::new();
    if operation.verb == Verb::Delete {
        return wrong;
    }
    with_v(operation.new, "/spec/version");
    let spec = &operation.new["spec"];
    let bootstrap = &spec["bootstrap"];
    if bootstrap["configRef"].is_null() && bootstrap["dataSecretName"].is_null() {
        let why = "expected either spec.bootstrap.dataSecretName or spec.bootstrap.configRef to be populated";
        wrong.push(required("spec.bootstrap", why));
    }
    same_cluster(operation, &mut wrong);
    version("spec.version", &spec["version"], WORDS, &mut wrong);
    wrong
}
