//! Pure drawing: reads `&State`, never changes it. Colours come from the theme, keys from the keymap.
pub mod card;
pub mod copy;
pub mod layout;
pub mod tree;

mod footer;
mod header;
mod overlay;
mod paint;
mod side;
mod table;
#[cfg(test)]
mod tests;
mod tutor;

pub use overlay::last_top;
pub use paint::Paint;

use crate::{
    keymap::Keymap,
    state::{Place, State},
    theme::{Glyphs, Role, Theme},
};
use layout::Area;

/// How things are drawn.
#[derive(Debug)]
pub struct Look {
    pub theme: Theme,
    pub glyphs: Glyphs,
    pub ascii: bool,
    pub keymap: Keymap,
}

/// Draws one frame.
pub fn frame(state: &State, look: &Look, frame: &mut ratatui::Frame<'_>) {
    let area = frame.area();
    let cursor = {
        let mut paint = Paint::new(frame.buffer_mut(), look);
        draw(state, &mut paint, Area::new(area.x, area.y, area.width, area.height));
        paint.cursor()
    };
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

fn draw(state: &State, paint: &mut Paint<'_>, screen: Area) {
    paint.fill(screen, Role::Text);
    let (screen, panel) = layout::beside(screen.width, screen.height, state.tutor.is_some());
    if let (Some(tutor), Some(area)) = (&state.tutor, panel) {
        tutor::draw(state, paint, tutor, area);
    }
    if !layout::fits(screen.width, screen.height) {
        too_small(paint, screen);
        return;
    }
    let parts = layout::parts(screen.width, screen.height);
    header::draw(state, paint, parts.header);
    match state.screen.place() {
        Place::Table(pane) => table::draw(state, paint, pane, parts.main),
        Place::Tree(cluster) => tree::draw(state, paint, cluster, parts.main),
        Place::Object { target, tab } => card::draw(state, paint, target, *tab, parts.main),
    }
    if let Some(area) = parts.side {
        side::draw(state, paint, area);
    }
    footer::draw(state, paint, parts.footer);
    for overlay in &state.screen.overlays {
        overlay::draw(state, paint, overlay, screen);
    }
}

/// Says how much room is needed, in whatever room there is.
fn too_small(paint: &mut Paint<'_>, screen: Area) {
    let (width, height) = layout::SMALLEST;
    let lines = [
        "tko: the terminal is too small".to_owned(),
        format!("{}x{}, needs {width}x{height}", screen.width, screen.height),
        "enlarge it, or q to quit".to_owned(),
    ];
    let wrapped = lines.iter().flat_map(|line| crate::text::wrap(line, usize::from(screen.width)));
    for (at, line) in (0_u16..screen.height).zip(wrapped) {
        paint.text(screen.line(at), 0, &line, Role::Text);
    }
}
