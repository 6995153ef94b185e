//! Silence is never health: what is not known must not look well anywhere.
use serde_json::json;
use tko::{domain::Health, panes, state::RowId};

use super::scenes::{self, Case};
use crate::support::{
    objects,
    scenario::{Scenario, cluster_key},
};

/// The cells of a row that show a state or a number that says "well".
fn well(s: &Scenario, pane: &str, name: &str) -> Vec<String> {
    let pane = panes::find(pane).unwrap();
    let table = &s.state.screen.tables[pane.id];
    let id = table.index.rows().find(|id| s.state.resource(*id).is_some_and(|t| &*t.key.name == name));
    let row = s.state.row(id.unwrap_or_else(|| panic!("{name}: {:?}", s.rows()))).unwrap();
    let cells = pane.columns.iter().map(|c| (c.id, (c.cell)(&s.state, row)));
    cells
        .filter(|(_, cell)| cell.health == Some(Health::Ok))
        .map(|(id, cell)| format!("{id}: {}", cell.text))
        .collect()
}

#[test]
fn an_object_without_a_status_or_that_cannot_be_read_shows_no_sign_of_health() {
    for (pane, bad) in [
        ("clusters", vec!["garbled", "silent", "nulls"]),
        ("machines", vec!["garbled", "silent", "nulls"]),
        ("pools", vec!["garbled-md-0", "silent-md-0"]),
    ] {
        let s = scenes::management(pane, Case::Malformed, (200, 50));
        for name in bad {
            assert_eq!(well(&s, pane, name), Vec::<String>::new(), "{pane} {name}");
        }
    }
    let s = scenes::nodes(Case::Malformed, (200, 50));
    for name in ["garbled", "silent"] {
        assert_eq!(well(&s, "nodes", name), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn without_data_no_frame_has_a_healthy_row() {
    for case in [Case::Loading, Case::Forbidden, Case::Absent, Case::Unreachable] {
        for pane in ["clusters", "pools", "machines"] {
            let mut s = scenes::management(pane, case, (120, 40));
            let frame = s.frame();
            let body: String = frame.lines().skip(1).collect();
            let glyph = s.look.glyphs.ok;
            assert!(!body.contains(glyph), "{pane} {case:?}\n{frame}");
            assert!(
                !body.contains("no Cluster objects") && !body.contains("in scope"),
                "{pane} {case:?}: not empty\n{frame}"
            );
        }
    }
}

/// A site that is connected but whose clusters are not known yet has no health, and one that failed has none
/// that looks fresh.
#[test]
fn a_site_is_only_as_healthy_as_what_is_known_of_it() {
    let cell = |s: &Scenario, site: u32, column: &str| {
        let row = s.state.row(RowId::Site(site)).unwrap();
        let cell = (panes::find("fleet").unwrap().column(column).unwrap().cell)(&s.state, row);
        (cell.health, cell.text.into_owned())
    };
    for case in [Case::Loading, Case::Forbidden, Case::Absent, Case::Unreachable] {
        let s = scenes::management("fleet", case, (120, 40));
        for site in [0, 1] {
            assert_ne!(cell(&s, site, "health").0, Some(Health::Ok), "{case:?}");
            assert!(!cell(&s, site, "health").1.contains("no clusters"), "{case:?}");
        }
    }
    let mut s = scenes::management("fleet", Case::Live, (120, 40));
    s.list("lab", "cluster", &[objects::cluster("lab-1")]);
    assert_eq!(cell(&s, 0, "health").0, Some(Health::Ok));
    s.stale("lab", "cluster").site_fails("lab", crate::support::scenario::refused()).tick(300);
    assert_ne!(
        cell(&s, 0, "health").0,
        Some(Health::Ok),
        "the last word of a silent site is not its health now"
    );
    assert!(cell(&s, 0, "data").1.contains("5m"), "{:?}", cell(&s, 0, "data"));
    let live = cell(&s, 1, "health");
    assert!(live.0.is_some_and(Health::is_fault), "{live:?}");
}

#[test]
fn a_cluster_whose_machines_are_not_known_has_no_complete_count() {
    let mut s = Scenario::new(120, 20);
    s.site("a").starts().pane = "clusters".into();
    s.live("a").list("a", "cluster", &[objects::cluster("old").v1beta1()]);
    let line = s.line("old");
    assert!(line.contains("?/3"), "wanted is known, ready is not: {line}");
    assert!(!line.contains("3/3"), "{line}");
}

/// The clocks of operator and cluster differ by hours: nothing is negative, nothing breaks.
#[test]
fn a_future_timestamp_is_harmless() {
    let mut s = Scenario::new(120, 20);
    s.site("a").starts().pane = "clusters".into();
    let late = objects::cluster("late").set("/metadata/creationTimestamp", json!("2031-01-01T00:00:00Z"));
    s.live("a").list("a", "cluster", &[late.condition("Available", "False", "X", -9 * objects::HOUR)]);
    let line = s.line("late");
    assert!(!line.contains("-9h") && !line.contains(" -1"), "{line}");
    s.keys("d").frame();
    s.keys("esc s S t").frame();
    let _ = cluster_key("a", "late");
}

/// What a server sends never reaches the terminal raw.
#[test]
fn no_control_character_reaches_the_screen() {
    for size in super::SIZES {
        for keys in ["", "d", "t", "y", "enter", ":", "Y"] {
            for pane in ["clusters", "machines", "pools"] {
                let mut s = scenes::management(pane, Case::Names, size);
                s.keys("j j j j").keys(keys);
                let raw = s.frame();
                let bad: Vec<char> = raw
                    .chars()
                    .filter(|c| {
                        (c.is_control() && *c != '\n')
                            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                    })
                    .collect();
                assert!(bad.is_empty(), "{pane} {keys}: {bad:?}");
            }
        }
    }
}

/// What nobody has counted is not "none there".
#[test]
fn a_pool_without_a_status_has_no_numbers() {
    let mut s = Scenario::new(200, 20);
    s.site("a").starts().pane = "pools".into();
    s.live("a").list("a", "pool", &[objects::pool("one", "md-0", 3).set("/status", json!(null))]);
    let id = s.state.screen.tables["pools"].index.rows().next().unwrap();
    let row = s.state.row(id).unwrap();
    for column in ["replicas", "ready", "uptodate", "rollout"] {
        let cell = (panes::find("pools").unwrap().column(column).unwrap().cell)(&s.state, row);
        assert_eq!(cell.text, "?", "{column}");
    }
}

#[test]
fn the_provider_of_a_site_is_unknown_until_its_clusters_are_known() {
    let mut s = Scenario::new(200, 20);
    s.site("a").begin();
    let provider = |s: &Scenario| {
        let row = s.state.row(RowId::Site(0)).unwrap();
        (panes::find("fleet").unwrap().column("provider").unwrap().cell)(&s.state, row).text.into_owned()
    };
    assert_eq!(provider(&s), "?");
    s.live("a");
    assert_eq!(provider(&s), "?");
    s.list("a", "cluster", &[]);
    assert_eq!(provider(&s), "-", "no clusters, no provider");
}

/// Rows of two sites that are called alike can be told apart.
#[test]
fn the_site_of_a_row_goes_last_where_there_are_several_and_stays_out_where_there_is_one() {
    for pane in ["clusters", "pools", "machines"] {
        for width in [80, 120] {
            let mut s = scenes::management(pane, Case::Live, (width, 40));
            let titles = s.line("NAME");
            assert!(titles.contains("SITE") && titles.contains("CONDITION"), "{pane} {width}\n{}", s.frame());
        }
    }
    let mut s = scenes::management("clusters", Case::Live, (120, 40));
    s.select("billing").keys("1 enter");
    assert!(!s.line("NAME").contains("SITE"), "one site in scope\n{}", s.frame());
}

#[test]
fn why_a_site_is_not_seen_and_how_old_its_data_is_fit_a_small_screen() {
    let mut s = scenes::sites(Case::Unreachable, (80, 24));
    let login = s.line("no login");
    assert!(login.contains("the plugin `pinni"), "{}", s.frame());
    let mut s = scenes::management("fleet", Case::Stale, (80, 24));
    let row = s.line("unreachable");
    let row = if row.contains("tko") { s.line("prod-eu") } else { row };
    assert!(row.contains("95s old") || row.contains("m old"), "{}", s.frame());
    assert!(row.contains("connection refused"), "{}", s.frame());
}

#[test]
fn nodes_without_a_cluster_in_scope_ask_for_one_and_blame_no_site() {
    let mut s = scenes::management("nodes", Case::Unreachable, (120, 40));
    assert!(s.frame().contains("no cluster is selected"), "{}", s.frame());
    assert!(!s.frame().contains("connection refused"), "{}", s.frame());
}

#[test]
fn the_card_of_a_screen_that_is_too_small_fits_it() {
    let mut s = scenes::management("fleet", Case::Live, (20, 5));
    let words = s.frame().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words, "tko: the terminal is too small 20x5, needs 40x8 enlarge it, or q to quit");
}

#[test]
fn a_tree_says_of_an_object_without_a_status_that_it_has_none() {
    let mut s = Scenario::new(120, 20);
    s.site("a").starts().pane = "clusters".into();
    s.live("a").list("a", "cluster", &[objects::cluster("one")]);
    s.list("a", "control-plane", &[objects::control_plane("one")]);
    s.list("a", "pool", &[objects::pool("one", "md-0", 3).set("/status", json!(null))]);
    s.keys("enter");
    let pool = s.line("MachineDeployment/");
    assert!(pool.contains("?/3 ready") && !pool.contains("scaling"), "{}", s.frame());
    assert!(s.line("not known: ").contains("MachineDeployment one-md-0: no status"), "{}", s.frame());
    assert!(!s.frame().contains("on its way"), "{}", s.frame());
}

#[test]
fn a_machine_that_has_not_moved_for_long_is_not_on_its_way() {
    for (seconds, words) in [(5 * objects::MINUTE, "↻ on its way: "), (45 * objects::MINUTE, "▲ stalled: ")]
    {
        let mut s = Scenario::new(120, 20);
        s.site("a").starts().pane = "clusters".into();
        s.live("a").list("a", "cluster", &[objects::cluster("one")]);
        s.list("a", "pool", &[objects::pool("one", "md-0", 1)]);
        let machine = objects::machine("one", "md-0", "one-md-0-x").condition(
            "NodeHealthy",
            "False",
            "NodeProvisioning",
            seconds,
        );
        s.keys("enter").list("a", "machine", &[machine]);
        assert!(s.frame().contains(words), "{words}\n{}", s.frame());
    }
}
