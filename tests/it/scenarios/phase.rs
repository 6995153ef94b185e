//! TKG's phase of a cluster: when the work on it counts as stalled.
use serde_json::json;

use super::clusters;
use crate::support::objects::{self, HOUR, MINUTE, Template, ago};

/// What the CLI notes: an operation with a timeout of half an hour, last seen to move so many seconds ago.
fn noted(cluster: Template, operation: &str, seconds: i64) -> Template {
    let at = ago(seconds).replace('T', " ").replace('Z', ".25 +0000 UTC");
    cluster
        .annotation(
            "TKGOperationInfo",
            &format!("{{\"Operation\":\"{operation}\",\"OperationTimeout\":1800}}"),
        )
        .annotation("TKGOperationLastObservedTimestamp", &at)
}

#[test]
fn the_clis_own_note_says_when_work_is_stalled_and_time_alone_where_there_is_none() {
    let creating = || {
        objects::cluster("one")
            .set("/status/phase", json!("Provisioning"))
            .condition("TopologyReconciled", "True", "ReconcileSucceeded", 2 * HOUR)
            .condition("Available", "False", "NotAvailable", 2 * HOUR)
            .condition("ControlPlaneInitialized", "False", "NotInitialized", 2 * HOUR)
    };
    let updating = || objects::cluster("one").set("/status/workers/upToDateReplicas", json!(1));
    let fresh = |c: Template| c.condition("RollingOut", "True", "RollingOut", MINUTE);
    let cases = [
        (creating(), "Stalled"),
        (noted(creating(), "Create", 40 * MINUTE), "Stalled"),
        (noted(creating(), "Create", 5 * MINUTE), "Provisioning"),
        (noted(fresh(updating()), "Upgrade", 40 * MINUTE), "Stalled"),
        (noted(updating(), "Upgrade", 5 * MINUTE), "Updating"),
        (noted(fresh(updating()), "Create", 40 * HOUR), "Updating"),
        (fresh(updating()), "Updating"),
        (noted(objects::cluster("one"), "Upgrade", 40 * HOUR), "Running"),
    ];
    for (number, (cluster, phase)) in cases.into_iter().enumerate() {
        let mut s = clusters(&["one"]);
        let older = objects::machine("one", "md-0", "m-1").set("/spec/version", json!("v1.32.0"));
        s.list("a", "machine", &[objects::machine("one", "md-0", "m-0"), older])
            .change("a", "cluster", &cluster);
        assert!(s.line("one").contains(phase), "{number}: {phase}\n{}", s.frame());
    }
}

#[test]
fn the_note_of_an_upgrade_that_is_done_says_nothing_of_a_scaling_after_it() {
    let mut s = clusters(&["one"]);
    let scaling = objects::cluster("one").set("/status/workers/desiredReplicas", json!(5)).condition(
        "ScalingUp",
        "True",
        "ScalingUp",
        MINUTE,
    );
    s.change("a", "cluster", &noted(scaling, "Upgrade", 40 * HOUR));
    assert!(s.line("one").contains("Updating"), "{}", s.frame());
}
