//! The first line: how much of the fleet is seen, what the tables are narrowed to, where one may write.
//! Silence must never look like health.
use super::{Paint, layout::Area};
use crate::{
    domain::{Health, site::Protection},
    panes::{self, Sight, column::role_of},
    state::State,
    theme::Role,
};

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, area: Area) {
    paint.fill(area, Role::Header);
    let mut at = paint.text(area, 0, " tko ", Role::Title);
    let (write, clock) = (permission(state), clock(state));
    let right = width(&write.0);
    let room = area.width.saturating_sub(at + right);
    // Words where there is room for them; the numbers always.
    let long = parts(state).iter().map(|p| 4 + width(&p.1) + width(&p.0.to_string())).sum::<u16>() <= room;
    for (count, word, health) in parts(state) {
        at += 1;
        let role = if health == Health::Ok { Role::Header } else { role_of(health) };
        at += paint.text(area, at, paint.glyph(health), role_of(health));
        let words = if long { format!(" {count} {word}") } else { format!("{count}") };
        at += paint.text(area, at, &words, role);
        at += u16::from(long);
    }
    let left = Area::new(area.x, area.y, area.width.saturating_sub(right), area.height);
    if !state.screen.scope.is_everything() {
        at += 1;
        at += paint.text(left, at, "scope ", Role::TextDim);
        let words = state.screen.scope.words(paint.look.glyphs.separator);
        at += paint.text(left, at, &words, Role::TextAccent);
    }
    // Where one may write is never dropped; the time is.
    let clock_fits = at + 2 + right + width(&clock) <= area.width;
    let from = area.width.saturating_sub(right + if clock_fits { width(&clock) } else { 0 });
    let (words, role) = &write;
    let after = from + paint.text(area, from, words, *role);
    if clock_fits {
        paint.text(area, after, &clock, Role::TextDim);
    }
}

fn width(text: &str) -> u16 {
    u16::try_from(crate::text::width(text)).unwrap_or(u16::MAX)
}

/// What is counted on the left: sites by how they are seen, and running jobs.
fn parts(state: &State) -> Vec<(usize, String, Health)> {
    let mut seen = [0; Sight::COUNT];
    for site in state.sites.iter() {
        seen[panes::sight(state, site) as usize] += 1;
    }
    let seen = |sight: Sight| seen[sight as usize];
    let jobs = state.jobs.running().count();
    let live = if seen(Sight::Live) > 0 { Health::Ok } else { Health::Unknown };
    let mut parts = vec![(seen(Sight::Live), "live".to_owned(), live)];
    let others = [
        (seen(Sight::Waiting), "connecting", Health::Progressing),
        (seen(Sight::Unreachable), "unreachable", Health::Bad),
        (seen(Sight::Stale), "stale", Health::Bad),
        (seen(Sight::Denied), "denied", Health::Unknown),
        (jobs, if jobs == 1 { "job" } else { "jobs" }, Health::Progressing),
    ];
    parts.extend(
        others.into_iter().filter(|(n, ..)| *n > 0).map(|(n, word, health)| (n, word.into(), health)),
    );
    parts
}

/// Where one may write: the most protected site by name, how many others.
fn permission(state: &State) -> (String, Role) {
    let mut open: Vec<_> = state.sites.iter().filter_map(|s| Some((s, s.session.as_ref()?))).collect();
    open.sort_by_key(|(site, _)| std::cmp::Reverse(site.spec.protection));
    let Some((site, session)) = open.first() else { return ("read-only".into(), Role::TextDim) };
    let minutes = (session.until.as_second() - state.now.as_second()).max(0).unsigned_abs().div_ceil(60);
    let guard = if site.spec.protection == Protection::High { "!" } else { "" };
    let others = if open.len() > 1 { format!(" +{}", open.len() - 1) } else { String::new() };
    (format!(" WRITE{guard} {} {minutes}m{others} ", site.spec.id), Role::SessionWrite)
}

fn clock(state: &State) -> String {
    state.now.to_zoned(jiff::tz::TimeZone::UTC).strftime(" %H:%MZ ").to_string()
}
