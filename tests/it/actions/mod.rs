//! What each action plans, as data, what it refuses, and when its work counts as done.
mod cluster;
mod control_plane;
mod forms;
mod goals;
mod machine;
mod node;
mod pool;
mod scale_pool;

use tko::{
    actions::{
        self,
        plan::{Inputs, Plan, Refusal},
    },
    domain::{ResourceRef, site::Protection},
};

use crate::support::{
    objects::{self, MINUTE, Template},
    scenario::{Scenario, own, target},
};

/// Site `a` with the cluster `one`: three control plane machines, a pool of three and one of one, a health check, a
/// class. Every list is whole.
struct Fleet {
    clusters: Vec<Template>,
    planes: Vec<Template>,
    pools: Vec<Template>,
    machines: Vec<Template>,
    checks: Vec<Template>,
    classes: Vec<Template>,
    releases: Vec<Template>,
    protection: Protection,
}

impl Fleet {
    fn new() -> Self {
        let pools = serde_json::json!([
            { "class": "tkg-worker", "name": "md-0", "replicas": 3 },
            { "class": "tkg-worker", "name": "md-1", "replicas": 1 },
        ]);
        let cluster = objects::cluster("one")
            .set("/spec/topology/workers/machineDeployments", pools)
            .set("/metadata/finalizers", serde_json::json!(["cluster.cluster.x-k8s.io"]));
        let mut machines: Vec<Template> =
            ["cp-1", "cp-2", "cp-3"].map(|name| objects::plane_machine("one", name)).into();
        machines.extend(["m-1", "m-2", "m-3"].map(|name| objects::machine("one", "md-0", name)));
        machines.push(objects::machine("one", "md-1", "n-1"));
        Self {
            clusters: vec![cluster],
            planes: vec![objects::control_plane("one")],
            pools: vec![objects::pool("one", "md-0", 3), objects::pool("one", "md-1", 1)],
            machines,
            checks: vec![objects::health_check("one", "md-0")],
            classes: vec![objects::cluster_class("tkg-vsphere-default-v1.2.0", &[])],
            releases: vec![],
            protection: Protection::Normal,
        }
    }

    /// The fleet as a server of the older line shows it.
    fn older(mut self) -> Self {
        for list in [&mut self.clusters, &mut self.planes, &mut self.pools, &mut self.machines] {
            *list = list.drain(..).map(Template::v1beta1).collect();
        }
        self
    }

    fn cluster(mut self, change: impl Fn(Template) -> Template) -> Self {
        self.clusters[0] = change(self.clusters[0].clone());
        self
    }

    /// Changes the machine of that name.
    fn machine(mut self, name: &str, change: impl Fn(Template) -> Template) -> Self {
        let at = self.machines.iter().position(|m| m.json["metadata"]["name"] == name).unwrap();
        self.machines[at] = change(self.machines[at].clone());
        self
    }

    fn seen(&self) -> Scenario {
        let mut s = Scenario::new(120, 30);
        s.site_with("a", self.protection).starts().pane = "clusters".into();
        s.begin();
        s.state.screen.reads =
            ["machine", "health-check", "cluster-class", "release"].map(|kind| own("a", kind)).into();
        s.live("a");
        s.list("a", "cluster", &self.clusters).list("a", "control-plane", &self.planes);
        s.list("a", "pool", &self.pools).list("a", "machine", &self.machines);
        s.list("a", "health-check", &self.checks).list("a", "cluster-class", &self.classes);
        s.list("a", "release", &self.releases);
        s
    }

    fn plan(&self, action: &str, at: &ResourceRef, inputs: &[(&str, &str)]) -> Result<Plan, Refusal> {
        plan(&self.seen(), action, at, inputs)
    }

    /// Why there is no plan.
    fn why(&self, action: &str, at: &ResourceRef, inputs: &[(&str, &str)]) -> String {
        self.plan(action, at, inputs).expect_err("it is refused").why
    }
}

fn plan(s: &Scenario, action: &str, at: &ResourceRef, inputs: &[(&str, &str)]) -> Result<Plan, Refusal> {
    let action = actions::find(action).expect("it is registered");
    let inputs: Inputs = inputs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    actions::plan(action, &s.state, at, &inputs)
}

fn one() -> ResourceRef {
    target("a", "cluster", "one")
}

fn pool(name: &str) -> ResourceRef {
    target("a", "pool", &format!("one-{name}"))
}

/// A node of it has not answered for a minute.
fn sick(template: Template) -> Template {
    template.condition("NodeHealthy", "False", "NodeNotReady", MINUTE)
}

fn snapshot(name: &str, plan: &Plan) {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/verbs" }, {
        insta::assert_yaml_snapshot!(name, plan);
    });
}

/// Cases and why each is refused, one a line.
fn refusals(name: &str, cases: &[(&str, String)]) {
    let lines: Vec<String> = cases.iter().map(|(case, why)| format!("{case}: {why}")).collect();
    let all = lines.join("\n");
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/verbs" }, {
        insta::assert_snapshot!(name, all);
    });
}

#[test]
fn every_plan_says_who_is_affected_and_how_it_is_done_by_hand() {
    let fleet = Fleet::new().cluster(|c| c.set("/spec/topology/version", "v1.33.4".into()));
    for (action, at, inputs) in [
        ("pool.scale", pool("md-0"), vec![("replicas", "5")]),
        ("control-plane.scale", one(), vec![("replicas", "5")]),
        ("pool.add", one(), vec![("name", "md-2"), ("class", "tkg-worker"), ("replicas", "2")]),
        ("machine.replace", target("a", "machine", "n-1"), vec![]),
        ("cluster.upgrade", one(), vec![("to", "v1.34.1")]),
        ("pool.restart", pool("md-0"), vec![("after", "2026-03-01T12:00:00Z")]),
        ("control-plane.restart", one(), vec![("after", "2026-03-01T12:00:00Z")]),
        ("cluster.pause", one(), vec![]),
        ("pool.delete", pool("md-1"), vec![]),
        ("cluster.delete", one(), vec![]),
    ] {
        let plan = fleet.plan(action, &at, &inputs).unwrap();
        assert!(!plan.steps.is_empty() && plan.consequences.len() > 1, "{action}");
        assert!(plan.equivalent.starts_with("kubectl --context a-admin -n team-a "), "{action}: {plan:#?}");
        let danger = actions::find(action).unwrap().danger();
        let harmless = danger <= actions::spec::Danger::Reversible;
        assert!(harmless || plan.consequences.iter().any(|c| c.warning) || plan.undo.is_some(), "{action}");
    }
}

#[test]
fn a_way_back_leads_back() {
    let fleet = Fleet::new();
    for (action, at, inputs) in [
        ("pool.scale", pool("md-0"), vec![("replicas", "5")]),
        ("control-plane.scale", one(), vec![("replicas", "5")]),
        ("cluster.pause", one(), vec![]),
    ] {
        let undo = fleet.plan(action, &at, &inputs).unwrap().undo.expect("it can be taken back");
        let inputs: Vec<(&str, &str)> = undo.inputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        // As it is now, going back is nothing to do.
        let refusal = fleet.plan(&undo.action, &undo.target, &inputs).unwrap_err();
        assert!(refusal.settled, "{action}: {}", refusal.why);
    }
}
