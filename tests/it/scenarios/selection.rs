//! The cursor and the marks stay on their objects, whatever comes and goes around them.
use tko::msg::{Change, Observation};

use super::{clusters, named};
use crate::support::{
    objects::{self, MINUTE},
    scenario::own,
};

#[test]
fn the_cursor_stays_on_its_object_when_rows_come_and_go_above_it() {
    let mut s = clusters(&["b", "d", "f"]);
    s.select("d");
    s.change("a", "cluster", &objects::cluster("a"));
    s.change("a", "cluster", &objects::cluster("c"));
    assert_eq!((s.selected().as_str(), s.rows().join("")), ("d", "abcdf".into()));
    s.remove("a", "cluster", "b").remove("a", "cluster", "a");
    assert_eq!((s.selected().as_str(), s.rows().join("")), ("d", "cdf".into()));
}

#[test]
fn a_deleted_row_hands_the_cursor_to_the_next_one_and_never_its_identity() {
    let mut s = clusters(&["a", "b", "c"]);
    s.select("b").remove("a", "cluster", "b");
    assert_eq!(s.selected(), "c");
    // The same name comes back: it is another object, and the cursor is not pulled away.
    s.change("a", "cluster", &objects::cluster("b"));
    assert_eq!(s.selected(), "c");
    s.select("c").remove("a", "cluster", "c");
    assert_eq!(s.selected(), "b", "the last row gone leaves the one before");
    s.remove("a", "cluster", "a").remove("a", "cluster", "b");
    assert_eq!(s.selected(), "");
    s.keys("enter . y t d j k G space v");
}

#[test]
fn an_action_on_a_row_that_went_away_is_not_done_to_its_neighbour() {
    let mut s = clusters(&["a", "b"]);
    s.select("a").keys("y");
    s.remove("a", "cluster", "a");
    let copied = |s: &mut crate::support::scenario::Scenario| {
        s.keys("enter");
        s.take_effects()
            .into_iter()
            .find_map(|e| if let tko::effect::Effect::Copy(text) = e { Some(text) } else { None })
    };
    assert_eq!(copied(&mut s).as_deref(), Some("a"), "the menu was opened on `a`");
}

#[test]
fn a_new_list_keeps_the_rows_until_it_is_whole_and_then_drops_what_it_did_not_name() {
    let mut s = clusters(&["a", "b", "c"]);
    s.select("c");
    let source = own("a", "cluster");
    let before = s.frame();
    s.says(&source, Observation::Listing);
    assert_eq!(s.frame(), before, "the beginning of a list changes nothing");
    let page: Vec<Change> = named(&["a"]).iter().map(|t| Change::Upsert(Box::new(t.read()))).collect();
    s.says(&source, Observation::Changes(page));
    assert_eq!(s.rows(), ["a", "b", "c"], "half a list removes nothing");
    let page: Vec<Change> = named(&["c"]).iter().map(|t| Change::Upsert(Box::new(t.read()))).collect();
    s.says(&source, Observation::Changes(page));
    s.says(&source, Observation::Listed);
    assert_eq!((s.rows().join(""), s.selected()), ("ac".into(), "c".into()));
}

#[test]
fn a_list_that_breaks_off_removes_nothing_and_the_next_one_decides() {
    let mut s = clusters(&["a", "b"]);
    let source = own("a", "cluster");
    s.says(&source, Observation::Listing).stale("a", "cluster");
    assert_eq!(s.rows(), ["a", "b"]);
    s.list("a", "cluster", &named(&["b"]));
    assert_eq!(s.rows(), ["b"]);
}

#[test]
fn nothing_is_drawn_when_only_the_resource_version_is_new() {
    let mut s = clusters(&["a", "b"]);
    s.state.take_dirty();
    let beat = objects::cluster("a").set("/metadata/resourceVersion", "999".into());
    s.change("a", "cluster", &beat);
    assert!(!s.state.is_dirty());
    let pinned = s.state.fleet.find(&crate::support::scenario::target("a", "cluster", "a")).unwrap();
    assert_eq!(&*pinned.meta.resource_version, "999", "a plan pins the newest one");
    s.change("a", "cluster", &objects::cluster("a").condition("Available", "False", "X", MINUTE));
    assert!(s.state.is_dirty());
}

#[test]
fn a_change_outside_the_screen_is_taken_in_without_a_frame() {
    let names: Vec<String> = (0..100).map(|n| format!("c{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut s = clusters(&names);
    // Worst first, it would come to the top.
    while s.state.screen.table().unwrap().sort != "name" {
        s.keys("s");
    }
    s.frame();
    s.state.take_dirty();
    s.change("a", "cluster", &objects::cluster("c090").condition("Available", "False", "X", MINUTE));
    assert!(!s.state.is_dirty());
    s.keys("G");
    assert!(s.line("c090").contains("Available X"));
}

#[test]
fn marks_stay_with_their_objects_and_hidden_ones_are_counted() {
    let mut s = clusters(&["alpha", "beta", "gamma", "delta"]);
    s.select("alpha").keys("space").select("gamma").keys("space");
    assert!(s.line("marked").contains("2 marked"), "{}", s.frame());
    s.keys("/").types("alpha").keys("enter");
    assert!(s.line("marked").contains("2 marked (1 hidden)"), "{}", s.frame());
    s.keys("esc");
    assert!(s.line("marked").contains("2 marked") && !s.frame().contains("hidden"));
    s.remove("a", "cluster", "gamma");
    assert!(s.line("marked").contains("1 marked"), "an object that is gone is not marked\n{}", s.frame());
    s.keys("u");
    assert!(!s.frame().contains("marked"));
}

#[test]
fn a_range_of_marks_goes_from_the_last_mark_to_the_cursor() {
    let mut s = clusters(&["a", "b", "c", "d", "e"]);
    s.select("b").keys("space j v");
    assert!(s.line("marked").contains("3 marked"), "{}", s.frame());
    s.keys("ctrl-t");
    assert!(s.line("marked").contains("5 marked"));
    s.keys("esc");
    assert!(!s.frame().contains("marked"), "esc without a filter clears marks");
}

#[test]
fn a_frozen_table_stands_still_and_says_what_waits() {
    let mut s = clusters(&["b", "c"]);
    s.keys("f").change("a", "cluster", &objects::cluster("a")).remove("a", "cluster", "c");
    assert_eq!(s.state.screen.table().unwrap().index.total(), 2, "rows do not move");
    assert!(s.line("frozen").contains("frozen, 2 changed"), "{}", s.frame());
    s.keys("f");
    assert_eq!(s.rows(), ["a", "b"]);
    assert!(!s.frame().contains("frozen"));
}
