//! The console shows the true cause of every incident.
use tko::{
    demo::scenario::{SCENARIOS, Scenario, Truth},
    domain::ProblemKind,
};

use super::{console::Console, expected, scenarios, stage::Stage, truth};

const SIZE: (u16, u16) = (160, 40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tree_of_a_cluster_names_what_it_hangs_on() {
    let scenarios = scenarios(true);
    let stage = Stage::new(7, &scenarios).await;
    let mut console = Console::new(&stage, SIZE);
    for scenario in scenarios {
        let truth = truth(&stage, scenario);
        let name = truth.cluster().unwrap().name.to_string();
        console.keys("2 esc");
        console.until(scenario.name, |frame| frame.contains(&name)).await;
        console.keys("/");
        console.types(&name);
        console.keys("enter enter");
        // Under the title stands what the cluster hangs on.
        let is_named = |frame: &str| frame.lines().nth(2).is_some_and(|line| truth.is_named_in(line));
        console.until(&format!("{}: {truth:?}", scenario.name), is_named).await;
    }
    stage.end().await;
}

/// Words of the fleet pane for what ails a site.
fn words(problem: ProblemKind) -> &'static str {
    match problem {
        ProblemKind::Unreachable => "refused",
        ProblemKind::Unauthenticated => "Unauthorized",
        ProblemKind::Forbidden => "denied",
        ProblemKind::Throttled => "Too many requests",
        other => panic!("no incident is {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fleet_says_which_site_is_ill_and_why() {
    for scenario in scenarios(false) {
        let stage = Stage::new(7, &[]).await;
        let mut console = Console::new(&stage, SIZE);
        let Truth::Site { site, problem } = expected(scenario) else { panic!("{}", scenario.name) };
        let line = |frame: &str| frame.lines().find(|l| l.contains(site)).unwrap_or_default().to_owned();
        // It was well, and is seen to fall ill while it is looked at.
        console.until(site, |frame| line(frame).contains(" live ")).await;
        stage.with(scenario.inject);
        console.until(scenario.name, |frame| line(frame).contains(words(problem))).await;
        stage.with(scenario.heal);
        console.keys("r");
        console.until(scenario.name, |frame| line(frame).contains(" live ")).await;
        stage.end().await;
    }
}

#[test]
fn every_incident_is_of_a_cluster_or_of_a_site() {
    let names = |of_cluster| scenarios(of_cluster).into_iter().map(|s: &Scenario| s.name).collect::<Vec<_>>();
    let of_packages = SCENARIOS.iter().filter(|s| s.is_of_packages()).count();
    assert_eq!(names(true).len() + names(false).len() + of_packages, SCENARIOS.len());
}
