//! Reads a journal from its beginning and says how far it can be trusted. Never writes.
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde::Serialize;

use super::{chain, private};
use crate::domain::Problem;

/// How far a journal can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Lines read.
    pub records: u64,
    /// The number of the last record of the unbroken beginning.
    pub ok_until: Option<u64>,
    pub first_bad: Option<Bad>,
}

/// The first line that breaks the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Counted from one.
    pub line: u64,
    pub why: String,
}

/// Checks every line's hash, its link to the line before it, and that no number is missing.
pub fn verify(path: &Path) -> Result<Report, Problem> {
    let problem = |error: &std::io::Error| private::problem("cannot read the journal", path, error);
    let mut reader = BufReader::new(File::open(path).map_err(|error| problem(&error))?);
    let mut report = Report { records: 0, ok_until: None, first_bad: None };
    let mut before: Option<(u64, String)> = None;
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).map_err(|error| problem(&error))? > 0 {
        report.records += 1;
        if report.first_bad.is_none() {
            match judge(&line, before.as_ref()) {
                Ok(seq) => {
                    report.ok_until = Some(seq);
                    before = Some((seq, chain::digest(line.strip_suffix(b"\n").unwrap_or(&line))));
                }
                Err(why) => report.first_bad = Some(Bad { line: report.records, why }),
            }
        }
        line.clear();
    }
    Ok(report)
}

/// The record's number, or why it does not belong behind the line before it.
fn judge(line: &[u8], before: Option<&(u64, String)>) -> Result<u64, String> {
    let line = line.strip_suffix(b"\n").ok_or("it was cut off before its end")?;
    let record = chain::check(line)?;
    match before {
        Some((seq, _)) if record.seq != seq + 1 => {
            Err(format!("record {} follows record {seq}: lines are missing or out of order", record.seq))
        }
        Some((_, hash)) if record.prev != *hash => {
            Err("the line before it is not the one it was written after".to_owned())
        }
        // A rotated journal begins with a later number; the first of all has nothing before it.
        None if record.seq == 1 && record.prev != chain::START => {
            Err("the first record names a line before it".to_owned())
        }
        _ => Ok(record.seq),
    }
}
