//! The files of the operator and of the console: right, writable, whole.
use std::{fs::OpenOptions, io::Write, path::Path};

use super::{Finding, Level};
use crate::{
    config::Paths,
    domain::Problem,
    runtime::{audit, private, setup::Setup},
};

/// Mistakes in config, kubeconfig, keymap and theme.
pub(super) fn settings(setup: &Setup) -> Vec<Finding> {
    let mut findings: Vec<Finding> = setup
        .problems
        .iter()
        .map(|p| Finding::new(Level::Bad, "mistake", &*p.summary).fix(&*p.hint))
        .collect();
    if findings.is_empty() {
        let file = setup.paths.config_file();
        let config = if file.exists() {
            format!("{} is right", file.display())
        } else {
            "no config file; built-in settings".into()
        };
        findings.push(Finding::ok("config", config));
        findings.push(Finding::ok("keymap", &*setup.settings.keymap.value));
        findings.push(Finding::ok("theme", &*setup.settings.theme.value));
    }
    if setup.sites.specs.is_empty() {
        findings.push(
            Finding::new(Level::Bad, "sites", "no kubeconfig context was found")
                .fix("log in to a management cluster, or set KUBECONFIG"),
        );
    }
    findings
}

/// Whether changes can be recorded: without a record nothing is changed.
pub(super) fn state(paths: &Paths) -> Vec<Finding> {
    let folder = paths.state_dir();
    let mut findings = vec![match try_write(folder) {
        Ok(()) => Finding::ok("writable", folder.display().to_string()),
        Err(problem) => {
            Finding::new(Level::Bad, "writable", &*problem.summary).fix(if problem.hint.is_empty() {
                "no change is made without a record: point XDG_STATE_HOME to a folder of yours"
            } else {
                &*problem.hint
            })
        }
    }];
    findings.push(journal(&paths.journal_dir().join(audit::FILE)));
    findings
}

/// Writes a file to the disk and takes it away again.
fn try_write(folder: &Path) -> Result<(), Problem> {
    private::folder(folder)?;
    let path = folder.join(format!("doctor.{}", std::process::id()));
    let mut file = private::open(&path, OpenOptions::new().create(true).write(true).truncate(true))?;
    let written = file.write_all(b"tko doctor\n").and_then(|()| file.sync_all());
    let _ = std::fs::remove_file(&path);
    written.map_err(|e| private::problem("cannot write", &path, &e))
}

fn journal(path: &Path) -> Finding {
    if !path.exists() {
        return Finding::ok("journal", "none yet; it begins with the first change");
    }
    match audit::verify(path) {
        Err(problem) => Finding::new(Level::Bad, "journal", &*problem.summary).fix(&*problem.hint),
        Ok(report) => match report.first_bad {
            None => Finding::ok("journal", format!("{} records, all whole and in order", report.records)),
            Some(bad) => Finding::new(
                Level::Bad,
                "journal",
                format!("line {} cannot be trusted: {}", bad.line, bad.why),
            )
            .fix("keep the file as evidence under another name; a new one is begun with the next change"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_and_a_broken_journal_are_faults() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::under(home.path());
        assert!(state(&paths).iter().all(|f| f.level == Level::Ok), "{:?}", state(&paths));
        assert!(std::fs::read_dir(paths.state_dir()).unwrap().next().is_none(), "nothing is left behind");
        std::fs::create_dir_all(paths.journal_dir()).unwrap();
        std::fs::write(paths.journal_dir().join(audit::FILE), "{}\n").unwrap();
        assert_eq!(state(&paths)[1].level, Level::Bad);

        let other = tempfile::tempdir().unwrap();
        let paths = Paths::under(other.path());
        std::fs::write(paths.state_dir(), "").unwrap();
        let found = state(&paths);
        assert_eq!(found[0].level, Level::Bad);
        assert!(!found[0].fix.is_empty());
    }
}
