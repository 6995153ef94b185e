//! Which collections are watched: a small set of every site always, and what is on the screen.
//! The difference to what is followed now goes out as effects, in an order that a replay repeats.
use std::collections::BTreeSet;

use crate::{
    actions::{self, Action},
    domain::{ClusterKey, Home, ResourceRef, Source},
    effect::Effect,
    kinds,
    panes::{self, Rows},
    state::{Place, Row, RowId, State, overlay::Overlay, screen::Tab, workloads::Reach},
};

pub(super) fn follow(state: &mut State) -> Vec<Effect> {
    let wanted = wanted(state);
    let mut effects = reach(state, &wanted);
    for source in &wanted {
        state.screen.lingering.remove(source);
        if is_reachable(state, source) && state.screen.followed.insert(source.clone()) {
            state.fleet.ensure(source);
            effects.push(Effect::Subscribe(source.clone()));
        }
    }
    effects.extend(give_up(state, &wanted));
    effects
}

/// A site is subscribed to once it has answered; then its watches retry by themselves.
fn is_reachable(state: &State, source: &Source) -> bool {
    match source.cluster() {
        None => state.sites.get(&source.site).is_some_and(|s| s.greeting.is_some()),
        Some(cluster) => matches!(state.workloads.get(&cluster), Some(Reach::Live { .. })),
    }
}

/// Workload APIs that are wanted and have not been asked for.
fn reach(state: &mut State, wanted: &BTreeSet<Source>) -> Vec<Effect> {
    let clusters: BTreeSet<ClusterKey> = wanted.iter().filter_map(Source::cluster).collect();
    let mut effects = Vec::new();
    for cluster in clusters {
        let consent = state.workloads.consent.contains(&cluster.site);
        let ask = match state.workloads.get(&cluster) {
            None => true,
            Some(Reach::NeedsConsent) => consent,
            Some(_) => false,
        };
        if ask && state.sites.get(&cluster.site).is_some_and(|s| s.greeting.is_some()) {
            state.workloads.by_cluster.insert(cluster.clone(), Reach::Connecting);
            effects.push(reach_of(state, cluster));
        }
    }
    effects
}

/// The wish to reach the API of a workload cluster, by what is known of it now.
pub(super) fn reach_of(state: &State, cluster: ClusterKey) -> Effect {
    let target =
        ResourceRef { source: Source::management(&cluster.site, "cluster"), key: cluster.key.clone() };
    let endpoint = state
        .fleet
        .find(&target)
        .and_then(|o| o.cluster())
        .map(|c| c.endpoint.to_string())
        .unwrap_or_default();
    let consent = state.workloads.consent.contains(&cluster.site);
    Effect::Reach { cluster, endpoint, consent }
}

/// What nothing visible needs is followed a little longer, then given up.
fn give_up(state: &mut State, wanted: &BTreeSet<Source>) -> Vec<Effect> {
    let now = state.now;
    let unwanted: Vec<Source> =
        state.screen.followed.iter().filter(|s| !wanted.contains(*s)).cloned().collect();
    let mut effects = Vec::new();
    for source in unwanted {
        let since = *state.screen.lingering.entry(source.clone()).or_insert(now);
        let linger = if source.fields.is_empty() { super::tick::LINGER } else { 0 };
        if now.as_second() - since.as_second() >= linger {
            state.screen.lingering.remove(&source);
            state.screen.followed.remove(&source);
            state.fleet.forget(&source);
            effects.push(Effect::Unsubscribe(source));
        }
    }
    effects
}

/// Whether the pane shows what workload APIs say.
pub(super) fn is_of_workloads(pane: &str) -> bool {
    panes::find(pane).is_some_and(|p| matches!(p.rows, Rows::Workload(_) | Rows::Everywhere { .. }))
}

/// Every source that what is shown (and every running job) needs.
pub fn wanted(state: &State) -> BTreeSet<Source> {
    let mut wanted = BTreeSet::new();
    // Without a screen nothing is followed but what was asked for; the rows of sites count their clusters.
    let always =
        !state.headless || state.screen.pane().and_then(panes::find).is_some_and(|p| p.rows == Rows::Sites);
    for site in state.sites.iter().filter(|_| always) {
        for kind in panes::ALWAYS {
            wanted.insert(Source::management(&site.spec.id, kind));
        }
    }
    match state.screen.place() {
        Place::Table(pane) => table(state, pane, &mut wanted),
        Place::Tree(cluster) => {
            family(state, cluster, &mut wanted);
            wanted.insert(Source::workload(cluster, "node"));
        }
        Place::Object { target, tab } => card(state, target, *tab, &mut wanted),
    }
    let acted_on = state.screen.overlays.iter().filter_map(|overlay| match overlay {
        Overlay::Actions { target, .. } => Some(target),
        Overlay::Action(flow) => Some(&flow.target),
        Overlay::Session(form) => form.then.as_ref().map(|flow| &flow.target),
        _ => None,
    });
    let jobs = state.jobs.running().map(|job| &job.plan.target);
    // Who is affected is told from what is there; a job is followed to the last machine.
    for target in acted_on.chain(jobs) {
        wanted.insert(target.source.clone());
        for kind in ["cluster", "control-plane", "pool", "machine"] {
            wanted.insert(Source::management(&target.source.site, kind));
        }
    }
    wanted.extend(state.screen.overlays.iter().flat_map(|overlay| looked_at(state, overlay)));
    wanted.extend(state.screen.reads.iter().cloned());
    wanted
}

/// What the actions need that are offered or being prepared, besides what every action looks at.
fn looked_at(state: &State, overlay: &Overlay) -> Vec<Source> {
    let of = |action: &&dyn Action, target: &ResourceRef| -> Vec<Source> {
        action.reads().iter().map(|kind| Source::management(&target.source.site, kind)).collect()
    };
    match overlay {
        Overlay::Actions { target, .. } => {
            actions::ACTIONS.iter().filter(|a| a.fits(state, target)).flat_map(|a| of(a, target)).collect()
        }
        Overlay::Action(flow) => {
            actions::find(&flow.action).iter().flat_map(|action| of(action, &flow.target)).collect()
        }
        _ => Vec::new(),
    }
}

fn table(state: &State, pane: &str, wanted: &mut BTreeSet<Source>) {
    let Some(pane) = panes::find(pane) else { return };
    let (management, workload, beside): (&[&str], &[&str], &[&str]) = match pane.rows {
        Rows::Management(kinds) => (kinds, &[], &[]),
        Rows::Workload(kinds) if pane.id == "nodes" => (&[], kinds, &["pod"]),
        Rows::Workload(kinds) => (&[], kinds, &[]),
        Rows::Everywhere { kinds, beside } => (kinds, kinds, beside),
        Rows::Sites | Rows::Jobs | Rows::Notices => (&[], &[], &[]),
    };
    let beside_management = if management.is_empty() { &[] } else { beside };
    for site in state.sites.iter() {
        let id = &site.spec.id;
        if !state.screen.scope.sites.is_empty() && !state.screen.scope.sites.contains(id) {
            continue;
        }
        for kind in management.iter().chain(beside_management).chain(pane.joins) {
            wanted.insert(Source::management(id, kind));
        }
    }
    for cluster in state.screen.scope.clusters.iter().filter(|_| !workload.is_empty()) {
        for kind in workload.iter().chain(beside) {
            wanted.insert(Source::workload(cluster, kind));
        }
    }
}

/// Every kind of the management API that hangs under a cluster: those of Cluster API, and those of its
/// providers that its objects refer to.
fn family(state: &State, cluster: &ClusterKey, wanted: &mut BTreeSet<Source>) {
    for kind in kinds::KINDS.iter().filter(|k| k.in_tree && k.place == kinds::Place::Management) {
        wanted.insert(Source::management(&cluster.site, kind.id));
    }
    let target =
        ResourceRef { source: Source::management(&cluster.site, "cluster"), key: cluster.key.clone() };
    let own = state.fleet.find(&target).and_then(|o| o.cluster());
    let of_cluster = own.into_iter().flat_map(|c| [&c.infrastructure, &c.control_plane]);
    let machines = state.fleet.members(cluster).filter_map(|(_, _, o)| o.machine());
    let of_machines = machines.flat_map(|m| [&m.infrastructure, &m.bootstrap]);
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for link in of_cluster.chain(of_machines) {
        let kind = (link.group.as_str(), link.kind.as_str());
        if !seen.contains(&kind) {
            seen.push(kind);
            wanted.extend(crate::triage::link::source(state, &cluster.site, kind.0, kind.1));
        }
    }
}

fn card(state: &State, target: &ResourceRef, tab: Tab, wanted: &mut BTreeSet<Source>) {
    wanted.insert(target.source.clone());
    if target.source.kind == *"package-install" {
        wanted.insert(Source { kind: crate::domain::KindId::new("app"), ..target.source.clone() });
    }
    if tab == Tab::Events
        && let Some(object) = state.fleet.find(target)
    {
        wanted.insert(events_of(target, &object.meta.uid));
    }
    if tab == Tab::Owners && target.source.home == Home::Management {
        let row = state.fleet.id_of(target).and_then(|id| state.row(RowId::Object(id)));
        if let Some(cluster) = row.and_then(Row::cluster_key) {
            family(state, &cluster, wanted);
        }
    }
}

/// The events about one object.
pub fn events_of(target: &ResourceRef, uid: &str) -> Source {
    let mut source = Source { kind: crate::domain::KindId::new("event"), ..target.source.clone() };
    source.fields = format!("regarding.uid={uid}");
    source
}
