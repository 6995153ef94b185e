//! Beside the table on wide screens: the selection's conditions, and below them what was told.
use super::{Paint, card, layout::Area};
use crate::{
    panes::column::role_of,
    state::{Place, State},
    theme::Role,
    update,
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.rule(area.x.saturating_sub(1), area.y, area.height);
    let upper = Area::new(area.x + 1, area.y, area.width.saturating_sub(1), area.height * 2 / 3);
    let lower = Area::new(upper.x, upper.y + upper.height, upper.width, area.height - upper.height);
    selection(state, paint, upper);
    notices(state, paint, lower);
}

/// What the cursor is on; on a card, whose conditions stand beside it, what it hangs together with.
fn selection(state: &State, paint: &mut Paint<'_>, area: Area) {
    let found = update::selected(state).and_then(|target| Some((state.fleet.find(&target)?, target)));
    let Some((object, target)) = found else {
        paint.text(area.line(0), 0, "nothing is selected", Role::TextDim);
        return;
    };
    let health = object.health();
    let mut at = paint.text(area.line(0), 0, paint.glyph(health), role_of(health)) + 1;
    at += paint.text(area.line(0), at, &object.meta.kind, Role::Title) + 1;
    paint.text(area.line(0), at, &object.meta.name, Role::Text);
    let lines = match state.screen.place() {
        Place::Object { tab: crate::state::screen::Tab::Conditions, .. } => {
            card::family(state, &target, object)
        }
        _ => card::conditions(state, object, usize::from(area.width)),
    };
    for (at, line) in (1_u16..area.height).zip(lines) {
        line.draw(paint, area.line(at));
    }
}

fn notices(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.text(area.line(0), 0, "Notices", Role::Title);
    for (at, notice) in (1_u16..area.height).zip(state.notices.iter().rev()) {
        let role = if notice.problem.is_some() { Role::NoticeError } else { Role::NoticeInfo };
        let age = crate::text::age(state.since(notice.at));
        paint.spans(area.line(at), 0, &[(&age, Role::TextDim), (" ", Role::Text), (&notice.text, role)]);
    }
}
