//! Reads theme files: a palette, and roles styled with it, over the theme that is inherited. A mistake costs
//! its own line and is named with file, line and the nearest valid word.
use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use toml::de::DeValue;

use super::color;
use super::role::Role;
use crate::domain::Problem;
use crate::nearest::suggestion;
use crate::toml_file::{Entry, TomlFile, entries};

const SECTIONS: [&str; 3] = ["inherits", "palette", "roles"];
const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// The name that the file's `inherits` gives, with its place.
pub(super) fn inherits(file: &TomlFile<'_>) -> Option<(String, usize)> {
    let table = file.parse(&mut Vec::new());
    entries(&table)
        .iter()
        .find(|line| line.key == SECTIONS[0])
        .map(|line| (line.text().unwrap_or_default().to_owned(), line.at))
}

/// What theme files give names to.
pub(super) struct Named {
    pub palette: BTreeMap<String, Color>,
    /// A style for each role that is styled.
    pub styles: BTreeMap<String, Style>,
}

/// Reads the files, the inherited ones first.
pub(super) fn read(files: &[TomlFile<'_>], problems: &mut Vec<Problem>) -> Named {
    let tables: Vec<_> = files.iter().map(|file| (file, file.parse(problems))).collect();
    let mut palette: BTreeMap<String, Color> = BTreeMap::new();
    for (file, table) in &tables {
        for section in entries(table) {
            if !SECTIONS.contains(&section.key) {
                let what = format!(
                    "\"{}\" is no part of a theme; {}",
                    section.key,
                    suggestion(section.key, SECTIONS)
                );
                problems.push(file.problem(section.at, what));
            } else if section.key == "palette" {
                let lines = table_of(file, &section, problems);
                palette.extend(lines.iter().filter_map(|line| named_color(file, line, problems)));
            }
        }
    }
    let mut styles = BTreeMap::new();
    for (file, table) in &tables {
        for section in entries(table).iter().filter(|section| section.key == "roles") {
            for line in table_of(file, section, problems) {
                if let Some(style) = named_style(file, &line, &palette, problems) {
                    styles.insert(line.key.to_owned(), style);
                }
            }
        }
    }
    Named { palette, styles }
}

fn table_of<'t, 'a>(
    file: &TomlFile<'_>,
    section: &Entry<'t, 'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Entry<'t, 'a>> {
    section.table().unwrap_or_else(|| {
        problems.push(file.problem(section.at, format!("[{}] must be a table", section.key)));
        Vec::new()
    })
}

fn named_color(
    file: &TomlFile<'_>,
    line: &Entry<'_, '_>,
    problems: &mut Vec<Problem>,
) -> Option<(String, Color)> {
    match color_text(line.value.get_ref()).as_deref().map(|text| (color::parse(text), text)) {
        Some((Some(color), _)) => return Some((line.key.to_owned(), color)),
        Some((None, text)) => problems.push(file.problem(line.at, unknown_color(text, &BTreeMap::new()))),
        None => problems
            .push(file.problem(line.at, format!("\"{}\" must be a colour like \"#88aaff\"", line.key))),
    }
    None
}

fn named_style(
    file: &TomlFile<'_>,
    line: &Entry<'_, '_>,
    palette: &BTreeMap<String, Color>,
    problems: &mut Vec<Problem>,
) -> Option<Style> {
    let known = Role::known_names();
    if !known.contains(&line.key) {
        let what = format!("no role is called \"{}\"; {}", line.key, suggestion(line.key, known));
        problems.push(file.problem(line.at, what));
        return None;
    }
    let Some(parts) = line.table() else {
        return match text_color(line.value.get_ref(), palette) {
            Ok(color) => Some(Style::new().fg(color)),
            Err(what) => {
                problems.push(file.problem(line.at, what));
                None
            }
        };
    };
    let mut style = Style::new();
    for part in parts {
        match styled(style, &part, palette) {
            Ok(more) => style = more,
            Err(what) => problems.push(file.problem(part.at, what)),
        }
    }
    Some(style)
}

/// The style with one `fg = …`, `bg = …` or `bold = true` more.
fn styled(style: Style, part: &Entry<'_, '_>, palette: &BTreeMap<String, Color>) -> Result<Style, String> {
    let attribute = ATTRIBUTES.iter().find(|(name, _)| *name == part.key);
    match (part.key, attribute, part.value.get_ref()) {
        ("fg", ..) => Ok(style.fg(text_color(part.value.get_ref(), palette)?)),
        ("bg", ..) => Ok(style.bg(text_color(part.value.get_ref(), palette)?)),
        (_, Some((_, modifier)), DeValue::Boolean(true)) => Ok(style.add_modifier(*modifier)),
        (_, Some(_), DeValue::Boolean(false)) => Ok(style),
        (key, Some(_), _) => Err(format!("\"{key}\" is true or false, not {}", part.type_name())),
        (key, None, _) => {
            let known = ["fg", "bg"].into_iter().chain(ATTRIBUTES.iter().map(|(name, _)| *name));
            Err(format!("a style has no \"{key}\"; {}", suggestion(key, known)))
        }
    }
}

fn text_color(value: &DeValue<'_>, palette: &BTreeMap<String, Color>) -> Result<Color, String> {
    let text = color_text(value).ok_or_else(|| format!("a colour is a text, not {}", value.type_str()))?;
    palette.get(&text).copied().or_else(|| color::parse(&text)).ok_or_else(|| unknown_color(&text, palette))
}

/// A colour as text; an index may be written as a number.
fn color_text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_integer().map(|number| number.as_str().to_owned()))
}

pub(super) fn unknown_color(text: &str, palette: &BTreeMap<String, Color>) -> String {
    if text.starts_with('#') {
        return format!("\"{text}\" is no colour; one is written like \"#88aaff\"");
    }
    let mut known: Vec<&str> = color::names().collect();
    known.extend(palette.keys().map(String::as_str));
    format!("no colour is called \"{text}\"; {}", suggestion(text, known))
}
