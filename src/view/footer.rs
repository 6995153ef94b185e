//! The last line: a notice if there is one, the keys that work here, what a pending key can become.
use super::{Paint, layout::Area};
use crate::{
    actions::spec::Confirmation,
    command,
    domain::Health,
    panes::column::role_of,
    state::{
        Place, State,
        overlay::{Overlay, Stage},
    },
    theme::Role,
    update::layers,
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.fill(area, Role::Text);
    if !state.screen.pending.is_empty() {
        return pending(state, paint, area);
    }
    let covered = !state.screen.overlays.is_empty();
    if let Some(notice) = state.notices.current(state.now).filter(|n| !covered || n.is_fresh(state.now)) {
        let (health, role) = if notice.problem.is_some() {
            (Health::Bad, Role::NoticeError)
        } else {
            (Health::Ok, Role::NoticeInfo)
        };
        let glyph = paint.glyph(health);
        let mut at = paint.text(area, 0, glyph, role_of(health));
        at += 1;
        at += paint.text(area, at, &notice.text, role);
        if let Some(hint) = notice.problem.as_ref().map(|p| &*p.hint).filter(|h| !h.is_empty()) {
            paint.text(area, at + 2, hint, Role::TextDim);
        }
        return;
    }
    let mut at = 0;
    let layers = layers(state);
    for id in hints(state) {
        let (Some(key), Some(command)) =
            (paint.look.keymap.keys_for(id, &layers).into_iter().next(), command::find(id))
        else {
            continue;
        };
        let width = u16::try_from(crate::text::width(&key) + crate::text::width(command.title) + 3)
            .unwrap_or(u16::MAX);
        if at + width > area.width {
            break;
        }
        at += paint.text(area, at, &key, Role::KeyHint);
        at += paint.text(area, at, &format!(" {}", command.title.to_lowercase()), Role::TextDim);
        at += 2;
    }
}

/// What may follow the keys that were pressed.
fn pending(state: &State, paint: &mut Paint<'_>, area: Area) {
    let layers = layers(state);
    let typed = crate::keymap::print_sequence(&state.screen.pending) + " ";
    let mut at = paint.text(area, 0, &typed, Role::KeyHint);
    for (key, id) in paint.look.keymap.continuations(&layers, &state.screen.pending) {
        let title = command::find(&id).map_or(id.clone(), |c| c.title.to_lowercase());
        at += 1;
        at += paint.text(area, at, &key, Role::KeyHint);
        at += paint.text(area, at, &format!(" {title}"), Role::TextDim);
    }
}

/// A preview that takes one key.
fn asks_for_a_yes(overlay: &Overlay) -> bool {
    matches!(overlay, Overlay::Action(flow)
        if matches!(flow.stage, Stage::Preview { confirm: Confirmation::Accept, .. }))
}

/// The commands worth a hint, the most useful first.
fn hints(state: &State) -> &'static [&'static str] {
    if let Some(Overlay::Consent { .. }) = state.screen.overlays.last() {
        return &["consent.allow", "overlay.close"];
    }
    if state.screen.overlays.last().is_some_and(asks_for_a_yes) {
        return &["plan.confirm", "overlay.close", "overlay.next", "overlay.prev"];
    }
    if !state.screen.overlays.is_empty() {
        return &["overlay.accept", "overlay.close", "overlay.next", "overlay.prev"];
    }
    match state.screen.place() {
        Place::Table(_) if state.screen.table().is_some_and(|t| t.filter.editing) => {
            &["overlay.accept", "filter.clear"]
        }
        Place::Table(_) => &[
            "row.open",
            "row.actions",
            "filter.open",
            "palette.open",
            "help.open",
            "fault.toggle",
            "row.tree",
            "row.yaml",
            "sort.next",
            "row.copy",
            "pane.next",
            "retry.now",
            "app.quit",
        ],
        Place::Tree(_) => &[
            "row.open",
            "row.actions",
            "row.yaml",
            "row.events",
            "fold.toggle",
            "fold.all",
            "screen.back",
            "help.open",
        ],
        Place::Object { .. } => &[
            "column.right",
            "search.open",
            "fold.toggle",
            "row.copy",
            "row.actions",
            "screen.back",
            "help.open",
        ],
    }
}
