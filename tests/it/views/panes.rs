//! Pane × size × state of the data.
use tko::domain::{Problem, ProblemKind};
use tko::msg::{JobEvent, Msg};

use super::{SIZES, scenes, scenes::Case, shot, styled};
use crate::support::scenario::Scenario;

/// Every state of a pane in one size; styles are written down for the usual size only.
fn album(size: (u16, u16), scene: impl Fn(Case) -> Scenario) -> String {
    let shoot = if size == SIZES[0] { styled } else { shot };
    // Five thousand rows look alike in every size.
    let cases = Case::ALL.iter().filter(|case| **case != Case::Many || size == SIZES[0]);
    cases.map(|case| shoot(&format!("{case:?}"), &mut scene(*case))).collect()
}

fn albums(pane: &str, scene: impl Fn(Case, (u16, u16)) -> Scenario) {
    for size in SIZES {
        insta::assert_snapshot!(
            format!("{pane}_{}x{}", size.0, size.1),
            album(size, |case| scene(case, size))
        );
    }
}

#[test]
fn fleet() {
    albums("fleet", scenes::sites);
}

#[test]
fn clusters() {
    albums("clusters", |case, size| scenes::management("clusters", case, size));
}

#[test]
fn pools() {
    albums("pools", |case, size| scenes::management("pools", case, size));
}

#[test]
fn machines() {
    albums("machines", |case, size| scenes::management("machines", case, size));
}

#[test]
fn nodes() {
    albums("nodes", scenes::nodes);
}

#[test]
fn jobs_and_notices() {
    for size in SIZES {
        let mut s = Scenario::new(size.0, size.1);
        s.site("prod-eu").starts().pane = "jobs".into();
        s.live("prod-eu");
        let mut out = shot("no jobs", &mut s);
        s.keys("7").tick(10);
        out += &shot("no notices", &mut s);
        scenes::fleet(&mut s);
        crate::scenarios::pipeline::scale(&mut s, "billing-md-0", "5");
        let (job, _) = s.executed()[0].clone();
        s.send(Msg::Job(job, JobEvent::Started)).send(Msg::Job(job, JobEvent::Submitted)).tick(75);
        crate::scenarios::pipeline::scale(&mut s, "payments-md-0", "4");
        let (second, _) = s.executed()[1].clone();
        let conflict = Problem::new(
            ProblemKind::Conflict,
            "the object has been modified; please apply your changes to the latest version",
        );
        s.send(Msg::Job(second, JobEvent::Failed(conflict.hint("look at it again")))).keys("6").tick(1);
        out += &shot("jobs", &mut s);
        s.keys("7").tick(1);
        out += &shot("notices", &mut s);
        for n in 0..600 {
            s.send(Msg::Told(format!("news {n}")));
        }
        out += &shot("many notices", &mut s);
        insta::assert_snapshot!(format!("jobs_{}x{}", size.0, size.1), out);
    }
}

/// In a screen without room every place says so, and nothing breaks at any size at all.
#[test]
fn too_small() {
    let mut out = String::new();
    for pane in ["fleet", "clusters", "nodes"] {
        let mut s = scenes::management(pane, Case::Live, (20, 5));
        out += &shot(pane, &mut s);
    }
    insta::assert_snapshot!("too_small_20x5", out);
    for (width, height) in [(1, 1), (2, 200), (39, 8), (40, 7), (40, 8), (300, 1), (41, 9)] {
        for key in ["", "?", ":", ".", "d", "Y"] {
            scenes::management("clusters", Case::Live, (width, height)).keys(key).frame();
        }
    }
}
