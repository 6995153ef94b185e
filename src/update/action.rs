//! From a wish to a job: form, plan, server-side dry run, confirmation, execution.
//! Nothing here writes; the last step is an effect that the executor checks again.
use crate::{
    actions::{
        self, access, input,
        plan::{DryRunReport, Inputs, Plan, PlanToken, Refusal},
        spec::{self, Availability, Confirmation},
    },
    domain::{Problem, ResourceRef},
    editor::Editor,
    effect::Effect,
    state::{
        State,
        overlay::{ActionFlow, Field, Overlay, Stage},
    },
};

/// Starts an action on the first of these; the others it fits come after it.
pub(super) fn start_all(state: &mut State, id: &str, targets: Vec<ResourceRef>) -> Vec<Effect> {
    let Some(action) = actions::find(id) else { return vec![] };
    let mut targets = targets.into_iter();
    let Some(first) = targets.next() else { return vec![] };
    let rest = targets.filter(|t| action.fits(state, t)).collect();
    start(state, id, first, rest)
}

/// Starts an action on a target: its form, or its preview where it asks nothing.
pub(super) fn start(state: &mut State, id: &str, target: ResourceRef, rest: Vec<ResourceRef>) -> Vec<Effect> {
    let Some(action) = actions::find(id) else { return vec![] };
    match access::availability(action, state, &target) {
        Availability::Ready => {}
        // Its rights are not known yet: the sheet says so, and when they are.
        Availability::Greyed(_) if !access::is_known(action, state, &target) => {
            return super::choose::sheet(state, target, rest);
        }
        Availability::Greyed(why) => {
            state.notices.fail(
                state.now,
                Problem::new(crate::domain::ProblemKind::Policy, format!("{}: {why}", action.title())),
            );
            state.touch();
            return vec![];
        }
        Availability::NotHere => {
            state.notices.tell(state.now, format!("{} does not apply here", action.title()));
            state.touch();
            return vec![];
        }
    }
    let fields: Vec<Field> = input::of(action, state, &target)
        .into_iter()
        .map(|input| Field { editor: Editor::to_replace(&input.initial), input })
        .collect();
    let ask = fields.is_empty();
    let action = id.to_owned();
    let flow = ActionFlow { action, target, rest, fields, focus: 0, refusal: None, stage: Stage::Form };
    if ask {
        return preview(state, flow);
    }
    state.screen.overlays.push(Overlay::Action(Box::new(flow)));
    state.touch();
    vec![]
}

/// Makes the plan and asks the server what it would do; a refusal goes back to the form.
fn preview(state: &mut State, mut flow: ActionFlow) -> Vec<Effect> {
    state.touch();
    let plan = match plan(state, &flow) {
        Ok(plan) => plan,
        Err(refusal) => {
            flow.refusal = Some(refusal);
            flow.stage = Stage::Form;
            state.screen.overlays.push(Overlay::Action(Box::new(flow)));
            return vec![];
        }
    };
    flow.refusal = None;
    if !may_write(state, &flow) {
        let site = flow.target.source.site.clone();
        super::session::open(state, site, Some(Box::new(flow)));
        return vec![];
    }
    let danger =
        actions::find(&flow.action).map_or(spec::Danger::Destructive, super::super::actions::Action::danger);
    let confirm = spec::confirmation(danger, spec::protection(state, &flow.target), &flow.target);
    let token = state.next_token();
    let effect = Effect::DryRun(token, Box::new(plan.clone()));
    flow.stage =
        Stage::Preview { plan: Box::new(plan), token, answer: None, confirm, typed: Box::default(), top: 0 };
    state.screen.overlays.push(Overlay::Action(Box::new(flow)));
    vec![effect]
}

/// Whether a write session is open at the site, as far as we were told; the executor checks for itself.
fn may_write(state: &State, flow: &ActionFlow) -> bool {
    state.sites.get(&flow.target.source.site).is_none_or(|s| s.session.is_some())
}

/// The write session it needed is open.
pub(super) fn resume(state: &mut State, flow: ActionFlow) -> Vec<Effect> {
    preview(state, flow)
}

fn plan(state: &State, flow: &ActionFlow) -> Result<Plan, Refusal> {
    let action = actions::find(&flow.action).ok_or_else(|| Refusal::new("no such action"))?;
    actions::plan(action, state, &flow.target, &flow.values())
}

/// The answer to a dry run; one to an older question is dropped.
pub(super) fn dry_run(
    state: &mut State,
    token: PlanToken,
    result: Result<Box<DryRunReport>, Problem>,
) -> Vec<Effect> {
    let is_asked = |overlay: &Overlay| match overlay {
        Overlay::Action(flow) => matches!(flow.stage, Stage::Preview { token: asked, .. } if asked == token),
        _ => false,
    };
    let Some(at) = state.screen.overlays.iter().position(is_asked) else { return vec![] };
    state.touch();
    let Some(Overlay::Action(flow)) = state.screen.overlays.get(at) else { return vec![] };
    // What is read meanwhile says more of who is affected than what was there when the plan was made.
    let newest = plan(state, flow).ok();
    if let Some(Overlay::Action(flow)) = state.screen.overlays.get_mut(at)
        && let Stage::Preview { plan, answer, .. } = &mut flow.stage
    {
        if let Some(newest) = newest.filter(|newest| newest.same(plan)) {
            plan.consequences = newest.consequences;
        }
        *answer = Some(result);
    }
    vec![]
}

/// The operator accepts what is shown: the form leads to the preview, a preview with the typed name to the job.
/// Enter alone never does it: a key that repeats, or was typed ahead, would pass the form and the preview at once.
pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Action(flow)) = state.screen.overlays.pop() else { return vec![] };
    state.touch();
    match &flow.stage {
        Stage::Form => preview(state, *flow),
        Stage::Preview { answer: Some(Ok(_)), confirm: Confirmation::Type(name), typed, .. }
            if typed.text() == *name =>
        {
            execute(state, *flow)
        }
        // The server said no: back to the form, or away where there is none.
        Stage::Preview { answer: Some(Err(_)), .. } if flow.fields.is_empty() => vec![],
        Stage::Preview { answer: Some(Err(_)), .. } => back(state, *flow),
        Stage::Preview { .. } => {
            state.screen.overlays.push(Overlay::Action(flow));
            vec![]
        }
    }
}

/// The key that says yes to a preview on which the server has answered.
pub(super) fn confirm(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Action(flow)) = state.screen.overlays.last() else { return vec![] };
    let is_asked =
        matches!(flow.stage, Stage::Preview { answer: Some(Ok(_)), confirm: Confirmation::Accept, .. });
    match state.screen.overlays.pop_if(|_| is_asked) {
        Some(Overlay::Action(flow)) => execute(state, *flow),
        _ => vec![],
    }
}

/// Back from the preview to the form.
pub(super) fn back(state: &mut State, mut flow: ActionFlow) -> Vec<Effect> {
    flow.stage = Stage::Form;
    state.screen.overlays.push(Overlay::Action(Box::new(flow)));
    state.touch();
    vec![]
}

/// The plan is made again: only if it is still the same does the job start.
fn execute(state: &mut State, mut flow: ActionFlow) -> Vec<Effect> {
    let Stage::Preview { plan: shown, .. } = &flow.stage else { return vec![] };
    let shown = shown.clone();
    if !may_write(state, &flow) {
        flow.stage = Stage::Form;
        return preview(state, flow);
    }
    match plan(state, &flow) {
        Ok(now) if now.same(&shown) => {
            let mut effects = start_job(state, now);
            effects.extend(go_on(state, flow));
            effects
        }
        Ok(_) => {
            state.notices.tell(state.now, "the object has changed meanwhile: look at the new plan");
            flow.stage = Stage::Form;
            preview(state, flow)
        }
        Err(refusal) => {
            flow.refusal = Some(refusal);
            back(state, flow)
        }
    }
}

/// The next of the marked ones, with the same wish in its form.
fn go_on(state: &mut State, mut done: ActionFlow) -> Vec<Effect> {
    if done.rest.is_empty() {
        return vec![];
    }
    let target = done.rest.remove(0);
    let wish = done.values();
    start_with(state, &done.action, target, done.rest, &wish)
}

/// Starts an action with these values in its form.
pub(super) fn start_with(
    state: &mut State,
    id: &str,
    target: ResourceRef,
    rest: Vec<ResourceRef>,
    wish: &Inputs,
) -> Vec<Effect> {
    let effects = start(state, id, target, rest);
    if let Some(Overlay::Action(flow)) = state.screen.overlays.last_mut() {
        for field in &mut flow.fields {
            if let Some(value) = wish.get(field.input.id) {
                field.editor = Editor::to_replace(value);
            }
        }
        super::overlay::validate(state);
    }
    effects
}

/// Hands a plan to the executor and follows it as a job.
pub fn start_job(state: &mut State, plan: Plan) -> Vec<Effect> {
    let id = state.jobs.start(plan.clone(), state.now);
    super::settle::outdate_rows(state, crate::panes::Rows::Jobs);
    state.notices.tell(state.now, format!("job {}: {}", id.0, plan.summary));
    state.touch();
    vec![Effect::Execute(id, Box::new(plan))]
}
