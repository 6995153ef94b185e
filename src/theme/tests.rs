use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const DEPTHS: [Depth; 4] = [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::TrueColor];

fn said(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.summary.as_str()).collect()
}

fn theme(name: &str, depth: Depth) -> Theme {
    let (theme, problems) = Theme::load(name, None, depth);
    assert!(problems.is_empty(), "{name}: {:?}", said(&problems));
    theme
}

fn contrast(text: Color, ground: Color) -> f64 {
    let bright = |color| 0.05 + color::luminance(color::rgb(color).unwrap());
    let (a, b) = (bright(text), bright(ground));
    a.max(b) / a.min(b)
}

#[test]
fn built_in_themes_are_complete_and_without_fault() {
    for (name, _) in BUILT_IN {
        let paths: Vec<_> = lineage(name).collect();
        let files: Vec<_> = paths.iter().rev().map(|(name, text)| TomlFile::new(name, text)).collect();
        let mut problems = Vec::new();
        let named: BTreeMap<String, Style> = file::read(&files, &mut problems).styles;
        assert!(problems.is_empty(), "{name}: {:?}", said(&problems));
        for role in Role::ALL {
            assert!(named.contains_key(role.name()), "{name} says nothing of {}", role.name());
        }
    }
}

#[test]
fn text_is_readable_on_its_ground_and_on_the_selection() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        let theme = theme(name, Depth::TrueColor);
        let style = |role| theme.style(Role::Text).patch(theme.style(role));
        let selected = theme.style(Role::RowSelected).bg.unwrap();
        for role in Role::ALL {
            let line = matches!(role, Role::Border | Role::BorderFocus);
            let least = if line { 3.0 } else { least };
            let (text, ground) = (style(role).fg.unwrap(), style(role).bg.unwrap());
            let got = contrast(text, ground);
            assert!(got >= least, "{name}: {} stands {got:.2} from its ground", role.name());
            if theme.style(role).bg.is_none() && !line {
                let got = contrast(text, selected);
                assert!(got >= least.min(4.5), "{name}: {} stands {got:.2} from the selection", role.name());
            }
            let on_panel = contrast(text, theme.style(Role::Overlay).bg.unwrap());
            assert!(
                theme.style(role).bg.is_some() || on_panel >= least,
                "{name}: {} in an overlay: {on_panel:.2}",
                role.name()
            );
        }
        let got = contrast(selected, style(Role::Text).bg.unwrap());
        assert!(got >= 1.25, "{name}: the selection stands {got:.2} from the ground");
    }
}

#[test]
fn the_selection_is_seen_at_every_depth() {
    for depth in DEPTHS {
        for (name, _) in BUILT_IN {
            let theme = theme(name, depth);
            let (text, selected) = (theme.style(Role::Text), theme.style(Role::RowSelected));
            let reversed = selected.add_modifier.contains(Modifier::REVERSED);
            assert!(reversed || selected.bg.is_some_and(|bg| Some(bg) != text.bg), "{name} {depth:?}");
        }
    }
    let lost = "[roles]\n\"row.selected\" = { bg = \"bg\" }\n";
    let (theme, _) = Theme::load("dark", Some(("t", lost)), Depth::TrueColor);
    assert!(theme.style(Role::RowSelected).add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn each_depth_uses_only_its_own_colours() {
    for (name, _) in BUILT_IN {
        for depth in DEPTHS {
            let theme = theme(name, depth);
            for color in
                Role::ALL.iter().flat_map(|role| [theme.style(*role).fg, theme.style(*role).bg]).flatten()
            {
                let fits = match color {
                    Color::Rgb(..) => depth == Depth::TrueColor,
                    Color::Indexed(_) => depth == Depth::Ansi256,
                    _ => depth >= Depth::Ansi16,
                };
                assert!(fits, "{name} {depth:?}: {color:?}");
            }
        }
    }
}

#[test]
fn a_users_file_lies_over_what_it_inherits() {
    let text = "inherits = \"light\"\n[palette]\nred = \"#880000\"\n[roles]\n\"title\" = { fg = \"208\", bold = true }\n";
    let (mine, problems) = Theme::load("mine", Some(("mine.toml", text)), Depth::TrueColor);
    assert_eq!(said(&problems), Vec::<&str>::new());
    assert_eq!(mine.name(), "mine");
    assert_eq!(mine.style(Role::HealthBad).fg, Some(Color::Rgb(0x88, 0, 0)));
    assert_eq!(mine.style(Role::Title), Style::new().fg(Color::Indexed(208)).add_modifier(Modifier::BOLD));
    assert_eq!(mine.style(Role::HealthOk), theme("light", Depth::TrueColor).style(Role::HealthOk));
}

#[test]
fn with_sixteen_colours_the_roles_are_made_for_them_and_the_palette_stays() {
    let text = "[roles]\n\"title\" = \"orange\"\n";
    let (mine, problems) = Theme::load("dark", Some(("mine.toml", text)), Depth::Ansi16);
    assert_eq!(said(&problems), Vec::<&str>::new());
    assert!(mine.style(Role::Title).fg.is_some());
    let (dark, sixteen) = (theme("dark", Depth::Ansi16), theme("ansi16", Depth::Ansi16));
    assert_eq!((dark.name(), dark.style(Role::Badge)), ("dark", sixteen.style(Role::Badge)));
}

#[test]
fn each_mistake_is_named_and_the_rest_counts() {
    let text = r##"inherits = "drak"
colour = 1
[palette]
red = "#88000"
mint = "#90ffd0"
[roles]
"health.bda" = "red"
"health.ok" = "mnit"
"title" = { fg = "mint", blod = true, bold = "yes" }
"badge" = true
"##;
    let (mine, problems) = Theme::load("dark", Some(("mine.toml", text)), Depth::TrueColor);
    let expected = [
        "mine.toml:1: no theme is called \"drak\"; did you mean \"dark\"?",
        "mine.toml:2: \"colour\" is no part of a theme",
        "mine.toml:4: \"#88000\" is no colour",
        "mine.toml:7: no role is called \"health.bda\"; did you mean \"health.bad\"?",
        "mine.toml:8: no colour is called \"mnit\"; did you mean \"mint\"?",
        "mine.toml:9: a style has no \"blod\"; did you mean \"bold\"?",
        "mine.toml:9: \"bold\" is true or false, not string",
        "mine.toml:10: a colour is a text, not boolean",
    ];
    let problems = said(&problems);
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, start) in problems.iter().zip(expected) {
        assert!(problem.starts_with(start), "{problem}\n{start}");
    }
    assert_eq!(mine.style(Role::Title), Style::new().fg(Color::Rgb(0x90, 0xff, 0xd0)));
}

#[test]
fn an_unknown_name_becomes_the_dark_theme_with_a_word() {
    let (theme, problems) = Theme::load("lihgt", None, Depth::TrueColor);
    assert_eq!(
        (theme.name(), said(&problems)),
        ("dark", vec!["no theme is called \"lihgt\"; did you mean \"light\"?"])
    );
}

#[test]
fn stepping_through_comes_around_and_backgrounds_choose() {
    let names: Vec<_> = BUILT_IN.iter().map(|(name, _)| theme(name, Depth::TrueColor).next()).collect();
    assert_eq!(names, ["light", "high-contrast", "ansi16", "dark"]);
    assert_eq!((Theme::for_background(0, 43, 54), Theme::for_background(253, 246, 227)), ("dark", "light"));
}

proptest! {
    #[test]
    fn no_file_makes_loading_fall_over(text in "\\PC*|(\\[(roles|palette)\\]\n|\"?[a-z.]{0,8}\"? = (\"[#a-f0-9]{0,7}\"|\\{ fg = \"red\" \\}|[0-9]{1,4})\n){0,12}") {
        let (theme, problems) = Theme::load("dark", Some(("mine.toml", &text)), Depth::Ansi256);
        prop_assert!(problems.iter().all(|problem| problem.summary.starts_with("mine.toml:")));
        prop_assert_eq!(theme.name(), "dark");
    }
}
