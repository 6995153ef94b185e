//! A list to choose from, narrowed by typing.
use crate::{
    state::overlay::Choice,
    text,
    theme::Role,
    view::{
        Paint,
        layout::{Area, centred},
    },
};

pub(super) fn draw(paint: &mut Paint<'_>, title: &str, choice: &Choice, screen: Area) {
    let rows = u16::try_from(choice.items.len().min(18)).unwrap_or(18);
    let area = centred(screen.width, screen.height, 100, rows + 4);
    let inside = paint.window(area, title);
    let prompt = inside.line(0);
    let at = paint.text(prompt, 0, "> ", Role::KeyHint);
    paint.input(prompt, at, &choice.query, Role::Input, true);
    let list = inside.below(1);
    let page = usize::from(list.height);
    let top = (choice.at + 1).saturating_sub(page);
    if choice.shown.is_empty() {
        paint.text(list.line(0), 2, "nothing matches", Role::TextDim);
    }
    let titles = choice.items.iter().map(|i| text::width(&i.title)).max().unwrap_or(0).min(40);
    paint.more_below(inside, choice.shown.len().saturating_sub(top + page));
    for (y, (number, index)) in (0..list.height).zip(choice.shown.iter().enumerate().skip(top)) {
        let Some(item) = choice.items.get(*index) else { continue };
        let line = list.line(y);
        let role = if item.greyed { Role::TextDim } else { Role::Overlay };
        paint.cell(line, 1, u16::try_from(titles).unwrap_or(40), &item.title, text::Align::Left, role);
        paint.text(line, u16::try_from(titles + 3).unwrap_or(43), &item.note, Role::TextDim);
        if number == choice.at {
            paint.overlay(line, Role::RowSelected);
        }
    }
}
