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

fn object(facts: Facts, conditions: Vec<Condition>) -> Object {
    Object { meta: Meta { generation: 2, observed_generation: 2, ..Meta::default() }, conditions, facts }
}

fn machine(node: &str) -> Facts {
    Facts::Machine(Box::new(Machine { node: node.into(), ..Machine::default() }))
}

#[test]
fn a_new_machine_is_on_its_way_where_an_old_one_is_broken() {
    let conditions = vec![
        condition("Ready", Status::False, "NotReady"),
        condition("InfrastructureReady", Status::False, "NotReady"),
        condition("NodeHealthy", Status::Unknown, "InspectionFailed"),
    ];
    assert_eq!(object(machine(""), conditions.clone()).health(), Health::Progressing);
    let old = object(machine("n1"), conditions);
    assert_eq!(old.health(), Health::Bad);
    assert_eq!(old.worst_condition().unwrap().kind, "InfrastructureReady");
}

#[test]
fn a_node_whose_kubelet_is_silent_is_bad_whatever_the_reason() {
    let node = Facts::Node(Box::default());
    assert_eq!(object(node, vec![condition("Ready", Status::Unknown, "")]).health(), Health::Bad);
}

#[test]
fn on_its_way_out_only_what_hinders_counts() {
    let mut gone = object(machine("n1"), vec![condition("NodeHealthy", Status::False, "NodeDeleted")]);
    gone.meta.deleted = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(gone.health(), Health::Progressing);
    gone.conditions.push(condition("DrainingSucceeded", Status::False, "DrainingFailed"));
    assert_eq!(gone.health(), Health::Bad);
}

#[test]
fn nothing_known_is_unknown_and_a_stale_status_is_not_green() {
    assert_eq!(object(Facts::Plain, vec![]).health(), Health::Unknown);
    let mut behind = object(Facts::Plain, vec![condition("Ready", Status::True, "")]);
    assert_eq!(behind.health(), Health::Ok);
    behind.meta.generation = 3;
    assert_eq!(behind.health(), Health::Progressing);
}

#[test]
fn a_pause_shows_without_a_condition() {
    let cluster = Facts::Cluster(Box::new(Cluster { paused: true, ..Cluster::default() }));
    assert_eq!(object(cluster, vec![condition("Ready", Status::True, "")]).health(), Health::Paused);
}

#[test]
fn a_new_resource_version_alone_is_no_news() {
    let a = object(machine("n1"), vec![]);
    let mut b = a.clone();
    b.meta.resource_version = "9".into();
    assert!(a.same_facts(&b));
    b.meta.labels.insert("a".into(), "b".into());
    assert!(!a.same_facts(&b));
}

#[test]
fn the_server_knows_best_whether_machines_are_being_replaced() {
    let pool = |up_to_date: i64, said: Option<Status>| {
        let counted = Some(Counts { current: 4, ready: 2, available: 2, up_to_date });
        let replicas = Replicas { desired: Some(4), counted };
        let facts = Facts::Pool(Box::new(Pool { replicas, ..Pool::default() }));
        object(facts, said.into_iter().map(|status| condition("RollingOut", status, "")).collect()).rollout()
    };
    assert_eq!(pool(2, None), Some(Rollout::RollingOut));
    assert_eq!(pool(2, Some(Status::False)), Some(Rollout::Unready));
    assert_eq!(pool(4, Some(Status::True)), Some(Rollout::RollingOut));
    assert_eq!(pool(4, None), Some(Rollout::Unready));
    assert_eq!(object(Facts::Plain, vec![]).rollout(), None);
}
