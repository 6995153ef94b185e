//! A recording comes back as it was noted; bad lines are named; a full disk ends only the recording.
use std::{fs, os::unix::fs::PermissionsExt};

use super::*;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Msg {
    Tick,
    Chord(String),
    Nothing(()),
}

fn created() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().unwrap()
}

fn recorded(path: &Path) {
    let mut recorder = Recorder::start(path, created()).unwrap();
    recorder.note(0, &Msg::Tick).unwrap();
    recorder.note(16, &Msg::Chord("ctrl-x\n".into())).unwrap();
    recorder.note(17, &Msg::Nothing(())).unwrap();
    recorder.finish(&["a frame".into(), String::new()]).unwrap();
}

/// Writes a recording, changes its text and reads it.
fn changed(change: impl Fn(String) -> String) -> Result<Recording<Msg>, Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson");
    recorded(&path);
    fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
    read(&path)
}

#[test]
fn what_was_noted_is_read_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson");
    recorded(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let recording = read::<Msg>(&path).unwrap();
    assert_eq!(recording.header.created, created());
    assert_eq!(recording.messages.len(), 3);
    assert_eq!(recording.messages[1], Noted { at: 16, msg: Msg::Chord("ctrl-x\n".into()) });
    assert_eq!(recording.frame, Some(vec!["a frame".into(), String::new()]));
    assert!(!recording.torn);
}

#[test]
fn a_killed_console_leaves_all_but_the_torn_line() {
    let recording =
        changed(|text| text.split("{\"frame").next().unwrap().to_owned() + "{\"at\":20,\"ms").unwrap();
    assert_eq!((recording.messages.len(), recording.frame, recording.torn), (3, None, true));
}

#[test]
fn a_bad_line_is_named_with_its_number() {
    for (from, to, what) in [
        ("\"Tick\"", "\"Tock\"", "run.ndjson:2: unknown variant `Tock`"),
        ("\"at\":16,", "", "run.ndjson:3: neither a message"),
        ("tko-recording", "other", "run.ndjson:1: the format is \"other\""),
        ("\"version\":1", "\"version\":9", "run.ndjson:1: version 9"),
        ("{\"format\"", "PK", "run.ndjson:1: not the header"),
    ] {
        let problem = changed(|text| text.replacen(from, to, 1)).unwrap_err();
        assert!(problem.summary.contains(what), "{problem} should tell {what}");
    }
}

#[test]
fn a_full_disk_ends_the_recording_with_one_problem() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let mut recorder = Recorder::start(Path::new("/dev/full"), created()).unwrap();
    let mut problems = Vec::new();
    for at in 0..50_000 {
        problems.extend(recorder.note(at, &Msg::Tick).err());
        if at % 1000 == 0 {
            thread::yield_now();
        }
    }
    problems.extend(recorder.finish(&[]).err());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].kind, ProblemKind::File);
}
