//! Follows a job to its end, with a line on standard error whenever it gets somewhere.
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{
    super::{
        exit::{Exit, Failure},
        out,
        run::Run,
    },
    Report,
};
use crate::{
    cli::ChangeFlags,
    state::{
        State,
        jobs::{Job, Phase},
    },
    text,
};

/// Goes on until the job is over, or as far as was asked.
pub(super) async fn job(run: &mut Run, args: &ChangeFlags, report: &mut Report) -> Result<Exit, Failure> {
    let end = Instant::now() + Duration::from_secs(u64::from(args.timeout));
    let (mut told, mut interrupt) = (String::new(), Box::pin(tokio::signal::ctrl_c()));
    loop {
        let Some(job) = newest(&run.state) else { return Err(Failure::usage("the job is gone")) };
        let line = words(job);
        if line != told {
            out::say(&line);
            told = line;
        }
        report.job = json!({ "id": job.id, "phase": job.phase, "steps": job.steps, "started": job.started, "ended": job.ended, "usualSeconds": job.usual });
        let went = took(job, run.state.now);
        match &job.phase {
            Phase::Done => {
                report.outcome = format!("done after {went}");
                return Ok(Exit::Ok);
            }
            Phase::Failed { problem } => {
                let failure = Failure::from(problem.clone());
                report.outcome = format!("failed after {went}: {}", problem.summary);
                if report.json {
                    return Ok(failure.exit);
                }
                return Err(failure);
            }
            Phase::Left => return Ok(Exit::Ok),
            Phase::Following { .. } if !args.waits() => {
                report.outcome = "accepted by the server; not followed (--no-wait)".into();
                return Ok(Exit::Ok);
            }
            _ => {}
        }
        let msg = tokio::select! {
            msg = run.message(end) => msg,
            _ = &mut interrupt => None,
        };
        let Some(msg) = msg else {
            report.outcome = format!("no longer followed after {went}; the server goes on");
            return Ok(Exit::TimedOut);
        };
        run.send(msg);
    }
}

fn newest(state: &State) -> Option<&Job> {
    state.jobs.iter().next_back()
}

fn took(job: &Job, now: jiff::Timestamp) -> String {
    text::age(job.ended.unwrap_or(now).as_second() - job.started.as_second())
}

/// Where a job stands, in a line that changes only when something has happened.
fn words(job: &Job) -> String {
    match &job.phase {
        Phase::Queued => "writing the journal".into(),
        Phase::Writing => "writing to the server".into(),
        Phase::Following { waiting, progress } => {
            let usual = job
                .usual
                .map_or(String::new(), |s| format!("; a machine usually takes {} here", text::age(s)));
            format!("{progress}, waiting for {waiting}{usual}")
        }
        Phase::Done => "done".into(),
        Phase::Failed { problem } => format!("failed: {}", problem.summary),
        Phase::Left => "left".into(),
    }
}
