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

/// The Fleet's count of clusters by health, and what the fault filter leaves of the clusters.
fn counted(s: &mut crate::support::scenario::Scenario) -> (String, Vec<String>) {
    let row = s.state.row(tko::state::RowId::Site(0)).unwrap();
    let cell = (tko::panes::find("fleet").unwrap().column("health").unwrap().cell)(&s.state, row);
    let health = cell.text.into_owned();
    s.keys("2 !");
    let rows = s.rows();
    s.keys("!");
    (health, rows)
}

#[test]
fn a_stalled_cluster_is_a_fault_as_soon_as_time_makes_it_one() {
    let mut s = clusters(&["one", "two"]);
    for kind in ["control-plane", "pool"] {
        s.list("a", kind, &[]);
    }
    let updating = objects::cluster("one").set("/status/workers/upToDateReplicas", json!(1)).condition(
        "RollingOut",
        "True",
        "RollingOut",
        29 * MINUTE,
    );
    s.change("a", "cluster", &updating);
    assert_eq!(counted(&mut s), ("1 progressing, 1 ok".to_owned(), vec![]));
    s.tick(3 * MINUTE);
    assert!(s.line("one").contains("Stalled"), "{}", s.frame());
    assert_eq!(counted(&mut s), ("1 bad, 1 ok".to_owned(), vec!["one".to_owned()]));
    s.change("a", "cluster", &objects::cluster("one"));
    assert_eq!(counted(&mut s), ("2 ok".to_owned(), vec![]));
}

#[test]
fn a_pause_excuses_what_does_not_move_but_nothing_that_is_broken() {
    let mut s = clusters(&["one"]);
    for kind in ["control-plane", "pool"] {
        s.list("a", kind, &[]);
    }
    let paused = || objects::cluster("one").set("/spec/paused", json!(true));
    s.change("a", "cluster", &paused().set("/status/workers/upToDateReplicas", json!(1)));
    assert_eq!(counted(&mut s), ("1 paused".to_owned(), vec![]));
    s.change("a", "cluster", &paused().v1beta1());
    let lost = objects::control_plane("one").condition("Available", "False", "EtcdQuorumLost", HOUR);
    s.change("a", "control-plane", &lost);
    let (health, faults) = counted(&mut s);
    assert_eq!((health.as_str(), faults), ("1 bad", vec!["one".to_owned()]), "{}", s.frame());
    let row = s.line("one");
    assert!(row.contains("Paused") && row.contains(s.look.glyphs.bad), "{row}");
}
