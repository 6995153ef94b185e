//! The journal of actions: one line before and one after each, chained by hash and on the disk before
//! `append` returns. Whoever cannot write the line before an action must not carry the action out.
//!
//! A line's `hash` is the SHA-256 of the line without that field; `prev` is the SHA-256 of the whole
//! previous line. Changed, inserted and removed lines show in `verify`; lines cut off the end of a file
//! can only be noticed by a journal that was open meanwhile.
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::private;
use crate::domain::{Problem, ProblemKind};

mod chain;
mod verify;

pub use verify::{Bad, Report, verify};

/// The name of the journal in the state folder.
pub const FILE: &str = "journal.ndjson";
/// How long another console may hold the journal before we refuse to act.
const LOCK_TRIES: u32 = 300;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Whether a line was written before or after the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Intent,
    Outcome,
}

/// What the console says about an action; place and hashes are the journal's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    pub kind: Kind,
    pub job: String,
    pub action: String,
    pub site: String,
    /// The reference of the object, as text.
    pub target: String,
    pub uid: String,
    pub resource_version: String,
    /// Who the server takes us for.
    pub identity: String,
    /// Why, in the operator's words.
    pub reason: String,
    pub plan: Value,
    pub dry_run: Value,
    pub answer: Value,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub seq: u64,
    #[serde(flatten)]
    pub entry: Entry,
    pub prev: String,
    pub hash: String,
}

/// Proof that a line is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub seq: u64,
    pub hash: String,
    /// Where the rest of a line went that a crash had cut off, if there was one.
    pub torn: Option<PathBuf>,
}

/// The journal of one state folder. Several consoles may hold one each.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Number and whole-line hash of the last line this journal saw.
    last: Option<(u64, String)>,
    torn: Option<PathBuf>,
}

impl Journal {
    /// Opens or creates the journal, checks that it can be written and that its last line is whole.
    pub fn open(folder: &Path) -> Result<Self, Problem> {
        private::folder(folder)?;
        let mut journal = Self { path: folder.join(FILE), last: None, torn: None };
        let mut file = journal.locked()?;
        journal.torn = journal.set_torn_aside(&mut file)?;
        journal.last = journal.last_line(&mut file)?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| private::problem("cannot sync", folder, &error))?;
        Ok(journal)
    }

    /// Where a line went that a crash had cut off, if `open` found one.
    pub fn torn(&self) -> Option<&Path> {
        self.torn.as_deref()
    }

    /// The journal's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one line and returns when it is on the disk. On any error nothing of it stays in the file.
    pub fn append(&mut self, entry: &Entry) -> Result<Receipt, Problem> {
        let mut file = self.locked()?;
        let torn = self.set_torn_aside(&mut file)?;
        let (seq, prev) = match (self.last_line(&mut file)?, &self.last) {
            (Some((found, _)), Some((known, _))) if found < *known => {
                return Err(self.shortened(found, *known));
            }
            // Rotated away under us: the new file goes on where the old one ended.
            (None, Some((known, hash))) => (known + 1, hash.clone()),
            (None, None) => (1, chain::START.to_owned()),
            (Some((found, hash)), _) => (found + 1, hash),
        };
        let (line, hash) = chain::line(seq, entry, &prev).map_err(|error| {
            Problem::new(ProblemKind::File, format!("cannot put the record into words: {error}"))
        })?;
        let end = self.io("measure", file.seek(SeekFrom::End(0)))?;
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_all()) {
            // The error to report is the first one; a rest that cannot be cut off is found as torn later.
            let _ = file.set_len(end);
            return Err(private::problem("cannot write the journal", &self.path, &error));
        }
        self.last = Some((seq, chain::digest(line.as_bytes())));
        Ok(Receipt { seq, hash, torn })
    }

    /// The file, opened anew since it may have been rotated, with the lock that keeps other consoles out.
    fn locked(&self) -> Result<File, Problem> {
        let file = private::open(&self.path, OpenOptions::new().create(true).read(true).append(true))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(error)) => {
                    return Err(private::problem("cannot lock the journal", &self.path, &error));
                }
            }
        }
        Err(Problem::new(
            ProblemKind::File,
            format!("another program holds the journal {}", self.path.display()),
        )
        .hint("look for a console that hangs; without a record no action is carried out"))
    }

    fn last_line(&self, file: &mut File) -> Result<Option<(u64, String)>, Problem> {
        let Some(line) = self.io("read the journal", last_line(file))? else {
            return Ok(None);
        };
        match chain::check(&line) {
            Ok(record) => Ok(Some((record.seq, chain::digest(&line)))),
            Err(why) => Err(Problem::new(
                ProblemKind::File,
                format!(
                    "the last line of the journal {} is not a record of ours: {why}",
                    self.path.display()
                ),
            )
            .hint("keep the file as evidence under another name; a new one is begun")),
        }
    }

    /// Moves what follows the last line break into a file of its own: a console died while writing it.
    fn set_torn_aside(&self, file: &mut File) -> Result<Option<PathBuf>, Problem> {
        let whole = self.io("read the journal", end_of_lines(file))?;
        let length = self.io("measure", file.seek(SeekFrom::End(0)))?;
        if whole == length {
            return Ok(None);
        }
        let aside = self.path.with_extension(format!("torn-{whole}"));
        let mut rest = Vec::new();
        self.io(
            "read the journal",
            file.seek(SeekFrom::Start(whole)).and_then(|_| file.read_to_end(&mut rest)),
        )?;
        let mut copy = private::open(&aside, OpenOptions::new().create(true).append(true))?;
        copy.write_all(&rest)
            .and_then(|()| copy.sync_all())
            .map_err(|error| private::problem("cannot write", &aside, &error))?;
        self.io("cut the torn line off", file.set_len(whole))?;
        Ok(Some(aside))
    }

    fn shortened(&self, found: u64, known: u64) -> Problem {
        Problem::new(
            ProblemKind::File,
            format!("the journal {} ends at record {found} but had {known}", self.path.display()),
        )
        .hint("somebody cut records off; keep the file as evidence and start the console anew")
    }

    fn io<T>(&self, what: &str, result: io::Result<T>) -> Result<T, Problem> {
        result.map_err(|error| private::problem(&format!("cannot {what} of"), &self.path, &error))
    }
}

/// The offset behind the last line break.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    Ok(line_break_before(file, end)?.map_or(0, |at| at + 1))
}

/// The last line, without its line break.
fn last_line(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let end = end_of_lines(file)?;
    if end == 0 {
        return Ok(None);
    }
    let start = line_break_before(file, end - 1)?.map_or(0, |at| at + 1);
    let mut line = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(end - 1 - start).read_to_end(&mut line)?;
    Ok(Some(line))
}

/// Looks backwards for a line break, block by block: a journal of years must not be read whole.
fn line_break_before(file: &mut File, mut end: u64) -> io::Result<Option<u64>> {
    const BLOCK: u64 = 16 * 1024;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        block.clear();
        file.seek(SeekFrom::Start(start))?;
        file.take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(Some(start + at as u64));
        }
        end = start;
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
