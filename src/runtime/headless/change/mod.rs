//! A command that changes something: one of the console's own actions, from the plan over the server's dry run and
//! the question to the job that is followed to its end. Which actions there are is the registry's business.
mod follow;
mod target;
mod words;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    confirm::{self, Asking},
    exit::{Exit, Failure},
    out,
    out::Out,
    row,
    run::Run,
};
use crate::{
    actions::{
        self, Action, access, input, line,
        plan::{DryRunReport, Inputs, Plan, Refusal},
        spec::{self, Availability},
    },
    cli::{Change, ChangeFlags, Cli, Document},
    domain::{Problem, ProblemKind, ResourceRef, SiteId},
    effect::Effect,
    msg::Msg,
    runtime::setup::Setup,
    update,
};

/// The time the servers have for each answer before the change.
const READ: std::time::Duration = std::time::Duration::from_secs(15);
/// Minutes of the write session that a dry run needs.
const GLANCE: u32 = 1;

/// An action with its target and its values, all of them known.
struct Wish {
    action: &'static dyn Action,
    target: ResourceRef,
    inputs: Inputs,
}

/// Carries out an action, or says why not.
pub(super) async fn change(cli: &Cli, args: &Change, out: &mut Out) -> Result<Exit, Failure> {
    let action = actions::find(args.action).ok_or_else(|| Failure::usage("no such action"))?;
    let mut setup = Setup::read(cli.global.flags())?;
    let sites: Vec<String> = args.flags.site.iter().cloned().collect();
    let mut run = Run::begin(&mut setup, args.noun.pane(), "", &sites)?;
    let target = target::find(&mut run, action, args).await?;
    let flags = &args.flags;
    if !flags.dry_run {
        let asking = Asking::new(flags.yes, flags.reason.as_deref());
        asking.check(spec::protection(&run.state, &target))?;
    }
    let mut report =
        Report { json: flags.output == Document::Json, target: target.to_string(), ..Report::default() };
    let wish = Wish { inputs: complete(&run, action, &target, &args.inputs)?, action, target };
    let first = wish.plan(&run);
    if let Err(Refusal { settled: true, why, .. }) = &first {
        return report.end("nothing to do", &format!("nothing to do: {why}"), out);
    }
    wish.allowed(&mut run).await?;
    let plan = first.map_err(|refusal| Failure::from(Problem::from(refusal)))?;
    open_session(&mut run, action, flags, &wish.target.source.site).await?;
    let dry = dry_run(&mut run, &plan).await?;
    report.plan = serde_json::to_value(&plan).unwrap_or_default();
    report.dry_run = serde_json::to_value(&dry).unwrap_or_default();
    if !report.json {
        words::plan(&plan, &dry, out)?;
        out.finish()?;
    }
    if flags.dry_run {
        return report.end("dry run", "Dry run: nothing was changed.", out);
    }
    confirmed(&mut run, &wish, flags.yes).await?;
    let plan = wish.again(&run, &plan)?;
    let back = way_back(&plan);
    let effects = update::start_job(&mut run.state, plan);
    run.start(effects);
    let exit = follow::job(&mut run, flags, &mut report).await;
    run.end().await;
    let exit = exit?;
    if report.json {
        report.print(exit, out)?;
    } else {
        out.line(&report.outcome)?;
        if let Some(back) = back {
            out.line(format!("The way back: {back}"))?;
        }
    }
    Ok(exit)
}

/// The command that takes the plan back.
fn way_back(plan: &Plan) -> Option<String> {
    let undo = plan.undo.as_ref()?;
    line::of(actions::find(&undo.action)?, &undo.target, &undo.inputs)
}

/// The values that were given, and those that go without saying. A wrong one is a mistake of the command line.
fn complete(
    run: &Run,
    action: &'static dyn Action,
    target: &ResourceRef,
    given: &Inputs,
) -> Result<Inputs, Failure> {
    let fields = input::of(action, &run.state, target);
    let mut inputs = given.clone();
    for field in &fields {
        inputs.entry(field.id.to_owned()).or_insert_with(|| field.initial.clone());
    }
    input::check(&fields, &inputs).map_err(|refusal| {
        let flag = refusal.input.map(|id| format!("--{id}: ")).unwrap_or_default();
        Failure::usage(format!("{flag}{}", refusal.why))
    })?;
    Ok(inputs)
}

/// What `-o json` prints at the end.
#[derive(Debug, Default)]
struct Report {
    json: bool,
    target: String,
    plan: Value,
    dry_run: Value,
    job: Value,
    outcome: String,
}

impl Report {
    fn print(&self, exit: Exit, out: &mut Out) -> Result<(), Failure> {
        let document = json!({
            "apiVersion": "tko/v1", "kind": "Change", "target": self.target, "plan": self.plan,
            "dryRun": self.dry_run, "job": self.job, "outcome": self.outcome, "exitCode": exit.code(),
        });
        out.line(row::harmless(serde_json::to_string_pretty(&document).unwrap_or_default()))
    }

    /// The end of a run that changed nothing and is well.
    fn end(mut self, outcome: &str, words: &str, out: &mut Out) -> Result<Exit, Failure> {
        outcome.clone_into(&mut self.outcome);
        if self.json {
            self.print(Exit::Ok, out)?;
        } else {
            out.line(words)?;
        }
        Ok(Exit::Ok)
    }
}

impl Wish {
    fn plan(&self, run: &Run) -> Result<Plan, Refusal> {
        actions::plan(self.action, &run.state, &self.target, &self.inputs)
    }

    /// The plan is made again after the question; another one was not agreed to.
    fn again(&self, run: &Run, shown: &Plan) -> Result<Plan, Failure> {
        let now = self.plan(run).map_err(|refusal| Failure::from(Problem::from(refusal)))?;
        if now.same(shown) {
            return Ok(now);
        }
        let problem = Problem::new(ProblemKind::Conflict, "the object has changed since the plan was shown")
            .hint("nothing was changed; run the command again to see the new plan");
        Err(problem.into())
    }

    /// Asks the server whether we may, and says its no.
    async fn allowed(&self, run: &mut Run) -> Result<(), Failure> {
        let (action, target) = (self.action, &self.target);
        let effects = update::ask(&mut run.state, target);
        run.start(effects);
        let known = run.until(Instant::now() + READ, |state| access::is_known(action, state, target)).await;
        match access::availability(action, &run.state, target) {
            Availability::Ready => Ok(()),
            Availability::Greyed(why) if known => Err(refused(why)),
            Availability::Greyed(_) => Err(late("to say what you may do")),
            Availability::NotHere => Err(refused(format!("{} does not apply to {target}", action.title()))),
        }
    }
}

fn refused(why: String) -> Failure {
    Failure::new(Exit::Refused, Problem::new(ProblemKind::Policy, why))
}

fn late(what: &str) -> Failure {
    let summary = format!("the server did not answer within {} s {what}", READ.as_secs());
    Failure::new(Exit::TimedOut, Problem::new(ProblemKind::Unreachable, summary))
}

async fn open_session(
    run: &mut Run,
    action: &dyn Action,
    args: &ChangeFlags,
    site: &SiteId,
) -> Result<(), Failure> {
    let minutes = if args.dry_run { GLANCE } else { run.state.look.session_minutes.max(GLANCE) };
    let usual = match action.call() {
        Some(call) if !args.dry_run => format!("tko {}", call.words.join(" ")),
        _ => "dry run".to_owned(),
    };
    let reason = args.reason.clone().filter(|r| !r.trim().is_empty()).unwrap_or(usual);
    run.start(vec![Effect::OpenSession { site: site.clone(), reason, minutes }]);
    let opened = run
        .answer(Instant::now() + READ, |msg| match msg {
            Msg::Session(of, answer) if of == site => Some(answer.clone()),
            _ => None,
        })
        .await;
    match opened {
        Some(Ok(_)) => Ok(()),
        Some(Err(problem)) => Err(Failure::new(Exit::Refused, problem)),
        None => Err(late("(the journal of changes could not be opened)")),
    }
}

async fn dry_run(run: &mut Run, plan: &Plan) -> Result<DryRunReport, Failure> {
    let token = run.state.next_token();
    run.start(vec![Effect::DryRun(token, Box::new(plan.clone()))]);
    let answer = run
        .answer(Instant::now() + READ, |msg| match msg {
            Msg::DryRun(of, answer) if *of == token => Some(answer.clone()),
            _ => None,
        })
        .await;
    match answer {
        Some(answer) => Ok(*answer?),
        None => Err(late("what it would do")),
    }
}

async fn confirmed(run: &mut Run, wish: &Wish, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let protection = spec::protection(&run.state, &wish.target);
    let confirmation = spec::confirmation(wish.action.danger(), protection, &wish.target);
    if run.meanwhile(confirm::ask(confirmation)).await {
        return Ok(());
    }
    out::say("not confirmed: nothing was changed");
    Err(Failure { quiet: true, ..refused("not confirmed".to_owned()) })
}
