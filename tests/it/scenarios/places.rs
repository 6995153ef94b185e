//! Places: panes, history, scope, what is remembered, what is copied.
use tko::{
    effect::Effect,
    msg::Msg,
    state::{Place, screen::Tab},
};

use super::{clusters, named};
use crate::support::{
    objects,
    scenario::{Scenario, cluster_key, target},
};

#[test]
fn history_goes_back_and_forward_and_a_new_step_forgets_what_was_ahead() {
    let mut s = clusters(&["one"]);
    let pane = |s: &Scenario| s.state.screen.pane().unwrap_or("-").to_owned();
    s.keys("3 4");
    assert_eq!(pane(&s), "machines");
    s.keys("[");
    assert_eq!(pane(&s), "pools");
    s.keys("[");
    assert_eq!(pane(&s), "clusters");
    s.keys("] ]");
    assert_eq!(pane(&s), "machines");
    s.keys("[ 1 ]");
    assert_eq!(pane(&s), "fleet", "the machines are no longer ahead");
    assert!(s.frame().contains("nothing to go forward to"), "{}", s.frame());
    s.keys("[");
    assert_eq!(pane(&s), "pools");
}

#[test]
fn a_cluster_opens_its_tree_and_a_line_of_it_a_card_and_esc_leads_back() {
    let mut s = clusters(&["one"]);
    s.list("a", "pool", &[objects::pool("one", "md-0", 3)]);
    s.keys("enter");
    assert_eq!(*s.state.screen.place(), Place::Tree(cluster_key("a", "one")));
    s.keys("G d");
    assert_eq!(
        *s.state.screen.place(),
        Place::Object { target: target("a", "pool", "one-md-0"), tab: Tab::Conditions }
    );
    s.keys("esc esc");
    assert_eq!(s.state.screen.pane(), Some("clusters"));
}

#[test]
fn scope_narrows_every_pane_and_is_shown_until_it_is_cleared() {
    let mut s = Scenario::new(120, 20);
    s.site("a").site("b").live("a").live("b");
    for site in ["a", "b"] {
        let name = format!("{site}-1");
        s.list(site, "cluster", &[objects::cluster(&name), objects::cluster(&format!("{site}-2"))]);
        s.list(site, "pool", &[objects::pool(&name, "md-0", 3)]);
        s.list(site, "control-plane", &[]);
    }
    s.keys("g g enter");
    assert_eq!(s.rows(), ["a-1", "a-2"], "enter on a site shows its clusters");
    assert!(s.line("tko").contains("scope a"), "{}", s.line("tko"));
    s.keys("3");
    assert_eq!(s.rows(), ["a-1-md-0"]);
    s.keys("0");
    assert_eq!(s.rows(), ["a-1-md-0", "b-1-md-0"]);
    s.keys("2").select("b-2").keys("i 3");
    assert_eq!(s.rows(), Vec::<String>::new());
    assert!(s.line("tko").contains("team-a/b-2"), "{}", s.line("tko"));
}

#[test]
fn several_marked_clusters_make_one_scope() {
    let mut s = clusters(&["one", "two", "three"]);
    s.select("one").keys("space").select("two").keys("space i");
    assert_eq!(s.rows(), ["one", "two"]);
    assert!(s.line("tko").contains("team-a/one +1"), "{}", s.line("tko"));
}

#[test]
fn the_order_is_remembered_per_pane_and_told_to_the_disk() {
    let mut s = clusters(&["b", "a"]);
    s.take_effects();
    s.keys("g s").types("AGE").keys("enter");
    s.keys("S 3 2");
    let table = s.state.screen.table().unwrap();
    assert_eq!((table.sort.as_str(), table.reverse), ("age", true));
    let last = s.take_effects().into_iter().rev().find_map(|e| match e {
        Effect::Remember(memory) => Some(memory),
        _ => None,
    });
    let memory = last.expect("it is remembered");
    assert_eq!((memory.panes["clusters"].sort.as_str(), memory.panes["clusters"].reverse), ("age", true));
    assert_eq!(memory.panes["pools"].sort, "cluster");
    let mut again = Scenario::new(120, 20);
    again.starts().memory = memory;
    again.site("a").starts().pane = "clusters".into();
    again.begin();
    assert_eq!(again.state.screen.table().unwrap().sort, "age");
}

#[test]
fn a_remembered_column_that_is_gone_is_forgotten() {
    let mut s = Scenario::new(120, 20);
    let pane = tko::state::memory::PaneMemory { sort: "moonphase".into(), reverse: true, wide: false };
    s.starts().memory.panes.insert("clusters".into(), pane);
    s.site("a").starts().pane = "clusters".into();
    s.begin();
    let table = s.state.screen.table().unwrap();
    assert_eq!((table.sort.as_str(), table.reverse), ("condition", false));
}

#[test]
fn every_column_sorts_both_ways_with_stable_ties() {
    let mut s = clusters(&["c", "a", "b"]);
    let columns = tko::panes::find("clusters").unwrap().columns.len();
    for _ in 0..columns {
        s.keys("s");
        let up = s.rows();
        s.keys("S");
        let mut down = s.rows();
        s.keys("S");
        assert_eq!(s.rows(), up);
        down.sort();
        assert_eq!(down, ["a", "b", "c"]);
    }
    assert_eq!(s.state.screen.table().unwrap().sort, "condition", "round and round");
}

#[test]
fn the_copy_menu_offers_name_reference_command_and_row() {
    let mut s = clusters(&["it's"]);
    let mut copied = Vec::new();
    for at in 0..5 {
        s.keys("y");
        for _ in 0..at {
            s.keys("down");
        }
        s.keys("enter");
        copied.extend(s.take_effects().into_iter().filter_map(|e| match e {
            Effect::Copy(text) => Some(text),
            _ => None,
        }));
    }
    assert_eq!(copied[0], "it's");
    assert_eq!(copied[1], "a:cluster/team-a/it's");
    assert!(copied[2].contains(r"'it'\''s'") && copied[2].contains("--context a-admin"), "{}", copied[2]);
    let row: serde_json::Value = serde_json::from_str(&copied[3]).unwrap();
    assert_eq!(row["name"], "it's");
    assert!(copied[4].starts_with("| "), "{}", copied[4]);
}

#[test]
fn the_palette_finds_commands_panes_and_objects() {
    let mut s = clusters(&["payments", "search"]);
    s.keys(":").types("machines").keys("enter");
    assert_eq!(s.state.screen.pane(), Some("machines"));
    s.keys(":").types("team-a/paymen").keys("enter");
    assert_eq!(*s.state.screen.place(), Place::Tree(cluster_key("a", "payments")));
    s.keys(":").types("zzzzzz");
    assert!(s.frame().contains("nothing matches"), "{}", s.frame());
    s.keys("enter");
    assert!(s.state.screen.overlays.len() <= 1, "nothing happens");
}

#[test]
fn unknown_keys_and_broken_sequences_do_nothing() {
    let mut s = clusters(&["one"]);
    let before = s.frame();
    s.take_effects();
    s.keys("ctrl-x f9 alt-q g x");
    assert_eq!((s.frame(), s.take_effects()), (before, vec![]));
}

#[test]
fn a_resize_keeps_the_cursor_on_the_screen() {
    let names: Vec<String> = (0..60).map(|n| format!("c{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut s = clusters(&names);
    s.keys("G").send(Msg::Resized { width: 60, height: 10 });
    assert!(s.frame().contains("c59"), "{}", s.frame());
    s.send(Msg::Resized { width: 200, height: 50 });
    assert!(s.frame().contains("c59"), "{}", s.frame());
}

#[test]
fn wide_mode_and_scrolled_columns_come_and_go() {
    let mut s = clusters(&["one"]);
    assert!(!s.line("NAME").contains("INFRASTRUCTURE"));
    s.send(Msg::Resized { width: 180, height: 20 });
    let narrow = s.line("NAME");
    s.keys("w");
    assert_ne!(s.line("NAME"), narrow);
    s.keys("w");
    assert_eq!(s.line("NAME"), narrow);
    s.keys("l l");
    assert_ne!(s.line("NAME"), narrow, "columns scroll");
    s.keys("h h h");
    assert_eq!(s.line("NAME"), narrow);
}

#[test]
fn leaving_is_one_effect() {
    {
        let msg = Msg::Terminated("SIGTERM".into());
        let mut s = clusters(&["one"]);
        s.take_effects();
        s.send(msg);
        assert_eq!(s.take_effects(), [Effect::Quit]);
    }
    let mut s = clusters(&["one"]);
    s.take_effects();
    s.keys("q");
    assert_eq!(s.take_effects(), [Effect::Quit]);
}

#[test]
fn going_back_restores_what_the_tables_were_narrowed_to() {
    let mut s = Scenario::new(120, 20);
    s.site("a").site("b").begin();
    s.live("a").live("b");
    s.list("a", "cluster", &named(&["one"])).list("b", "cluster", &named(&["two"]));
    s.keys("enter");
    assert_eq!(s.rows(), ["one"]);
    s.keys("[");
    assert!(s.line("Fleet").contains("Fleet 2"), "{}", s.frame());
    assert!(s.state.screen.scope.is_everything());
    s.keys("]");
    assert_eq!(s.rows(), ["one"], "and forward again");
}

#[test]
fn a_key_that_does_not_go_on_with_a_sequence_is_one_of_its_own() {
    let mut s = clusters(&["one", "two", "three"]);
    s.keys("g g");
    let first = s.selected();
    s.keys("g j");
    assert_ne!(s.selected(), first, "j moved the cursor");
    assert!(s.state.screen.pending.is_empty());
    s.keys("/").types("o").keys("enter");
    let shown = s.rows().len();
    s.keys("g esc");
    assert_eq!(s.rows().len(), shown, "esc only ends the sequence");
}
