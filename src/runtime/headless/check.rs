//! `tko check`: the rules of a topic on every API server in the run, and what each result rests on.
use serde_json::{Value, json};

use super::{
    asked::{self, Patience},
    exit::{Exit, Failure},
    lacks::Lack,
    out,
    out::Out,
    row,
    run::Run,
};
use crate::{
    cli::{Check, CheckOutput, Cli},
    nearest::suggestion,
    rules::{self, Outcome, RULES, Rule, Subject, Verdict},
    runtime::setup::Setup,
    text::{Newlines, clean},
};

/// One rule on one subject.
struct Found<'a> {
    rule: &'static Rule,
    subject: &'a Subject<'a>,
    outcome: Outcome,
}

/// Reads what the rules need, judges and prints.
pub(super) async fn check(cli: &Cli, args: &Check, out: &mut Out) -> Result<Exit, Failure> {
    let rules = chosen(&args.rules)?;
    let mut setup = Setup::read(cli.global.flags())?;
    let clusters = &args.clusters;
    let patience = Patience::new(clusters.narrow.timeout());
    let mut run = Run::begin(&mut setup, "packages", "", &clusters.narrow.sites)?;
    asked::everywhere(&mut run, clusters, patience).await?;
    let lacks = asked::answers(&mut run, patience).await?;
    let subjects = rules::subjects(&run.state);
    let judge = |subject| rules.iter().map(move |rule| (*rule, subject, (rule.check)(subject)));
    let mut found: Vec<Found<'_>> = subjects
        .iter()
        .flat_map(judge)
        .map(|(rule, subject, outcome)| Found { rule, subject, outcome })
        .collect();
    found.sort_by_key(|f| (f.outcome.verdict, std::cmp::Reverse(f.rule.severity)));
    match args.output {
        CheckOutput::Json => print_json(&found, &lacks, out)?,
        CheckOutput::Table => print(&found, args.all, out)?,
    }
    out.finish()?;
    asked::report(&lacks);
    let fails = found.iter().any(|f| f.outcome.verdict == Verdict::Fail);
    Ok(if fails { Exit::Bad } else { asked::exit(&lacks) })
}

/// The rules asked for; all where none is.
fn chosen(ids: &[String]) -> Result<Vec<&'static Rule>, Failure> {
    if ids.is_empty() {
        return Ok(RULES.to_vec());
    }
    let find = |id: &String| {
        rules::find(id).ok_or_else(|| {
            Failure::usage(format!("--rule {id}: there is no such rule"))
                .hint(suggestion(id, RULES.iter().map(|rule| rule.id)))
        })
    };
    ids.iter().map(find).collect()
}

fn place(subject: &Subject<'_>) -> String {
    match subject.cluster {
        Some(cluster) => format!("{}:{}", subject.site, cluster.key),
        None => subject.site.to_string(),
    }
}

fn print(found: &[Found<'_>], all: bool, out: &mut Out) -> Result<(), Failure> {
    let wanted = |f: &&Found<'_>| all || matches!(f.outcome.verdict, Verdict::Fail | Verdict::Unknown);
    let width = found.iter().filter(wanted).map(|f| crate::text::width(&place(f.subject))).max().unwrap_or(0);
    for f in found.iter().filter(wanted) {
        let (verdict, severity) = (f.outcome.verdict.word(), f.rule.severity.word());
        let line = format!(
            "{verdict:<8} {severity:<9} {}  {:<width$}  {}",
            f.rule.id,
            place(f.subject),
            f.outcome.words
        );
        out.line(clean(&line, Newlines::Sign))?;
    }
    let count = |verdict| found.iter().filter(|f| f.outcome.verdict == verdict).count();
    out::say(&format!(
        "{} fail, {} unknown, {} pass, {} not applicable",
        count(Verdict::Fail),
        count(Verdict::Unknown),
        count(Verdict::Pass),
        count(Verdict::NotApplicable)
    ));
    Ok(())
}

fn print_json(found: &[Found<'_>], lacks: &[Lack], out: &mut Out) -> Result<(), Failure> {
    let result = |f: &Found<'_>| {
        json!({
            "rule": f.rule.id, "severity": f.rule.severity, "asserts": f.rule.asserts,
            "site": f.subject.site, "cluster": f.subject.cluster.map(|c| c.key.to_string()),
            "role": f.subject.role.word(),
            "verdict": f.outcome.verdict, "words": f.outcome.words, "evidence": f.outcome.evidence,
        })
    };
    let missing = |lack: &Lack| json!({ "site": lack.site, "what": lack.what, "why": lack.why });
    let document = json!({
        "apiVersion": "tko/v1", "kind": "Checks",
        "results": found.iter().map(result).collect::<Vec<Value>>(),
        "incomplete": lacks.iter().map(missing).collect::<Vec<Value>>(),
    });
    out.line(row::harmless(serde_json::to_string_pretty(&document).unwrap_or_default()))
}
