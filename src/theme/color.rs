//! Colours as theme files write them, and the nearest one that a poorer terminal has.
use ratatui::style::Color;

/// The sixteen colours every terminal names, with the values most of them start from.
const ANSI: [(&str, Color, Rgb); 16] = [
    ("black", Color::Black, (0, 0, 0)),
    ("red", Color::Red, (205, 0, 0)),
    ("green", Color::Green, (0, 205, 0)),
    ("yellow", Color::Yellow, (205, 205, 0)),
    ("blue", Color::Blue, (0, 0, 238)),
    ("magenta", Color::Magenta, (205, 0, 205)),
    ("cyan", Color::Cyan, (0, 205, 205)),
    ("gray", Color::Gray, (229, 229, 229)),
    ("dark-gray", Color::DarkGray, (127, 127, 127)),
    ("light-red", Color::LightRed, (255, 0, 0)),
    ("light-green", Color::LightGreen, (0, 255, 0)),
    ("light-yellow", Color::LightYellow, (255, 255, 0)),
    ("light-blue", Color::LightBlue, (92, 92, 255)),
    ("light-magenta", Color::LightMagenta, (255, 0, 255)),
    ("light-cyan", Color::LightCyan, (0, 255, 255)),
    ("white", Color::White, (255, 255, 255)),
];
/// The steps of one channel in the cube of the 256 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
const DEFAULT: &str = "default";

type Rgb = (u8, u8, u8);

/// Reads `#rrggbb`, `default`, one of the sixteen names, or an index from 0 to 255.
pub(super) fn parse(text: &str) -> Option<Color> {
    if text == DEFAULT {
        return Some(Color::Reset);
    }
    if let Some(hex) = text.strip_prefix('#') {
        let digits = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| digits)?;
        let [_, red, green, blue] = value.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    let named = ANSI.iter().find(|(name, ..)| *name == text).map(|(_, color, _)| *color);
    named.or_else(|| text.parse().ok().map(Color::Indexed))
}

/// The colour names that need no palette.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ANSI.iter().map(|(name, ..)| *name).chain([DEFAULT])
}

/// Red, green and blue of a colour, as far as they are known; `None` for the terminal's own default.
pub(super) fn rgb(color: Color) -> Option<Rgb> {
    match color {
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Indexed(index) => Some(indexed(index)),
        other => ANSI.iter().find(|(_, color, _)| *color == other).map(|(.., rgb)| *rgb),
    }
}

fn indexed(index: u8) -> Rgb {
    match index {
        0..16 => ANSI[usize::from(index)].2,
        16..232 => {
            let cube = usize::from(index - 16);
            (STEPS[cube / 36], STEPS[cube / 6 % 6], STEPS[cube % 6])
        }
        232.. => {
            let gray = 8 + 10 * (index - 232);
            (gray, gray, gray)
        }
    }
}

pub(super) fn nearest_256(color: Color) -> Color {
    match color {
        // The first sixteen are the operator's to define, so nothing exact is mapped onto them.
        Color::Rgb(red, green, blue) => (16..=u8::MAX)
            .min_by_key(|index| distance(indexed(*index), (red, green, blue)))
            .map_or(color, Color::Indexed),
        _ => color,
    }
}

pub(super) fn nearest_16(color: Color) -> Color {
    match (color, rgb(color)) {
        (Color::Rgb(..) | Color::Indexed(_), Some(wanted)) => {
            ANSI.iter().min_by_key(|(.., rgb)| distance(*rgb, wanted)).map_or(color, |(_, color, _)| *color)
        }
        _ => color,
    }
}

/// How far apart two colours look; the eye tells greens best and blues worst.
fn distance(a: Rgb, b: Rgb) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    2 * square(a.0, b.0) + 4 * square(a.1, b.1) + square(a.2, b.2) * 3 / 2
}

/// How bright a colour is, from 0 to 1, as the contrast rules for text define it.
pub(super) fn luminance((red, green, blue): Rgb) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_written() {
        for (text, color) in [
            ("#ff8000", Some(Color::Rgb(255, 128, 0))),
            ("light-red", Some(Color::LightRed)),
            ("default", Some(Color::Reset)),
            ("208", Some(Color::Indexed(208))),
            ("256", None),
            ("#ff80", None),
            ("#ff80zz", None),
            ("#+f8000", None),
            ("teal", None),
        ] {
            assert_eq!(parse(text), color, "{text}");
        }
    }

    #[test]
    fn poorer_colours_are_near() {
        assert_eq!(nearest_256(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(nearest_256(Color::Rgb(8, 8, 8)), Color::Indexed(232));
        assert_eq!(nearest_256(Color::Red), Color::Red);
        assert_eq!(nearest_16(Color::Rgb(250, 10, 10)), Color::LightRed);
        assert_eq!(nearest_16(Color::Indexed(16)), Color::Black);
        assert_eq!(nearest_16(Color::Reset), Color::Reset);
    }

    #[test]
    fn luminance_runs_from_black_to_white() {
        assert!(luminance((0, 0, 0)) < 0.001 && luminance((255, 255, 255)) > 0.999);
    }
}
