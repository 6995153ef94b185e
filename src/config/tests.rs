use std::path::Path;

use super::*;

fn from_text(text: &str) -> Loaded {
    let mut loaded = Loaded::default();
    file::read(Path::new("config.toml"), text, &mut loaded);
    loaded
}

fn said(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|p| format!("{} | {}", p.summary, p.hint)).collect()
}

#[test]
fn the_example_is_the_built_in_settings() {
    let loaded = from_text(EXAMPLE);
    assert_eq!(said(&loaded), Vec::<String>::new());
    let built_in = Settings::default();
    assert_eq!(loaded.settings.theme.value, built_in.theme.value);
    assert_eq!(loaded.settings.keymap.value, built_in.keymap.value);
    assert_eq!(loaded.settings.write_session_minutes, built_in.write_session_minutes);
    assert_eq!(loaded.settings.exec_timeout_seconds, built_in.exec_timeout_seconds);
}

#[test]
fn the_commented_sections_of_the_example_are_valid_too() {
    let uncommented: String = EXAMPLE
        .lines()
        .skip_while(|line| !line.starts_with("[columns]"))
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains('=') || rest.starts_with('[') => rest,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let loaded = from_text(&uncommented);
    assert_eq!(said(&loaded), Vec::<String>::new());
    let site = &loaded.settings.sites["prod-east"];
    assert_eq!(site.context.as_deref(), Some("prod-east-admin"));
    assert_eq!(site.protection, Protection::High);
    assert_eq!(site.tags["region"], "east");
    assert_eq!(loaded.settings.columns["clusters"].value.len(), 4);
}

#[test]
fn a_mistake_names_line_and_nearest_and_the_rest_is_kept() {
    let loaded = from_text(
        "them = \"dark\"\nkeymap = \"vmi\"\nascii = \"yes\"\nwrite_session_minutes = 0\nreduced_motion = true\n\
         [sites.a]\nprotektion = \"high\"\ncolour = \"red\"\n",
    );
    assert_eq!(
        said(&loaded),
        [
            "config.toml:1: unknown key \"them\" | did you mean \"theme\"?",
            "config.toml:2: unknown keymap \"vmi\" | did you mean \"vim\"?",
            "config.toml:3: ascii must be true or false, not this string | ",
            "config.toml:4: write_session_minutes must be a whole number from 1 to 480, not this integer | ",
            "config.toml:7: unknown site key \"protektion\" | did you mean \"protection\"?",
        ]
    );
    assert!(loaded.settings.reduced_motion);
    assert_eq!(loaded.settings.sites["a"].colour, "red");
}

#[test]
fn a_misspelt_protection_protects_most() {
    let loaded = from_text("[sites.a]\nprotection = \"hihg\"\n");
    assert_eq!(loaded.settings.sites["a"].protection, Protection::High);
    assert_eq!(loaded.problems.len(), 1);
}

#[test]
fn broken_toml_names_its_line_and_keeps_what_it_can() {
    let loaded = from_text("ascii = true\nthis is not toml\nkeymap = \"vim\"\n");
    assert!(!loaded.problems.is_empty());
    assert!(loaded.problems[0].summary.starts_with("config.toml:2: "), "{:?}", loaded.problems);
    assert!(loaded.settings.ascii);
}

#[test]
fn each_layer_overrides_the_one_below() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("c.toml");
    std::fs::write(&file, "theme = \"light\"\nkeymap = \"vim\"\n").unwrap();
    let mut flags = Flags { config: Some(file), ..Flags::default() };
    let paths = Paths::under(dir.path());
    let env = |name: &str| (name == "TKO_THEME").then(|| String::from("ansi16"));

    let loaded = load(&paths, env, &flags);
    assert_eq!(loaded.settings.theme.value, "ansi16");
    assert_eq!(loaded.settings.theme.origin, Origin::Environment("TKO_THEME"));
    assert_eq!(loaded.settings.keymap.value, "vim");
    assert!(loaded.settings.keymap.origin.to_string().ends_with("c.toml:2"));

    flags.theme = Some(String::from("dark"));
    flags.keymap = Some(String::from("emacs"));
    let loaded = load(&paths, env, &flags);
    assert_eq!(loaded.settings.theme.value, "dark");
    assert_eq!(loaded.settings.keymap.value, "vim");
    assert_eq!(loaded.problems[0].summary, "--keymap: unknown keymap \"emacs\"");
}

#[test]
fn an_absent_file_is_fine_unless_it_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::under(dir.path());
    let none = |_: &str| None;
    assert!(load(&paths, none, &Flags::default()).problems.is_empty());
    let asked = Flags { config: Some(dir.path().join("no.toml")), ..Flags::default() };
    assert_eq!(load(&paths, none, &asked).problems.len(), 1);
}

#[test]
fn the_environment_is_checked_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::under(dir.path());
    let env = |name: &str| match name {
        "TKO_ASCII" => Some(String::from("maybe")),
        "NO_COLOR" => Some(String::from("1")),
        _ => None,
    };
    let loaded = load(&paths, env, &Flags::default());
    assert!(loaded.settings.no_color);
    assert!(!loaded.settings.ascii);
    assert_eq!(loaded.problems.len(), 1);
}
