//! Puts text into the frame's buffer: always fitted, always cleaned, always in a role of the theme.
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{Look, layout::Area};
use crate::{
    domain::Health,
    editor::Editor,
    text::{self, Align},
    theme::Role,
};

/// A frame being drawn.
pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    pub look: &'a Look,
    cursor: Option<Position>,
}

impl<'a> Paint<'a> {
    pub fn new(buffer: &'a mut Buffer, look: &'a Look) -> Self {
        Self { buffer, look, cursor: None }
    }
    pub fn style(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }
    /// Where the terminal's cursor is to be, if a text field has it.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }
    pub fn set_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position { x, y });
    }

    /// Empties an area and gives it a role, over the ground of the frame.
    pub fn fill(&mut self, area: Area, role: Role) {
        let style = self.style(Role::Text).patch(self.style(role));
        let area = rect(area).intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Lays a role over what is there already (a selected row, a stale table).
    pub fn overlay(&mut self, area: Area, role: Role) {
        let style = self.style(role);
        let area = rect(area).intersection(self.buffer.area);
        self.buffer.set_style(area, style);
    }

    /// Writes text at an offset into a line; what does not fit ends in an ellipsis. Returns the cells used.
    pub fn text(&mut self, line: Area, offset: u16, words: &str, role: Role) -> u16 {
        let style = self.style(role);
        self.styled(line, offset, words, style)
    }

    /// The same with a style that has more than a role.
    pub fn styled(&mut self, line: Area, offset: u16, words: &str, style: Style) -> u16 {
        if line.height == 0 || offset >= line.width {
            return 0;
        }
        let room = line.width - offset;
        let clean = text::clean(words, text::Newlines::Sign);
        let width = u16::try_from(text::width(&clean)).unwrap_or(u16::MAX);
        if width <= room {
            self.buffer.set_stringn(line.x + offset, line.y, &*clean, usize::from(room), style);
            return width;
        }
        let fitted = text::fit(&clean, usize::from(room), Align::Left, self.look.glyphs.ellipsis);
        self.buffer.set_stringn(line.x + offset, line.y, fitted, usize::from(room), style);
        room
    }

    /// Writes text fitted to a width, to the left or right of it.
    pub fn cell(&mut self, line: Area, offset: u16, width: u16, words: &str, align: Align, role: Role) {
        if line.height == 0 || offset >= line.width {
            return;
        }
        let width = width.min(line.width - offset);
        let style = self.style(role);
        let fitted = text::fit(
            &text::clean(words, text::Newlines::Sign),
            usize::from(width),
            align,
            self.look.glyphs.ellipsis,
        );
        self.buffer.set_stringn(line.x + offset, line.y, fitted, usize::from(width), style);
    }

    /// Lays a colour that the operator chose over what is drawn; one that the theme does not know changes nothing.
    pub fn tint(&mut self, line: Area, offset: u16, width: u16, colour: &str) {
        let width = width.min(line.width.saturating_sub(offset));
        if let Ok(style) = self.look.theme.named(colour) {
            self.buffer.set_style(rect(Area::new(line.x + offset, line.y, width, line.height.min(1))), style);
        }
    }

    /// A text field: scrolled so far that the cursor is seen, and with it where `focus` says so. Returns the
    /// cells used.
    pub fn input(&mut self, line: Area, offset: u16, editor: &Editor, role: Role, focus: bool) -> u16 {
        let all = editor.text();
        let clean = text::clean(&all, text::Newlines::Sign);
        let before: String = clean.chars().take(editor.cursor().1).collect();
        let room = usize::from(line.width.saturating_sub(offset + 1));
        let mut hidden = 0;
        let mut skipped = 0;
        let mut chars = clean.chars();
        while focus && text::width(&before) - hidden > room {
            let Some(c) = chars.next() else { break };
            hidden += text::width(c.encode_utf8(&mut [0; 4]));
            skipped += c.len_utf8();
        }
        if focus {
            let at = u16::try_from(text::width(&before).saturating_sub(hidden)).unwrap_or(0);
            self.set_cursor(line.x + offset + at, line.y);
        }
        self.text(line, offset, &clean[skipped..], role)
    }

    /// Says at the foot of a box how many lines lie below what it shows.
    pub fn more_below(&mut self, inside: Area, lines: usize) {
        if lines == 0 {
            return;
        }
        let words = format!(" {lines} more below ");
        let width = u16::try_from(text::width(&words)).unwrap_or(0);
        let foot = Area::new(inside.x, inside.y + inside.height, inside.width, 1);
        self.text(foot, inside.width.saturating_sub(width + 1), &words, Role::KeyHint);
    }

    /// Several pieces one after the other.
    pub fn spans(&mut self, line: Area, offset: u16, spans: &[(&str, Role)]) -> u16 {
        let mut at = offset;
        for (words, role) in spans {
            at += self.text(line, at, words, *role);
        }
        at - offset
    }

    /// The glyph of a state.
    pub fn glyph(&self, health: Health) -> &'static str {
        self.look.glyphs.health(health)
    }

    /// A titled box for an overlay; returns its inside.
    pub fn window(&mut self, area: Area, title: &str) -> Area {
        self.fill(area, Role::Overlay);
        let style = self.style(Role::BorderFocus);
        let block = ratatui::widgets::Block::bordered().border_style(style).style(self.style(Role::Overlay));
        let block = if self.look.ascii { block.border_set(ASCII) } else { block };
        ratatui::widgets::Widget::render(block, rect(area), self.buffer);
        let line = Area::new(area.x + 2, area.y, area.width.saturating_sub(4), 1);
        self.styled(
            line,
            0,
            &format!(" {title} "),
            self.style(Role::OverlayTitle).add_modifier(Modifier::BOLD),
        );
        area.inner()
    }

    /// A vertical line, one cell wide.
    pub fn rule(&mut self, x: u16, y: u16, height: u16) {
        let style = self.style(Role::Border);
        for line in 0..height {
            self.buffer.set_stringn(x, y + line, self.look.glyphs.pipe.trim(), 1, style);
        }
    }
}

const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}
