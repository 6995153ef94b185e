//! Write sessions: asked for here, granted and enforced by the executor alone.
use crate::{
    domain::{Problem, SiteId},
    editor::Editor,
    effect::Effect,
    msg::Session,
    state::{
        State,
        overlay::{ActionFlow, Overlay, SessionForm},
    },
};

/// Minutes a session lasts unless asked otherwise.
fn usual_minutes(configured: u32) -> u32 {
    if configured == 0 { 15 } else { configured }
}

/// The session that `--write SITE` asks for, as soon as the site is reached.
pub(super) fn at_start(configured: u32, site: &SiteId) -> Effect {
    Effect::OpenSession {
        site: site.clone(),
        reason: "--write".to_owned(),
        minutes: usual_minutes(configured),
    }
}

/// Asks for a reason and minutes; goes on with an action afterwards if there is one.
pub(super) fn open(state: &mut State, site: SiteId, then: Option<Box<ActionFlow>>) {
    let minutes = usual_minutes(state.look.session_minutes);
    let form = SessionForm {
        site,
        reason: Editor::default(),
        minutes: Editor::new(&minutes.to_string()),
        focus: 0,
        error: None,
        then,
    };
    state.screen.overlays.push(Overlay::Session(Box::new(form)));
    state.touch();
}

/// The operator accepts the form.
pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Session(form)) = state.screen.overlays.last_mut() else { return vec![] };
    let reason = form.reason.text().trim().to_owned();
    let minutes = form.minutes.text().trim().parse::<u32>().ok().filter(|m| (1..=480).contains(m));
    if reason.is_empty() {
        (form.error, form.focus) =
            (Some("a reason is written to the journal with everything you do".into()), 0);
        return vec![];
    }
    let Some(minutes) = minutes else {
        (form.error, form.focus) = (Some("minutes: a number from 1 to 480".into()), 1);
        return vec![];
    };
    form.error = None;
    vec![Effect::OpenSession { site: form.site.clone(), reason, minutes }]
}

/// The form that waits for this site's session.
fn waiting_form<'a>(state: &'a mut State, id: &SiteId) -> Option<&'a mut SessionForm> {
    state.screen.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Session(form) if form.site == *id => Some(form.as_mut()),
        _ => None,
    })
}

/// The executor opened or closed a session, or would not.
pub(super) fn changed(
    state: &mut State,
    id: &SiteId,
    session: Result<Option<Session>, Problem>,
) -> Vec<Effect> {
    state.touch();
    let session = match session {
        Ok(session) => session,
        Err(problem) => {
            if let Some(form) = waiting_form(state, id) {
                form.error = Some(problem.summary.clone());
            }
            state.notices.fail(state.now, problem);
            return vec![];
        }
    };
    let opened = session.is_some();
    if let Some(site) = state.sites.get_mut(id) {
        site.session = session;
    }
    state.notices.tell(
        state.now,
        if opened { format!("site {id} may be written to") } else { format!("site {id} is read-only again") },
    );
    super::settle::site_changed(state, id);
    let waiting =
        state.screen.overlays.iter().rposition(|o| matches!(o, Overlay::Session(f) if f.site == *id));
    if !opened {
        return vec![];
    }
    let Some(Overlay::Session(form)) = waiting.map(|at| state.screen.overlays.remove(at)) else {
        return vec![];
    };
    match form.then {
        Some(flow) => super::action::resume(state, *flow),
        None => vec![],
    }
}
