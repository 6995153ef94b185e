//! `tko scale pool`: the console's own action, from the plan over the server's dry run and the question to
//! the job that is followed to its end.
mod follow;
mod words;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    asked::{self, Patience},
    confirm::{self, Asking},
    exit::{Exit, Failure},
    find::{self, Named},
    lacks::Standing,
    out,
    out::Out,
    row,
    run::Run,
};
use crate::{
    actions::{
        self, Action, access,
        plan::{DryRunReport, Inputs, Plan},
        spec::{self, Availability},
    },
    cli::{Cli, Document, ScalePool},
    domain::{Object, Problem, ProblemKind, ResourceRef},
    effect::Effect,
    msg::{Msg, Query},
    runtime::setup::Setup,
    update,
};

/// The action, as keymap and journal name it.
const ACTION: &str = "pool.scale";
/// The time the servers have for each answer before the change.
const READ: std::time::Duration = std::time::Duration::from_secs(15);
/// Minutes of the write session that a dry run needs.
const GLANCE: u32 = 1;

/// Scales a pool, or says why not.
pub(super) async fn pool(cli: &Cli, args: &ScalePool, out: &mut Out) -> Result<Exit, Failure> {
    let mut setup = Setup::read(cli.global.flags())?;
    let sites: Vec<String> = args.site.iter().cloned().collect();
    let mut run = Run::begin(&mut setup, "pools", "", &sites)?;
    let target = find_pool(&mut run, args).await?;
    let site = target.source.site.clone();
    let asking = Asking::new(args.yes, args.reason.as_deref());
    if !args.dry_run {
        asking.check(spec::protection(&run.state, &target))?;
    }
    let mut report =
        Report { json: args.output == Document::Json, target: target.to_string(), ..Report::default() };
    if wants(&run, &target) == Some(i64::from(args.replicas)) {
        report.outcome = "nothing to do".into();
        if report.json {
            report.print(Exit::Ok, out)?;
        } else {
            out.line(format!("nothing to do: the pool already wants {}", args.replicas))?;
        }
        return Ok(Exit::Ok);
    }
    allowed(&mut run, &target).await?;
    let plan = plan(&run, &target, args.replicas)?;
    open_session(&mut run, args, &site).await?;
    let dry = dry_run(&mut run, &plan).await?;
    report.plan = serde_json::to_value(&plan).unwrap_or_default();
    report.dry_run = serde_json::to_value(&dry).unwrap_or_default();
    if !report.json {
        words::plan(&plan, &dry, out)?;
        out.finish()?;
    }
    if args.dry_run {
        report.outcome = "dry run".into();
        if report.json {
            report.print(Exit::Ok, out)?;
        } else {
            out.line("Dry run: nothing was changed.")?;
        }
        return Ok(Exit::Ok);
    }
    confirmed(&mut run, args, &target).await?;
    let plan = again(&run, &target, args.replicas, &plan)?;
    let effects = update::start_job(&mut run.state, plan);
    run.start(effects);
    let exit = follow::job(&mut run, args, &mut report).await;
    run.end().await;
    let exit = exit?;
    if report.json {
        report.print(exit, out)?;
    } else {
        out.line(&report.outcome)?;
    }
    Ok(exit)
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
}

/// Finds the pool, then follows all of its cluster: the plan looks at its machines.
async fn find_pool(run: &mut Run, args: &ScalePool) -> Result<ResourceRef, Failure> {
    let patience = Patience::new(READ);
    let lacks = asked::answers(run, patience).await?;
    let cluster = args.cluster.as_deref().map(Named::parse);
    let mut found = find::pools(&run.state, &args.name, args.namespace.as_deref(), cluster);
    let target = match found.len() {
        0 => {
            asked::report(&lacks);
            let names: Vec<String> =
                run.state.fleet.of_kind("pool").map(|(_, _, o)| o.meta.name.to_string()).collect();
            return Err(find::nowhere("pool", &args.name, &names, &lacks));
        }
        1 => found.remove(0),
        _ => {
            return Err(find::several("pool", &args.name, found.iter().map(ToString::to_string))
                .hint("narrow it with --site, -n and --cluster"));
        }
    };
    let of = run.state.fleet.find(&target).and_then(|o| o.meta.cluster_name()).map(str::to_owned);
    if let Some(name) = of {
        let key = crate::domain::ObjectKey::new(&target.key.namespace, name);
        let tree = Some(crate::domain::ClusterKey { site: target.source.site.clone(), key });
        run.send(Msg::Query(Box::new(Query { tree, ..Query::default() })));
        // What is missing of the machines makes the plan say less, not wrong.
        run.until(patience.until, |state| Standing::of(state).is_managed()).await;
    }
    Ok(target)
}

fn wants(run: &Run, target: &ResourceRef) -> Option<i64> {
    run.state.fleet.find(target).and_then(Object::pool).and_then(|p| p.replicas.desired)
}

/// Asks the server whether we may, and says its no.
async fn allowed(run: &mut Run, target: &ResourceRef) -> Result<(), Failure> {
    let Some(action) = actions::find(ACTION) else { return Err(Failure::usage("no such action")) };
    let effects = update::ask(&mut run.state, target);
    run.start(effects);
    let end = Instant::now() + READ;
    let known = run
        .until(end, |state| {
            access::questions(action, state, target).iter().all(|q| state.access.get(q).is_some())
        })
        .await;
    match access::availability(action, &run.state, target) {
        Availability::Ready => Ok(()),
        Availability::Greyed(why) if known => Err(refused(why)),
        Availability::Greyed(_) => Err(late("to say what you may do")),
        Availability::NotHere => Err(refused(format!("{} does not apply to {target}", action.title()))),
    }
}

fn refused(why: String) -> Failure {
    Failure::new(Exit::Refused, Problem::new(ProblemKind::Policy, why))
}

fn late(what: &str) -> Failure {
    let summary = format!("the server did not answer within {} s {what}", READ.as_secs());
    Failure::new(Exit::TimedOut, Problem::new(ProblemKind::Unreachable, summary))
}

fn plan(run: &Run, target: &ResourceRef, replicas: u32) -> Result<Plan, Failure> {
    let action = actions::find(ACTION).ok_or_else(|| Failure::usage("no such action"))?;
    let inputs: Inputs = [("replicas".to_owned(), replicas.to_string())].into();
    action.plan(&run.state, target, &inputs).map_err(|refusal| Failure::from(Problem::from(refusal)))
}

/// The plan is made again after the question; another one was not agreed to.
fn again(run: &Run, target: &ResourceRef, replicas: u32, shown: &Plan) -> Result<Plan, Failure> {
    let now = plan(run, target, replicas)?;
    if now.same(shown) {
        return Ok(now);
    }
    let problem = Problem::new(ProblemKind::Conflict, "the object has changed since the plan was shown")
        .hint("nothing was changed; run the command again to see the new plan");
    Err(problem.into())
}

async fn open_session(run: &mut Run, args: &ScalePool, site: &crate::domain::SiteId) -> Result<(), Failure> {
    let minutes = if args.dry_run { GLANCE } else { run.state.look.session_minutes.max(GLANCE) };
    let usual = if args.dry_run { "dry run" } else { "tko scale pool" };
    let reason = args.reason.clone().filter(|r| !r.trim().is_empty()).unwrap_or_else(|| usual.to_owned());
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

async fn confirmed(run: &mut Run, args: &ScalePool, target: &ResourceRef) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let danger = actions::find(ACTION).map_or(spec::Danger::Destructive, Action::danger);
    let confirmation = spec::confirmation(danger, spec::protection(&run.state, target), target);
    if run.meanwhile(confirm::ask(confirmation)).await {
        return Ok(());
    }
    out::say("not confirmed: nothing was changed");
    Err(Failure { quiet: true, ..refused("not confirmed".to_owned()) })
}
