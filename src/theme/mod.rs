//! How each role looks: styles read from `themes/` and the operator's own file, brought down to the colours
//! the terminal has. The one place where colours become ratatui styles; no colour is named in code elsewhere.
mod color;
mod depth;
mod file;
pub mod glyphs;
mod role;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

pub use depth::Depth;
pub use glyphs::Glyphs;
pub use role::Role;

use crate::domain::{Problem, ProblemKind};
use crate::nearest::suggestion;
use crate::toml_file::TomlFile;

/// The built-in themes by name, in the order the console steps through them.
pub const BUILT_IN: &[(&str, &str)] = &[
    (DARK, include_str!("../../themes/dark.toml")),
    (LIGHT, include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    (ANSI16, include_str!("../../themes/ansi16.toml")),
];
const DARK: &str = "dark";
const LIGHT: &str = "light";
const ANSI16: &str = "ansi16";

/// A style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    /// By the number of the role.
    styles: [Style; Role::ALL.len()],
    palette: BTreeMap<String, Color>,
    depth: Depth,
}

impl Theme {
    /// Reads the theme `name`; `user` is the file name for messages and the text of the operator's file, which
    /// lies over the theme it inherits, or over `name`, or over the dark one.
    pub fn load(name: &str, user: Option<(&str, &str)>, depth: Depth) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let user = user.map(|(file, text)| TomlFile::new(file, text));
        let inherited = user.as_ref().and_then(file::inherits);
        let base = match (&user, inherited) {
            (Some(file), Some((base, at))) => known(&base, |what| problems.push(file.problem(at, what))),
            (Some(_), None) => known(name, |_| {}),
            (None, _) => known(name, |what| problems.push(Problem::new(ProblemKind::File, what))),
        };
        let mut paths: Vec<(String, &str)> = lineage(base).map(path).collect();
        paths.reverse();
        if depth == Depth::Ansi16 {
            // Sixteen colours are too few to come close to a theme of millions, so the roles of one made for
            // them stand in; the palette below them stays known to the operator's file.
            paths.extend(lineage(ANSI16).map(path));
        }
        let mut files: Vec<TomlFile<'_>> =
            paths.iter().map(|(path, text)| TomlFile::new(path, text)).collect();
        files.extend(user);
        let file::Named { palette, styles: named } = file::read(&files, &mut problems);
        let mut styles = Role::ALL.map(|role| {
            let style = role.chain().find_map(|name| named.get(name)).copied().unwrap_or_default();
            depth.reduce(role, style)
        });
        keep_selection_visible(&mut styles);
        let name = if user.is_some() { name } else { base };
        (Self { name: name.to_owned(), styles, palette, depth }, problems)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How a role looks; `Role::Text` is the ground of the whole frame, the others are laid over it.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a name that the operator's files may use: a role, a word of the palette, a colour. `Err` says
    /// which comes nearest.
    pub fn named(&self, name: &str) -> Result<Style, String> {
        if let Some(role) = Role::find(name) {
            return Ok(self.style(role));
        }
        match self.palette.get(name).copied().or_else(|| color::parse(name)) {
            Some(color) => Ok(self.depth.reduce(Role::Text, Style::new().fg(color))),
            None => Err(file::unknown_color(name, &self.palette)),
        }
    }

    /// The built-in theme after this one.
    pub fn next(&self) -> &'static str {
        let at = BUILT_IN.iter().position(|(name, _)| *name == self.name);
        BUILT_IN[at.map_or(0, |at| (at + 1) % BUILT_IN.len())].0
    }

    /// The built-in theme that suits a terminal with this background.
    pub fn for_background(red: u8, green: u8, blue: u8) -> &'static str {
        // At this brightness black and white text are equally far from the ground.
        if color::luminance((red, green, blue)) > 0.18 { LIGHT } else { DARK }
    }
}

/// The built-in theme of that name; else the dark one, and `complain` hears why.
fn known(name: &str, complain: impl FnOnce(String)) -> &'static str {
    if let Some((known, _)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return known;
    }
    let names = BUILT_IN.iter().map(|(name, _)| *name);
    complain(format!("no theme is called \"{name}\"; {}", suggestion(name, names)));
    DARK
}

/// What messages call a built-in theme's file, and its text.
fn path((name, text): (&str, &'static str)) -> (String, &'static str) {
    (format!("themes/{name}.toml"), text)
}

/// A built-in theme and those it inherits, itself first.
fn lineage(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let find = |name: &str| BUILT_IN.iter().find(|(known, _)| *known == name).copied();
    // No more steps than there are themes: a circle ends.
    std::iter::successors(find(name), move |(_, text)| find(&file::inherits(&TomlFile::new("", text))?.0))
        .take(BUILT_IN.len())
}

/// A selection that looks like any other row would be a trap, so it is reversed when its ground is lost.
fn keep_selection_visible(styles: &mut [Style; Role::ALL.len()]) {
    let ground = styles[Role::Text as usize].bg.unwrap_or(Color::Reset);
    let selected = &mut styles[Role::RowSelected as usize];
    let reversed = selected.add_modifier.contains(Modifier::REVERSED);
    if !reversed && selected.bg.is_none_or(|bg| bg == ground) {
        *selected = selected.add_modifier(Modifier::REVERSED);
    }
}
