//! What holds for the whole tree: who may use what, sizes, words, and that data files name only what exists.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use tko::{
    actions, command,
    keymap::{self, LAYERS},
    panes,
    theme::{self, Depth, Role, Theme},
};

use crate::support::scenario::{Scenario, all_ids};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the tree, by its path from the root.
fn files(folder: &str, ends: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(at) = open.pop() {
        if at.is_file() {
            let name = at.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            if ends.iter().any(|end| name.ends_with(end)) {
                found.push((name, fs::read_to_string(&at).unwrap()));
            }
            continue;
        }
        for entry in fs::read_dir(&at).unwrap() {
            open.push(entry.unwrap().path());
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    files("src", &[".rs"])
}

/// The code of a file without its comments and without its inline tests.
fn code(text: &str) -> String {
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let line = |l: &str| l.split("//").next().unwrap_or_default().to_owned();
    text[..end].lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a path such as `tokio::` is used, as a word of its own.
fn uses(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn layer(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// Layers without IO and clock.
const PURE: &[&str] = &[
    "domain", "state", "update", "actions", "panes", "keymap", "kinds", "filter", "triage", "text", "msg",
    "effect", "command", "nearest", "editor", "view", "theme", "rules",
];

#[test]
fn each_layer_uses_only_what_it_may() {
    const IO: &[&str] = &[
        "tokio::",
        "kube::",
        "reqwest::",
        "crossterm::",
        "hyper::",
        "rustls::",
        "std::fs",
        "std::net",
        "std::process",
        "std::env::",
        "std::thread",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let (layer, code) = (layer(&path), code(&text));
        let mut forbidden: Vec<&str> = Vec::new();
        if PURE.contains(&layer) {
            forbidden.extend(IO);
            forbidden.extend(["crate::runtime", "crate::backends", "crate::telemetry", "crate::cli"]);
        }
        if !matches!(layer, "view" | "theme" | "runtime") {
            forbidden.push("ratatui::");
        }
        if !matches!(layer, "editor") {
            forbidden.push("tui_textarea::");
        }
        if !matches!(layer, "runtime" | "main") {
            forbidden.extend(["crossterm::", "color_eyre::"]);
        }
        // The console reaches the demo through its address alone.
        if !matches!(layer, "demo" | "main") {
            forbidden.push("crate::demo");
        }
        if layer == "domain" || layer == "kinds" {
            forbidden.extend([
                "crate::state",
                "crate::update",
                "crate::view",
                "crate::panes",
                "crate::actions",
            ]);
        }
        if matches!(layer, "state" | "actions" | "triage" | "panes" | "keymap" | "filter" | "text" | "editor")
        {
            forbidden.extend(["crate::update", "crate::view"]);
        }
        if layer == "backends" {
            let above =
                ["crate::view", "crate::state::State", "crate::update", "crate::telemetry", "crate::runtime"];
            forbidden.extend(above);
        }
        for name in forbidden {
            // The module `backends::kube` is ours, and `tokio` stays in it.
            if uses(&code, name) && !(name == "kube::" && layer == "backends") {
                wrong.push(format!("{path} uses {name}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn views_and_panes_only_read_the_state() {
    let writes: Vec<String> = sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with("src/view/") || path.starts_with("src/panes/"))
        .filter(|(path, _)| !is_test(path))
        .filter(|(_, text)| code(text).contains("&mut State") || code(text).contains("RefCell"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(writes, Vec::<String>::new());
}

#[test]
fn the_clock_is_read_at_the_edge_only() {
    let clocks = ["Timestamp::now", "Instant::now", "SystemTime::now", "Zoned::now", ".elapsed()"];
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|(path, _)| !matches!(layer(path), "runtime" | "backends" | "main" | "telemetry"))
        .filter(|(path, _)| !is_test(path) && path != "src/demo/clock.rs" && path != "src/demo/run.rs")
        .filter(|(_, text)| clocks.iter().any(|clock| code(text).contains(clock)))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_module_says_what_it_is_for_and_none_is_too_long() {
    const LONGEST: usize = 400;
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().chain(files("tests", &[".rs"])) {
        let is_test = is_test(&path);
        if !is_test && !text.starts_with("//!") {
            wrong.push(format!("{path} does not begin with //!"));
        }
        let lines =
            text.find("\n#[cfg(test)]\nmod tests {").map_or(text.as_str(), |at| &text[..at]).lines().count();
        if path.starts_with("src/") && !is_test && lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines"));
        }
        for word in ["todo!(", "unimplemented!(", "dbg!("] {
            if path != "tests/it/tidy.rs" && text.contains(word) {
                wrong.push(format!("{path} has {word}"));
            }
        }
        if text.contains("#[allow(") && !text.lines().collect::<String>().contains("reason =") {
            wrong.push(format!("{path} allows without a reason"));
        }
        if ["utils", "helpers", "manager", "misc"].iter().any(|n| layer_names(&path).contains(n)) {
            wrong.push(format!("{path} has a name that says nothing"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn layer_names(path: &str) -> BTreeSet<&str> {
    path.split('/').map(|part| part.trim_end_matches(".rs")).collect()
}

#[test]
fn lints_that_the_rules_rest_on_are_switched_on() {
    let clippy = fs::read_to_string(root().join("clippy.toml")).unwrap();
    assert!(clippy.contains("too-many-lines-threshold = 60"));
    for clock in ["SystemTime::now", "Instant::now", "Timestamp::now"] {
        assert!(clippy.contains(clock), "{clock}");
    }
    let cargo: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    assert_eq!(cargo["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "todo",
        "dbg_macro",
        "print_stdout",
        "print_stderr",
        "too_many_lines",
    ] {
        assert_eq!(cargo["lints"]["clippy"][lint].as_str(), Some("deny"), "{lint}");
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let mut open: Vec<PathBuf> = vec![root().join("tests/it/main.rs")];
    let mut listed = BTreeSet::new();
    while let Some(file) = open.pop() {
        let folder = file.parent().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().map(str::trim) {
            let Some(name) =
                line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|l| l.strip_suffix(';'))
            else {
                continue;
            };
            let (flat, nested) = (folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs"));
            open.push(if flat.exists() { flat } else { nested });
        }
        listed.insert(file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
    }
    let there: BTreeSet<String> = files("tests/it", &[".rs"]).into_iter().map(|(path, _)| path).collect();
    assert_eq!(listed, there);
}

/// Places of the machine it was written on, and hosts that packages come from, are nobody's business.
#[test]
fn nothing_in_the_tree_depends_on_where_it_was_written() {
    let homes = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"));
    let hosts =
        [["crates", ".io/"].concat(), ["proxy", ".golang", ".org"].concat(), ["registry", "-1."].concat()];
    let mut wrong = Vec::new();
    let kinds = [".rs", ".toml", ".md", ".sh", ".json", ".go", ".mod", ".yaml"];
    let tops = ["src", "tests", "themes", "keymaps", "benches", "testbed", "docs", ".ci"];
    let folders = tops.iter().filter(|folder| root().join(folder).exists());
    for (path, text) in folders.flat_map(|folder| files(folder, &kinds)) {
        for (at, line) in text.lines().enumerate() {
            let absolute = homes.iter().any(|home| {
                line.match_indices(home.as_str()).any(|(i, _)| {
                    // A path begins after a quote, a blank or the like, not in the middle of a word.
                    line[..i].chars().next_back().is_none_or(|c| "\"'` =:(".contains(c))
                })
            });
            let home_in_words =
                line.contains("/home/user") || line.contains("/home/me") || line.contains("/root/ca");
            if (absolute && !home_in_words) || hosts.iter().any(|host| line.contains(host.as_str())) {
                wrong.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_keymap_binds_known_ids_and_loads_without_a_problem() {
    let ids = all_ids();
    for (name, _) in keymap::PRESETS {
        let (keymap, problems) = keymap::load(name, None, &|id| ids.contains(&id), &ids);
        assert_eq!(problems, [], "{name}");
        let panes = panes::PANES.iter().map(|p| p.id);
        for layer in LAYERS.iter().copied().chain(panes) {
            for binding in keymap.bindings(&[layer]) {
                assert!(ids.contains(&&*binding.id), "{name} [{layer}] {} = {}", binding.keys, binding.id);
            }
        }
    }
}

/// Commands that only the palette offers; every other has a key. Actions have none of their own: the sheet and the
/// palette offer them, so that no key changes anything by a slip.
const PALETTE_ONLY: &[&str] = &[
    "app.suspend",
    "theme.next",
    "copy.name",
    "copy.reference",
    "copy.command",
    "copy.json",
    "copy.markdown",
];

#[test]
fn every_command_and_action_has_a_key_or_is_meant_for_the_palette() {
    let ids = all_ids();
    let (keymap, _) = keymap::load("default", None, &|id| ids.contains(&id), &ids);
    let layers: Vec<&str> = LAYERS.iter().copied().chain(panes::PANES.iter().map(|p| p.id)).collect();
    let bound: BTreeSet<String> =
        layers.iter().flat_map(|layer| keymap.bindings(&[layer])).map(|b| b.id).collect();
    let unbound: BTreeSet<&str> = ids.iter().copied().filter(|id| !bound.contains(*id)).collect();
    let actions = actions::ACTIONS.iter().map(|action| action.id());
    assert_eq!(unbound, PALETTE_ONLY.iter().copied().chain(actions).collect());
}

#[test]
fn no_key_of_a_preset_belongs_to_tmux_or_the_terminal() {
    let ids = all_ids();
    for (name, _) in keymap::PRESETS {
        let (keymap, _) = keymap::load(name, None, &|id| ids.contains(&id), &ids);
        for layer in LAYERS.iter().copied().chain(panes::PANES.iter().map(|p| p.id)) {
            for binding in keymap.bindings(&[layer]) {
                let taken = ["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-z", "ctrl-q"];
                assert!(
                    !binding.keys.split(' ').any(|k| taken.contains(&k)),
                    "{name} [{layer}] {}",
                    binding.keys
                );
            }
        }
    }
}

/// Every id that a keymap may name does something, or at least is known, wherever it is run.
#[test]
fn every_command_is_handled_in_every_place() {
    let ids = all_ids();
    for command in command::COMMANDS {
        let bind = format!("[global]\n\"f12\" = \"{}\"\n", command.id);
        let (keymap, problems) =
            keymap::load("default", Some(("test", &bind)), &|id| ids.contains(&id), &ids);
        assert_eq!(problems, [], "{}", command.id);
        for place in ["", "enter", "d", "Y", "6"] {
            let mut s = Scenario::new(100, 24);
            s.site("a").starts().pane = "clusters".into();
            s.live("a").list("a", "cluster", &[crate::support::objects::cluster("one")]);
            s.keys(place);
            s.context.keymap = keymap.clone();
            s.keys("f12");
            let said: Vec<&str> = s.state.notices.iter().map(|n| n.text.as_str()).collect();
            let unknown = said.iter().any(|text| text.contains("has nothing to do here"));
            assert!(!unknown, "{} at `{place}`: {said:?}", command.id);
            s.frame();
        }
    }
}

#[test]
fn every_theme_gives_every_role_a_style_it_means() {
    for (name, text) in theme::BUILT_IN {
        let (_, problems) = Theme::load(name, None, Depth::TrueColor);
        assert_eq!(problems, [], "{name}");
        let inherits = text.lines().any(|l| l.starts_with("inherits"));
        if inherits {
            continue;
        }
        let table: toml::Table = text.parse().unwrap();
        let roles = table["roles"].as_table().unwrap();
        for role in Role::ALL {
            let named = role.name();
            let parent = named.split('.').next().unwrap_or(named);
            assert!(roles.contains_key(named) || roles.contains_key(parent), "{name} leaves out {named}");
        }
    }
}

#[test]
fn panes_columns_and_actions_have_ids_of_their_own() {
    for pane in panes::PANES {
        let ids: BTreeSet<&str> = pane.columns.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), pane.columns.len(), "{}", pane.id);
        assert!(pane.column(pane.sort).is_some(), "{} sorts by a column it has not", pane.id);
        assert!(command::find(&format!("pane.{}", pane.id)).is_some(), "{} cannot be gone to", pane.id);
        for kind in pane.kinds().iter().chain(pane.joins) {
            assert!(tko::kinds::find(kind).is_some(), "{}: {kind}", pane.id);
        }
    }
    for action in actions::ACTIONS {
        assert!(action.id().contains('.') && !action.help().is_empty());
        assert!(command::find(action.id()).is_none(), "{} is a command too", action.id());
    }
}
