//! The whole tutor on the demo's fleet, key by key: what it teaches is true, and ends with a cluster that is well.
use tko::{
    demo::scenario::{TAUGHT, find},
    domain::drill::Drilling,
    effect::Effect,
    tutor::{CLUSTER, CONSENT, SITE, STEPS},
    update::selected,
};

use super::{console::Console, stage::Stage};

/// Goes on until that step is shown.
async fn at(console: &mut Console, number: usize) {
    let title = STEPS.get(number).map_or("That was it", |s| s.title);
    console.until(title, |frame| frame.contains(title)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tutor_leads_from_a_page_to_a_cluster_that_is_well() {
    for size in [(120, 40), (80, 24)] {
        let stage = Stage::running(1, &[TAUGHT], 60.0).await;
        let mut console = Console::practising(&stage, size, true);
        console.declines = false;
        at(&mut console, 0).await;
        console.keys("2");
        at(&mut console, 1).await;
        console.until(CLUSTER.1, |frame| frame.contains(CLUSTER.1)).await;
        console.keys("/");
        console.types(CLUSTER.1);
        console.keys("enter");
        at(&mut console, 3).await;
        console.keys("enter");
        console.until(CONSENT.0, |frame| frame.contains(CONSENT.0)).await;
        console.keys("esc");
        console.until("the cause", |frame| frame.contains(": Machine ")).await;
        let patient = console.state.tutor.as_ref().unwrap().patient.clone().unwrap();
        console.walk("the machine", |state| selected(state).as_ref() == Some(&patient.machine));
        console.keys("enter");
        at(&mut console, 5).await;
        console.keys("e");
        at(&mut console, 6).await;
        console.keys("W");
        console.types("INC-4711");
        console.keys("enter");
        at(&mut console, 7).await;
        console.keys("3");
        console.walk("its pool", |state| selected(state).as_ref() == Some(&patient.pool));
        at(&mut console, 8).await;
        console.keys(".");
        console.until("the sheet", |frame| frame.contains("Change how many machines the pool has")).await;
        console.types("scale pool");
        console.keys("enter end backspace");
        console.types(&(patient.asked - 1).to_string());
        console.keys("enter");
        at(&mut console, 9).await;
        console.keys("y");
        at(&mut console, 10).await;
        console.keys("6");
        at(&mut console, 11).await;
        at(&mut console, 12).await;
        console.keys("1");
        console.walk("the site", |state| {
            let cursor = state.screen.table().and_then(|t| t.cursor);
            cursor.and_then(|row| state.row(row)).is_some_and(|row| row.site_name() == SITE)
        });
        console.keys("g W");
        at(&mut console, 13).await;
        assert!(!stage.with(|world| TAUGHT.is_playing(world)));
        stage.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_palette_plays_and_ends_incidents_while_it_runs() {
    let stage = Stage::new(1, &[]).await;
    let mut console = Console::practising(&stage, (120, 40), false);
    let held = find("rollout-held").unwrap();
    for (verb, told) in [("inject", "played: "), ("end", "ended: ")] {
        console.keys(":");
        console.types("rollout-held");
        console.until(verb, |frame| frame.contains(&format!("Demo: {verb} rollout-held"))).await;
        console.keys("enter");
        console.until(told, |frame| frame.contains(told)).await;
        assert_eq!(stage.with(|world| held.is_playing(world)), verb == "inject");
    }
    // The same from another shell.
    let ran = stage.tko("demo inject rollout-held").await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.lines().any(|l| l.starts_with("rollout-held ") && l.contains(" playing ")), "{ran:?}");
    let again = stage.tko("demo inject rollout-held").await;
    assert!(again.code == Some(2) && again.err.contains("rollout-held is being played"), "{again:?}");
    // What cannot be done is said in the desk's own words.
    console.start(Effect::Drill(Drilling::Play("rollout-hold".into())));
    console.until("a mistake", |frame| frame.contains("no such incident")).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_can_be_played_where_no_desk_was_given() {
    let stage = Stage::new(1, &[]).await;
    let mut console = Console::new(&stage, (120, 40));
    console.until("a live site", |frame| frame.contains(SITE) && frame.contains(" live ")).await;
    console.start(Effect::Drill(Drilling::Play("rollout-held".into())));
    console.keys(":");
    console.types("demo");
    assert!(!console.frame().contains("Demo:"), "{}", console.frame());
    assert!(!stage.with(|world| find("rollout-held").unwrap().is_playing(world)));
    stage.end().await;
}
