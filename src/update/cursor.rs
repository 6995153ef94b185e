//! Moving about: in a table, a tree, a card, or an overlay's list.
use super::Context;
use crate::{
    state::{
        Place, State,
        overlay::{Overlay, Stage},
    },
    view::{self, card, layout, tree},
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
            let page = tree::page(state.width, state.height);
            super::tree::walk(state, &cluster, |at, count| step.apply(at, count, page));
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
pub(super) fn overlay(state: &mut State, context: &Context, by: isize) {
    let last = state.screen.overlays.last().map_or(0, |o| view::last_top(state, &context.keymap, o));
    let Some(overlay) = state.screen.overlays.last_mut() else { return };
    match overlay {
        Overlay::Help { top } => *top = top.saturating_add_signed(by).min(last),
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
            Stage::Preview { top, .. } => *top = top.saturating_add_signed(by).min(last),
        },
        Overlay::Consent { .. } | Overlay::Problem(_) | Overlay::Login { .. } => {}
    }
    state.touch();
}
