//! What a run without a screen looks at: the same places and scope as on the screen, set at once.
use super::settle;
use crate::{
    effect::Effect,
    msg::Query,
    state::{Place, State},
};

/// Takes in what is asked; the sources it needs follow from it.
pub(super) fn query(state: &mut State, query: Query) -> Vec<Effect> {
    let Query { scope, tree, consent, reads } = query;
    state.screen.scope = scope;
    state.workloads.consent.extend(consent);
    state.screen.reads = reads;
    if let Some(cluster) = tree {
        state.screen.replace(Place::Tree(cluster));
    }
    settle::outdate(state);
    vec![]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::{
        domain::{
            ClusterKey, ObjectKey, SiteId, Source,
            site::{Greeting, Protection, SiteSpec},
        },
        effect::Effect,
        keymap::Keymap,
        msg::{Look, Msg, Query, SiteEvent, Start},
        state::{State, memory::Memory},
        update::{Context, update, wanted},
    };

    fn start(pane: &str, headless: bool, write: bool) -> (State, Context, Vec<Effect>) {
        let spec = SiteSpec {
            id: SiteId::new("a"),
            context: "a".into(),
            server: String::new(),
            tags: BTreeMap::new(),
            protection: Protection::Normal,
            colour: String::new(),
            write,
        };
        let start = Start {
            now: jiff::Timestamp::UNIX_EPOCH,
            width: 80,
            height: 24,
            sites: vec![spec],
            pane: pane.into(),
            filter: String::new(),
            problems: Vec::new(),
            look: Look::default(),
            headless,
            memory: Memory::default(),
        };
        let (mut state, context) = (State::default(), Context { keymap: Keymap::default() });
        update(&mut state, &context, Msg::Started(Box::new(start)));
        let connected = SiteEvent::Connected(Greeting::default());
        let effects = update(&mut state, &context, Msg::Site(SiteId::new("a"), Box::new(connected)));
        (state, context, effects)
    }

    #[test]
    fn a_query_follows_what_it_needs_and_no_more() {
        let kinds = |pane: &str, headless| {
            let (state, ..) = start(pane, headless, false);
            let mut kinds: Vec<String> = wanted(&state).iter().map(|s| s.kind.as_str().to_owned()).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds("machines", true), ["cluster", "machine"]);
        assert_eq!(kinds("machines", false), ["cluster", "control-plane", "machine", "pool"]);
        assert_eq!(kinds("fleet", true), ["cluster", "control-plane", "pool"]);
    }

    #[test]
    fn nodes_are_read_once_a_cluster_is_named_and_the_secret_is_agreed_to() {
        let (mut state, context, _) = start("nodes", true, false);
        let cluster = ClusterKey { site: SiteId::new("a"), key: ObjectKey::new("ns", "c") };
        assert!(!wanted(&state).contains(&Source::workload(&cluster, "node")));
        let mut query = Query { consent: vec![SiteId::new("a")], ..Query::default() };
        query.scope.clusters.insert(cluster.clone());
        let effects = update(&mut state, &context, Msg::Query(Box::new(query)));
        assert!(wanted(&state).contains(&Source::workload(&cluster, "node")));
        assert!(effects.iter().any(|e| matches!(e, Effect::Reach { consent: true, .. })), "{effects:?}");
    }

    #[test]
    fn write_opens_a_session_once_and_only_for_the_console() {
        let opens = |effects: &[Effect]| {
            effects
                .iter()
                .filter(|e| matches!(e, Effect::OpenSession { reason, .. } if reason == "--write"))
                .count()
        };
        let (mut state, context, effects) = start("fleet", false, true);
        assert_eq!(opens(&effects), 1);
        let again = SiteEvent::Connected(Greeting::default());
        assert_eq!(opens(&update(&mut state, &context, Msg::Site(SiteId::new("a"), Box::new(again)))), 0);
        assert_eq!(opens(&start("fleet", true, true).2), 0);
        assert_eq!(opens(&start("fleet", false, false).2), 0);
    }
}
