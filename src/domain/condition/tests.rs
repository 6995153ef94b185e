use super::*;

fn condition(kind: &str, status: Status, reason: &str) -> Condition {
    Condition {
        kind: kind.into(),
        status,
        severity: None,
        reason: reason.into(),
        message: Text::default(),
        since: None,
    }
}

fn since(mut condition: Condition, second: i64) -> Condition {
    condition.since = Timestamp::from_second(second).ok();
    condition
}

fn severe(mut condition: Condition, severity: Severity) -> Condition {
    condition.severity = Some(severity);
    condition
}

#[test]
fn polarity_severity_and_reasons_decide() {
    use Status::{False, True, Unknown};
    let rows = [
        ("Ready", True, "", Health::Ok),
        ("Paused", True, "Paused", Health::Paused),
        ("Paused", False, "NotPaused", Health::Ok),
        ("Deleting", True, "DrainingNode", Health::Progressing),
        ("RollingOut", True, "RollingOut", Health::Progressing),
        ("ScalingUp", False, "NotScalingUp", Health::Ok),
        ("ScalingUp", Unknown, "WaitingForReplicasSet", Health::Progressing),
        ("MemoryPressure", True, "KubeletHasInsufficientMemory", Health::Bad),
        ("MemoryPressure", Unknown, "NodeStatusUnknown", Health::Unknown),
        ("ReadonlyFilesystem", True, "FilesystemIsReadOnly", Health::Bad),
        ("Ready", Unknown, "NodeStatusUnknown", Health::Bad),
        ("Ready", Unknown, "ReadyUnknown", Health::Unknown),
        ("TopologyReconciled", False, "ClusterUpgrading", Health::Progressing),
        ("TopologyReconciled", False, "Paused", Health::Paused),
        ("TopologyReconciled", False, "ReconcileFailed", Health::Bad),
        ("UpToDate", False, "NotUpToDate", Health::Progressing),
        ("RemoteConnectionProbe", False, "ProbeFailed", Health::Bad),
        ("MachinesReady", False, "NotReady", Health::Warning),
        ("ControlPlaneAvailable", False, "NotAvailable", Health::Bad),
        ("OwnerRemediated", False, "WaitingForRemediation", Health::Progressing),
        ("OwnerRemediated", False, "CannotBeRemediated", Health::Bad),
        ("EtcdClusterHealthy", Unknown, "ConnectionDown", Health::Unknown),
        ("UpdatesAvailable", False, "AlreadyUpToDate", Health::Ok),
        ("Antrea-ReconcileFailed", True, "", Health::Bad),
        ("Antrea-ReconcileSucceeded", True, "", Health::Ok),
        ("SomethingNew", False, "Surprise", Health::Bad),
    ];
    for (kind, status, reason, expected) in rows {
        assert_eq!(condition(kind, status, reason).health(), expected, "{kind}={status:?} {reason}");
    }
}

#[test]
fn v1beta1_severity_is_honoured_and_parents_reasons_are_read_without_their_suffix() {
    let failed =
        |reason: &str, severity| severe(condition("Ready", Status::False, reason), severity).health();
    assert_eq!(failed("WaitingForInfrastructure", Severity::Info), Health::Progressing);
    assert_eq!(failed("UnhealthyNode", Severity::Warning), Health::Warning);
    assert_eq!(failed("PodFailed", Severity::Error), Health::Bad);
    assert_eq!(failed("RollingUpdateInProgress", Severity::Warning), Health::Progressing);
    assert_eq!(failed("NodeProvisioning @ Machine/c-md-0-x", Severity::Warning), Health::Progressing);
}

#[test]
fn the_worst_condition_is_the_child_that_says_more_and_has_lasted_longest() {
    let ready = since(severe(condition("Ready", Status::False, "NodeNotFound"), Severity::Error), 1);
    let node = since(severe(condition("NodeHealthy", Status::False, "NodeNotFound"), Severity::Error), 9);
    let etcd = since(condition("EtcdMemberHealthy", Status::False, "NotHealthy"), 5);
    let amber = since(severe(condition("X", Status::False, "Y"), Severity::Warning), 0);
    let all = [ready.clone(), amber, node, etcd];
    assert_eq!(worst(&all).unwrap().kind, "EtcdMemberHealthy");
    assert_eq!(worst(&[ready]).unwrap().kind, "Ready");
    assert_eq!(worst(&[condition("Ready", Status::True, "")]), None);
}
