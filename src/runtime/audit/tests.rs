//! The journal's promises: chained, found out when changed, complete with two writers, an error where
//! nothing can be written.
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use serde_json::json;

use super::*;

fn entry(job: &str) -> Entry {
    Entry {
        at: "2026-03-01T10:00:00Z".parse().unwrap(),
        kind: Kind::Intent,
        job: job.into(),
        action: "pool.scale".into(),
        site: "prod-eu".into(),
        target: "machinedeployment/team-a/md-0".into(),
        uid: "b1".into(),
        resource_version: "42".into(),
        identity: "alice".into(),
        reason: "more load \u{202e}\n\"tonight\"".into(),
        plan: json!({"replicas": 5, "ratio": 0.25}),
        dry_run: json!(null),
        answer: json!([]),
    }
}

fn journal_of(folder: &Path, jobs: usize) -> Journal {
    let mut journal = Journal::open(folder).unwrap();
    for job in 0..jobs {
        journal.append(&entry(&job.to_string())).unwrap();
    }
    journal
}

#[test]
fn records_are_numbered_chained_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = journal_of(folder.path(), 2);
    let receipt = journal.append(&entry("third")).unwrap();
    assert_eq!(receipt.seq, 3);

    let text = fs::read_to_string(journal.path()).unwrap();
    let records: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records[2].entry, entry("third"));
    assert_eq!(records[2].hash, receipt.hash);
    assert_eq!(records[0].prev, chain::START);
    assert_eq!(records[2].prev, chain::digest(text.lines().nth(1).unwrap().as_bytes()));
    assert_eq!(fs::metadata(journal.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(verify(journal.path()).unwrap(), Report { records: 3, ok_until: Some(3), first_bad: None });
}

#[test]
fn a_changed_a_removed_and_a_forged_line_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal_of(folder.path(), 4).path;
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();

    fs::write(&path, text.replacen("\"job\":\"1\"", "\"job\":\"9\"", 1)).unwrap();
    let report = verify(&path).unwrap();
    assert_eq!((report.records, report.ok_until), (4, Some(1)));
    assert_eq!(report.first_bad.unwrap().line, 2);

    fs::write(&path, [lines[0], lines[2], lines[3], ""].join("\n")).unwrap();
    assert!(verify(&path).unwrap().first_bad.unwrap().why.contains("missing"));

    let (forged, _) = chain::line(2, &entry("forged"), &chain::digest(lines[0].as_bytes())).unwrap();
    fs::write(&path, [lines[0], &forged, lines[2], lines[3], ""].join("\n")).unwrap();
    let report = verify(&path).unwrap();
    assert_eq!(report.ok_until, Some(2), "a forged line breaks the chain behind it");
    assert_eq!(report.first_bad.unwrap().line, 3);
}

#[test]
fn records_cut_off_under_an_open_journal_stop_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = journal_of(folder.path(), 3);
    let text = fs::read_to_string(journal.path()).unwrap();
    fs::write(journal.path(), format!("{}\n", text.lines().next().unwrap())).unwrap();
    let problem = journal.append(&entry("late")).unwrap_err();
    assert!(problem.summary.contains("ends at record 1 but had 3"), "{problem}");
}

#[test]
fn a_rotated_journal_goes_on_with_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = journal_of(folder.path(), 2);
    fs::rename(journal.path(), folder.path().join("journal.1")).unwrap();
    assert_eq!(journal.append(&entry("next")).unwrap().seq, 3);
    assert_eq!(verify(journal.path()).unwrap().ok_until, Some(3));
}

#[test]
fn a_torn_last_line_is_kept_aside_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal_of(folder.path(), 2).path;
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{{\"seq\":3,\"at\":\"20")).unwrap();
    assert!(verify(&path).unwrap().first_bad.unwrap().why.contains("cut off"));

    let mut journal = Journal::open(folder.path()).unwrap();
    let aside = journal.torn().unwrap().to_owned();
    assert_eq!(fs::read_to_string(aside).unwrap(), "{\"seq\":3,\"at\":\"20");
    assert_eq!(journal.append(&entry("after")).unwrap().seq, 3);
    assert_eq!(verify(&path).unwrap(), Report { records: 3, ok_until: Some(3), first_bad: None });
}

#[test]
fn a_last_line_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), "{\"seq\":7}\n").unwrap();
    let problem = Journal::open(folder.path()).unwrap_err();
    assert!(problem.summary.contains("not a record of ours"), "{problem}");
}

#[test]
fn a_line_longer_than_a_block_is_found_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = journal_of(folder.path(), 1);
    journal.append(&Entry { plan: json!("x".repeat(50_000)), ..entry("long") }).unwrap();
    assert_eq!(Journal::open(folder.path()).unwrap().append(&entry("after")).unwrap().seq, 3);
    assert_eq!(verify(journal.path()).unwrap().ok_until, Some(3));
}

#[test]
fn a_folder_that_cannot_be_written_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    fs::write(&path, "").unwrap();
    assert_eq!(Journal::open(&path).unwrap_err().kind, ProblemKind::File);
    // A full disk, where the system has a device that plays one.
    if Path::new("/dev/full").exists() {
        let full = folder.path().join("full");
        fs::create_dir(&full).unwrap();
        std::os::unix::fs::symlink("/dev/full", full.join(FILE)).unwrap();
        let problem =
            Journal::open(&full).and_then(|mut journal| journal.append(&entry("full"))).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::File, "{problem}");
    }
}

#[test]
fn two_writers_in_threads_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| journal_of(folder.path(), 25));
        }
    });
    let report = verify(&folder.path().join(FILE)).unwrap();
    assert_eq!(report, Report { records: 50, ok_until: Some(50), first_bad: None });
}

/// Runs in a process of its own for `two_writers_in_processes_lose_nothing`; alone it does nothing.
#[test]
fn second_process() {
    if let Some(folder) = std::env::var_os("TKO_TEST_JOURNAL") {
        journal_of(Path::new(&folder), 25);
    }
}

#[test]
fn two_writers_in_processes_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let writer = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "runtime::audit::tests::second_process"])
            .env("TKO_TEST_JOURNAL", folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut others = [writer(), writer()];
    journal_of(folder.path(), 10);
    for other in &mut others {
        assert!(other.wait().unwrap().success());
    }
    let report = verify(&folder.path().join(FILE)).unwrap();
    assert_eq!(report, Report { records: 60, ok_until: Some(60), first_bad: None });
}
