use std::sync::Mutex;

use super::*;
use crate::demo::store::Info;

struct Inside {
    api: Api,
    now: Arc<Mutex<Timestamp>>,
}

impl Inside {
    /// Three nodes, and a deployment of two pods with a budget.
    fn new() -> Self {
        let now = Arc::new(Mutex::new("2026-01-31T06:00:00Z".parse::<Timestamp>().unwrap()));
        let clock = now.clone();
        let info = Info { version: "v1.33.4".into(), name: "one".into(), seed: 7 };
        let api = Api::new(info, resource::kubernetes(), Arc::new(move || *clock.lock().unwrap()));
        for name in ["n1", "n2", "n3"] {
            let ready = json!([{"type": "Ready", "status": "True"}]);
            let node = json!({"metadata": {"name": name}, "status": {"conditions": ready}});
            api.create(&resource::NODES, node).unwrap();
        }
        let labels = json!({"app": "web"});
        let deployment = json!({
            "metadata": {"name": "web", "namespace": "a"},
            "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "one"}]}}},
        });
        api.create(&resource::DEPLOYMENTS, deployment).unwrap();
        let budget = json!({"metadata": {"name": "web", "namespace": "a"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": labels}}});
        api.create(&resource::DISRUPTION_BUDGETS, budget).unwrap();
        let inside = Self { api, now };
        inside.run(20);
        inside
    }

    /// Looks again and again, second by second.
    fn run(&self, seconds: i64) {
        for _ in 0..seconds {
            let now = self.now();
            settle(&self.api, now);
            *self.now.lock().unwrap() += SignedDuration::from_secs(1);
        }
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn deployment(&self) -> Value {
        self.api.value(&resource::DEPLOYMENTS, "a", "web").unwrap()
    }

    fn pods(&self) -> Vec<Value> {
        self.api.values(&resource::PODS, None)
    }

    fn change(&self, change: impl Fn(&mut Value)) {
        self.api.modify(&resource::DEPLOYMENTS, "a", "web", change).unwrap();
    }
}

#[test]
fn a_deployment_gets_its_pods_and_then_nothing_moves() {
    let inside = Inside::new();
    let status = &inside.deployment()["status"];
    assert_eq!((&status["readyReplicas"], &status["updatedReplicas"]), (&json!(2), &json!(2)));
    assert!(
        inside.pods().iter().all(|p| p["status"]["phase"] == "Running" && p["spec"]["nodeName"].is_string())
    );
    let budget = inside.api.value(&resource::DISRUPTION_BUDGETS, "a", "web").unwrap();
    assert_eq!(budget["status"]["disruptionsAllowed"], 1);
    let before = inside.api.revision();
    assert_eq!(settle(&inside.api, inside.now()), None);
    assert_eq!(inside.api.revision(), before);
}

#[test]
fn it_grows_shrinks_and_takes_all_along_when_it_goes() {
    let inside = Inside::new();
    for size in [5, 1] {
        inside.change(|d| d["spec"]["replicas"] = size.into());
        inside.run(40);
        assert_eq!(
            (inside.pods().len(), &inside.deployment()["status"]["readyReplicas"]),
            (size, &json!(size))
        );
    }
    inside.api.delete(&resource::DEPLOYMENTS, "a", "web", &Delete::default()).unwrap();
    inside.run(10);
    assert_eq!((inside.pods().len(), inside.api.count(&resource::REPLICA_SETS)), (0, 0));
}

#[test]
fn another_template_is_rolled_out_and_the_old_pods_stay_until_the_new_are_there() {
    let inside = Inside::new();
    inside.change(|d| d["spec"]["template"]["spec"]["containers"][0]["image"] = "two".into());
    inside.run(1);
    let images = |inside: &Inside| -> Vec<String> {
        let image = |p: &Value| p["spec"]["containers"][0]["image"].as_str().unwrap().to_owned();
        let mut images: Vec<String> = inside.pods().iter().filter(|p| ready(p)).map(image).collect();
        images.sort();
        images
    };
    assert_eq!(images(&inside), ["one", "one"]);
    inside.run(40);
    assert_eq!(images(&inside), ["two", "two"]);
    assert_eq!(inside.deployment()["metadata"]["annotations"][REVISION], "2");
    inside.change(|d| d["spec"]["template"]["spec"]["containers"][0]["image"] = "one".into());
    inside.run(40);
    assert_eq!((images(&inside), inside.api.count(&resource::REPLICA_SETS)), (vec!["one".to_owned(); 2], 2));
}

#[test]
fn evicted_pods_come_up_elsewhere_and_a_budget_lets_them_go_one_by_one() {
    let inside = Inside::new();
    let all = inside.pods();
    let node = all[0]["spec"]["nodeName"].as_str().unwrap().to_owned();
    inside.api.modify(&resource::NODES, "", &node, |n| n["spec"]["unschedulable"] = true.into()).unwrap();
    let evict = |pod: &Value| inside.api.evict("a", text(pod, "name"), &Delete::default());
    evict(&all[0]).unwrap();
    inside.run(1);
    assert_eq!(evict(&all[1]).unwrap_err().code, 429);
    inside.run(20);
    assert!(inside.pods().len() == 2 && inside.pods().iter().all(ready));
    assert!(inside.pods().iter().all(|p| p["spec"]["nodeName"] != node.as_str()));
    evict(&all[1]).unwrap();
}

#[test]
fn pods_of_a_lost_node_stay() {
    let inside = Inside::new();
    let pod = &inside.pods()[0];
    let node = pod["spec"]["nodeName"].as_str().unwrap();
    let lost = inside
        .api
        .modify(&resource::NODES, "", node, |n| n["status"]["conditions"][0]["status"] = "Unknown".into());
    lost.unwrap();
    inside.api.delete(&resource::PODS, "a", text(pod, "name"), &Delete::default()).unwrap();
    inside.run(60);
    assert_eq!(inside.pods().len(), 3);
}
