//! The config file: TOML with the places kept, so that each mistake can name its line. Valid keys beside a
//! mistake are kept.
use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{KEYMAP_PRESETS, Loaded, Origin, Setting, SiteSettings};
use crate::domain::site::Protection;
use crate::nearest::suggestion;
use crate::toml_file::{TomlFile, entries};

const KEYS: &[&str] = &[
    "theme",
    "keymap",
    "ascii",
    "reduced_motion",
    "write_session_minutes",
    "exec_timeout_seconds",
    "columns",
    "sites",
];
const SITE_KEYS: &[&str] = &["context", "tags", "protection", "colour", "hide"];
const PROTECTIONS: &[&str] = &["low", "normal", "high"];

/// Lays the file's `text` over what is loaded so far.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded) {
    let path = path.display().to_string();
    let file = TomlFile::new(&path, text);
    let table = file.parse(&mut loaded.problems);
    Reader { path: &path, file, loaded }.top(&table);
}

struct Reader<'a> {
    path: &'a str,
    file: TomlFile<'a>,
    loaded: &'a mut Loaded,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn top(&mut self, table: &DeTable<'_>) {
        for entry in entries(table) {
            let value = entry.value;
            match entry.key {
                "theme" => {
                    if let Some(name) = self.string("theme", value) {
                        self.loaded.settings.theme = Setting::new(name, self.origin(value));
                    }
                }
                "keymap" => {
                    if let Some(name) = self.one_of("keymap", value, KEYMAP_PRESETS) {
                        self.loaded.settings.keymap = Setting::new(name, self.origin(value));
                    }
                }
                "ascii" => {
                    if let Some(on) = self.boolean("ascii", value) {
                        self.loaded.settings.ascii = on;
                    }
                }
                "reduced_motion" => {
                    if let Some(on) = self.boolean("reduced_motion", value) {
                        self.loaded.settings.reduced_motion = on;
                    }
                }
                "write_session_minutes" => {
                    if let Some(minutes) = self.number("write_session_minutes", value, 480) {
                        self.loaded.settings.write_session_minutes = minutes;
                    }
                }
                "exec_timeout_seconds" => {
                    if let Some(seconds) = self.number("exec_timeout_seconds", value, 600) {
                        self.loaded.settings.exec_timeout_seconds = seconds;
                    }
                }
                "columns" => self.columns(value),
                "sites" => self.sites(value),
                other => self.unknown(entry.at, "key", other, KEYS),
            }
        }
    }

    fn columns(&mut self, value: &Value<'_>) {
        let Some(table) = self.table("columns", value) else { return };
        for (pane, list) in table {
            let name = format!("columns.{}", pane.get_ref());
            let Some(items) = list.get_ref().as_array() else {
                self.wrong(&name, list, "a list of column names");
                continue;
            };
            let names: Vec<String> = items.iter().filter_map(|item| self.string(&name, item)).collect();
            let setting = Setting::new(names, self.origin(list));
            self.loaded.settings.columns.insert(pane.get_ref().to_string(), setting);
        }
    }

    fn sites(&mut self, value: &Value<'_>) {
        let Some(table) = self.table("sites", value) else { return };
        for (name, section) in table {
            let Some(section) = self.table(&format!("sites.{}", name.get_ref()), section) else { continue };
            let origin = self.origin_at(name.span().start);
            let mut site = SiteSettings { origin, ..SiteSettings::default() };
            for (key, value) in section {
                self.site_key(key.get_ref(), key.span().start, value, &mut site);
            }
            self.loaded.settings.sites.insert(name.get_ref().to_string(), site);
        }
    }

    fn site_key(&mut self, key: &str, at: usize, value: &Value<'_>, site: &mut SiteSettings) {
        match key {
            "context" => site.context = self.string(key, value),
            "colour" => site.colour = self.string(key, value).unwrap_or_default(),
            "hide" => site.hide = self.boolean(key, value).unwrap_or_default(),
            "tags" => site.tags = self.tags(value),
            "protection" => {
                // A word we do not know must not leave a site less protected than was meant.
                site.protection = match self.one_of(key, value, PROTECTIONS).as_deref() {
                    Some("low") => Protection::Low,
                    Some("normal") => Protection::Normal,
                    _ => Protection::High,
                };
            }
            other => self.unknown(at, "site key", other, SITE_KEYS),
        }
    }

    fn tags(&mut self, value: &Value<'_>) -> BTreeMap<String, String> {
        let Some(table) = self.table("tags", value) else { return BTreeMap::new() };
        let mut tags = BTreeMap::new();
        for (key, value) in table {
            if let Some(text) = self.string(&format!("tags.{}", key.get_ref()), value) {
                tags.insert(key.get_ref().to_string(), text);
            }
        }
        tags
    }

    fn table<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, value, "a table");
        }
        table
    }
    fn string(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(key, value, "a string");
        }
        text
    }
    fn boolean(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let on = value.get_ref().as_bool();
        if on.is_none() {
            self.wrong(key, value, "true or false");
        }
        on
    }
    fn number(&mut self, key: &str, value: &Value<'_>, most: u32) -> Option<u32> {
        let number =
            value.get_ref().as_integer().and_then(|i| u32::from_str_radix(i.as_str(), i.radix()).ok());
        let number = number.filter(|n| (1..=most).contains(n));
        if number.is_none() {
            self.wrong(key, value, &format!("a whole number from 1 to {most}"));
        }
        number
    }
    fn one_of(&mut self, key: &str, value: &Value<'_>, known: &[&str]) -> Option<String> {
        let word = self.string(key, value)?;
        if known.contains(&word.as_str()) {
            return Some(word);
        }
        self.unknown(value.span().start, key, &word, known);
        None
    }

    fn wrong(&mut self, key: &str, value: &Value<'_>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.complain(value.span().start, &format!("{key} must be {wanted}, not this {found}"), "");
    }
    fn unknown(&mut self, at: usize, what: &str, word: &str, known: &[&str]) {
        self.complain(at, &format!("unknown {what} \"{word}\""), &suggestion(word, known.iter().copied()));
    }
    fn complain(&mut self, at: usize, what: &str, hint: &str) {
        self.loaded.problems.push(self.file.problem(at, what).hint(hint));
    }

    fn origin(&self, value: &Value<'_>) -> Origin {
        self.origin_at(value.span().start)
    }
    fn origin_at(&self, at: usize) -> Origin {
        Origin::File { path: self.path.to_owned(), line: self.file.line(at) }
    }
}
