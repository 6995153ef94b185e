//! Incidents of a whole site: it cannot be reached, does not know us, does not let us, or is too busy.
use super::{Scenario, Truth};
use crate::{
    demo::{control::World, store::Fault},
    domain::ProblemKind,
};

pub(super) static UNREACHABLE: Scenario = Scenario {
    name: "site-unreachable",
    title: "A site cannot be reached, and comes back after three minutes",
    truth: |world| ill(world, "aws-eu-mgmt", |f| f == Fault::Refusing, ProblemKind::Unreachable),
    inject: |world| {
        fault(world, "aws-eu-mgmt", Fault::Refusing);
        world.well_after("aws-eu-mgmt", 180);
    },
    heal: |world| fault(world, "aws-eu-mgmt", Fault::None),
};

pub(super) static CREDENTIALS: Scenario = Scenario {
    name: "credentials-expired",
    title: "The credentials of a site are over: every request is answered with 401",
    truth: |world| ill(world, "dc2-supervisor", |f| f == Fault::Unauthorized, ProblemKind::Unauthenticated),
    inject: |world| fault(world, "dc2-supervisor", Fault::Unauthorized),
    heal: |world| fault(world, "dc2-supervisor", Fault::None),
};

pub(super) static FORBIDDEN: Scenario = Scenario {
    name: "group-forbidden",
    title: "An API group is forbidden: the clusters of a site cannot be read",
    truth: |world| {
        let site = "aws-eu-mgmt";
        let forbidden = world.sites()[world.site(site)?].api.is_forbidden(GROUP);
        forbidden.then_some(Truth::Site { site, problem: ProblemKind::Forbidden })
    },
    inject: |world| forbid(world, "aws-eu-mgmt", &[GROUP]),
    heal: |world| forbid(world, "aws-eu-mgmt", &[]),
};

pub(super) static THROTTLED: Scenario = Scenario {
    name: "throttled",
    title: "An API server is too busy: every request is answered with 429",
    truth: |world| ill(world, "dc1-mgmt", |f| matches!(f, Fault::Throttling { .. }), ProblemKind::Throttled),
    inject: |world| fault(world, "dc1-mgmt", Fault::Throttling { seconds: 5 }),
    heal: |world| fault(world, "dc1-mgmt", Fault::None),
};

/// The group that somebody took from us.
const GROUP: &str = "cluster.x-k8s.io";

/// That a site has such a fault, as the cause of what is seen of it.
fn ill(world: &World, site: &'static str, is_it: fn(Fault) -> bool, problem: ProblemKind) -> Option<Truth> {
    let fault = *world.sites()[world.site(site)?].api.fault().borrow();
    is_it(fault).then_some(Truth::Site { site, problem })
}

fn fault(world: &mut World, site: &str, fault: Fault) {
    if let Some(at) = world.site(site) {
        world.sites()[at].api.set_fault(fault);
    }
}

fn forbid(world: &mut World, site: &str, groups: &[&str]) {
    if let Some(at) = world.site(site) {
        world.sites()[at].api.forbid(groups);
    }
}
