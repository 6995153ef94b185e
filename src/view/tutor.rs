//! The panel of the guided incident: what to achieve next, with the keys of the keymap in force.
use super::{Paint, layout::Area};
use crate::{
    command,
    keymap::LAYERS,
    state::{State, tutor::Tutor},
    text,
    theme::Role,
    tutor::{self, LEAVE, STEPS},
    update::layers,
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, tutor: &Tutor, area: Area) {
    paint.fill(area, Role::Overlay);
    let inside = if area.x > 0 {
        paint.rule(area.x, area.y, area.height);
        Area::new(area.x + 2, area.y, area.width.saturating_sub(3), area.height)
    } else {
        area
    };
    let (title, text) = tutor::told(state, tutor);
    let count = match tutor.at {
        at if at < STEPS.len() => format!("Tutor {} of {}", at + 1, STEPS.len()),
        _ => "Tutor".to_owned(),
    };
    let at = paint.styled(inside.line(0), 0, &count, paint.style(Role::OverlayTitle));
    let leave = format!("{} leaves", key(state, paint, LEAVE));
    let room = inside.width.saturating_sub(u16::try_from(text::width(&leave)).unwrap_or(0));
    paint.text(inside.line(0), (at + 2).max(room), &leave, Role::TextDim);
    let mut lines = vec![(title.to_owned(), Role::Title)];
    let words = with_keys(state, paint, &tutor::words(text, tutor));
    lines.extend(text::wrap(&words, usize::from(inside.width)).into_iter().map(|line| (line, Role::Overlay)));
    // On a tall panel there is room to look back.
    let spare = usize::from(inside.height).saturating_sub(lines.len() + 4);
    if let Some(before) = tutor.at.checked_sub(1).filter(|_| spare > 0).and_then(|at| STEPS.get(at)) {
        lines.push((String::new(), Role::Overlay));
        lines.push((format!("Done: {}", before.title), Role::HealthOk));
    }
    for (at, (line, role)) in (1_u16..inside.height).zip(lines) {
        paint.text(inside.line(at), 0, &line, role);
    }
}

/// The text with every `{topic.verb}` as the key that runs it.
fn with_keys(state: &State, paint: &Paint<'_>, text: &str) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((id, rest)) => out.extend([&*key(state, paint, id), rest]),
            None => out.extend(["{", part]),
        }
    }
    out
}

/// The key of a command where the learner is, else where it works at all; a command without a key by its title.
fn key(state: &State, paint: &Paint<'_>, id: &str) -> String {
    let keymap = &paint.look.keymap;
    let first = |layers: &[&str]| keymap.keys_for(id, layers).into_iter().next();
    let found = first(&layers(state)).or_else(|| LAYERS.iter().find_map(|layer| first(&[layer])));
    found.unwrap_or_else(|| command::find(id).map_or_else(|| id.to_owned(), |c| format!("'{}'", c.title)))
}
