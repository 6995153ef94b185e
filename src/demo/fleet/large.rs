//! Fleets of any size, for load: many clusters of the same habits as the few of the plans.
use super::Role;

/// Shape of one cluster of a large fleet.
pub(super) struct Shape {
    pub name: String,
    pub namespace: String,
    pub role: Role,
    pub planes: usize,
    pub pools: Vec<(String, usize)>,
}

const APPS: &[&str] =
    &["ledger", "checkout", "stock", "claims", "billing", "portal", "search", "media", "risk", "fleet"];

/// `clusters` shapes that have `machines` machines together; each has at least one of the control plane.
pub(super) fn shapes(clusters: usize, machines: usize) -> Vec<Shape> {
    let mut left = machines.max(clusters);
    (0..clusters)
        .map(|number| {
            let share = left / (clusters - number);
            left -= share;
            shape(number, share)
        })
        .collect()
}

fn shape(number: usize, machines: usize) -> Shape {
    let role = match number % 10 {
        0..=4 => Role::Prod,
        5..=6 => Role::Staging,
        7..=8 => Role::Dev,
        _ => Role::Edge,
    };
    let planes = if machines >= 6 && matches!(role, Role::Prod | Role::Staging) { 3 } else { 1 };
    let workers = machines.saturating_sub(planes);
    let count = workers.div_ceil(12).clamp(1, 6);
    let pools = (0..count)
        .map(|pool| (format!("md-{pool}"), workers / count + usize::from(pool < workers % count)))
        .collect();
    let app = APPS[number % APPS.len()];
    Shape {
        name: format!("{app}-{}-{:03}", role.word(), number / APPS.len() + 1),
        namespace: format!("team-{app}"),
        role,
        planes,
        pools,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_asked_for_and_names_differ() {
        for (clusters, machines) in [(1, 1), (7, 40), (40, 41), (1000, 20_000)] {
            let shapes = shapes(clusters, machines);
            let total: usize =
                shapes.iter().map(|s| s.planes + s.pools.iter().map(|p| p.1).sum::<usize>()).sum();
            assert_eq!((shapes.len(), total), (clusters, machines));
            let names: std::collections::BTreeSet<_> = shapes.iter().map(|s| &s.name).collect();
            assert_eq!(names.len(), clusters);
        }
    }
}
