//! What sites and workload APIs say about being reached.
use crate::{
    domain::{
        ClusterKey, Home, Problem, ProblemKind, SiteId, Source,
        site::{Connection, Greeting},
    },
    effect::Effect,
    msg::{SiteEvent, WorkloadEvent},
    state::{State, overlay::Overlay, workloads::Reach},
};

/// Seconds a site must have been away for its return to be news.
const NEWS: i64 = 3;

pub(super) fn site(state: &mut State, id: &SiteId, event: SiteEvent) -> Vec<Effect> {
    let Some(site) = state.sites.get_mut(id) else { return vec![] };
    let mut effects = Vec::new();
    match event {
        // One that fails goes on failing until it answers: since when is what the operator wants to know.
        SiteEvent::Connecting if site.connection == Connection::Idle => {
            site.connection = Connection::Connecting;
        }
        SiteEvent::Connecting => {}
        SiteEvent::Connected(greeting) => {
            // `--write` is about the console; a command without a screen asks for itself.
            if site.greeting.is_none() && site.spec.write && !state.headless {
                effects.push(super::session::at_start(state.look.session_minutes, id));
            }
            connected(state, id, greeting);
            no_login(state, id);
        }
        SiteEvent::Failed { problem, retry_at, attempt } => {
            failing(state, id, problem, retry_at, attempt);
            no_login(state, id);
        }
        SiteEvent::Latency(ms) => {
            if let Some(greeting) = &mut site.greeting {
                greeting.latency_ms = ms;
            }
        }
    }
    super::settle::site_changed(state, id);
    state.touch();
    effects
}

fn connected(state: &mut State, id: &SiteId, greeting: Greeting) {
    let now = state.now;
    let Some(site) = state.sites.get_mut(id) else { return };
    let away = match &site.connection {
        Connection::Failing { since, .. } => now.as_second() - since.as_second(),
        _ => 0,
    };
    let other = site.greeting.as_ref().is_some_and(|old| old.identity != greeting.identity);
    if !site.is_live() {
        site.connection = Connection::Live { since: now };
    }
    site.greeting = Some(greeting);
    if away >= NEWS {
        state.notices.tell(now, format!("site {id} is reached again"));
    }
    if other {
        state.access.forget_site(id);
    }
}

fn failing(
    state: &mut State,
    id: &SiteId,
    problem: Problem,
    retry_at: Option<jiff::Timestamp>,
    attempt: u32,
) {
    let now = state.now;
    let Some(site) = state.sites.get_mut(id) else { return };
    let since = match &site.connection {
        Connection::Failing { since, .. } => *since,
        _ => now,
    };
    site.connection = Connection::Failing { since, problem, retry_at, attempt };
}

/// A watch cannot be had because its API server cannot be: the server shows it, and is reached anew.
pub(super) fn lost(state: &mut State, source: &Source, problem: &Problem) -> Vec<Effect> {
    let unreached = matches!(
        problem.kind,
        ProblemKind::Unreachable | ProblemKind::Dns | ProblemKind::Tls | ProblemKind::Unauthenticated
    );
    if !unreached {
        return vec![];
    }
    let site = &source.site;
    match &source.home {
        Home::Management if state.sites.get(site).is_some_and(crate::state::Site::is_live) => {
            failing(state, site, problem.clone(), None, 0);
            super::settle::site_changed(state, site);
            state.touch();
            vec![Effect::Connect(site.clone())]
        }
        Home::Management => vec![],
        Home::Workload(key) => {
            lost_workload(state, ClusterKey { site: site.clone(), key: key.clone() }, problem)
        }
    }
}

fn lost_workload(state: &mut State, cluster: ClusterKey, problem: &Problem) -> Vec<Effect> {
    if !matches!(state.workloads.get(&cluster), Some(Reach::Live { .. })) {
        return vec![];
    }
    let failing = Reach::Failing { problem: problem.clone(), retry_at: None };
    state.workloads.by_cluster.insert(cluster.clone(), failing);
    state.touch();
    vec![super::follow::reach_of(state, cluster)]
}

pub(super) fn workload(state: &mut State, cluster: ClusterKey, event: WorkloadEvent) -> Vec<Effect> {
    state.touch();
    let reach = match event {
        WorkloadEvent::NeedsConsent => Reach::NeedsConsent,
        WorkloadEvent::Connected { via, greeting } => Reach::Live { via, greeting: Box::new(greeting) },
        WorkloadEvent::Failed { problem, retry_at } => Reach::Failing { problem, retry_at },
    };
    // A plugin that no site waits for was asked for a workload cluster.
    state.screen.overlays.retain(|o| !matches!(o, Overlay::Login { sites, .. } if sites.is_empty()));
    state.workloads.by_cluster.insert(cluster, reach);
    vec![]
}

/// A credential plugin waits for somebody: shown above everything, once, with its newest words.
pub(super) fn login(state: &mut State, plugin: String, text: String, sites: Vec<SiteId>) -> Vec<Effect> {
    state.touch();
    if text.trim().is_empty() {
        return vec![];
    }
    if state.headless {
        state.notices.tell(state.now, format!("{plugin}: {text}"));
        return vec![];
    }
    let shown = state.screen.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Login { plugin: of, text, sites: waiting } if *of == plugin && *waiting == sites => {
            Some(text)
        }
        _ => None,
    });
    match shown {
        Some(shown) => *shown = text,
        None => state.screen.overlays.push(Overlay::Login { plugin, text, sites }),
    }
    vec![]
}

/// The site has an answer, good or bad: nobody waits for a login there any more.
fn no_login(state: &mut State, id: &SiteId) {
    state.screen.overlays.retain(|o| !matches!(o, Overlay::Login { sites, .. } if sites.contains(id)));
}

#[cfg(test)]
mod tests;
