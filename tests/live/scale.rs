//! Scaling a pool from the console by keys: dry run, confirmation, journal, job, and the engines' answer.
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;
use tko::runtime::audit;

use crate::{
    bed::{Bed, LONG, User, beds, text},
    console::Home,
    pool::{Owner, Pool},
    support::{Pty, SOON},
};

const REASON: &str = "live test of scaling";

#[test]
fn a_pool_of_a_topology_is_scaled_on_the_newest_line() {
    let Some(beds) = beds("scaling through the topology, newest line") else { return };
    up_and_back(&beds.newest, Owner::Topology, 3, 5);
}

#[test]
fn a_pool_of_a_topology_is_scaled_on_the_v1beta1_line() {
    let Some(beds) = beds("scaling through the topology, v1beta1 line") else { return };
    up_and_back(&beds.v1beta1, Owner::Topology, 3, 5);
}

#[test]
fn a_pool_without_a_class_is_scaled_on_its_own_object() {
    let Some(beds) = beds("scaling a pool without a ClusterClass") else { return };
    up_and_back(&beds.newest, Owner::Itself, 2, 3);
}

/// Scales up and back by keys, and holds every word of the console against kubectl.
fn up_and_back(bed: &Bed, owner: Owner, from: i64, to: i64) {
    let pool = Pool::find(bed, owner);
    pool.set(from);
    let home = Home::new(&bed.kubeconfig(User::Admin));
    let mut pty = home.open(&["--pane", "pools"]);
    select(&mut pty, &pool);
    let generation = pool.owner()["metadata"]["generation"].clone();

    open_form(&mut pty, &pool);
    pty.send(&to.to_string());
    pty.send("\r");
    pty.wait_for(&format!("Write session on {}", bed.name));
    pty.send(REASON);
    pty.send("\r");
    preview(&pty, &pool, from, to);
    assert_eq!(pool.size(), from, "a dry run is not persisted");
    assert_eq!(pool.owner()["metadata"]["generation"], generation, "a dry run changes no spec");
    let entries = journal(&home);
    assert_eq!(entries.len(), 1, "before the confirmation only the session is recorded: {entries:#?}");
    assert_eq!(text(&entries[0], "/action"), "session.open");

    pty.send("y");
    follow(&mut pty, 1);
    assert_eq!(pool.size(), to);
    let wanted = usize::try_from(to).unwrap();
    assert_eq!(pool.machines(), (wanted, wanted), "the job ended when all machines run");
    recorded(&home, &pool, bed, to);

    back(&mut pty, &pool, to, from);
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

/// Filters the pools down to one.
pub fn select(pty: &mut Pty, pool: &Pool) {
    pty.wait_until("the pools", LONG, |s| {
        let contents = s.contents();
        contents.contains("Node pools") && !contents.contains("loading")
    });
    pty.press("/");
    pty.send(&pool.name);
    pty.send("\r");
    pty.wait_until(&format!("the pool {}", pool.name), SOON, |s| {
        let contents = s.contents();
        contents.contains("Node pools 1 of ") && contents.matches(&pool.name).count() > 1
    });
}

/// `.` and the form of the action, once the server has said what one may do.
fn open_form(pty: &mut Pty, pool: &Pool) {
    pty.send(".");
    pty.wait_for("Change how many machines the pool has");
    pty.send("\r");
    pty.wait_for(&format!("Scale pool: {}/{}", pool.namespace, pool.name));
    pty.wait_for("writes nothing");
}

/// What will happen, and what the server would store.
fn preview(pty: &Pty, pool: &Pool, from: i64, to: i64) {
    pty.wait_until("the answer to the dry run", LONG, |s| {
        let shown = s.contents();
        shown.contains("the server would store:") && shown.contains("y does it")
    });
    pty.wait_for(&format!("scale pool {} of {} from {from} to {to} machines", pool.name, pool.cluster));
    let screen = pty.screen();
    for text in
        ["replicas", &format!("- {from}"), &format!("+ {to}"), "the same by hand: kubectl", "y does it"]
    {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
    assert!(!screen.contains("managedFields"), "bookkeeping is no change:\n{screen}");
}

/// The jobs pane, until so many jobs are done.
fn follow(pty: &mut Pty, jobs: usize) {
    pty.send("6");
    pty.wait_for(&format!("Jobs {jobs}"));
    pty.wait_until("the end of the job", LONG, |s| s.contents().matches("✓ done").count() == jobs);
}

/// The same the other way: the session is still open, and the preview warns.
fn back(pty: &mut Pty, pool: &Pool, from: i64, to: i64) {
    pty.send("3");
    pty.wait_for("Node pools 1 of ");
    open_form(pty, pool);
    pty.send(&to.to_string());
    pty.send("\r");
    preview(pty, pool, from, to);
    pty.wait_for("drained and deleted");
    pty.send("y");
    follow(pty, 2);
    assert_eq!(pool.size(), to);
    let wanted = usize::try_from(to).unwrap();
    assert_eq!(pool.machines(), (wanted, wanted), "the job ended when the surplus is gone");
}

fn journal_file(home: &Home) -> PathBuf {
    home.path().join("state/tko/journal").join(audit::FILE)
}

/// The journal's records.
pub fn journal(home: &Home) -> Vec<Value> {
    let text = std::fs::read_to_string(journal_file(home)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect()
}

/// The intent stands before the request, the outcome after it, and the chain is whole.
fn recorded(home: &Home, pool: &Pool, bed: &Bed, to: i64) {
    let entries = journal(home);
    let of: Vec<&Value> = entries.iter().filter(|e| text(e, "/action") == "pool.scale").collect();
    // The end of the followed job may stand behind them.
    let [intent, outcome, ref later @ ..] = of[..] else { panic!("an intent and an outcome: {entries:#?}") };
    assert!(later.iter().all(|entry| text(entry, "/kind") == "outcome"), "{entries:#?}");
    assert_eq!((text(intent, "/kind"), text(outcome, "/kind")), ("intent", "outcome"));
    let owner = pool.owner();
    for entry in [intent, outcome] {
        assert_eq!(text(entry, "/reason"), REASON);
        assert_eq!(text(entry, "/identity"), "tko-admin");
        assert_eq!(text(entry, "/site"), bed.name);
        assert!(text(entry, "/target").contains(&pool.name), "{entry:#}");
        assert_eq!(text(entry, "/uid"), text(&owner, "/metadata/uid"));
    }
    assert_eq!(intent.pointer("/plan/inputs/replicas"), Some(&Value::from(to.to_string())));
    assert!(intent["dry_run"]["changes"].as_array().is_some_and(|c| !c.is_empty()), "{intent:#}");
    assert_eq!(outcome.pointer("/answer/ok"), Some(&Value::Bool(true)), "{outcome:#}");
    let at = |entry: &Value| text(entry, "/at").parse::<Timestamp>().expect("a record has a time");
    let written = written_by_us(&owner);
    assert!(at(intent).as_second() <= written.as_second(), "{intent:#} before {written}");
    assert!(written.as_second() <= at(outcome).as_second(), "{outcome:#} after {written}");
    let report = audit::verify(&journal_file(home)).expect("the journal is readable");
    assert_eq!((report.first_bad, report.records), (None, entries.len() as u64));
}

/// When the server took our change in, by its own books.
fn written_by_us(object: &Value) -> Timestamp {
    let fields = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    let ours = fields.into_iter().flatten().filter(|f| text(f, "/manager").starts_with("tko"));
    ours.filter_map(|f| text(f, "/time").parse::<Timestamp>().ok())
        .max()
        .expect("the server knows us as the field manager tko")
}
