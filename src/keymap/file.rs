//! Reads the built-in presets and the operator's file over them. A mistake costs its own line, is named with
//! file, line and the nearest valid word, and everything else still works.
use indexmap::IndexMap;

use super::chord::{Chord, print_sequence};
use super::{Keymap, LAYERS, Layer};
use crate::domain::{Problem, ProblemKind};
use crate::nearest::suggestion;
use crate::toml_file::{Entry, TomlFile, entries};

/// The built-in keymaps by name.
pub const PRESETS: &[(&str, &str)] = &[
    ("default", include_str!("../../keymaps/default.toml")),
    ("vim", include_str!("../../keymaps/vim.toml")),
    ("k9s", include_str!("../../keymaps/k9s.toml")),
];
const INHERITS: &str = "inherits";
/// What a file writes to switch a key off.
const OFF: &str = "none";

/// Reads the preset and `user`'s text (with the file name that messages shall use) over it. The file's own
/// `inherits` chooses another preset.
pub fn load(
    preset: &str,
    user: Option<(&str, &str)>,
    known_ids: &dyn Fn(&str) -> bool,
    all_ids: &[&str],
) -> (Keymap, Vec<Problem>) {
    let panes =
        all_ids.iter().filter_map(|id| id.strip_prefix("pane.")).filter(|id| !matches!(*id, "next" | "prev"));
    let layers = LAYERS.iter().copied().chain(panes).collect();
    let mut loader = Loader { known_ids, all_ids, layers, keymap: Keymap::default(), problems: Vec::new() };
    let mut preset = preset;
    if find(preset).is_none() {
        let what = format!("no keymap is called \"{preset}\"; {}", suggestion(preset, names()));
        loader.problems.push(Problem::new(ProblemKind::File, what));
        preset = "default";
    }
    let Some((name, text)) = user else {
        loader.preset(preset, 0);
        return (loader.keymap, loader.problems);
    };
    let file = TomlFile::new(name, text);
    let table = file.parse(&mut loader.problems);
    let lines = entries(&table);
    let base = loader.inherited(&file, &lines).unwrap_or(preset);
    loader.preset(base, 0);
    loader.apply(&file, &lines);
    (loader.keymap, loader.problems)
}

fn find(preset: &str) -> Option<(&'static str, &'static str)> {
    PRESETS.iter().find(|(name, _)| *name == preset).copied()
}

fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

struct Loader<'a> {
    known_ids: &'a dyn Fn(&str) -> bool,
    all_ids: &'a [&'a str],
    layers: Vec<&'a str>,
    keymap: Keymap,
    problems: Vec<Problem>,
}

impl Loader<'_> {
    /// Applies a built-in file after the one it inherits; the depth guards against a circle.
    fn preset(&mut self, preset: &str, depth: usize) {
        let Some((name, text)) = find(preset).filter(|_| depth < PRESETS.len()) else { return };
        let shown = format!("keymaps/{name}.toml");
        let file = TomlFile::new(&shown, text);
        let table = file.parse(&mut self.problems);
        let lines = entries(&table);
        if let Some(base) = self.inherited(&file, &lines) {
            self.preset(base, depth + 1);
        }
        self.apply(&file, &lines);
    }

    /// The preset that the file's `inherits` names.
    fn inherited(&mut self, file: &TomlFile<'_>, lines: &[Entry<'_, '_>]) -> Option<&'static str> {
        let line = lines.iter().find(|line| line.key == INHERITS)?;
        let wanted = line.text().unwrap_or_default();
        let found = find(wanted).map(|(name, _)| name);
        if found.is_none() {
            let what = format!("no keymap is called \"{wanted}\"; {}", suggestion(wanted, names()));
            self.problems.push(file.problem(line.at, what));
        }
        found
    }

    fn apply(&mut self, file: &TomlFile<'_>, lines: &[Entry<'_, '_>]) {
        for line in lines.iter().filter(|line| line.key != INHERITS) {
            let Some(bindings) = line.table() else {
                let what =
                    format!("\"{}\" stands outside of a layer; keys go below [global], [table], …", line.key);
                self.problems.push(file.problem(line.at, what));
                continue;
            };
            if !self.layers.contains(&line.key) {
                let what = suggestion(line.key, self.layers.iter().copied());
                self.problems
                    .push(file.problem(line.at, format!("no layer is called \"{}\"; {what}", line.key)));
                continue;
            }
            let own = self.read_layer(file, &bindings);
            merge(self.keymap.layers.entry(line.key.to_owned()).or_default(), own);
        }
    }

    /// The layer as this file alone has it; of two that exclude each other the first stays.
    fn read_layer(&mut self, file: &TomlFile<'_>, bindings: &[Entry<'_, '_>]) -> Layer {
        let mut own: Layer = IndexMap::new();
        let mut written: Vec<(Vec<Chord>, usize)> = Vec::new();
        for line in bindings {
            match self.read_binding(line) {
                Err(what) => self.problems.push(file.problem(line.at, what)),
                Ok((keys, id)) => {
                    let other = written.iter().find(|(other, _)| {
                        let off = id.is_none() || own.get(other).is_some_and(Option::is_none);
                        *other == keys || (!off && excludes(other, &keys))
                    });
                    if let Some((other, at)) = other {
                        let what = conflict(&keys, other, file.line(*at));
                        self.problems.push(file.problem(line.at, what));
                    } else {
                        written.push((keys.clone(), line.at));
                        own.insert(keys, id);
                    }
                }
            }
        }
        own
    }

    fn read_binding(&self, line: &Entry<'_, '_>) -> Result<(Vec<Chord>, Option<String>), String> {
        let keys = Chord::sequence(line.key).map_err(|bad| bad.to_string())?;
        match line.text() {
            None => Err(format!(
                "\"{}\" must name a command in quotes, or \"none\", not {}",
                line.key,
                line.type_name()
            )),
            Some(OFF) => Ok((keys, None)),
            Some(id) if (self.known_ids)(id) => Ok((keys, Some(id.to_owned()))),
            Some(id) => Err(format!(
                "no command is called \"{id}\"; {}",
                suggestion(id, self.all_ids.iter().copied())
            )),
        }
    }
}

/// Both cannot be typed in one layer: they are the same, or one begins the other.
fn excludes(a: &[Chord], b: &[Chord]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn conflict(keys: &[Chord], other: &[Chord], line: usize) -> String {
    let (keys, other) = (print_sequence(keys), print_sequence(other));
    if keys == other {
        format!("\"{keys}\" is bound already on line {line}, which stays")
    } else {
        format!("\"{keys}\" cannot be typed beside \"{other}\" on line {line}, which stays")
    }
}

/// Lays `own` over what was inherited: what cannot be typed beside it goes.
fn merge(layer: &mut Layer, own: Layer) {
    for (keys, id) in own {
        let off = id.is_none();
        layer.retain(|other, _| if off { *other != keys } else { !excludes(other, &keys) });
        layer.insert(keys, id);
    }
    // A key switched off may still begin a sequence.
    let bound: Vec<Vec<Chord>> =
        layer.iter().filter(|(_, id)| id.is_some()).map(|(keys, _)| keys.clone()).collect();
    layer.retain(|keys, id| id.is_some() || !bound.iter().any(|other| other.starts_with(keys)));
}
