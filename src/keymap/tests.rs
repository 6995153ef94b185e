use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::command::{COMMANDS, find};
use crate::domain::Problem;

fn ids() -> Vec<&'static str> {
    COMMANDS.iter().map(|command| command.id).collect()
}

fn read(preset: &str, user: Option<&str>) -> (Keymap, Vec<String>) {
    let user = user.map(|text| ("keys.toml", text));
    let (keymap, problems) = load(preset, user, &|id| find(id).is_some(), &ids());
    (keymap, problems.into_iter().map(|problem: Problem| problem.summary).collect())
}

fn press(keymap: &Keymap, layers: &[&str], keys: &str) -> Resolved {
    let keys = Chord::sequence(keys).unwrap();
    keymap.resolve(layers, &keys[..keys.len() - 1], &keys[keys.len() - 1])
}

fn command(id: &str) -> Resolved {
    Resolved::Command(id.to_owned())
}

/// The stacks of layers that the console really asks for.
const PLACES: &[&[&str]] = &[
    &["clusters", "table", "global"],
    &["jobs", "table", "global"],
    &["tree", "global"],
    &["object", "global"],
    &["overlay"],
    &["form"],
    &["filter"],
];

#[test]
fn presets_load_without_a_word() {
    for (name, _) in PRESETS {
        let (_, problems) = read(name, None);
        assert_eq!(problems, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_way_out_exists_everywhere() {
    for (preset, _) in PRESETS {
        let (keymap, _) = read(preset, None);
        for place in PLACES {
            let esc = press(&keymap, place, "esc");
            assert!(matches!(esc, Resolved::Command(_)), "{preset} {place:?} {esc:?}");
            assert!(matches!(press(&keymap, place, "ctrl-c"), Resolved::Command(_)), "{preset} {place:?}");
        }
    }
}

#[test]
fn keys_of_the_defaults_that_others_rely_on() {
    let (keymap, _) = read("default", None);
    let table = &["machines", "table", "global"];
    for (keys, id) in [
        ("j", "cursor.down"),
        ("down", "cursor.down"),
        ("k", "cursor.up"),
        ("/", "filter.open"),
        ("esc", "filter.clear"),
        ("q", "app.quit"),
        ("ctrl-c", "app.quit"),
        (":", "palette.open"),
        ("?", "help.open"),
        (".", "row.actions"),
        ("g g", "cursor.top"),
        ("G", "cursor.bottom"),
        ("2", "pane.clusters"),
        ("W", "session.open"),
    ] {
        assert_eq!(press(&keymap, table, keys), command(id), "{keys}");
    }
    assert_eq!(press(&keymap, &["filter"], "enter"), command("overlay.accept"));
    assert_eq!(press(&keymap, table, "g"), Resolved::Pending);
    assert_eq!(press(&keymap, table, "g x"), Resolved::Unbound);
}

#[test]
fn presets_stay_clear_of_terminal_and_tmux_keys() {
    let forbidden: Vec<String> = "abszqhjkl".chars().map(|c| format!("ctrl-{c}")).collect();
    for (preset, _) in PRESETS {
        let (keymap, _) = read(preset, None);
        for layer in keymap.layers.values() {
            for chord in layer.keys().flatten() {
                assert!(!forbidden.contains(&chord.to_string()), "{preset}: {chord}");
            }
        }
        for layer in ["form", "filter"] {
            let typing = keymap.layers[layer].keys().flatten().find(|chord| chord.typed().is_some());
            assert_eq!(typing, None, "{preset} {layer}: would swallow a typed character");
        }
    }
}

#[test]
fn every_command_has_a_key_or_is_meant_for_the_palette() {
    let palette_only = ["app.suspend", "theme.next", "session.close"];
    for (preset, _) in PRESETS {
        let (keymap, _) = read(preset, None);
        let reached: BTreeSet<String> =
            PLACES.iter().flat_map(|place| keymap.bindings(place)).map(|binding| binding.id).collect();
        let unbound: Vec<_> = ids()
            .into_iter()
            .filter(|id| !reached.contains(*id) && !id.starts_with("copy.") && !palette_only.contains(id))
            .collect();
        assert!(unbound.is_empty(), "{preset}: {unbound:?}");
    }
}

#[test]
fn the_users_file_wins_and_frees_what_stands_in_its_way() {
    let (keymap, problems) = read(
        "default",
        Some("[table]\n\"y y\" = \"copy.name\"\n\"t\" = \"none\"\n[global]\n\"g\" = \"cursor.bottom\"\n"),
    );
    assert_eq!(problems, Vec::<String>::new());
    let table = &["table", "global"];
    assert_eq!(press(&keymap, table, "y"), Resolved::Pending);
    assert_eq!(press(&keymap, table, "y y"), command("copy.name"));
    assert_eq!(press(&keymap, table, "t"), Resolved::Unbound);
    assert_eq!(press(&keymap, &["global"], "g"), command("cursor.bottom"));
    // Below a table its own "g s" still makes "g" wait.
    assert_eq!(press(&keymap, table, "g"), Resolved::Pending);
}

#[test]
fn a_file_chooses_its_preset() {
    let (keymap, problems) = read("default", Some("inherits = \"vim\"\n"));
    assert_eq!((press(&keymap, &["global"], "g t"), problems.len()), (command("pane.next"), 0));
    let (_, problems) = read("vmi", Some("inherits = \"k8s\"\n"));
    assert_eq!(
        problems,
        [
            "no keymap is called \"vmi\"; did you mean \"vim\"?",
            "keys.toml:1: no keymap is called \"k8s\"; did you mean \"k9s\"?"
        ]
    );
}

#[test]
fn each_mistake_is_named_and_the_rest_counts() {
    let text = r#"x = "app.quit"
[tabel]
"a" = "row.open"
[table]
"m" = "row.opne"
"ctlr-x" = "row.open"
"a" = 3
"b" = "row.open"
"shift-g" = "row.open"
"G" = "row.tree"
"p p" = "row.open"
"p" = "row.tree"
"a" = "row.tree"
this is no line
"m" = "row.tree"
"#;
    let (keymap, problems) = read("default", Some(text));
    let expected = [
        ":1: \"x\" stands outside of a layer",
        ":2: no layer is called \"tabel\"; did you mean \"table\"?",
        ":5: no command is called \"row.opne\"; did you mean \"row.open\"?",
        ":6: \"ctlr-x\" is no key; did you mean \"ctrl-x\"?",
        ":7: \"a\" must name a command in quotes",
        ":10: \"G\" is bound already on line 9",
        ":12: \"p\" cannot be typed beside \"p p\" on line 11",
        ":14: not valid TOML",
    ];
    for what in expected {
        assert!(
            problems.iter().any(|said| said.starts_with(&format!("keys.toml{what}"))),
            "{what}\n{problems:#?}"
        );
    }
    let table = &["table", "global"];
    assert_eq!(press(&keymap, table, "b"), command("row.open"));
    assert_eq!(press(&keymap, table, "G"), command("row.open"));
    assert_eq!(press(&keymap, table, "p p"), command("row.open"));
}

#[test]
fn panes_are_layers_because_their_commands_exist() {
    let (keymap, problems) = read("default", Some("[nodes]\n\"j\" = \"row.open\"\n"));
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(press(&keymap, &["nodes", "table", "global"], "j"), command("row.open"));
    assert_eq!(press(&keymap, &["pools", "table", "global"], "j"), command("cursor.down"));
    assert_eq!(read("default", Some("[next]\n")).1.len(), 1);
}

#[test]
fn hints_show_only_what_a_press_really_does() {
    let (keymap, _) = read("default", Some("[nodes]\n\"j\" = \"none\"\n\"z z\" = \"row.open\"\n"));
    let nodes = &["nodes", "table", "global"];
    assert_eq!(keymap.keys_for("cursor.down", nodes), ["down"]);
    assert_eq!(keymap.keys_for("row.open", nodes), ["z z", "enter"]);
    assert_eq!(keymap.keys_for("cursor.down", &["global"]), ["j", "down"]);
    let after_g = keymap.continuations(nodes, &Chord::sequence("g").unwrap());
    let expected = [("s", "sort.pick"), ("W", "session.close"), ("g", "cursor.top")]
        .map(|(keys, id)| (keys.to_owned(), id.to_owned()));
    assert_eq!(after_g, expected);
    for place in PLACES {
        for binding in keymap.bindings(place) {
            assert_eq!(press(&keymap, place, &binding.keys), command(&binding.id), "{binding:?}");
        }
    }
}

#[test]
fn an_earlier_layers_sequence_makes_a_later_key_wait() {
    let text = "[nodes]\n\"q w\" = \"row.open\"\n";
    let (keymap, _) = read("default", Some(text));
    let nodes = &["nodes", "global"];
    assert_eq!(press(&keymap, nodes, "q"), Resolved::Pending);
    assert_eq!(keymap.keys_for("app.quit", nodes), ["ctrl-c"]);
}

proptest! {
    #[test]
    fn no_file_makes_loading_fall_over(text in "\\PC*|(\\[[a-z]{0,8}\\]\n|\"[a-zA-Z -]{0,6}\" = \"[a-z.]{0,8}\"\n){0,12}") {
        let (keymap, problems) = read("default", Some(&text));
        prop_assert!(!keymap.bindings(&["global"]).is_empty());
        prop_assert!(problems.iter().all(|problem| problem.starts_with("keys.toml:")));
    }
}
