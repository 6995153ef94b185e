//! The tutor without a world: each step is passed by what it asks for and by nothing less, and looks right.
use serde_json::json;
use tko::{
    msg::{Msg, Practice},
    state::access::Permit,
    tutor::{CLUSTER, CONSENT, LEARNT, SITE, STEPS},
    view::layout,
};

use crate::support::{
    objects::{self, HOUR, Template},
    scenario::{Scenario, all_ids, own},
    style,
};

const STUCK: &str = "orders-prod-md-0-k7v2x";
const POOL: &str = "orders-prod-md-0";

fn there(template: Template) -> Template {
    template.namespace(CLUSTER.0)
}

/// The pool that asks for so many and has so many.
fn pool(asked: i64, ready: i64) -> Template {
    let pool = there(objects::pool(CLUSTER.1, "md-0", asked)).set("/status/readyReplicas", ready.into());
    let status = if asked == ready { "True" } else { "False" };
    pool.condition("Available", status, "NotAvailable", 3 * HOUR)
}

/// The machine whose node never came.
fn stuck() -> Template {
    there(objects::machine(CLUSTER.1, "md-0", STUCK))
        .set("/status/phase", json!("Provisioned"))
        .set("/status/nodeRef", json!(null))
        .set("/metadata/creationTimestamp", objects::ago(3 * HOUR).into())
        .condition("Ready", "False", "NotReady", 3 * HOUR)
        .condition("NodeHealthy", "False", "NodeProvisioning", 3 * HOUR)
}

/// The console on the incident, with the tutor beside it.
fn lesson((width, height): (u16, u16)) -> Scenario {
    let mut s = Scenario::new(width, height);
    s.site(SITE).site("aws-eu-mgmt").starts().practice = Practice { drills: false, tutor: true };
    s.live(SITE).live("aws-eu-mgmt");
    s.list(
        SITE,
        "cluster",
        &[
            there(objects::cluster(CLUSTER.1)).condition("Available", "False", "NotAvailable", 3 * HOUR),
            there(objects::cluster("identity-prod")),
        ],
    );
    s.list(SITE, "control-plane", &[there(objects::control_plane(CLUSTER.1))]);
    s.list(SITE, "pool", &[pool(5, 4), there(objects::pool("identity-prod", "md-0", 3))]);
    for kind in ["cluster", "control-plane", "pool"] {
        s.list("aws-eu-mgmt", kind, &[]);
    }
    s
}

fn step(s: &Scenario) -> &'static str {
    let at = s.state.tutor.as_ref().expect("the tutor is shown").at;
    STEPS.get(at).map_or("over", |step| step.title)
}

/// What leads from one step to the next.
struct Move {
    from: &'static str,
    /// Not yet enough.
    little: fn(&mut Scenario),
    enough: fn(&mut Scenario),
}

fn nothing(_: &mut Scenario) {}

fn open_tree(s: &mut Scenario) {
    s.keys("enter");
    let machines = [stuck(), there(objects::machine(CLUSTER.1, "md-0", "orders-prod-md-0-a"))];
    s.list(SITE, "machine", &machines);
}

/// Opens the card of what stands in that line of the tree.
fn open_line(s: &mut Scenario, name: &str) {
    s.keys("g g");
    for _ in 0..40 {
        if s.selected() == name {
            s.keys("enter");
            return;
        }
        s.keys("j");
    }
    panic!("no line {name} in\n{}", s.frame());
}

fn ask_for_fewer(s: &mut Scenario) {
    s.keys(".")
        .permit(&Permit::Allowed)
        .types("scale pool")
        .keys("enter end backspace")
        .types("4")
        .keys("enter");
}

const MOVES: [Move; 13] = [
    Move { from: "A page at three", little: |s| _ = s.keys("j ? esc"), enough: |s| _ = s.keys("2") },
    Move {
        from: "Only what is wrong",
        little: |s| _ = s.keys("3 w 2"),
        enough: |s| _ = s.keys("G /").types("prod").keys("enter"),
    },
    Move { from: "The cluster in question", little: nothing, enough: |s| _ = s.select(CLUSTER.1) },
    Move { from: "All that hangs under it", little: |s| _ = s.keys("d esc"), enough: open_tree },
    Move {
        from: "What it hangs on",
        little: |s| {
            open_line(s, POOL);
            s.keys("esc");
        },
        enough: |s| open_line(s, STUCK),
    },
    Move { from: "Evidence", little: |s| _ = s.keys("o"), enough: |s| _ = s.keys("Y") },
    Move {
        from: "Permission to change something",
        little: |s| _ = s.session("aws-eu-mgmt", 15).keys("W").types("INC-4711").keys("enter"),
        enough: |s| _ = s.session(SITE, 15),
    },
    Move {
        from: "The pool",
        little: |s| _ = s.keys("3").select("identity-prod-md-0"),
        enough: |s| _ = s.keys("3").select(POOL),
    },
    Move {
        from: "A plan, not yet a change",
        little: ask_for_fewer,
        enough: |s| {
            if s.dry_run().is_none() {
                ask_for_fewer(s);
            }
            let (token, _) = s.dry_run().expect("a dry run is asked for");
            s.answers(token, vec![]);
        },
    },
    Move {
        from: "Read, then do it",
        little: nothing,
        enough: |s| _ = s.keys("y").change(SITE, "pool", &pool(4, 4).set("/status/replicas", 5.into())),
    },
    Move { from: "Asked is not done", little: |s| _ = s.keys("2"), enough: |s| _ = s.keys("6") },
    Move {
        from: "Wait for it",
        little: |s| _ = s.change(SITE, "pool", &pool(4, 3)),
        enough: |s| {
            s.change(SITE, "pool", &pool(4, 4).generation(2));
            let key = tko::domain::ObjectKey::new(CLUSTER.0, STUCK);
            let gone = tko::msg::Change::Remove(key);
            s.says(&own(SITE, "machine"), tko::msg::Observation::Changes(vec![gone]));
        },
    },
    Move {
        from: "Leave it as you found it",
        little: |s| _ = s.keys("1"),
        enough: |s| _ = s.send(Msg::Session(tko::domain::SiteId::new(SITE), Ok(None))),
    },
];

/// Goes on until that step is the next one.
fn until(s: &mut Scenario, title: &str) {
    while step(s) != title {
        let now = step(s);
        let one = MOVES.iter().find(|m| m.from == now).unwrap_or_else(|| panic!("{now} is behind {title}"));
        (one.enough)(s);
    }
}

#[test]
fn every_step_is_passed_by_what_it_asks_for_and_by_nothing_less() {
    let titles: Vec<&str> = MOVES.iter().map(|m| m.from).collect();
    assert_eq!(titles, STEPS.iter().map(|s| s.title).collect::<Vec<_>>());
    let mut s = lesson((120, 40));
    for (at, one) in MOVES.iter().enumerate() {
        assert_eq!(step(&s), one.from, "{}", s.frame());
        (one.little)(&mut s);
        assert_eq!(step(&s), one.from, "too easy:\n{}", s.frame());
        (one.enough)(&mut s);
        assert_eq!(step(&s), STEPS.get(at + 1).map_or("over", |s| s.title), "{}", s.frame());
    }
    assert!(s.frame().contains(LEARNT.0), "{}", s.frame());
}

#[test]
fn whoever_knows_the_way_is_not_held_up() {
    let mut s = lesson((120, 40));
    // Straight from the first screen to the tree, by the palette.
    s.keys(":").types("prod/orders-prod").keys("enter");
    s.list(SITE, "machine", &[stuck()]);
    assert_eq!(step(&s), "What it hangs on");
    // It comes up by itself: there is nothing left to do but what was not done anyway.
    s.change(SITE, "machine", &stuck().set("/status/nodeRef", json!({ "name": "n" })));
    s.change(SITE, "pool", &pool(5, 5));
    assert_eq!(step(&s), "over");
}

#[test]
fn it_can_be_left_at_any_time_and_gives_the_room_back() {
    for size in [(120, 40), (80, 24)] {
        let mut s = lesson(size);
        assert!(s.state.width < size.0 || s.state.height < size.1);
        s.keys("f8");
        assert!(s.state.tutor.is_none());
        assert_eq!((s.state.width, s.state.height), size);
        assert!(!s.frame().contains("Tutor"));
        s.keys("f8");
        s.send(Msg::Resized { width: 100, height: 30 });
        assert_eq!((s.state.width, s.state.height), (100, 30));
    }
}

#[test]
fn its_steps_name_commands_that_exist_and_no_keys() {
    let ids = all_ids();
    let texts = STEPS.iter().map(|s| s.text).chain([LEARNT.1, CONSENT.1]);
    for text in texts {
        for word in text.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            let is_name = ["site", "cluster", "machine", "pool", "fewer"].contains(&word);
            assert!(is_name || ids.contains(&word), "{word}");
        }
        let keys = ["enter", "ctrl", " f8", "\"", " / "];
        assert!(!keys.iter().any(|key| text.to_lowercase().contains(key)), "{text}");
    }
    let mut s = lesson((120, 40));
    assert!(s.frame().contains("clusters: 2."), "{}", s.frame());
}

#[test]
fn it_says_everything_in_every_size() {
    for size in [(80, 24), (120, 40), (200, 50), (81, 40)] {
        for end in STEPS.iter().map(|s| s.title).chain(["over"]) {
            let mut s = lesson(size);
            until(&mut s, end);
            let text = STEPS.iter().find(|s| s.title == end).map_or(LEARNT.1, |s| s.text);
            let panel = panel(&mut s);
            // What stands between names and keys, which are others in every place.
            for part in text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).trim())
            {
                assert!(panel.contains(part), "`{part}` of {end} is cut off at {size:?}\n{panel}");
            }
        }
    }
}

/// What stands in the tutor's panel, as one line.
fn panel(s: &mut Scenario) -> String {
    let (width, height) = s.state.terminal;
    let (_, area) = layout::beside(width, height, true);
    let area = area.expect("there is room for the tutor");
    let frame = s.frame();
    let lines = frame.lines().skip(usize::from(area.y));
    let columns =
        lines.map(|l| l.chars().skip(usize::from(area.x) + usize::from(area.x > 0)).collect::<String>());
    columns.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Four moments of it at that size.
fn shots(size: (u16, u16)) -> String {
    let shot = |title: &str| {
        let mut s = lesson(size);
        until(&mut s, title);
        format!("━━ {title}\n{}", style::squeeze(&s.frame()))
    };
    ["A page at three", "What it hangs on", "A plan, not yet a change", "over"].map(shot).concat()
}

#[test]
fn at_the_foot_of_a_small_terminal() {
    insta::assert_snapshot!(shots((80, 24)));
}

#[test]
fn beside_the_console_on_a_wide_one() {
    insta::assert_snapshot!(shots((120, 40)));
}
