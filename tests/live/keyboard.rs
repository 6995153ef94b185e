//! The keys of the default keymap as a terminal sends them.
use std::collections::BTreeSet;

/// Every key sequence that the default keymap binds, but those that leave the console.
pub fn bound() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/keymaps/default.toml");
    let keymap: toml::Table = std::fs::read_to_string(path).unwrap().parse().expect("the keymap is TOML");
    let layers = keymap.values().filter_map(toml::Value::as_table);
    let bindings: Vec<(&String, Option<&str>)> =
        layers.flatten().map(|(keys, id)| (keys, id.as_str())).collect();
    let leaves = |id: Option<&str>| matches!(id, Some("app.quit" | "app.suspend"));
    let leaving: BTreeSet<&String> =
        bindings.iter().filter(|(_, id)| leaves(*id)).map(|(keys, _)| *keys).collect();
    bindings.iter().map(|(keys, _)| *keys).filter(|keys| !leaving.contains(keys)).cloned().collect()
}

/// What the terminal sends for one key, such as `ctrl-d`, `pgdn` or `G`.
pub fn sent(key: &str) -> String {
    let named = match key {
        "enter" => "\r",
        "esc" => "\x1b",
        "tab" => "\t",
        "shift-tab" => "\x1b[Z",
        "space" => " ",
        "backspace" => "\x7f",
        "delete" => "\x1b[3~",
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "alt-right" => "\x1b[1;3C",
        "alt-left" => "\x1b[1;3D",
        "home" => "\x1b[H",
        "end" => "\x1b[F",
        "pgup" => "\x1b[5~",
        "pgdn" => "\x1b[6~",
        "f1" => "\x1bOP",
        "f5" => "\x1b[15~",
        "f8" => "\x1b[19~",
        _ => "",
    };
    if !named.is_empty() {
        return named.to_owned();
    }
    if let Some(rest) = key.strip_prefix("alt-") {
        return format!("\x1b{}", sent(rest));
    }
    let mut letters = key.strip_prefix("ctrl-").unwrap_or(key).chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { panic!("no key is called {key}") };
    if key.starts_with("ctrl-") { char::from(letter as u8 & 0x1f).to_string() } else { letter.to_string() }
}

#[test]
fn every_key_of_the_keymap_can_be_typed() {
    let bound = bound();
    assert!(bound.len() > 60 && !bound.contains("q"), "{bound:?}");
    for keys in bound {
        for key in keys.split(' ') {
            assert!(!sent(key).is_empty(), "{key}");
        }
    }
    assert_eq!((sent("ctrl-d"), sent("G"), sent("-")), ("\x04".into(), "G".into(), "-".into()));
}
