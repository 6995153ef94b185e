//! Cells of Tables that a server works out from several fields, in the words of its own printers.
use serde_json::Value;

/// The cell of that name.
pub(super) fn cell(name: &str, object: &Value) -> Value {
    match name {
        "node-status" => node_status(object).into(),
        "node-roles" => node_roles(object).into(),
        "pod-ready" => pod_ready(object).into(),
        "pod-status" => pod_status(object).into(),
        "event-object" => event_object(object).into(),
        "data" => {
            let count = |field: &str| object[field].as_object().map_or(0, serde_json::Map::len);
            (count("data") + count("binaryData")).into()
        }
        "replicas-ready" => {
            let status = &object["status"];
            let ready = status["readyReplicas"].as_i64().unwrap_or(0);
            format!("{ready}/{}", object["spec"]["replicas"].as_i64().unwrap_or(0)).into()
        }
        "external-ip" => external(object).into(),
        "ports" => ports(object).into(),
        _ => Value::Null,
    }
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a str> {
    let conditions = object["status"]["conditions"].as_array()?;
    conditions.iter().find(|c| c["type"] == kind)?["status"].as_str()
}

fn node_status(node: &Value) -> String {
    let ready = match condition(node, "Ready") {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let cordoned = node["spec"]["unschedulable"] == true;
    format!("{ready}{}", if cordoned { ",SchedulingDisabled" } else { "" })
}

fn node_roles(node: &Value) -> String {
    let labels = node["metadata"]["labels"].as_object();
    let roles: Vec<&str> = labels
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| key.strip_prefix("node-role.kubernetes.io/"))
        .filter(|role| !role.is_empty())
        .collect();
    if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") }
}

fn statuses(pod: &Value) -> &[Value] {
    pod["status"]["containerStatuses"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn pod_ready(pod: &Value) -> String {
    let ready = statuses(pod).iter().filter(|s| s["ready"] == true).count();
    let all = pod["spec"]["containers"].as_array().map_or(0, Vec::len);
    format!("{ready}/{all}")
}

fn pod_status(pod: &Value) -> String {
    if pod["metadata"]["deletionTimestamp"].is_string() {
        return "Terminating".to_owned();
    }
    let why = |s: &Value| {
        let state = &s["state"];
        state["waiting"]["reason"].as_str().or(state["terminated"]["reason"].as_str()).map(str::to_owned)
    };
    let reason = statuses(pod).iter().find_map(why);
    let reason = reason.or_else(|| pod["status"]["reason"].as_str().map(str::to_owned));
    reason.unwrap_or_else(|| pod["status"]["phase"].as_str().unwrap_or_default().to_owned())
}

fn event_object(event: &Value) -> String {
    let of = &event["involvedObject"];
    let text = |field: &str| of[field].as_str().unwrap_or_default();
    format!("{}/{}", text("kind").to_lowercase(), text("name"))
}

fn external(service: &Value) -> String {
    let ingress = service["status"]["loadBalancer"]["ingress"].as_array().map(Vec::as_slice);
    let at = |i: &Value| i["ip"].as_str().or(i["hostname"].as_str()).map(str::to_owned);
    let all: Vec<String> = ingress.unwrap_or_default().iter().filter_map(at).collect();
    match all.as_slice() {
        [] if service["spec"]["type"] == "LoadBalancer" => "<pending>".to_owned(),
        [] => "<none>".to_owned(),
        all => all.join(","),
    }
}

fn ports(service: &Value) -> String {
    let list = service["spec"]["ports"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |p: &Value| {
        let protocol = p["protocol"].as_str().unwrap_or("TCP");
        match p["nodePort"].as_i64() {
            Some(node) => format!("{}:{node}/{protocol}", p["port"]),
            None => format!("{}/{protocol}", p["port"]),
        }
    };
    list.iter().map(one).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_node_that_is_cordoned_says_so_beside_its_state() {
        let mut node = json!({
            "metadata": {"labels": {"node-role.kubernetes.io/control-plane": ""}},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        });
        assert_eq!(cell("node-status", &node), "Ready");
        assert_eq!(cell("node-roles", &node), "control-plane");
        node["spec"]["unschedulable"] = true.into();
        node["status"]["conditions"][0]["status"] = "Unknown".into();
        assert_eq!(cell("node-status", &node), "NotReady,SchedulingDisabled");
    }

    #[test]
    fn a_pod_tells_its_containers_and_what_they_wait_for() {
        let mut pod = json!({
            "spec": {"containers": [{"name": "a"}, {"name": "b"}]},
            "status": {"phase": "Running", "containerStatuses": [
                {"ready": true, "state": {"running": {}}},
                {"ready": false, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]},
        });
        assert_eq!(cell("pod-ready", &pod), "1/2");
        assert_eq!(cell("pod-status", &pod), "CrashLoopBackOff");
        pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
        assert_eq!(cell("pod-status", &pod), "Terminating");
    }
}
