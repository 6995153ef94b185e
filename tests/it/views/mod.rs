//! Every pane in every size and in every state of its data, as text and (in the usual size) as styles.
mod look;
mod overlays;
mod packages;
mod panes;
pub mod scenes;
mod unknown;

use crate::support::{scenario::Scenario, style};

/// Screens that are looked at: the classic, a laptop, a wall.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// One frame under its heading.
fn shot(title: &str, scenario: &mut Scenario) -> String {
    format!("━━ {title}\n{}", style::squeeze(&scenario.frame()))
}

/// One frame with its styles.
fn styled(title: &str, scenario: &mut Scenario) -> String {
    format!("{}┄┄ styles\n{}", shot(title, scenario), style::dump(&scenario.buffer()))
}
