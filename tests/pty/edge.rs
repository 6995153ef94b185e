//! The edge under a real terminal: however the program ends, the terminal is as it was and the log knows.

use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    program::{log, program},
    support::{Pty, SOON},
};

fn started() -> (Pty, TempDir) {
    let home = tempfile::tempdir().unwrap();
    let pty = Pty::start(program(home.path()), 90, 30);
    pty.wait_for("ready Unknown");
    assert!(pty.is_taken());
    (pty, home)
}

#[test]
fn a_key_ends_it_cleanly() {
    let (mut pty, home) = started();
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
    assert!(log(home.path()).contains("ended"));
}

#[test]
fn signals_that_end_it_leave_a_sane_terminal_and_a_log_entry() {
    for (signal, name) in [(Signal::TERM, "Terminate"), (Signal::HUP, "Hangup"), (Signal::INT, "Interrupt")] {
        let (mut pty, home) = started();
        pty.signal(signal);
        pty.wait_restored(SOON);
        assert!(pty.wait_exit(SOON).success(), "{name}");
        let said = log(home.path());
        assert!(said.contains(name) && !said.contains("by force"), "{said}");
    }
}

#[test]
fn a_loop_that_hangs_still_gives_the_terminal_back_and_ends() {
    let (mut pty, home) = started();
    pty.send("H");
    pty.wait_for("hangs");
    pty.signal(Signal::TERM);
    pty.wait_restored(SOON);
    assert_eq!(pty.wait_exit(SOON).exit_code(), 143);
    assert!(log(home.path()).contains("by force"));
}

#[test]
fn a_panic_restores_the_terminal_then_reports_without_secrets() {
    let (mut pty, home) = started();
    pty.send("P");
    assert!(!pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
    pty.wait_for("tko stopped because of a mistake of its own: injected, token=***");
    let log = log(home.path());
    assert!(log.contains("panic") && log.contains("injected") && !log.contains("s3cr3t"), "{log}");
}

#[test]
fn a_panic_in_a_task_is_logged_and_the_screen_stays() {
    let (mut pty, home) = started();
    pty.send("T");
    pty.wait_for("survived");
    assert!(pty.is_taken());
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    assert!(log(home.path()).contains("in a task"));
}

#[test]
fn closing_the_terminal_ends_it_with_a_log_entry() {
    let (mut pty, home) = started();
    pty.close();
    pty.wait_exit(SOON);
    let log = log(home.path());
    assert!(log.contains("Hangup") || log.contains("the terminal is closed"), "{log}");
}

#[test]
fn stopped_it_gives_the_terminal_back_and_continued_it_draws_again() {
    let (mut pty, _home) = started();
    let status = format!("/proc/{}/stat", pty.pid().as_raw_nonzero());
    for (signal, text) in [(Signal::TSTP, "continued"), (Signal::STOP, "continued continued")] {
        pty.signal(signal);
        pty.wait_that("it is stopped", || std::fs::read_to_string(&status).unwrap().contains(") T "));
        // Nobody can act on SIGSTOP before it stops.
        if signal == Signal::TSTP {
            pty.wait_restored(SOON);
        }
        pty.signal(Signal::CONT);
        pty.wait_for(&format!("ready Unknown {text}"));
        assert!(pty.is_taken());
    }
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

#[test]
fn keys_pastes_and_sizes_arrive_as_values() {
    let (mut pty, _home) = started();
    pty.send("jG \x1b[Z\x1b[6~\x18");
    pty.wait_for("<j> <G> <space> <shift-tab> <pgdn> <ctrl-x>");
    pty.send("\x1b[200~two\rlines\x1b[201~");
    pty.wait_for("Paste(\"two\\rlines\")");
    pty.resize(64, 20);
    pty.wait_for("Resize { width: 64, height: 20 }");
}

#[test]
fn a_late_answer_of_the_terminal_is_no_key() {
    let (mut pty, _home) = started();
    assert!(pty.bytes().windows(6).any(|bytes| bytes == b"\x1b]11;?"), "the terminal was asked");
    pty.send("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\\x1b[?62cj");
    pty.wait_for("ready Unknown Background(Light) <j>");
}

#[test]
fn one_more_letter_is_a_few_bytes() {
    let (mut pty, _home) = started();
    pty.send("x");
    pty.wait_for("<x>");
    let before = pty.bytes().len();
    pty.send("y");
    pty.wait_for("<y>");
    let sent = pty.bytes().len() - before;
    assert!(sent < 100, "{sent} bytes for one letter");
}
