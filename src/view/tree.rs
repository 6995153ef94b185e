//! The tree of a cluster: what hangs under what, healthy equals grouped, ending at what is wrong.
//! Made anew from the fleet each time it is drawn or walked; bounded by the size of one cluster.
use super::{Paint, card::Line, layout::Area};
use crate::{
    domain::{ClusterKey, Object, ResourceRef, Source},
    panes::column::role_of,
    state::{State, tree::LineId},
    text,
    theme::Role,
};

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    pub id: LineId,
    pub depth: usize,
    /// For each level above, whether more siblings follow; the last is the line's own.
    pub more: Vec<bool>,
    pub content: Line,
}

pub(super) fn draw(state: &State, paint: &mut Paint<'_>, cluster: &ClusterKey, area: Area) {
    let at = paint.text(area.line(0), 0, &format!("Cluster {}", cluster.key), Role::Title);
    paint.text(area.line(0), at + 2, &format!("on {}", cluster.site), Role::TextDim);
    let body = area.below(1);
    let lines = lines(state, cluster);
    let view = state.screen.trees.get(cluster);
    let cursor = view
        .and_then(|v| v.cursor.as_ref())
        .and_then(|id| lines.iter().position(|l| l.id == *id))
        .unwrap_or(0);
    let top = view.map_or(0, |v| v.top);
    for (y, (number, line)) in (0..body.height).zip(lines.iter().enumerate().skip(top)) {
        let here = body.line(y);
        let prefix = prefix(paint, &line.more);
        let at = paint.text(here, 0, &prefix, Role::Border);
        let rest = Area::new(here.x + at, here.y, here.width - at.min(here.width), here.height);
        line.content.draw(paint, rest);
        if number == cursor {
            paint.overlay(here, Role::RowSelected);
        }
    }
}

fn prefix(paint: &Paint<'_>, more: &[bool]) -> String {
    let g = &paint.look.glyphs;
    let mut out = String::new();
    if let Some((own, above)) = more.split_last() {
        for m in above {
            out.push_str(if *m { g.pipe } else { "   " });
        }
        out.push_str(if *own { g.branch } else { g.last });
    }
    out
}

/// The lines of a cluster's tree.
pub fn lines(state: &State, cluster: &ClusterKey) -> Vec<TreeLine> {
    let target =
        ResourceRef { source: Source::management(&cluster.site, "cluster"), key: cluster.key.clone() };
    let Some(object) = state.fleet.find(&target) else { return Vec::new() };
    let mut lines = vec![TreeLine {
        id: LineId::Object(target),
        depth: 0,
        more: Vec::new(),
        content: content(state, object),
    }];
    let members: Vec<_> = state.fleet.members(cluster).collect();
    let count = members.len();
    for (at, (_, source, member)) in members.into_iter().enumerate() {
        let id = LineId::Object(ResourceRef { source: source.clone(), key: member.meta.key() });
        lines.push(TreeLine { id, depth: 1, more: vec![at + 1 < count], content: content(state, member) });
    }
    lines
}

/// An object in one line: kind, name, its worst condition and since when.
pub fn content(state: &State, object: &Object) -> Line {
    let health = object.health();
    let mut spans = vec![
        (format!("{}/", object.meta.kind), Role::TextDim),
        (object.meta.name.to_string(), Role::Text),
        ("  ".into(), Role::Text),
    ];
    match object.worst_condition() {
        Some(c) => {
            spans.push((format!("{} {}", c.kind, c.short_reason()), role_of(object.judge(c))));
            spans.push((
                c.since.map_or(String::new(), |t| format!("  {}", text::age(state.since(t)))),
                Role::TextDim,
            ));
        }
        None => spans.push((health.word().into(), role_of(health))),
    }
    Line { health: Some(health), spans, source: 0 }
}

/// Owners above an object and children below it.
pub fn family(state: &State, target: &ResourceRef, object: &Object) -> Vec<Line> {
    let mut lines = vec![Line::of("Owners", Role::Title)];
    for owner in &object.meta.owners {
        lines.push(Line::of(
            format!("  {}/{}{}", owner.kind, owner.name, if owner.controller { " (controller)" } else { "" }),
            Role::Text,
        ));
    }
    if object.meta.owners.is_empty() {
        lines.push(Line::of("  none", Role::TextDim));
    }
    lines.push(Line::of("Children", Role::Title));
    let before = lines.len();
    for collection in state
        .fleet
        .collections()
        .filter(|c| c.source.site == target.source.site && c.source.home == target.source.home)
    {
        for (_, child) in
            collection.iter().filter(|(_, o)| o.meta.owners.iter().any(|w| w.uid == object.meta.uid))
        {
            let mut line = content(state, child);
            line.spans.insert(0, ("  ".into(), Role::Text));
            lines.push(line);
        }
    }
    if lines.len() == before {
        lines.push(Line::of("  none that is followed", Role::TextDim));
    }
    lines
}
