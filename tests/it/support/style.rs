//! Frames as text, and their styles as runs: `a12 b3` is twelve cells in style a, then three in b.
use std::fmt::Write as _;

use ratatui::{buffer::Buffer, style::Color};
use unicode_width::UnicodeWidthStr as _;

/// The symbols of a frame, line by line, without blanks at the ends.
pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width()).unwrap().max(1);
        }
        writeln!(out, "{}", line.trim_end()).unwrap();
    }
    out
}

/// The styles of a frame as runs, with what each letter stands for below.
pub fn dump(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut legend: Vec<String> = Vec::new();
    let mut out = String::new();
    let mut last = (String::new(), 0);
    for y in area.top()..area.bottom() {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in area.left()..area.right() {
            let cell = &buffer[(x, y)];
            let style = format!("{} on {} {:?}", colour(cell.fg), colour(cell.bg), cell.modifier)
                .replace(" NONE", "");
            let known = legend.iter().position(|s| *s == style).unwrap_or_else(|| {
                legend.push(style);
                legend.len() - 1
            });
            match runs.last_mut() {
                Some((of, count)) if *of == known => *count += 1,
                _ => runs.push((known, 1)),
            }
        }
        let line: Vec<String> = runs.iter().map(|(of, count)| format!("{}{count}", letter(*of))).collect();
        let line = line.join(" ");
        if line == last.0 {
            last.1 += 1;
            continue;
        }
        flush(&mut out, &last);
        last = (line, 1);
    }
    flush(&mut out, &last);
    for (at, style) in legend.iter().enumerate() {
        writeln!(out, "{} = {style}", letter(at)).unwrap();
    }
    out
}

fn flush(out: &mut String, (line, times): &(String, usize)) {
    match times {
        0 => {}
        1 => writeln!(out, "{line}").unwrap(),
        _ => writeln!(out, "{line}  ×{times}").unwrap(),
    }
}

fn letter(at: usize) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[at])
}

fn colour(colour: Color) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// Three equal lines or more become one that says how often it stands there.
pub fn squeeze(frame: &str) -> String {
    let mut out = String::new();
    let lines: Vec<&str> = frame.lines().collect();
    for run in lines.chunk_by(|a, b| a == b) {
        match run {
            [line, _, _, ..] => writeln!(out, "{line}⋮ ×{}", run.len()).unwrap(),
            short => short.iter().for_each(|line| writeln!(out, "{line}").unwrap()),
        }
    }
    out
}
