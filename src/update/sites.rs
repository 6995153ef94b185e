//! What sites and workload APIs say about being reached.
use crate::{
    domain::{ClusterKey, SiteId, site::Connection},
    effect::Effect,
    msg::{SiteEvent, WorkloadEvent},
    state::{State, overlay::Overlay, workloads::Reach},
};

pub(super) fn site(state: &mut State, id: &SiteId, event: SiteEvent) -> Vec<Effect> {
    let now = state.now;
    let Some(site) = state.sites.get_mut(id) else { return vec![] };
    let (mut told, mut effects) = (None, Vec::new());
    match event {
        SiteEvent::Connecting if site.is_live() => {}
        SiteEvent::Connecting => site.connection = Connection::Connecting,
        SiteEvent::Connected(greeting) => {
            let again = matches!(site.connection, Connection::Failing { .. });
            let other = site.greeting.as_ref().is_some_and(|old| old.identity != greeting.identity);
            // `--write` is about the console; a command without a screen asks for itself.
            if site.greeting.is_none() && site.spec.write && !state.headless {
                effects.push(super::session::at_start(state.look.session_minutes, id));
            }
            site.connection = Connection::Live { since: now };
            site.greeting = Some(greeting);
            if again {
                told = Some(format!("site {id} is reached again"));
            }
            if other {
                state.access.forget_site(id);
            }
        }
        SiteEvent::Failed { problem, retry_at, attempt } => {
            let since = match &site.connection {
                Connection::Failing { since, .. } => *since,
                _ => now,
            };
            site.connection = Connection::Failing { since, problem, retry_at, attempt };
        }
        SiteEvent::Latency(ms) => {
            if let Some(greeting) = &mut site.greeting {
                greeting.latency_ms = ms;
            }
        }
    }
    if let Some(text) = told {
        state.notices.tell(now, text);
    }
    super::settle::site_changed(state, id);
    state.touch();
    effects
}

pub(super) fn workload(state: &mut State, cluster: ClusterKey, event: WorkloadEvent) -> Vec<Effect> {
    state.touch();
    let reach = match event {
        WorkloadEvent::NeedsConsent => {
            let site = &cluster.site;
            let open = state.screen.overlays.iter().any(|o| matches!(o, Overlay::Consent { .. }));
            if !state.headless && !open && !state.workloads.declined.contains(site) {
                state.screen.overlays.push(Overlay::Consent { cluster: cluster.clone() });
            }
            Reach::NeedsConsent
        }
        WorkloadEvent::Connected { via, greeting } => Reach::Live { via, greeting: Box::new(greeting) },
        WorkloadEvent::Failed { problem, retry_at } => Reach::Failing { problem, retry_at },
    };
    state.workloads.by_cluster.insert(cluster, reach);
    vec![]
}
