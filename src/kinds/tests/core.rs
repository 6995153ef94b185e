//! Core Kubernetes: nodes, pods and events.
use super::*;
use crate::domain::node::Resources;

fn node(heartbeat: &str, ready: &str) -> Value {
    json!({
        "metadata": {"name": "n1", "resourceVersion": heartbeat, "labels": {
            "node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/etcd": "", "kubernetes.io/role": "etcd"}},
        "spec": {"unschedulable": true, "providerID": "vsphere://abc", "taints": [
            {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": "2025-03-01T10:00:00Z"},
            {"key": "dedicated", "value": "gpu", "effect": "NoExecute"}]},
        "status": {
            "addresses": [{"type": "Hostname", "address": "n1"}, {"type": "InternalIP", "address": "10.0.0.5"}],
            "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110", "hugepages-2Mi": "0"},
            "allocatable": {"cpu": "3920m", "memory": "15Gi", "pods": 110},
            "nodeInfo": {"kubeletVersion": "v1.30.2", "osImage": "Photon", "containerRuntimeVersion": "containerd://1.7.13"},
            "conditions": [
                {"type": "MemoryPressure", "status": "False", "lastHeartbeatTime": heartbeat, "lastTransitionTime": "2025-03-01T10:00:00Z"},
                {"type": "Ready", "status": ready, "reason": "KubeletReady", "lastHeartbeatTime": heartbeat}]
        }
    })
}

#[test]
fn a_node_with_its_room_roles_and_taints() {
    let object = read("node", "v1", &node("2025-03-01T10:00:00Z", "True"));
    let node = object.node().unwrap();
    assert_eq!(node.roles, ["control-plane", "etcd"]);
    assert!(node.cordoned);
    assert_eq!(node.taints, ["node.kubernetes.io/unschedulable:NoSchedule", "dedicated=gpu:NoExecute"]);
    assert_eq!(node.unschedulable_since.unwrap().to_string(), "2025-03-01T10:00:00Z");
    assert_eq!(node.address, "10.0.0.5");
    assert_eq!(node.capacity, Resources { cpu: Some(4000), memory: Some(16 << 30), pods: Some(110) });
    assert_eq!(node.allocatable, Resources { cpu: Some(3920), memory: Some(15 << 30), pods: Some(110) });
    assert_eq!(object.health(), Health::Ok);
}

#[test]
fn heartbeats_are_no_news() {
    let first = read("node", "v1", &node("2025-03-01T10:00:00Z", "True"));
    let later = read("node", "v1", &node("2025-03-01T10:05:00Z", "True"));
    let silent = read("node", "v1", &node("2025-03-01T10:05:00Z", "Unknown"));
    assert_ne!(first, later);
    assert!(first.same_facts(&later));
    assert!(!first.same_facts(&silent));
    assert_eq!(silent.health(), Health::Bad);
}

fn pod(spec: &Value) -> Resources {
    let value = json!({"metadata": {"labels": {"a": "b"}}, "spec": spec, "status": {"phase": "Running"}});
    let object = read("pod", "v1", &value);
    assert!(object.meta.labels.is_empty());
    object.pod().unwrap().requests
}

fn asks(cpu: &str, memory: &str) -> Value {
    json!({"resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": "9"}}})
}

fn sidecar(cpu: &str, memory: &str) -> Value {
    let mut container = asks(cpu, memory);
    container["restartPolicy"] = json!("Always");
    container
}

#[test]
fn requests_of_a_pod_are_what_the_scheduler_counts() {
    let resources = |cpu, memory| Resources { cpu: Some(cpu), memory: Some(memory), pods: Some(1) };
    let two = json!([asks("100m", "1Ki"), asks("200m", "2Ki"), {}]);
    assert_eq!(pod(&json!({"containers": two})), resources(300, 3 << 10));
    // The greediest init container counts where it wants more, resource by resource.
    let init = json!([asks("1", "1Ki")]);
    assert_eq!(pod(&json!({"containers": two, "initContainers": init})), resources(1000, 3 << 10));
    // A sidecar runs beside the containers and beside later init containers.
    let init = json!([sidecar("50m", "1Ki"), asks("1", "1Ki"), sidecar("10m", "1Ki")]);
    assert_eq!(pod(&json!({"containers": two, "initContainers": init})), resources(1050, 5 << 10));
    // Overhead of the runtime class is added; requests of the pod as a whole replace the sum.
    let whole =
        json!({"containers": two, "overhead": {"cpu": "10m"}, "resources": {"requests": {"cpu": "2"}}});
    assert_eq!(pod(&whole), resources(2010, 3 << 10));
    assert_eq!(pod(&json!({})), resources(0, 0));
}

#[test]
fn finished_pods_and_unscheduled_ones_take_no_room() {
    let counted = |node: &str, phase: &str| {
        let value = json!({"spec": {"nodeName": node}, "status": {"phase": phase}});
        read("pod", "v1", &value).pod().unwrap().is_counted()
    };
    assert!(counted("n1", "Running") && counted("n1", "Pending") && counted("n1", ""));
    assert!(!counted("", "Pending") && !counted("n1", "Succeeded") && !counted("n1", "Failed"));
}

#[test]
fn an_event_in_either_api() {
    let new = json!({
        "metadata": {"namespace": "fleet", "name": "m.1", "creationTimestamp": "2025-03-01T10:00:00Z"},
        "regarding": {"kind": "Machine", "namespace": "fleet", "name": "m", "uid": "u"},
        "reason": "FailedDrain", "note": "pdb says no", "type": "Warning", "reportingController": "machine",
        "deprecatedCount": 2, "eventTime": null, "series": {"count": 7, "lastObservedTime": "2025-03-01T11:00:00.123456Z"}
    });
    let old = json!({
        "metadata": {"namespace": "fleet", "name": "m.1", "creationTimestamp": "2025-03-01T10:00:00Z"},
        "involvedObject": {"kind": "Machine", "namespace": "fleet", "name": "m", "uid": "u"},
        "reason": "FailedDrain", "message": "pdb says no", "type": "Warning", "source": {"component": "machine"},
        "reportingComponent": "", "count": 7, "firstTimestamp": "2025-03-01T10:00:00Z", "lastTimestamp": "2025-03-01T11:00:00.123456Z"
    });
    let (new, old) = (read("event", "v1", &new), read("core-event", "v1", &old));
    assert_eq!(new.event(), old.event());
    let event = new.event().unwrap();
    assert_eq!((event.count, event.regarding.uid.as_str(), event.note.as_str()), (7, "u", "pdb says no"));
    assert_eq!(event.last_seen.unwrap().to_string(), "2025-03-01T11:00:00.123456Z");
    assert_eq!(new.health(), Health::Warning);
    assert_eq!((new.meta.api_version.as_str(), old.meta.api_version.as_str()), ("events.k8s.io/v1", "v1"));
}

#[test]
fn a_single_event_counts_once_and_is_as_old_as_its_object() {
    let object = read(
        "event",
        "v1",
        &json!({"metadata": {"creationTimestamp": "2025-03-01T10:00:00Z"}, "type": "Normal"}),
    );
    let event = object.event().unwrap();
    assert_eq!((event.count, event.last_seen), (1, object.meta.created));
    assert_eq!(object.health(), Health::Ok);
}
