//! Incidents of a whole site: the commands without a screen say which, and why, and see it come back.
use std::time::Duration;

use serde_json::Value;
use tko::{
    demo::scenario::{Scenario, Truth, find},
    domain::ProblemKind,
};

use super::{SEEDS, scenarios, stage::Stage, truth};

/// The site of an incident and what ails it.
fn ill(stage: &Stage, scenario: &Scenario) -> (&'static str, ProblemKind) {
    match truth(stage, scenario) {
        Truth::Site { site, problem } => (site, problem),
        other => panic!("{} is about {other:?}", scenario.name),
    }
}

fn word(kind: ProblemKind) -> Value {
    serde_json::to_value(kind).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_say_which_site_is_ill_and_why() {
    assert_eq!(scenarios(false).len(), 4);
    // Each on a site of its own.
    let first = ["site-unreachable", "credentials-expired", "throttled"].map(|name| find(name).unwrap());
    let second = find("group-forbidden").unwrap();
    let mut wrong = Vec::new();
    for seed in SEEDS {
        let stage = Stage::new(seed, &first[1..]).await;
        // It comes back by itself, so it begins only now.
        stage.with(first[0].inject);
        let (sites, clusters, doctor) = tokio::join!(
            stage.tko("get sites -o json --timeout 60"),
            stage.tko("get clusters -o json --timeout 60"),
            stage.tko("doctor -o json --timeout 60")
        );
        let (sites, clusters, doctor) = (sites.json(), clusters.json(), doctor.json());
        for scenario in first {
            let (site, kind) = ill(&stage, scenario);
            let row = of(&sites["rows"], "site", site);
            let lack = of(&clusters["incomplete"], "site", site);
            let section = of(&doctor["sections"], "title", &format!("site {site}"));
            let reach = of(&section["findings"], "what", "reach");
            let told = [&row["facts"]["problem"]["kind"], &lack["why"]["kind"]];
            if told != [&word(kind), &word(kind)] || row["health"] != "bad" || reach["level"] != "bad" {
                wrong.push(format!("seed {seed}, {}: {row} {lack} {reach}", scenario.name));
            }
        }
        comes_back(&stage, ill(&stage, first[0]).0).await;
        for scenario in &first[1..] {
            stage.with(scenario.heal);
        }
        wrong.extend(forbidden(&stage, second).await.map(|what| format!("seed {seed}: {what}")));
        stage.end().await;
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What the commands get wrong of a group that may not be read: the site is there, its clusters are not.
async fn forbidden(stage: &Stage, scenario: &Scenario) -> Option<String> {
    stage.with(scenario.inject);
    let (site, kind) = ill(stage, scenario);
    let one = format!("doctor -o json --site {site} --timeout 60");
    let (sites, clusters, doctor) = tokio::join!(
        stage.tko("get sites -o json --timeout 60"),
        stage.tko("get clusters -o json --timeout 60"),
        stage.tko(&one)
    );
    let (sites, clusters) = (sites.json(), clusters.json());
    let (row, lack) = (of(&sites["rows"], "site", site), of(&clusters["incomplete"], "site", site));
    let why = row["columns"]["why"].as_str().unwrap_or_default().to_owned();
    // What was read of the group cannot be read; everything else is there.
    let mut others = clusters["incomplete"].as_array().unwrap().iter().filter(|l| l["site"] != "edge-north");
    let as_told = others.all(|l| l["site"] == site && l["why"]["kind"] == word(kind));
    let is_right = lack["why"]["kind"] == word(kind)
        && lack["what"] == "clusters"
        && as_told
        && row["facts"]["connection"] == "live"
        && why.contains("clusters")
        && doctor.out.contains("cluster.x-k8s.io");
    (!is_right).then(|| format!("{}: {row} {lack} {}", scenario.name, doctor.out))
}

/// Minutes later the site answers again, and is read as if nothing had been.
async fn comes_back(stage: &Stage, site: &str) {
    stage.pass(Duration::from_mins(4));
    for _ in 0..100 {
        let sites = stage.tko(&format!("get sites --site {site} -o json --timeout 60")).await.json();
        if of(&sites["rows"], "site", site)["facts"]["connection"] == "live" {
            return;
        }
    }
    panic!("{site} does not come back");
}

/// The item of a list in which a field says that.
fn of<'a>(list: &'a Value, field: &str, says: &str) -> &'a Value {
    static NOTHING: Value = Value::Null;
    list.as_array().into_iter().flatten().find(|item| item[field] == says).unwrap_or(&NOTHING)
}
