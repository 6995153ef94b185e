//! What the console does over time: messages and keys in, state, effects and frames out.
mod filter;
mod follow;
mod freshness;
mod fuzz;
mod phase;
pub mod pipeline;
mod places;
mod replay;
mod selection;

use crate::support::{
    objects::{self, Template},
    scenario::Scenario,
};

/// One live site `a` with these clusters, in the clusters pane.
fn clusters(names: &[&str]) -> Scenario {
    let mut s = Scenario::new(120, 20);
    s.site("a").starts().pane = "clusters".into();
    s.live("a").list("a", "cluster", &named(names));
    s
}

fn named(names: &[&str]) -> Vec<Template> {
    names.iter().map(|name| objects::cluster(name)).collect()
}
