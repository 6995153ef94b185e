//! Whatever is pressed and whatever servers say: no panic, a frame each time, and no request that
//! writes without an open session and a yes to a preview that the server has answered.
use proptest::prelude::*;
use serde_json::json;
use tko::{
    domain::{Problem, ProblemKind, site::Protection},
    effect::Effect,
    keymap::{Chord, Key},
    msg::{JobEvent, Msg, Observation},
    state::{
        access::Permit,
        overlay::{Overlay, Stage},
    },
};

use crate::{
    scenarios::pipeline,
    support::{
        objects::{self, MINUTE},
        scenario::{Scenario, absent, cluster_key, forbidden, own, refused},
    },
};

/// Something that may happen at any time.
#[derive(Debug, Clone)]
enum Event {
    Keys(&'static str),
    Type(char),
    Tick(i64),
    Resize(u16, u16),
    Paste(String),
    World(u8, u8),
}

/// Keys that lead somewhere, the way to a job among them.
const KEYS: &[&str] = &[
    "j",
    "k",
    "g g",
    "G",
    "enter",
    "esc",
    ".",
    "/",
    "space",
    "v",
    "u",
    "ctrl-t",
    "!",
    "s",
    "S",
    "g s",
    "w",
    "f",
    "i",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "tab",
    "shift-tab",
    "[",
    "]",
    "t",
    "d",
    "Y",
    "e",
    "c",
    "o",
    "y",
    "r",
    "W",
    "?",
    ":",
    "h",
    "l",
    "pgdn",
    "pgup",
    "z",
    "Z",
    "n",
    "N",
    "x x",
    "backspace",
    "up",
    "down",
    "ctrl-d",
    "ctrl-u",
    "g",
    "x",
    ". enter",
    ". enter 5 enter",
    "enter enter",
    "ctrl-p",
    "end",
    "backspace 7 enter",
];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => prop::sample::select(KEYS).prop_map(Event::Keys),
        2 => any::<char>().prop_map(Event::Type),
        1 => (0_i64..200).prop_map(Event::Tick),
        1 => (0_u16..220, 0_u16..60).prop_map(|(w, h)| Event::Resize(w, h)),
        1 => ".{0,12}".prop_map(Event::Paste),
        6 => (any::<u8>(), 0_u8..14).prop_map(|(a, b)| Event::World(a, b)),
    ]
}

const KINDS: [&str; 4] = ["cluster", "control-plane", "pool", "machine"];

/// Servers, controllers and the executor do something.
fn world(s: &mut Scenario, a: u8, what: u8) {
    let site = if a.is_multiple_of(2) { "a" } else { "b" };
    let kind = KINDS[usize::from(a / 2) % 4];
    let source = own(site, kind);
    let name = format!("n{}", a % 5);
    let object = match kind {
        "cluster" => objects::cluster(&name),
        "control-plane" => objects::control_plane(&name),
        "pool" => objects::pool(&name, "md-0", i64::from(a % 7)),
        _ => objects::machine(&name, "md-0", &format!("m{}", a % 9)),
    };
    match what {
        0 => drop(s.live(site)),
        1 => drop(s.site_fails(site, refused())),
        2 => drop(s.change(site, kind, &object)),
        3 => drop(s.change(
            site,
            kind,
            &object.condition("Available", "False", "X", MINUTE).generation(i64::from(a)),
        )),
        4 => drop(s.change(site, kind, &object.set("/status", json!("?")).set("/spec", json!([])))),
        5 => drop(s.remove(site, kind, &name)),
        6 => drop(s.list(site, kind, &[object])),
        7 => drop(s.stale(site, kind)),
        8 => drop(s.says(&source, Observation::Forbidden(forbidden(kind)))),
        9 => drop(s.says(&source, Observation::Absent(absent(kind)))),
        10 if a.is_multiple_of(3) => drop(s.permit(&Permit::Unknown("?".into()))),
        10 => drop(s.permit(&Permit::Allowed)),
        11 => executor(s, a, site),
        12 => drop(s.reached(&cluster_key(site, &name))),
        _ => {
            if let Some((token, _)) = s.dry_run() {
                let no = Problem::new(ProblemKind::Refused, "no");
                let refuse = a.is_multiple_of(4);
                if refuse {
                    s.send(Msg::DryRun(token, Err(no)))
                } else {
                    s.answers(token, vec![])
                };
            }
        }
    }
}

fn executor(s: &mut Scenario, a: u8, site: &str) {
    if let Some((job, _)) = s.executed().last().cloned() {
        let event = match a % 4 {
            0 => JobEvent::Started,
            1 => JobEvent::Submitted,
            2 => JobEvent::Step { index: 0, outcome: Ok("ok".into()) },
            _ => JobEvent::Failed(refused()),
        };
        s.send(Msg::Job(job, event));
    }
    if s.effects.iter().any(|e| matches!(e, Effect::OpenSession { .. })) {
        s.session(site, i64::from(a % 3));
    }
    if s.effects.iter().any(|e| matches!(e, Effect::CloseSession(_))) {
        s.send(Msg::Session(own(site, "pool").site, Ok(None)));
    }
}

fn happen(s: &mut Scenario, event: &Event) {
    match event {
        Event::Keys(keys) => drop(s.keys(keys)),
        Event::Type(c) => drop(s.send(Msg::Key(Chord::plain(Key::Char(*c))))),
        Event::Tick(seconds) => drop(s.tick((*seconds).min(70))),
        Event::Resize(width, height) => drop(s.send(Msg::Resized { width: *width, height: *height })),
        Event::Paste(text) => drop(s.send(Msg::Paste(text.clone()))),
        Event::World(a, what) => world(s, *a, *what),
    }
}

/// Whether a write may leave now: it was previewed, the server answered, and the site may be written to.
fn may_execute(s: &Scenario) -> Option<String> {
    match s.state.screen.overlays.last() {
        Some(Overlay::Action(flow)) => match &flow.stage {
            Stage::Preview { answer: Some(Ok(_)), .. } => Some(flow.target.source.site.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn has_session(s: &Scenario, site: &str) -> bool {
    s.state.sites.iter().any(|x| x.spec.id.as_str() == site && x.session.is_some())
}

/// The way to a job, step by step; noise comes in between.
const WAY: [Event; 6] = [
    Event::Keys("backspace"),
    Event::Type('5'),
    Event::Keys("enter"),
    Event::World(1, 13),
    Event::Paste(String::new()),
    Event::Keys("enter"),
];

fn run(way: &[Vec<Event>], events: &[Event], protected: bool) -> Result<usize, TestCaseError> {
    let protection = if protected { Protection::High } else { Protection::Normal };
    let mut s = Scenario::new(100, 24);
    s.site_with("a", protection).site_with("b", protection).starts().pane = "pools".into();
    s.live("a").live("b");
    s.list("a", "cluster", &[objects::cluster("n1")]).list("a", "pool", &[objects::pool("n1", "md-0", 3)]);
    s.session("a", 30);
    pipeline::form(&mut s, "n1-md-0");
    for (step, noise) in WAY.iter().zip(way) {
        match step {
            Event::Paste(_) if protected => taken(&mut s, &Event::Paste("n1-md-0".into()))?,
            step => taken(&mut s, step)?,
        }
        for event in noise {
            taken(&mut s, event)?;
        }
    }
    for event in events {
        taken(&mut s, event)?;
    }
    Ok(s.executed().len())
}

/// Lets one thing happen, key by key, so that what allowed a write is known.
fn taken(s: &mut Scenario, event: &Event) -> Result<(), TestCaseError> {
    let steps: Vec<Event> = match event {
        Event::Keys(keys) => keys.split(' ').map(Event::Keys).collect(),
        other => vec![other.clone()],
    };
    for step in &steps {
        let (dry, done) = (s.dry_run().map(|(t, _)| t), s.executed().len());
        let allowed = may_execute(s);
        happen(s, step);
        if s.executed().len() > done {
            prop_assert!(allowed.is_some(), "executed without an answered preview");
            prop_assert!(allowed.is_some_and(|site| has_session(s, &site)), "executed without a session");
        }
        if let Some((token, plan)) = s.dry_run()
            && Some(token) != dry
        {
            prop_assert!(has_session(s, plan.target.source.site.as_str()), "dry run without a session");
        }
    }
    s.frame();
    Ok(())
}

#[test]
fn nothing_panics_and_nothing_is_written_without_a_yes() {
    let noise = prop::collection::vec(prop::collection::vec(event(), 0..2), WAY.len());
    let events = prop::collection::vec(event(), 0..40);
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let mut executed = 0;
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = std::cell::RefCell::new(&mut executed);
    let result = runner.run(&(noise, events, any::<bool>()), |(way, events, protected)| {
        **outcome.borrow_mut() += run(&way, &events, protected)?;
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(executed > 0, "the way to a job was never walked to its end, so nothing was proved");
}
