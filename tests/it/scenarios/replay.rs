//! A recording of a run replays to the same frame: every message survives its trip through JSON, and
//! nothing but the messages decides what is on the screen.
use tko::{
    msg::Msg,
    runtime::{app::last_frame, recorder::Recorder, replay::replay},
    state::State,
    update::update,
};

use crate::{
    scenarios::pipeline,
    support::{objects, scenario::Scenario},
    views::scenes::{self, Case},
};

fn eventful() -> Scenario {
    let mut s = scenes::management("clusters", Case::Stale, (120, 40));
    s.keys("/").types("!lab").keys("enter space j space f").tick(2);
    s.change("prod-eu", "cluster", &objects::cluster("while-frozen")).keys("f t j z d Y esc 3 w S");
    s.live("prod-eu");
    scenes::fleet(&mut s);
    pipeline::scale(&mut s, "billing-md-0", "7");
    s.tick(4).keys("6 ?").tick(3);
    s
}

#[test]
fn the_log_of_a_run_makes_the_same_frame_after_a_trip_through_json() {
    let mut s = eventful();
    let json = serde_json::to_string(&s.log).unwrap();
    let log: Vec<Msg> = serde_json::from_str(&json).unwrap();
    assert_eq!(log, s.log);
    let mut state = State::default();
    for msg in log {
        drop(update(&mut state, &s.context, msg));
    }
    assert_eq!(s.text_of(&state), s.frame());
}

#[test]
fn the_same_messages_make_the_same_effects() {
    let s = eventful();
    let run = || {
        let mut state = State::default();
        s.log
            .iter()
            .flat_map(|msg| {
                let mut effects: Vec<String> = update(&mut state, &s.context, msg.clone())
                    .iter()
                    .map(|e| serde_json::to_string(e).unwrap())
                    .collect();
                // Which of several new watches starts first is of no consequence.
                effects.sort();
                effects
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_recording_on_disk_replays_and_agrees_with_its_last_frame() {
    let s = eventful();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("run.ndjson");
    let mut recorder = Recorder::start(&file, objects::start()).unwrap();
    for (at, msg) in (0_u64..).zip(&s.log) {
        recorder.note(at, msg).unwrap();
    }
    recorder.finish(&last_frame(&s.state, &s.look)).unwrap();
    let replayed = replay(&file, &s.context, &s.look).unwrap();
    assert_eq!((replayed.agrees, replayed.messages), (Some(true), s.log.len()));
    assert_eq!(replayed.frame.len(), 40);
}

#[test]
fn a_recording_holds_no_value_of_a_secret() {
    let s = eventful();
    let json = serde_json::to_string(&s.log).unwrap();
    assert!(!json.contains("managedFields") && !json.contains("last-applied-configuration"));
}
