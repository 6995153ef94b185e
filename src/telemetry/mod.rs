//! The log: a file a day in the state folder, never the terminal, without secrets. A log that cannot be
//! written is a problem to show, not a reason not to start.
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use tracing_appender::{
    non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard},
    rolling::{Builder, Rotation},
};
use tracing_subscriber::{filter::Targets, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    domain::{Problem, ProblemKind},
    runtime::private,
    text::redact,
};

/// The variable that sets the level, such as `debug` or `tko=trace,kube=debug`.
pub const LEVEL: &str = "TKO_LOG";
const USUAL_LEVEL: &str = "warn,tko=info";
const DAYS_KEPT: usize = 7;

/// The log under way. Lines that wait are written when this is dropped.
pub struct Telemetry {
    /// What keeps the log from being as asked.
    pub problems: Vec<Problem>,
    /// The folder of the log, where there is one.
    pub folder: Option<PathBuf>,
    _writer: Option<WorkerGuard>,
}

/// Starts the log in a folder. May be called once in a process.
pub fn start(folder: &Path, level: Option<&str>) -> Telemetry {
    let (filter, bad_level) = filter(level);
    let mut problems = Vec::from_iter(bad_level);
    let writer = match open(folder) {
        Ok((writer, guard)) => {
            let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Redacting(writer));
            let registry = tracing_subscriber::registry().with(filter).with(lines);
            if let Err(error) = registry.try_init() {
                problems.push(Problem::new(ProblemKind::File, format!("there is no log: {error}")));
            }
            Some(guard)
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    Telemetry { problems, folder: writer.as_ref().map(|_| folder.to_owned()), _writer: writer }
}

fn filter(level: Option<&str>) -> (Targets, Option<Problem>) {
    let asked = level.filter(|level| !level.trim().is_empty()).unwrap_or(USUAL_LEVEL);
    match asked.parse::<Targets>() {
        Ok(filter) => (filter, None),
        Err(error) => {
            let problem =
                Problem::new(ProblemKind::File, format!("{LEVEL}=\"{asked}\" is no level: {error}"))
                    .hint(format!("write error, warn, info, debug or trace; \"{USUAL_LEVEL}\" is used"));
            (USUAL_LEVEL.parse().unwrap_or_default(), Some(problem))
        }
    }
}

fn open(folder: &Path) -> Result<(NonBlocking, WorkerGuard), Problem> {
    private::folder(folder)?;
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("tko")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)
        .map_err(|error| {
            Problem::new(ProblemKind::File, format!("there is no log in {}: {error}", folder.display()))
                .hint("make the folder writable for you, or set XDG_STATE_HOME")
        })?;
    // Lossy: a disk that hangs costs lines of the log, not the console.
    Ok(NonBlockingBuilder::default().lossy(true).thread_name("log").finish(file))
}

/// Takes the secrets out of each line on its way to the file.
#[derive(Clone)]
struct Redacting<W>(W);

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(redact(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Clone> MakeWriter<'_> for Redacting<W> {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_is_none_is_told_and_the_usual_one_used() {
        assert!(filter(Some("tko=trace,kube=debug")).1.is_none());
        assert!(filter(Some("")).1.is_none());
        let problem = filter(Some("tko=loud")).1.unwrap();
        assert!(problem.summary.contains("tko=loud") && problem.hint.contains("debug"), "{problem:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_problem_only() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state");
        std::fs::write(&file, "").unwrap();
        let telemetry = start(&file.join("log"), None);
        assert_eq!(telemetry.problems.len(), 1);
        assert_eq!(telemetry.folder, None);
    }

    #[test]
    fn lines_reach_the_file_without_their_secrets() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("log");
        let (writer, guard) = open(&folder).unwrap();
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Redacting(writer));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            tracing::info!(header = "Authorization: Bearer abc.def", site = "prod-eu", "request");
        });
        drop(guard);
        let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
        assert!(file.file_name().to_string_lossy().ends_with(".log"));
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.contains("prod-eu") && text.contains("***") && !text.contains("abc.def"), "{text}");
    }
}
