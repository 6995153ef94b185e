//! Every incident of the demo from end to end: the embedded fleet behind its doors, the console and the commands
//! without a screen on its kubeconfig, and what they name as the cause held against what the incident says it is.
mod clusters;
mod console;
mod lesson;
mod packages;
mod screen;
mod sites;
mod stage;

use tko::demo::scenario::{SCENARIOS, Scenario, Truth};

use stage::Stage;

/// Each incident is played on fleets of so many seeds.
const SEEDS: std::ops::Range<u64> = 0..10;

/// The incidents of a cluster, or those of a whole site.
fn scenarios(of_cluster: bool) -> Vec<&'static Scenario> {
    // Those of packages are told elsewhere: see `packages`.
    let told_here = SCENARIOS.iter().copied().filter(|s| !s.is_of_packages());
    told_here.filter(|s| expected(s).cluster().is_some() == of_cluster).collect()
}

/// What an incident will say of itself once it is played.
fn expected(scenario: &Scenario) -> Truth {
    let mut world = stage::world(0);
    assert!(!scenario.is_playing(&world), "{}", scenario.name);
    (scenario.inject)(&mut world);
    (scenario.truth)(&world).unwrap_or_else(|| panic!("{} has no truth", scenario.name))
}

/// What the incident says of itself.
fn truth(stage: &Stage, scenario: &Scenario) -> Truth {
    stage.with(|world| (scenario.truth)(world)).unwrap_or_else(|| panic!("{} has no truth", scenario.name))
}
