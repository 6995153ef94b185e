//! The header in its states, and the same frames without colours and without Unicode.
use tko::{domain::site::Protection, theme::Depth};

use super::{scenes, scenes::Case, styled};
use crate::support::{
    scenario::{Scenario, forbidden, own, refused},
    style,
};

fn header(s: &mut Scenario) -> String {
    s.frame().lines().next().unwrap().to_owned() + "\n"
}

#[test]
fn headers() {
    let mut out = String::new();
    for width in [200, 120, 80, 60, 44] {
        let mut s = Scenario::new(width, 12);
        s.site("lab").site_with("prod-eu", Protection::High).site("prod-us").site("dr");
        s.begin();
        out += &["━━ ", &width.to_string(), " columns\n", &header(&mut s)].concat();
        s.live("lab").live("prod-eu").live("prod-us");
        out += &header(&mut s);
        s.site_fails("prod-us", refused()).site_fails("dr", refused());
        out += &header(&mut s);
        s.says(&own("lab", "cluster"), tko::msg::Observation::Forbidden(forbidden("clusters")));
        out += &header(&mut s);
        s.keys("2 1 g g enter");
        out += &header(&mut s);
        s.session("prod-eu", 15);
        out += &header(&mut s);
        s.session("lab", 30);
        out += &header(&mut s);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn without_colours() {
    let mut out = String::new();
    for case in [Case::Live, Case::Stale] {
        let mut s = scenes::management("machines", case, (100, 20));
        s.theme("dark", Depth::Mono).keys("space");
        out += &styled(&format!("{case:?}"), &mut s);
        let colours = |s: &Scenario| {
            let buffer = s.buffer();
            buffer.content().iter().any(|c| {
                use ratatui::style::Color;
                !matches!(c.fg, Color::Reset) || !matches!(c.bg, Color::Reset)
            })
        };
        assert!(!colours(&s), "NO_COLOR means none");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_site_stands_in_the_colour_that_the_operator_gave_it() {
    let mut s = Scenario::new(100, 12);
    s.site("lab").site("prod-eu").site("typo");
    let sites = &mut s.starts().sites;
    sites[1].colour = "health.bad".into();
    sites[2].colour = "redd".into();
    s.begin();
    s.live("lab").live("prod-eu").live("typo").keys("G");
    let bad = s.theme("dark", Depth::TrueColor).look.theme.style(tko::theme::Role::HealthBad).fg;
    let buffer = s.buffer();
    let lines = s.frame();
    let colour = |site: &str| {
        let y = lines.lines().position(|line| line.contains(site)).unwrap();
        buffer[(3, u16::try_from(y).unwrap())].fg
    };
    assert_eq!(Some(colour("prod-eu")), bad);
    assert_ne!(Some(colour("lab")), bad);
    assert_ne!(Some(colour("typo")), bad, "a colour that is none is no colour");
}

#[test]
fn ascii_shows_nothing_that_is_not() {
    let mut out = String::new();
    for (pane, keys) in [
        ("clusters", ""),
        ("machines", "space j space"),
        ("pools", "?"),
        ("clusters", "t"),
        ("clusters", "d"),
        ("clusters", ":"),
        ("fleet", "W"),
    ] {
        let mut s = Scenario::new(200, 30);
        s.site("lab").site("prod-eu").ascii().starts().pane = pane.into();
        s.live("lab").live("prod-eu");
        scenes::fleet(&mut s);
        s.keys(keys);
        let frame = style::squeeze(&s.frame()).replace('⋮', ":").replace('×', "x");
        out += &["== ", pane, " ", keys, "\n", &frame].concat();
    }
    let foreign: String = out.chars().filter(|c| !c.is_ascii()).collect();
    insta::assert_snapshot!(out);
    assert_eq!(foreign, "");
}

/// Every theme, every depth: the selected row can be told from the others, and so can a stale one.
#[test]
fn selection_and_staleness_are_visible_in_every_theme() {
    for (name, _) in tko::theme::BUILT_IN {
        for depth in [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::TrueColor] {
            let mut live = scenes::management("clusters", Case::Live, (80, 24));
            live.theme(name, depth);
            let mut stale = scenes::management("clusters", Case::Stale, (80, 24));
            stale.theme(name, depth);
            let (live, stale) = (live.buffer(), stale.buffer());
            let at = |b: &ratatui::buffer::Buffer, y: u16| b[(20, y)].style();
            assert_ne!(at(&live, 3), at(&live, 5), "{name} {depth:?}: the selected row");
            assert_ne!(at(&live, 5), at(&stale, 5), "{name} {depth:?}: a stale row");
        }
    }
}
