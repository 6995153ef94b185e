//! `tko journal`: what was done through this console, and whether the record of it is whole.
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use super::{
    exit::{Exit, Failure},
    out,
    out::Out,
    row, run,
};
use crate::{
    cli::{Document, Journal, JournalDo},
    config::Paths,
    runtime::audit::{self, Kind, Record},
    text::{Newlines, clean},
};

pub(super) fn journal(args: &Journal, out: &mut Out) -> Result<Exit, Failure> {
    let path = Paths::of_user()?.journal_dir().join(audit::FILE);
    if !path.exists() {
        out::say(&format!("there is no journal yet: {} is written with the first change", path.display()));
        return Ok(Exit::Ok);
    }
    match args.command {
        Some(JournalDo::Verify) => verify(&path, args.output, out),
        None => list(&path, args, out),
    }
}

fn verify(path: &Path, format: Document, out: &mut Out) -> Result<Exit, Failure> {
    let report = audit::verify(path)?;
    let exit = if report.first_bad.is_none() { Exit::Ok } else { Exit::Bad };
    if format == Document::Json {
        out.line(row::harmless(serde_json::to_string_pretty(&report).unwrap_or_default()))?;
        return Ok(exit);
    }
    match &report.first_bad {
        None => out.line(format!("{} records, all whole and in order", report.records))?,
        Some(bad) => {
            let until = report.ok_until.map_or_else(|| "none".to_owned(), |seq| format!("record {seq}"));
            out.line(clean(
                &format!("line {} of {} cannot be trusted: {}", bad.line, path.display(), bad.why),
                Newlines::Space,
            ))?;
            out.line(format!("{} records; the last that can be trusted: {until}", report.records))?;
        }
    }
    Ok(exit)
}

fn list(path: &Path, args: &Journal, out: &mut Out) -> Result<Exit, Failure> {
    let since = args.since.map(|s| s.moment(run::now()));
    let unreadable =
        |e: &std::io::Error| crate::runtime::private::problem("cannot read the journal", path, e);
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    let mut exit = Exit::Ok;
    for (number, line) in (1_u64..).zip(BufReader::new(file).split(b'\n')) {
        let line = line.map_err(|e| unreadable(&e))?;
        let Ok(record) = serde_json::from_slice::<Record>(&line) else {
            out::say(&format!("line {number} is not a record: see `tko journal verify`"));
            exit = Exit::Partly;
            continue;
        };
        if since.is_some_and(|since| record.entry.at < since) {
            continue;
        }
        let text = match args.output {
            Document::Json => row::harmless(String::from_utf8_lossy(&line).into_owned()),
            Document::Text => clean(&words(&record), Newlines::Space).into_owned(),
        };
        out.line(text)?;
    }
    Ok(exit)
}

/// One record in one line.
fn words(record: &Record) -> String {
    let entry = &record.entry;
    let kind = match entry.kind {
        Kind::Intent => "intent ",
        Kind::Outcome => "outcome",
    };
    let mut line = format!(
        "{:>5}  {:.0}  {kind}  {}  {}  {}",
        record.seq,
        entry.at,
        entry.action,
        entry.target,
        if entry.identity.is_empty() { "?" } else { &entry.identity }
    );
    let summary = entry.plan.get("summary").and_then(serde_json::Value::as_str);
    let answer = match entry.answer.get("ok").and_then(serde_json::Value::as_bool) {
        Some(true) => Some("accepted".to_owned()),
        Some(false) => {
            let why = entry.answer.pointer("/problem/summary").and_then(serde_json::Value::as_str);
            Some(format!("failed: {}", why.unwrap_or("?")))
        }
        None => None,
    };
    for part in [
        summary.map(str::to_owned),
        answer,
        (!entry.reason.is_empty()).then(|| format!("({})", entry.reason)),
    ]
    .into_iter()
    .flatten()
    {
        line.push_str("  ");
        line.push_str(&part);
    }
    line
}
