//! The certificates of a control plane are over: nobody can ask the cluster anything any more.
use super::{Scenario, Truth, ago};
use crate::demo::{
    control::{Key, World},
    fleet::Trouble,
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "certificate-expired",
    title: "The control plane's certificates are over; the cluster cannot be asked any more",
    truth,
    inject,
    heal,
};

fn key(world: &World) -> Option<Key> {
    world.key("dc2-supervisor", "warehouse-prod")
}

fn truth(world: &World) -> Option<Truth> {
    let cluster = key(world)?;
    let plane = &world.cluster(&cluster)?.plane.machines;
    let at = plane.iter().find_map(|m| if let Trouble::Expired(at) = m.trouble { Some(at) } else { None })?;
    Some(Truth::Expired { machines: plane.iter().map(|m| m.name.to_string()).collect(), at, cluster })
}

fn inject(world: &mut World) {
    let Some(key) = key(world) else { return };
    // Certificates end at a whole second.
    let over = ago(world, 2, 20).round(jiff::Unit::Second).unwrap_or_default();
    world.alter(&key, |cluster| {
        cluster.since = over;
        cluster.plane.since = over;
        for machine in &mut cluster.plane.machines {
            machine.created = over - jiff::SignedDuration::from_hours(365 * 24);
            machine.trouble = Trouble::Expired(over);
            machine.since = over;
        }
    });
}

fn heal(world: &mut World) {
    let Some(key) = key(world) else { return };
    world.alter(&key, |cluster| {
        for machine in &mut cluster.plane.machines {
            machine.trouble = Trouble::None;
        }
    });
}
