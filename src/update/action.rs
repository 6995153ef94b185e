//! From a wish to a job: form, plan, server-side dry run, confirmation, execution.
//! Nothing here writes; the last step is an effect that the executor checks again.
use crate::{
    actions::{
        self, access,
        plan::{DryRunReport, Plan, PlanToken, Refusal},
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

/// Starts an action on a target: its form, or its preview where it asks nothing.
pub(super) fn start(state: &mut State, id: &str, target: ResourceRef) -> Vec<Effect> {
    let Some(action) = actions::find(id) else { return vec![] };
    match access::availability(action, state, &target) {
        Availability::Ready => {}
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
    let fields: Vec<Field> = action
        .inputs(state, &target)
        .into_iter()
        .map(|input| Field { editor: Editor::to_replace(&input.initial), input })
        .collect();
    let ask = fields.is_empty();
    let flow =
        ActionFlow { action: id.to_owned(), target, fields, focus: 0, refusal: None, stage: Stage::Form };
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
    action.plan(state, &flow.target, &flow.values())
}

/// The answer to a dry run; one to an older question is dropped.
pub(super) fn dry_run(
    state: &mut State,
    token: PlanToken,
    result: Result<Box<DryRunReport>, Problem>,
) -> Vec<Effect> {
    for overlay in &mut state.screen.overlays {
        if let Overlay::Action(flow) = overlay
            && let Stage::Preview { token: asked, answer, .. } = &mut flow.stage
            && *asked == token
        {
            *answer = Some(result);
            state.touch();
            return vec![];
        }
    }
    vec![]
}

/// The operator accepts what is shown: the form leads to the preview, the preview to the job.
pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Action(flow)) = state.screen.overlays.pop() else { return vec![] };
    state.touch();
    match &flow.stage {
        Stage::Form => preview(state, *flow),
        Stage::Preview { answer, confirm, typed, .. } => {
            let ready = matches!(answer, Some(Ok(_)));
            let agreed = match confirm {
                Confirmation::Accept => true,
                Confirmation::Type(name) => typed.text() == *name,
            };
            if ready && agreed {
                return execute(state, *flow);
            }
            if matches!(answer, Some(Err(_))) {
                // The server said no: back to the form, or away where there is none.
                return if flow.fields.is_empty() { vec![] } else { back(state, *flow) };
            }
            state.screen.overlays.push(Overlay::Action(flow));
            vec![]
        }
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
        Ok(now) if now.same(&shown) => start_job(state, now),
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

/// Hands a plan to the executor and follows it as a job.
pub fn start_job(state: &mut State, plan: Plan) -> Vec<Effect> {
    let id = state.jobs.start(plan.clone(), state.now);
    super::settle::outdate_rows(state, crate::panes::Rows::Jobs);
    state.notices.tell(state.now, format!("job {}: {}", id.0, plan.summary));
    state.touch();
    vec![Effect::Execute(id, Box::new(plan))]
}
