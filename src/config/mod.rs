//! What the operator set: built-in values, then the config file, then the environment, then flags. A mistake
//! is a [`Problem`] that names its place and the nearest valid word; everything else still counts.
mod file;
mod paths;
mod place;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use self::paths::Paths;
pub use self::place::{Origin, Setting};
use crate::domain::site::Protection;
use crate::domain::{Problem, ProblemKind};
use crate::nearest::suggestion;

/// A commented config file with every key, as `tko config example` prints it.
pub const EXAMPLE: &str = include_str!("example.toml");

/// The keymaps that come with the console.
pub const KEYMAP_PRESETS: &[&str] = &["default", "vim", "k9s"];

/// Everything that can be set, with the last word of each layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// A theme's name, or `auto` to follow the background of the terminal.
    pub theme: Setting<String>,
    /// One of [`KEYMAP_PRESETS`]; the operator's own keymap file is laid over it.
    pub keymap: Setting<String>,
    /// Only ASCII characters on screen.
    pub ascii: bool,
    pub reduced_motion: bool,
    pub no_color: bool,
    /// Columns of a pane in their order, by the pane's id. Whoever owns the panes checks the names.
    pub columns: BTreeMap<String, Setting<Vec<String>>>,
    pub sites: BTreeMap<String, SiteSettings>,
    /// How long a write session lasts when nothing else is asked.
    pub write_session_minutes: u32,
    /// How long an exec credential plugin may take.
    pub exec_timeout_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Setting::builtin(String::from("auto")),
            keymap: Setting::builtin(String::from("default")),
            ascii: false,
            reduced_motion: false,
            no_color: false,
            columns: BTreeMap::new(),
            sites: BTreeMap::new(),
            write_session_minutes: 15,
            exec_timeout_seconds: 60,
        }
    }
}

/// One `[sites.NAME]` section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteSettings {
    /// The kubeconfig context; the section's name when left out.
    pub context: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub protection: Protection,
    pub colour: String,
    /// The context is left out of the fleet.
    pub hide: bool,
    pub origin: Origin,
}

/// What the command line said. Only what is given overrides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub kubeconfig: Option<PathBuf>,
    /// Only these contexts; all when empty.
    pub contexts: Vec<String>,
    /// Sites to open for writing.
    pub write: Vec<String>,
    pub theme: Option<String>,
    pub keymap: Option<String>,
    pub ascii: bool,
    pub reduced_motion: bool,
    /// Impersonate this user, and these groups, at every site.
    pub impersonate: Option<String>,
    pub impersonate_groups: Vec<String>,
}

/// The settings that hold, and what was wrong on the way to them.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    pub settings: Settings,
    pub problems: Vec<Problem>,
}

/// Reads all layers. `env` looks up an environment variable.
pub fn load(paths: &Paths, env: impl Fn(&str) -> Option<String>, flags: &Flags) -> Loaded {
    let mut loaded = Loaded::default();
    let path = flags.config.clone().unwrap_or_else(|| paths.config_file());
    match std::fs::read_to_string(&path) {
        Ok(text) => file::read(&path, &text, &mut loaded),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && flags.config.is_none() => {}
        Err(e) => loaded.problems.push(
            Problem::new(ProblemKind::File, format!("{}: cannot be read: {e}", path.display()))
                .hint("the built-in settings are used; `tko config example` prints a file to start from"),
        ),
    }
    environment(&env, &mut loaded);
    apply_flags(flags, &mut loaded);
    loaded
}

fn environment(env: &impl Fn(&str) -> Option<String>, loaded: &mut Loaded) {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    if let Some(theme) = set("TKO_THEME") {
        loaded.settings.theme = Setting::new(theme, Origin::Environment("TKO_THEME"));
    }
    if let Some(keymap) = set("TKO_KEYMAP") {
        set_keymap(keymap, Origin::Environment("TKO_KEYMAP"), loaded);
    }
    match set("TKO_ASCII").as_deref() {
        None => {}
        Some("1" | "true" | "yes" | "on") => loaded.settings.ascii = true,
        Some("0" | "false" | "no" | "off") => loaded.settings.ascii = false,
        Some(other) => loaded.problems.push(
            Problem::new(ProblemKind::File, format!("TKO_ASCII: \"{other}\" is neither yes nor no"))
                .hint("set it to 1 or 0"),
        ),
    }
    if set("NO_COLOR").is_some() {
        loaded.settings.no_color = true;
    }
}

fn apply_flags(flags: &Flags, loaded: &mut Loaded) {
    if let Some(theme) = &flags.theme {
        loaded.settings.theme = Setting::new(theme.clone(), Origin::Flag("--theme"));
    }
    if let Some(keymap) = &flags.keymap {
        set_keymap(keymap.clone(), Origin::Flag("--keymap"), loaded);
    }
    loaded.settings.ascii |= flags.ascii;
    loaded.settings.reduced_motion |= flags.reduced_motion;
}

/// Takes a keymap preset if there is one of that name.
fn set_keymap(name: String, origin: Origin, loaded: &mut Loaded) {
    if KEYMAP_PRESETS.contains(&name.as_str()) {
        loaded.settings.keymap = Setting::new(name, origin);
    } else {
        loaded.problems.push(
            Problem::new(ProblemKind::File, format!("{origin}: unknown keymap \"{name}\""))
                .hint(suggestion(&name, KEYMAP_PRESETS.iter().copied())),
        );
    }
}

#[cfg(test)]
mod tests;
