//! Draws the tree of a cluster: what it hangs on in one sentence, then what hangs under what, each line
//! with its state and since when. The tree itself is made by `triage::tree`.
use super::{Paint, layout, layout::Area};
use crate::{
    domain::{ClusterKey, Health, ResourceRef, Source},
    panes::column::role_of,
    state::{State, collection::Freshness, tree::TreeView},
    text,
    theme::Role,
    triage::{
        cause::{self, Cause},
        tree::{self, Fold, Tone, TreeLine},
    },
};

/// Lines above the tree: title, and what the cluster hangs on.
const HEAD: u16 = 2;
/// Cells of the age column, with the blank before it.
const AGE: u16 = 7;
/// Below this width names have all the room and words follow where a name ends.
const ROOMY: u16 = 100;

/// Lines of the tree that fit on the screen.
pub fn page(width: u16, height: u16) -> usize {
    layout::body(width, height).saturating_sub(usize::from(HEAD) - 1).max(1)
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, cluster: &ClusterKey, area: Area) {
    let fresh = TreeView::default();
    let view = state.screen.trees.get(cluster).unwrap_or(&fresh);
    title(state, paint, cluster, area.line(0));
    let body = area.below(HEAD);
    let Some(root) = tree::of(state, cluster, view) else {
        return absent(state, paint, cluster, area.line(1));
    };
    let cause = if view.all_conditions { cause::of(state, cluster) } else { cause::in_tree(&root) };
    verdict(state, paint, cluster, (cause.as_ref(), root.worst), area.line(1));
    let lines = tree::flat(root, view);
    let cursor = match &view.cursor {
        Some(id) => lines.iter().position(|l| l.id == *id),
        None => Some(0),
    };
    let height = usize::from(body.height);
    let last = lines.len().saturating_sub(height);
    let top = cursor.map_or(view.top, |at| view.top.min(at).max((at + 1).saturating_sub(height))).min(last);
    let column = column(&lines, body.width);
    for (y, (number, line)) in (0..body.height).zip(lines.iter().enumerate().skip(top)) {
        let here = body.line(y);
        draw_line(state, paint, line, column, here);
        if Some(number) == cursor {
            paint.overlay(here, Role::RowSelected);
        }
    }
}

/// The cluster, and how far what is shown of it can be trusted.
fn title(state: &State, paint: &mut Paint<'_>, cluster: &ClusterKey, line: Area) {
    let mut at = paint.text(line, 0, &format!("Cluster {}", cluster.key), Role::Title);
    at += paint.text(line, at, &format!("  on {}", cluster.site), Role::TextDim);
    if let Some((words, health)) = trust(state, cluster) {
        at += 2;
        at += paint.text(line, at, paint.glyph(health), role_of(health));
        paint.text(line, at + 1, &words, role_of(health));
    }
}

/// Which collections behind the tree are not live, the first of the worst in words.
fn trust(state: &State, cluster: &ClusterKey) -> Option<(String, Health)> {
    let behind = state.fleet.collections().filter(|c| {
        c.source.site == cluster.site
            && c.source.cluster().is_none_or(|of| of == *cluster)
            && state.screen.followed.contains(&c.source)
            && c.source.fields.is_empty()
            && kind_name(&c.source).is_some()
    });
    let mut worst: Option<(u8, String, Health)> = None;
    for collection in behind {
        let name = kind_name(&collection.source).unwrap_or_default();
        let (rank, words, health) = match &collection.freshness {
            Freshness::Live => continue,
            Freshness::Absent { .. } if collection.is_empty() => continue,
            Freshness::Absent { .. } => (2, format!("{name} are not served any more"), Health::Unknown),
            Freshness::Loading => (1, format!("loading {name}"), Health::Progressing),
            Freshness::Forbidden { .. } => (2, format!("{name} may not be read"), Health::Unknown),
            Freshness::Stale { since, why, .. } => {
                let age = text::age(state.since(*since));
                (3, format!("{name} as of {age} ago: {}", why.summary), Health::Unknown)
            }
        };
        if worst.as_ref().is_none_or(|(known, ..)| rank > *known) {
            worst = Some((rank, words, health));
        }
    }
    worst.map(|(_, words, health)| (words, health))
}

/// The plural of a kind that belongs in a tree.
fn kind_name(source: &Source) -> Option<&str> {
    let id = source.kind.as_str();
    match crate::kinds::find(id) {
        Some(kind) => kind.in_tree.then_some(kind.plural),
        None => crate::kinds::any::parts(id).map(|(plural, _)| plural),
    }
}

/// What the cluster hangs on, in one sentence.
fn verdict(
    state: &State,
    paint: &mut Paint<'_>,
    cluster: &ClusterKey,
    (cause, worst): (Option<&Cause>, Health),
    line: Area,
) {
    let Some(cause) = cause else {
        let whole = trust(state, cluster).is_none();
        let (health, words) = match (worst, whole) {
            (Health::Paused, _) => (Health::Paused, "paused: its controllers leave it alone"),
            (Health::Ok, true) => (Health::Ok, "nothing is wrong"),
            (Health::Ok, false) => (Health::Unknown, "nothing is wrong in what can be read"),
            (other, _) => (other, "no condition says more"),
        };
        let at = paint.text(line, 0, paint.glyph(health), role_of(health)) + 1;
        paint.text(line, at, words, role_of(health));
        return;
    };
    let (health, verb) = cause.standing(state);
    let role = role_of(health);
    let mut at = paint.text(line, 0, paint.glyph(health), role) + 1;
    at += paint.text(line, at, verb, Role::Title);
    at += paint.text(line, at, ": ", Role::Title);
    at += paint.text(line, at, &cause.words(), role);
    if let Some(since) = cause.since {
        at += paint.text(line, at, &format!(", {}", text::age(state.since(since))), Role::Text);
    }
    let message = tree::first_line(&cause.message);
    if !message.is_empty() && at + 12 < line.width {
        paint.text(line, at + 2, &message, Role::TextDim);
    }
}

/// The cluster itself is not there, or not yet.
fn absent(state: &State, paint: &mut Paint<'_>, cluster: &ClusterKey, line: Area) {
    let target =
        ResourceRef { source: Source::management(&cluster.site, "cluster"), key: cluster.key.clone() };
    super::card::missing(state, &target).draw(paint, line);
}

/// Where the words of a line begin, so that they stand below each other where there is room.
fn column(lines: &[TreeLine<'_>], width: u16) -> u16 {
    if width < ROOMY {
        return 0;
    }
    let longest = lines.iter().map(left_width).max().unwrap_or(0);
    u16::try_from(longest).unwrap_or(u16::MAX).saturating_add(2).min(width / 2)
}

/// Cells before a line's words: branches, fold sign, health, title.
fn left_width(line: &TreeLine<'_>) -> usize {
    let (kind, name) = line.title();
    line.more.len() * 2 + 4 + text::width(&kind) + text::width(&name)
}

fn draw_line(state: &State, paint: &mut Paint<'_>, line: &TreeLine<'_>, column: u16, here: Area) {
    let age = line.since.map(|since| text::age(state.since(since)));
    let room = here.width.saturating_sub(AGE);
    let words = Area::new(here.x, here.y, room, here.height);
    let mut at = paint.text(words, 0, &prefix(paint, &line.more), Role::Border);
    let fold = match line.fold {
        Fold::Leaf => " ",
        Fold::Open => paint.look.glyphs.fold_open,
        Fold::Closed => paint.look.glyphs.fold_closed,
    };
    at += paint.text(words, at, fold, Role::TextDim);
    at += paint.text(words, at, paint.glyph(line.health), role_of(line.health)) + 1;
    let (kind, name) = line.title();
    at += paint.text(words, at, &kind, Role::TextDim);
    at += paint.text(words, at, &name, title_role(line));
    at = (at + 2).max(column);
    for word in line.words() {
        at += paint.text(words, at, &word.text, role(word.tone)) + 1;
    }
    if let Some(age) = age {
        let column = Area::new(here.x + room, here.y, here.width - room, here.height);
        let role = if line.health > Health::Paused { Role::Text } else { Role::TextDim };
        paint.cell(column, 0, column.width, &age, text::Align::Right, role);
    }
}

/// The role of a word.
pub(super) fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Text,
        Tone::Dim => Role::TextDim,
        Tone::State(health) => role_of(health),
    }
}

/// Names stand out; what they say is coloured by what it means.
fn title_role(line: &TreeLine<'_>) -> Role {
    match line.what {
        tree::What::Condition(..) | tree::What::Remark { .. } => role_of(line.health),
        tree::What::Section(_) => Role::Title,
        tree::What::Missing { .. } => Role::TextDim,
        tree::What::Object(_) | tree::What::Group { .. } => Role::Text,
    }
}

fn prefix(paint: &Paint<'_>, more: &[bool]) -> String {
    let g = &paint.look.glyphs;
    let mut out = String::new();
    if let Some((own, above)) = more.split_last() {
        for m in above {
            out.push_str(if *m { g.pipe } else { "  " });
        }
        out.push_str(if *own { g.branch } else { g.last });
    }
    out
}

#[cfg(test)]
mod tests;
