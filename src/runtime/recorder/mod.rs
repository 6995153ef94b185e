//! Records a run as a file of messages, so that it can be replayed to the same last frame. The loop hands
//! lines over and never waits for the disk; when the disk does not keep up or is full the recording ends
//! and the console goes on.
//!
//! A recording is NDJSON: a header, one line for each message, at the end perhaps the last drawn frame.
use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    marker::PhantomData,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel},
    thread::{self, JoinHandle},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::private;
use crate::domain::{Problem, ProblemKind};

mod read;

pub use read::{Recording, read};

/// What the header's `format` says.
pub const FORMAT: &str = "tko-recording";
/// Raised when an older reader would misunderstand a file.
pub const VERSION: u32 = 1;
/// Lines that may wait for the disk.
const WAITING: usize = 8192;

/// The first line of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: String,
    pub version: u32,
    pub created: Timestamp,
}

/// A message and when it came, in milliseconds after the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted<M> {
    pub at: u64,
    pub msg: M,
}

#[derive(Serialize)]
struct NotedRef<'a, M> {
    at: u64,
    msg: &'a M,
}

#[derive(Serialize)]
struct Trailer<'a> {
    frame: &'a [String],
}

/// A recording under way.
pub struct Recorder<M> {
    path: PathBuf,
    lines: Option<SyncSender<String>>,
    writer: Option<JoinHandle<io::Result<()>>>,
    messages: PhantomData<fn(&M)>,
}

impl<M: Serialize + DeserializeOwned> Recorder<M> {
    /// Begins a recording; an existing file is overwritten.
    pub fn start(path: &Path, created: Timestamp) -> Result<Self, Problem> {
        let file = private::open(path, OpenOptions::new().create(true).write(true).truncate(true))?;
        let (sender, receiver) = sync_channel(WAITING);
        let writer = thread::Builder::new()
            .name("recorder".to_owned())
            .spawn(move || write(file, &receiver))
            .map_err(|error| private::problem("cannot record to", path, &error))?;
        let mut recorder =
            Self { path: path.to_owned(), lines: Some(sender), writer: Some(writer), messages: PhantomData };
        recorder.put(&Header { format: FORMAT.to_owned(), version: VERSION, created })?;
        Ok(recorder)
    }

    /// Notes a message. An error is told once; the recording has ended then, and later calls do nothing.
    pub fn note(&mut self, at: u64, msg: &M) -> Result<(), Problem> {
        self.put(&NotedRef { at, msg })
    }

    /// Ends the recording with the last frame and waits until all of it is written.
    pub fn finish(mut self, frame: &[String]) -> Result<(), Problem> {
        self.put(&Trailer { frame })?;
        self.stop()
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), Problem> {
        let Some(lines) = &self.lines else {
            return Ok(());
        };
        let line = serde_json::to_string(line).map_err(|error| {
            Problem::new(ProblemKind::File, format!("a message cannot be recorded: {error}"))
        });
        match line.map(|line| lines.try_send(line)) {
            Ok(Ok(())) => Ok(()),
            // The writer is gone, and knows why.
            Ok(Err(TrySendError::Disconnected(_))) => self.stop(),
            Ok(Err(TrySendError::Full(_))) => {
                // Not waited for: the disk may hang.
                self.lines = None;
                self.writer = None;
                let summary =
                    format!("the recording {} ended: the disk does not keep up", self.path.display());
                Err(Problem::new(ProblemKind::File, summary))
            }
            Err(problem) => {
                self.lines = None;
                Err(problem)
            }
        }
    }

    fn stop(&mut self) -> Result<(), Problem> {
        self.lines = None;
        match self.writer.take().map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(private::problem("the recording ended:", &self.path, &error)),
            Some(Err(_)) => Err(Problem::new(ProblemKind::File, "the recording ended: its writer failed")),
        }
    }
}

/// Writes lines until no more can come. Whenever none waits, what was written is handed to the system, so
/// that a killed console leaves all but the last moment.
fn write(file: File, lines: &Receiver<String>) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    loop {
        let line = match lines.try_recv() {
            Ok(line) => line,
            Err(TryRecvError::Disconnected) => break,
            Err(TryRecvError::Empty) => {
                file.flush()?;
                match lines.recv() {
                    Ok(line) => line,
                    Err(_) => break,
                }
            }
        };
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

#[cfg(test)]
mod tests;
