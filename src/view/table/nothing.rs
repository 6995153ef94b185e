//! What stands in a table without rows: why there are none.
use crate::{
    domain::{Health, Problem},
    panes::{Pane, Rows},
    state::{State, collection::Freshness, table::TableView, workloads::Reach},
    text,
    theme::Role,
    view::{Paint, layout::Area},
};

/// An empty table says why: loading, denied, not served, broken, filtered, or truly nothing.
pub(super) fn draw(
    state: &State,
    paint: &mut Paint<'_>,
    pane: &Pane,
    table: &TableView,
    freshness: Option<&Freshness>,
    area: Area,
) {
    let mut lines: Vec<(String, Role)> = Vec::new();
    if table.index.total() > 0 {
        let total = text::thousands(table.index.total() as u64);
        let why = if table.faults_only {
            format!("none of {total} {}s with a fault; the fault filter is on", pane.noun)
        } else {
            format!("none of {total} {}s match; esc shows them again", pane.noun)
        };
        lines.push((why, Role::TextDim));
    } else {
        match freshness {
            Some(Freshness::Loading) => {
                lines.push((format!("loading {}s", pane.noun), Role::HealthProgressing));
            }
            Some(Freshness::Stale { why, .. }) => {
                problem(&mut lines, paint.glyph(Health::Bad), why, Role::HealthBad);
            }
            Some(Freshness::Forbidden { why }) => {
                problem(&mut lines, paint.glyph(Health::Unknown), why, Role::HealthUnknown);
            }
            Some(Freshness::Absent { why }) => {
                problem(&mut lines, paint.glyph(Health::Unknown), why, Role::TextDim);
            }
            Some(Freshness::Live) if is_waiting(state, pane) => {
                unfollowed(state, pane, paint.glyph(Health::Bad), &mut lines);
            }
            Some(Freshness::Live) => lines.push((pane.empty.to_owned(), Role::TextDim)),
            None => unfollowed(state, pane, paint.glyph(Health::Bad), &mut lines),
        }
    }
    for (at, (words, role)) in (0_u16..).zip(&lines) {
        paint.text(area.line(at + 1), 2, words, *role);
    }
}

/// Rows may come from clusters that are not read, though what is read has none.
fn is_waiting(state: &State, pane: &Pane) -> bool {
    let live = |c| matches!(state.workloads.get(c), Some(Reach::Live { .. }));
    matches!(pane.rows, Rows::Everywhere { .. }) && !state.screen.scope.clusters.iter().all(live)
}

fn problem(lines: &mut Vec<(String, Role)>, glyph: &str, why: &Problem, role: Role) {
    lines.push((format!("{glyph} {}", why.summary), role));
    if !why.hint.is_empty() {
        lines.push((why.hint.clone(), Role::TextDim));
    }
}

/// No collection is followed for this pane: its sites or workload APIs are not reached yet.
fn unfollowed(state: &State, pane: &Pane, glyph: &str, lines: &mut Vec<(String, Role)>) {
    // Whose API is meant is not said yet: no site is to blame.
    let is_unasked = matches!(pane.rows, Rows::Workload(_)) && state.screen.scope.clusters.is_empty();
    for site in state.sites.iter().filter(|_| !is_unasked) {
        match &site.connection {
            crate::domain::site::Connection::Failing { problem: why, .. }
                if pane.rows != Rows::Jobs && pane.rows != Rows::Notices =>
            {
                lines.push((format!("{glyph} {}: {}", site.spec.id, why.summary), Role::HealthBad));
            }
            crate::domain::site::Connection::Connecting | crate::domain::site::Connection::Idle
                if matches!(pane.rows, Rows::Management(_) | Rows::Everywhere { .. }) =>
            {
                lines.push((format!("connecting to {}", site.spec.id), Role::HealthProgressing));
            }
            _ => {}
        }
    }
    if let Rows::Workload(_) | Rows::Everywhere { .. } = pane.rows {
        for cluster in &state.screen.scope.clusters {
            match state.workloads.get(cluster) {
                Some(Reach::NeedsConsent) => lines.push((
                    format!(
                        "{}: only its kubeconfig Secret (cluster-admin) would do; retry asks again",
                        cluster.key
                    ),
                    Role::HealthUnknown,
                )),
                Some(Reach::Failing { problem: why, .. }) => problem(lines, glyph, why, Role::HealthBad),
                _ => lines.push((format!("connecting to {}", cluster.key), Role::HealthProgressing)),
            }
        }
    }
    if lines.is_empty() {
        lines.push((pane.empty.to_owned(), Role::TextDim));
    }
}
