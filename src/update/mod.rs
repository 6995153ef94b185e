//! The only place where state changes. Pure: no clock, no IO, no channels; effects go out as data.
mod action;
mod card;
mod choose;
mod commands;
mod consent;
mod cursor;
mod drill;
mod filter;
mod follow;
mod jobs;
mod keys;
mod observe;
mod overlay;
mod query;
mod scope;
mod session;
mod settle;
mod sites;
mod start;
mod tick;
mod tree;
mod tutor;

pub use action::start_job;
pub use choose::ask;
pub use commands::selected;
pub use follow::{events_of, wanted};
pub use keys::layers;
pub use settle::{least_fresh, rows_of, settle};

use crate::{effect::Effect, keymap::Keymap, msg::Msg, state::State};

/// What never changes while the console runs.
#[derive(Debug)]
pub struct Context {
    pub keymap: Keymap,
}

/// Takes in one message and says what is to be done about it.
pub fn update(state: &mut State, context: &Context, msg: Msg) -> Vec<Effect> {
    // Rows that come and go do not change what a table needs; only trees, cards and jobs follow links in them.
    let may_need_more = !matches!(msg, Msg::Observed(..))
        || state.screen.pane().is_none()
        || state.jobs.running().next().is_some();
    let mut effects = match msg {
        Msg::Started(start) => start::started(state, *start),
        Msg::Tick(now) => tick::tick(state, now),
        Msg::Resized { width, height } => {
            tutor::resize(state, width, height);
            vec![]
        }
        Msg::Key(chord) => keys::key(state, context, chord),
        Msg::Paste(text) => keys::paste(state, &text),
        Msg::Background { light } => {
            vec![Effect::Theme(Some(if light { "light" } else { "dark" }.to_owned()))]
        }
        Msg::Terminated(_) => vec![Effect::Quit],
        Msg::Suspended => vec![Effect::Suspend],
        Msg::Resumed => {
            state.touch();
            vec![Effect::Resume]
        }
        Msg::Site(site, event) => sites::site(state, &site, *event),
        Msg::Query(query) => query::query(state, *query),
        Msg::Workload(cluster, event) => sites::workload(state, cluster, *event),
        Msg::Observed(source, observation) => observe::observed(state, &source, observation),
        Msg::Access(answers) => observe::access(state, answers),
        Msg::Document(target, document) => observe::document(state, target, document),
        Msg::DryRun(token, answer) => action::dry_run(state, token, answer),
        Msg::Job(job, event) => jobs::event(state, job, event),
        Msg::Session(site, session) => session::changed(state, &site, session),
        Msg::Login { plugin, text, sites } => sites::login(state, plugin, text, sites),
        Msg::Drills(drills) => drill::listed(state, drills),
        Msg::Notice(problem) => {
            state.notices.fail(state.now, problem);
            state.touch();
            vec![]
        }
        Msg::Told(text) => {
            state.notices.tell(state.now, text);
            state.touch();
            vec![]
        }
    };
    settle::settle(state);
    consent::settle(state);
    effects.extend(jobs::follow(state));
    tutor::settle(state);
    if may_need_more {
        effects.extend(follow::follow(state));
    }
    effects
}
