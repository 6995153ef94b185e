//! Jobs: what the executor says of them, and how far the engine is. Judged by objects alone.
use crate::{
    actions::plan::{Goal, JobId},
    effect::Effect,
    msg::JobEvent,
    state::{State, jobs::Phase},
    triage::progress::{self, Progress},
};

pub(super) fn event(state: &mut State, id: JobId, event: JobEvent) -> Vec<Effect> {
    let now = state.now;
    let mut effects = Vec::new();
    let Some(job) = state.jobs.get_mut(id) else { return vec![] };
    match event {
        JobEvent::Started => job.phase = Phase::Writing,
        JobEvent::Step { outcome, .. } => job.steps.push(outcome),
        JobEvent::Submitted if job.plan.goal == Goal::Immediate => {
            job.phase = Phase::Done;
            job.ended = Some(now);
            effects.push(Effect::Outcome(id, "done".into()));
        }
        JobEvent::Submitted => {
            job.phase = Phase::Following {
                waiting: "the engine to see the new spec".into(),
                progress: "accepted by the server".into(),
            };
        }
        JobEvent::Failed(problem) => {
            job.phase = Phase::Failed { problem: problem.clone() };
            job.ended = Some(now);
            state.notices.fail(now, problem);
        }
    }
    super::settle::outdate_rows(state, crate::panes::Rows::Jobs);
    state.touch();
    effects
}

/// The operator lets go of a job: what is not written yet is not, what the engine does it does alone.
pub(super) fn cancel(state: &mut State, id: JobId) -> Vec<Effect> {
    let now = state.now;
    let Some(job) = state.jobs.get_mut(id).filter(|job| !job.phase.is_over()) else {
        state.notices.tell(now, "the job is over already");
        state.touch();
        return vec![];
    };
    let text = if matches!(job.phase, Phase::Following { .. }) {
        job.phase = Phase::Left;
        job.ended = Some(now);
        format!("job {}: no longer followed; what was accepted goes on", id.0)
    } else {
        format!("job {}: stops before its next request", id.0)
    };
    state.notices.tell(now, text);
    super::settle::outdate_rows(state, crate::panes::Rows::Jobs);
    state.touch();
    vec![Effect::Cancel(id)]
}

/// The way back of a job: a plan of its own, with form, dry run and confirmation.
pub(super) fn undo(state: &mut State, id: JobId) -> Vec<Effect> {
    let Some(job) = state.jobs.get(id) else { return vec![] };
    let written = matches!(job.phase, Phase::Following { .. } | Phase::Done | Phase::Left);
    let Some(undo) = job.plan.undo.clone().filter(|_| written) else {
        let why =
            if written { "it cannot be taken back" } else { "nothing was written that could be taken back" };
        state.notices.tell(state.now, format!("job {}: {why}", id.0));
        state.touch();
        return vec![];
    };
    super::action::start_with(state, &undo.action, undo.target, Vec::new(), &undo.inputs)
}

/// Looks at every job that waits for its engine.
pub(super) fn follow(state: &mut State) -> Vec<Effect> {
    let following: Vec<JobId> =
        state.jobs.running().filter(|j| matches!(j.phase, Phase::Following { .. })).map(|j| j.id).collect();
    let mut effects = Vec::new();
    for id in following {
        let Some(job) = state.jobs.get(id) else { continue };
        let (seen, usual) = (progress::of(state, job), job.usual.or_else(|| progress::usual(state, job)));
        effects.extend(take(state, id, seen, usual));
    }
    effects
}

fn take(state: &mut State, id: JobId, seen: Progress, usual: Option<i64>) -> Option<Effect> {
    let now = state.now;
    let job = state.jobs.get_mut(id)?;
    job.usual = usual;
    let (phase, effect) = match seen {
        Progress::Waiting { waiting, progress } => (Phase::Following { waiting, progress }, None),
        Progress::Reached(words) => (Phase::Done, Some(Effect::Outcome(id, words))),
        Progress::Gone(problem) => {
            (Phase::Failed { problem: problem.clone() }, Some(Effect::Outcome(id, problem.summary)))
        }
    };
    if job.phase == phase {
        return None;
    }
    job.phase = phase;
    if job.phase.is_over() {
        job.ended = Some(now);
        let took = crate::text::age(now.as_second() - job.started.as_second());
        let back = if job.plan.undo.is_some() { "; it can be taken back in the jobs pane" } else { "" };
        let text = match job.phase {
            Phase::Done => format!("job {}: done after {took}{back}", id.0),
            _ => format!("job {}: failed after {took}", id.0),
        };
        state.notices.tell(now, text);
    }
    super::settle::outdate_rows(state, crate::panes::Rows::Jobs);
    state.touch();
    effect
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actions::plan::Plan,
        domain::{KindId, ObjectKey, ResourceRef, SiteId, Source},
    };

    fn started(phase: Phase) -> (State, JobId) {
        let source = Source { kind: KindId::new("pool"), ..Source::management(&SiteId::new("east"), "pool") };
        let target = ResourceRef { source, key: ObjectKey::new("n", "md-0") };
        let plan = Plan {
            action: "pool.scale".into(),
            title: "Scale pool".into(),
            target,
            summary: "scale".into(),
            steps: vec![],
            consequences: vec![],
            goal: Goal::Immediate,
            equivalent: String::new(),
            inputs: std::collections::BTreeMap::new(),
            undo: None,
        };
        let mut state = State::default();
        let id = state.jobs.start(plan, state.now);
        state.jobs.get_mut(id).unwrap().phase = phase;
        (state, id)
    }

    #[test]
    fn a_job_that_is_let_go_is_left_if_all_is_written_and_stopped_if_not() {
        let following = Phase::Following { waiting: String::new(), progress: String::new() };
        let (mut state, id) = started(following);
        assert_eq!(cancel(&mut state, id), [Effect::Cancel(id)]);
        let job = state.jobs.get(id).unwrap();
        assert!(job.phase == Phase::Left && job.ended.is_some());
        assert_eq!(cancel(&mut state, id), [], "there is nothing left to let go");
        assert_eq!(follow(&mut state), [], "nobody looks any more");

        let (mut state, id) = started(Phase::Writing);
        assert_eq!(cancel(&mut state, id), [Effect::Cancel(id)]);
        assert_eq!(state.jobs.get(id).unwrap().phase, Phase::Writing, "the executor says how far it came");
    }
}
