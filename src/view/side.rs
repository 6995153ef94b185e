//! Beside the table on wide screens: the selection's conditions, and below them what was told.
use super::{Paint, card, layout::Area};
use crate::{state::State, theme::Role, update};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.rule(area.x.saturating_sub(1), area.y, area.height);
    let upper = Area::new(area.x + 1, area.y, area.width.saturating_sub(1), area.height * 2 / 3);
    let lower = Area::new(upper.x, upper.y + upper.height, upper.width, area.height - upper.height);
    match update::selected(state).and_then(|target| Some((state.fleet.find(&target)?, target))) {
        Some((object, _)) => {
            paint.text(upper.line(0), 0, &object.meta.kind, Role::Title);
            for (at, line) in (1_u16..upper.height).zip(card::conditions(state, object)) {
                line.draw(paint, upper.line(at));
            }
        }
        None => {
            paint.text(upper.line(0), 0, "nothing is selected", Role::TextDim);
        }
    }
    paint.text(lower.line(0), 0, "Notices", Role::Title);
    for (at, notice) in (1_u16..lower.height).zip(state.notices.iter().rev()) {
        let role = if notice.problem.is_some() { Role::NoticeError } else { Role::NoticeInfo };
        let age = crate::text::age(state.since(notice.at));
        paint.spans(lower.line(at), 0, &[(&age, Role::TextDim), (" ", Role::Text), (&notice.text, role)]);
    }
}
