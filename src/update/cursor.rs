//! Moving about: in a table, a tree, a card, or an overlay's list.
use crate::{
    state::{
        Place, State,
        overlay::{Overlay, Stage},
    },
    view::{card, layout, tree},
};

/// How far a movement goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Lines(isize),
    /// Pages, in halves.
    HalfPages(isize),
    Top,
    Bottom,
}

impl Step {
    fn apply(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        match self {
            Step::Lines(n) => at.saturating_add_signed(n).min(last),
            Step::HalfPages(n) => {
                at.saturating_add_signed(n * isize::try_from(page.div_ceil(2)).unwrap_or(1)).min(last)
            }
            Step::Top => 0,
            Step::Bottom => last,
        }
    }
}

pub(super) fn go(state: &mut State, step: Step) {
    let page = layout::page(state.width, state.height);
    match state.screen.place().clone() {
        Place::Table(_) => {
            if let Some(table) = state.screen.table_mut() {
                let to = step.apply(table.cursor_at, table.index.shown(), page);
                table.move_to(to);
                table.scroll(page);
            }
        }
        Place::Tree(cluster) => {
            let lines = tree::lines(state, &cluster);
            let page = layout::body(state.width, state.height);
            let view = state.screen.trees.entry(cluster).or_default();
            let at = view
                .cursor
                .as_ref()
                .and_then(|id| lines.iter().position(|l| l.id == *id))
                .unwrap_or(view.cursor_at);
            let to = step.apply(at, lines.len(), page);
            view.cursor_at = to;
            view.cursor = lines.get(to).map(|l| l.id.clone());
            view.top = view.top.min(to).max((to + 1).saturating_sub(page));
        }
        Place::Object { .. } => {
            let count = card::count(state);
            let page = layout::body(state.width, state.height).saturating_sub(card::HEAD);
            let card = &mut state.screen.card;
            card.line = step.apply(card.line, count, page);
            card.top = card.top.min(card.line).max((card.line + 1).saturating_sub(page.max(1)));
        }
    }
    state.touch();
}

/// Moves in the overlay: to the next item or field.
pub(super) fn overlay(state: &mut State, by: isize) {
    let Some(overlay) = state.screen.overlays.last_mut() else { return };
    match overlay {
        Overlay::Help { top } => *top = top.saturating_add_signed(by),
        Overlay::Palette(choice)
        | Overlay::Actions { choice, .. }
        | Overlay::Copy { choice }
        | Overlay::Sort { choice } => choice.step(by),
        Overlay::Session(form) => form.focus = usize::from(form.focus == 0),
        Overlay::Action(flow) => match &mut flow.stage {
            Stage::Form => {
                let count = flow.fields.len().max(1);
                flow.focus = (flow.focus + count).saturating_add_signed(by) % count;
            }
            Stage::Preview { top, .. } => *top = top.saturating_add_signed(by),
        },
        Overlay::Consent { .. } | Overlay::Problem(_) => {}
    }
    state.touch();
}
