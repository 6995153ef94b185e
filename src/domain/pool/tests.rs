use super::*;

fn replicas(desired: i64, current: i64, ready: i64, up_to_date: i64) -> Replicas {
    let counted = Some(Counts { current, ready, available: ready, up_to_date });
    Replicas { desired: Some(desired), counted }
}

#[test]
fn a_rollout_is_read_from_the_numbers() {
    let rows = [
        ("settled", replicas(3, 3, 3, 3), Rollout::Settled),
        ("emptied", replicas(0, 0, 0, 0), Rollout::Settled),
        ("scale up asked", replicas(5, 3, 3, 3), Rollout::ScalingUp),
        ("scale up, machines made", replicas(5, 5, 3, 5), Rollout::Unready),
        ("scale down", replicas(3, 5, 5, 5), Rollout::ScalingDown),
        ("roll with surge, first", replicas(3, 4, 3, 1), Rollout::RollingOut),
        ("roll with surge, the last old one leaves", replicas(3, 4, 4, 3), Rollout::RollingOut),
        ("roll without surge", replicas(3, 2, 2, 0), Rollout::RollingOut),
        ("roll not begun", replicas(3, 3, 3, 0), Rollout::RollingOut),
        ("ready below desired", replicas(3, 3, 2, 3), Rollout::Unready),
        ("nothing there yet", replicas(3, 0, 0, 0), Rollout::ScalingUp),
    ];
    for (name, numbers, expected) in rows {
        assert_eq!(numbers.rollout(false, false, false), expected, "{name}");
    }
}

#[test]
fn deleting_beats_paused_beats_pending_beats_the_numbers() {
    let numbers = replicas(5, 3, 3, 3);
    assert_eq!(numbers.rollout(true, true, true), Rollout::Deleting);
    assert_eq!(numbers.rollout(true, true, false), Rollout::Paused);
    assert_eq!(numbers.rollout(true, false, false), Rollout::Pending);
}

#[test]
fn without_a_wanted_number_the_present_one_is_wanted() {
    let numbers = Replicas { desired: None, ..replicas(4, 4, 4, 4) };
    assert_eq!(numbers.rollout(false, false, false), Rollout::Settled);
    assert!(!Rollout::Unready.is_moving());
}
