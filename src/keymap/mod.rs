//! Which keys run which command, as layers read from `keymaps/` and the operator's own file. Everything
//! shown about keys (help, hints, the pop-up after a first key) is asked from here. No terminal types, no IO.
pub mod chord;
mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use indexmap::IndexMap;

pub use chord::{BadChord, Chord, Key, print_sequence};
pub use file::{PRESETS, load};

/// The layers that exist besides one for each pane: `form` and `filter` are those in which a text field has
/// the keys.
pub const LAYERS: &[&str] = &["global", "table", "tree", "object", "overlay", "form", "filter"];

/// A sequence of keys to what it runs; `None` where a file switched it off.
type Layer = IndexMap<Vec<Chord>, Option<String>>;

/// What a press of a key means, after those that are waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// Run the command or action of that id.
    Command(String),
    /// The start of a longer sequence: wait for the next key.
    Pending,
    Unbound,
}

/// One line of the help screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub keys: String,
    pub id: String,
    pub layer: String,
}

/// All layers with their bindings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap {
    layers: BTreeMap<String, Layer>,
}

/// What a layer says of a sequence, without copying the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found<'a> {
    Command(&'a str),
    Pending,
    /// Switched off here, whatever later layers say.
    Off,
    Unknown,
}

impl Keymap {
    /// What `chord` means after `pending`; the first layer that knows the sequence decides, so an earlier
    /// layer's longer sequence makes a later layer's short one wait.
    pub fn resolve(&self, layers: &[&str], pending: &[Chord], chord: &Chord) -> Resolved {
        let sequence: Vec<Chord> = pending.iter().chain([chord]).copied().collect();
        match self.find(layers, &sequence) {
            Found::Command(id) => Resolved::Command(id.to_owned()),
            Found::Pending => Resolved::Pending,
            Found::Off | Found::Unknown => Resolved::Unbound,
        }
    }

    /// Every sequence that runs `id` in these layers, in the order the files name them.
    pub fn keys_for(&self, id: &str, layers: &[&str]) -> Vec<String> {
        self.reachable(layers)
            .filter(|(_, _, bound)| *bound == id)
            .map(|(_, keys, _)| print_sequence(keys))
            .collect()
    }

    /// How a started sequence may go on: the rest of its keys and what they run.
    pub fn continuations(&self, layers: &[&str], pending: &[Chord]) -> Vec<(String, String)> {
        self.reachable(layers)
            .filter_map(|(_, keys, id)| {
                let rest = keys.strip_prefix(pending).filter(|rest| !rest.is_empty())?;
                Some((print_sequence(rest), id.to_owned()))
            })
            .collect()
    }

    /// Everything that can be pressed in these layers.
    pub fn bindings(&self, layers: &[&str]) -> Vec<Binding> {
        self.reachable(layers)
            .map(|(layer, keys, id)| Binding {
                keys: print_sequence(keys),
                id: id.to_owned(),
                layer: layer.to_owned(),
            })
            .collect()
    }

    /// Layer, keys and id of each binding that no earlier layer hides.
    fn reachable<'a>(&'a self, layers: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a [Chord], &'a str)> {
        layers.iter().enumerate().flat_map(move |(index, name)| {
            self.layers.get(*name).into_iter().flatten().filter_map(move |(keys, id)| {
                let id = id.as_deref()?;
                let hidden = self.find(&layers[..index], keys) != Found::Unknown;
                let cut = (1..keys.len()).any(|end| self.find(layers, &keys[..end]) != Found::Pending);
                (!hidden && !cut).then_some((*name, keys.as_slice(), id))
            })
        })
    }

    fn find(&self, layers: &[&str], sequence: &[Chord]) -> Found<'_> {
        for layer in layers.iter().filter_map(|name| self.layers.get(*name)) {
            match layer.get(sequence) {
                Some(Some(id)) => return Found::Command(id),
                Some(None) => return Found::Off,
                None if layer.iter().any(|(keys, id)| id.is_some() && keys.starts_with(sequence)) => {
                    return Found::Pending;
                }
                None => {}
            }
        }
        Found::Unknown
    }
}
