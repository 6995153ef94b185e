//! Plans of `pool.scale`: through the topology or on the deployment, and every reason not to.
use serde_json::json;
use tko::actions::{
    self, Action,
    plan::{Inputs, Plan, Refusal},
    pool::{AUTOSCALER_MAX, AUTOSCALER_MIN},
};

use crate::support::{
    objects::{self, MINUTE, Template},
    scenario::{Scenario, target},
};

fn action() -> &'static dyn Action {
    actions::find("pool.scale").expect("it is registered")
}

fn given(cluster: &Template, pool: &Template, machines: &[Template]) -> Scenario {
    let mut s = Scenario::new(80, 24);
    s.site("a").starts().pane = "machines".into();
    s.live("a").list("a", "cluster", std::slice::from_ref(cluster)).list(
        "a",
        "pool",
        std::slice::from_ref(pool),
    );
    s.list("a", "control-plane", &[objects::control_plane("one")]).list("a", "machine", machines);
    s
}

fn plan(s: &Scenario, to: &str) -> Result<Plan, Refusal> {
    let inputs: Inputs = [("replicas".to_owned(), to.to_owned())].into();
    actions::plan(action(), &s.state, &target("a", "pool", "one-md-0"), &inputs)
}

fn planned(cluster: &Template, pool: &Template, to: &str) -> Plan {
    plan(&given(cluster, pool, &[]), to).expect("it can be planned")
}

fn why(cluster: &Template, pool: &Template, to: &str) -> String {
    plan(&given(cluster, pool, &[]), to).expect_err("it is refused").why
}

fn classy() -> (Template, Template) {
    (objects::cluster("one"), objects::pool("one", "md-0", 3))
}

fn free() -> (Template, Template) {
    (objects::cluster("one").set("/spec/topology", json!(null)), objects::free_pool("one", "md-0", 3))
}

fn snapshot(name: &str, plan: &Plan) {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/scale_pool" }, {
        insta::assert_yaml_snapshot!(name, plan);
    });
}

#[test]
fn through_the_topology() {
    let (cluster, pool) = classy();
    snapshot("topology_up", &planned(&cluster, &pool, "5"));
}

#[test]
fn through_the_topology_of_an_older_server() {
    let (cluster, pool) = classy();
    let plan = planned(&cluster.v1beta1(), &pool.v1beta1(), "5");
    assert_eq!(plan.steps[0].address().version, "v1beta1", "it is written in the dialect it was read in");
    snapshot("topology_up_v1beta1", &plan);
}

#[test]
fn without_a_class() {
    let (cluster, pool) = free();
    snapshot("deployment_up", &planned(&cluster, &pool, "4"));
}

#[test]
fn down_and_to_zero() {
    let (cluster, pool) = classy();
    snapshot("topology_down", &planned(&cluster, &pool, "2"));
    let (cluster, pool) = free();
    snapshot("deployment_to_zero", &planned(&cluster, &pool, "0"));
}

#[test]
fn what_a_second_look_is_worth() {
    let (cluster, pool) = classy();
    let paused = cluster.set("/spec/paused", json!(true));
    let rolling = pool.set("/status/upToDateReplicas", json!(1));
    let sick = [
        objects::machine("one", "md-0", "m-1"),
        objects::machine("one", "md-0", "m-2").condition("NodeHealthy", "False", "NodeNotReady", MINUTE),
    ];
    let s = given(&paused, &rolling, &sick);
    snapshot("paused_and_rolling", &plan(&s, "5").unwrap());
}

#[test]
fn the_second_pool_of_a_topology_is_addressed_by_its_own_place_and_name() {
    let pools = json!([
        { "class": "w", "name": "gpu", "replicas": 1 },
        { "class": "w", "name": "md-0", "replicas": 3 },
    ]);
    let cluster = objects::cluster("one").set("/spec/topology/workers/machineDeployments", pools);
    let plan = planned(&cluster, &objects::pool("one", "md-0", 3), "4");
    assert_eq!(
        plan.steps[0].body(),
        Some(&json!([
            { "op": "test", "path": "/spec/topology/workers/machineDeployments/1/name", "value": "md-0" },
            { "op": "replace", "path": "/spec/topology/workers/machineDeployments/1/replicas", "value": 4 },
        ]))
    );
}

#[test]
fn the_command_by_hand_is_safe_to_paste() {
    let (cluster, pool) = classy();
    let s = given(&cluster, &pool, &[]);
    let text = plan(&s, "5").unwrap().equivalent;
    assert!(
        text.starts_with("kubectl --context a-admin -n team-a patch clusters.cluster.x-k8s.io one "),
        "{text}"
    );
    assert!(text.contains("--type json -p '[{"), "{text}");
}

#[test]
fn refusals() {
    let (cluster, pool) = classy();
    let mut all = String::new();
    let mut note = |case: &str, why: String| all += &[case, ": ", &why, "\n"].concat();
    note("same number", why(&cluster, &pool, "3"));
    note("no number", why(&cluster, &pool, "many"));
    note("nothing", why(&cluster, &pool, "  "));
    note("fraction", why(&cluster, &pool, "2.5"));
    note("too many", why(&cluster, &pool, "1001"));
    note("negative", why(&cluster, &pool, "-1"));
    note("too long for a number", why(&cluster, &pool, "99999999999999999999"));
    note("deleting", why(&cluster, &pool.clone().deleting(), "5"));
    note("cluster deleting", why(&cluster.clone().deleting(), &pool, "5"));
    let scaled = pool.clone().annotation(AUTOSCALER_MIN, "1").annotation(AUTOSCALER_MAX, "9");
    note("autoscaler", why(&cluster, &scaled, "5"));
    note("half an autoscaler", why(&cluster, &pool.clone().annotation(AUTOSCALER_MAX, "9"), "5"));
    note(
        "not in the topology",
        why(
            &cluster,
            &objects::pool("one", "md-0", 3).label("topology.cluster.x-k8s.io/deployment-name", "gone"),
            "5",
        ),
    );
    note(
        "topology without a number",
        why(
            &cluster.clone().set("/spec/topology/workers/machineDeployments/0/replicas", json!(null)),
            &pool,
            "5",
        ),
    );
    note("somebody else's number", why(&cluster, &pool.clone().set("/spec/replicas", json!(null)), "5"));
    note(
        "unreadable pool",
        why(&cluster, &pool.clone().set("/metadata/labels", json!(7)).set("/spec", json!("x")), "5"),
    );
    note("unreadable cluster", why(&cluster.clone().set("/spec", json!(true)), &pool, "5"));
    note("cluster unknown", why(&objects::cluster("other"), &pool, "5"));
    let mut s = given(&cluster, &pool, &[]);
    s.remove("a", "pool", "one-md-0");
    note("gone", plan(&s, "5").unwrap_err().why);
    insta::assert_snapshot!("refusals", all);
}

#[test]
fn the_bounds_of_an_autoscaler_count_where_a_topology_declares_them_too() {
    let (cluster, pool) = classy();
    let declared = json!({ "annotations": { AUTOSCALER_MIN: "1", AUTOSCALER_MAX: "9" } });
    let cluster = cluster.set("/spec/topology/workers/machineDeployments/0/metadata", declared);
    assert!(why(&cluster, &pool, "5").contains("autoscaler"), "{}", why(&cluster, &pool, "5"));
}

#[test]
fn control_planes_and_others_do_not_fit() {
    let s = given(&objects::cluster("one"), &objects::pool("one", "md-0", 3), &[]);
    for kind in ["control-plane", "cluster", "machine"] {
        assert!(!action().fits(&s.state, &target("a", kind, "one")), "{kind}");
    }
}

#[test]
fn the_right_that_is_asked_for_is_the_one_the_write_needs() {
    let right = |cluster: &Template, pool: &Template| {
        let s = given(cluster, pool, &[]);
        action().permissions(&s.state, &target("a", "pool", "one-md-0"))[0].resource
    };
    let (cluster, pool) = classy();
    assert_eq!(right(&cluster, &pool), "clusters");
    let (cluster, pool) = free();
    assert_eq!(right(&cluster, &pool), "machinedeployments");
}
