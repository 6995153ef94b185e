//! The `/` prompt: what it leaves, what it says, and that it never loses rows or keys.
use super::clusters;
use crate::support::{
    objects::{self, MINUTE},
    scenario::Scenario,
};

fn typed(s: &mut Scenario, text: &str) -> Vec<String> {
    s.keys("esc /").types(text);
    s.rows()
}

#[test]
fn words_narrow_and_the_counts_are_always_there() {
    let mut s = clusters(&["pay-1", "pay-2", "search"]);
    assert_eq!(typed(&mut s, "pay"), ["pay-1", "pay-2"]);
    assert!(s.line("Clusters").contains("2 of 3"), "{}", s.frame());
    assert_eq!(typed(&mut s, "!pay"), ["search"]);
    assert_eq!(typed(&mut s, "name=search"), ["search"]);
    assert_eq!(typed(&mut s, "~pay-[2-9]"), ["pay-2"]);
    assert_eq!(typed(&mut s, "nowhere"), Vec::<String>::new());
    assert!(s.frame().contains("none of 3 clusters match"), "{}", s.frame());
}

#[test]
fn counts_have_thousands_and_a_filter_on_thousands_is_exact() {
    let names: Vec<String> = (0..3412).map(|n| format!("c-{n:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut s = clusters(&names);
    assert!(s.line("Clusters").contains("3,412"));
    s.keys("/").types("c-00");
    assert!(s.line("Clusters").contains("100 of 3,412"), "{}", s.line("Clusters"));
    s.keys("backspace backspace backspace backspace");
    assert!(s.line("Clusters").contains("3,412") && !s.line("Clusters").contains(" of "));
}

#[test]
fn a_filter_with_a_mistake_says_so_and_leaves_the_last_good_one_in_force() {
    let mut s = clusters(&["pay-1", "pay-2", "search"]);
    assert_eq!(typed(&mut s, "~pay-"), ["pay-1", "pay-2"]);
    s.types("[");
    assert_eq!(s.rows(), ["pay-1", "pay-2"], "the old filter holds");
    let (_, message) = s.state.screen.table().unwrap().filter.error.clone().expect("it is said");
    assert!(s.line("Clusters").contains(&message), "{}", s.frame());
    s.types("1]");
    assert_eq!(s.rows(), ["pay-1"]);
    assert!(s.state.screen.table().unwrap().filter.error.is_none());
}

#[test]
fn enter_keeps_the_filter_and_esc_clears_it() {
    let mut s = clusters(&["pay-1", "search"]);
    s.keys("/").types("pay").keys("enter j k");
    assert_eq!(s.rows(), ["pay-1"]);
    assert!(s.line("Clusters").contains("/pay"));
    s.keys("esc");
    assert_eq!(s.rows(), ["pay-1", "search"]);
    assert!(!s.line("Clusters").contains("/pay"));
}

#[test]
fn keys_of_the_console_type_into_the_prompt() {
    let mut s = clusters(&["quiet", "other"]);
    s.take_effects();
    assert_eq!(typed(&mut s, "q"), ["quiet"]);
    assert_eq!(s.take_effects(), [], "q is a letter here");
}

#[test]
fn rows_that_begin_to_match_come_and_those_that_no_longer_do_go() {
    let mut s = clusters(&["a", "b"]);
    s.keys("/").types("Trouble").keys("enter");
    assert_eq!(s.rows(), Vec::<String>::new());
    s.change("a", "cluster", &objects::cluster("b").condition("Available", "False", "Trouble", MINUTE));
    assert_eq!(s.rows(), ["b"]);
    s.change("a", "cluster", &objects::cluster("b"));
    assert_eq!(s.rows(), Vec::<String>::new());
}

#[test]
fn the_fault_filter_follows_the_health_of_the_rows() {
    let mut s = clusters(&["a", "b"]);
    s.keys("!");
    assert_eq!(s.rows(), Vec::<String>::new());
    assert!(s.line("Clusters").contains("faults only") && s.line("Clusters").contains("0 of 2"));
    s.change("a", "cluster", &objects::cluster("a").condition("Available", "False", "Broken", MINUTE));
    assert_eq!(s.rows(), ["a"]);
    s.keys("!");
    assert_eq!(s.rows(), ["a", "b"]);
}

#[test]
fn typed_slowly_or_pasted_at_once_a_filter_leaves_the_same() {
    let names = ["pay-eu-1", "pay-us-1", "ypay", "p-a-y", "search"];
    for text in ["pay eu", "!pay", "pay !eu", "name=pay-eu-1", "py"] {
        let mut slow = clusters(&names);
        slow.keys("/").types(text);
        let mut fast = clusters(&names);
        fast.keys("/").send(tko::msg::Msg::Paste(text.into()));
        assert_eq!(slow.rows(), fast.rows(), "{text}");
        // And going back letter by letter ends with every row.
        for _ in text.chars() {
            slow.keys("backspace");
        }
        assert_eq!(slow.rows().len(), names.len(), "{text}");
    }
}
