//! The first line: how much of the fleet is seen, what the tables are narrowed to, where one may write.
//! Silence must never look like health.
use super::{Paint, layout::Area};
use crate::{
    domain::{Health, site::Connection, site::Protection},
    panes::column::role_of,
    state::{State, collection::Freshness},
    theme::Role,
};

/// Sites by how well they are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    pub live: usize,
    pub waiting: usize,
    pub stale: usize,
    pub denied: usize,
}

/// Counts the sites.
pub fn seen(state: &State) -> Seen {
    let mut seen = Seen::default();
    for site in state.sites.iter() {
        let denied = state
            .fleet
            .collection(&crate::domain::Source::management(&site.spec.id, "cluster"))
            .is_some_and(|c| matches!(c.freshness, Freshness::Forbidden { .. }));
        match &site.connection {
            Connection::Live { .. } if denied => seen.denied += 1,
            Connection::Live { .. } => seen.live += 1,
            Connection::Failing { .. } => seen.stale += 1,
            Connection::Idle | Connection::Connecting => seen.waiting += 1,
        }
    }
    seen
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.fill(area, Role::Header);
    let mut at = paint.text(area, 0, " tko ", Role::Title);
    let seen = seen(state);
    let mut part = |paint: &mut Paint<'_>, count: usize, word: &str, health: Health, always: bool| {
        if count > 0 || always {
            at += 1;
            at += paint.text(area, at, paint.glyph(health), role_of(health));
            at += paint.text(
                area,
                at,
                &format!(" {count} {word}"),
                if health == Health::Ok { Role::Header } else { role_of(health) },
            );
            at += 1;
        }
    };
    part(paint, seen.live, "live", Health::Ok, true);
    part(paint, seen.waiting, "connecting", Health::Progressing, false);
    part(paint, seen.stale, "unreachable", Health::Bad, false);
    part(paint, seen.denied, "denied", Health::Unknown, false);
    let running = state.jobs.running().count();
    part(paint, running, if running == 1 { "job" } else { "jobs" }, Health::Progressing, false);
    if !state.screen.scope.is_everything() {
        at += 1;
        at += paint.text(area, at, "scope ", Role::TextDim);
        at += paint.text(area, at, &state.screen.scope.words(), Role::TextAccent);
    }
    let right = right(state);
    let width: u16 = right.iter().map(|(t, _)| u16::try_from(crate::text::width(t)).unwrap_or(0)).sum();
    if at + 2 + width <= area.width {
        let mut x = area.width - width;
        for (text, role) in &right {
            x += paint.text(area, x, text, *role);
        }
    } else if let Some((text, role)) = right.first().filter(|(_, role)| *role == Role::SessionWrite) {
        // Where one may write is never dropped.
        let width = u16::try_from(crate::text::width(text)).unwrap_or(0);
        paint.text(area, area.width.saturating_sub(width), text, *role);
    }
}

/// Open write sessions, protection, the time.
fn right(state: &State) -> Vec<(String, Role)> {
    let mut parts = Vec::new();
    for site in state.sites.iter() {
        if let Some(session) = &site.session {
            let minutes = (session.until.as_second() - state.now.as_second()).max(0) / 60;
            let guard = if site.spec.protection == Protection::High { "!" } else { "" };
            parts.push((format!(" WRITE{guard} {} {minutes}m ", site.spec.id), Role::SessionWrite));
            parts.push((" ".into(), Role::Header));
        }
    }
    if parts.is_empty() {
        parts.push(("read-only ".into(), Role::TextDim));
    }
    let clock = state.now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%H:%MZ ").to_string();
    parts.push((clock, Role::TextDim));
    parts
}
