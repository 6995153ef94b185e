//! The real console without a server: it opens at once, says what is wrong, and leaves a sane terminal
//! and a log entry however it ends.
use std::{net::TcpListener, time::Duration};

use rustix::process::Signal;

use crate::{
    console::Home,
    support::{Pty, SOON},
};

/// A fleet of two sites: one refuses connections, the other takes them and says nothing.
struct Nowhere {
    home: Home,
    _silent: TcpListener,
}

impl Nowhere {
    fn new() -> Self {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let site = |name: &str, port: u16| {
            (
                format!("- {{name: {name}, cluster: {{server: 'https://127.0.0.1:{port}'}}}}\n"),
                format!("- {{name: {name}, context: {{cluster: {name}, user: nobody}}}}\n"),
            )
        };
        let (refusing, silence) = (site("refusing", 1), site("silent", port));
        let home = Home::new(&format!(
            "apiVersion: v1\nkind: Config\nclusters:\n{}{}contexts:\n{}{}users:\n- {{name: nobody, user: {{}}}}\n",
            refusing.0, silence.0, refusing.1, silence.1
        ));
        Self { home, _silent: silent }
    }

    fn open(&self, args: &[&str]) -> Pty {
        let pty = self.home.open(args);
        pty.wait_for("unreachable");
        assert!(pty.is_taken());
        pty
    }
}

#[test]
fn it_tells_its_version_and_leaves_the_terminal_alone() {
    let mut pty = Nowhere::new().home.open(&["--version"]);
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

#[test]
fn the_first_frame_waits_for_nobody() {
    let nowhere = Nowhere::new();
    let pty = nowhere.open(&[]);
    let screen = pty.screen();
    for text in ["Fleet 2", "0 live", "refusing", "unreachable", "silent", "read-only"] {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
}

#[test]
fn quitting_by_key_is_a_success() {
    for key in ["q", "\x03"] {
        let nowhere = Nowhere::new();
        let mut pty = nowhere.open(&[]);
        pty.send(key);
        let status = pty.wait_exit(SOON);
        assert!(status.success(), "{key:?}: {status:?}");
        pty.wait_restored(SOON);
        assert!(nowhere.home.log().contains("ended"), "{key:?}: {}", nowhere.home.log());
    }
}

#[test]
fn a_signal_ends_it_with_a_sane_terminal_and_a_log_entry() {
    for (signal, name) in [(Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP"), (Signal::INT, "SIGINT")] {
        let nowhere = Nowhere::new();
        let mut pty = nowhere.open(&[]);
        pty.signal(signal);
        pty.wait_restored(SOON);
        assert_eq!(pty.wait_exit(SOON).exit_code(), 1, "{name}");
        assert!(nowhere.home.log().contains(name), "{name}: {}", nowhere.home.log());
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_restores_the_terminal_and_is_logged() {
    if std::env::var_os("TKO_BIN").is_some() {
        eprintln!(
            "skipped: a panic on demand: a released binary, as TKO_BIN may name, does not know the flag"
        );
        return;
    }
    let nowhere = Nowhere::new();
    let mut pty = nowhere.home.open(&["--panic-for-test"]);
    assert!(!pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
    pty.wait_for("asked to panic by --panic-for-test");
    let log = nowhere.home.log();
    assert!(log.contains("panic"), "{log}");
}

#[test]
fn closing_the_terminal_ends_it_with_a_log_entry() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&[]);
    pty.close();
    pty.wait_exit(SOON);
    let log = nowhere.home.log();
    // Whichever it notices first: the signal, the end of its input, or that it cannot draw.
    let why = ["SIGHUP", "the terminal is closed", "the terminal cannot be used"];
    assert!(log.contains("ended why=") && why.iter().any(|why| log.contains(why)), "{log}");
}

#[test]
fn stopped_it_gives_the_terminal_back_and_continued_it_draws_again() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&[]);
    let status = format!("/proc/{}/stat", pty.pid().as_raw_nonzero());
    pty.signal(Signal::TSTP);
    pty.wait_that("it is stopped", || std::fs::read_to_string(&status).unwrap().contains(") T "));
    pty.wait_restored(SOON);
    pty.signal(Signal::CONT);
    pty.wait_until("the console again", SOON, |screen| {
        screen.alternate_screen() && screen.contents().contains("Fleet 2")
    });
    assert!(pty.is_taken());
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

#[test]
fn a_terminal_too_small_says_so_and_a_larger_one_shows_the_fleet_again() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&[]);
    pty.resize(20, 5);
    pty.wait_for("20x5");
    assert!(!pty.shows("SITE"), "{}", pty.screen());
    pty.resize(100, 30);
    pty.wait_for("refusing");
    pty.wait_for("Fleet 2");
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

/// Whether the bytes set a colour (SGR 30-37, 38, 40-47, 48, 90-107).
fn is_coloured(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m')).any(|(codes, _)| {
        codes.chars().all(|c| c.is_ascii_digit() || c == ';' || c == ':')
            && codes
                .split([';', ':'])
                .filter_map(|c| c.parse::<u8>().ok())
                .any(|c| matches!(c, 30..=38 | 40..=48 | 90..=107))
    })
}

#[test]
fn no_color_means_none() {
    let nowhere = Nowhere::new();
    assert!(is_coloured(&nowhere.open(&[]).bytes()), "without NO_COLOR there is colour");
    let mut command = nowhere.home.command(&[]);
    command.env("NO_COLOR", "1");
    let pty = Pty::start(command, 120, 30);
    pty.wait_for("unreachable");
    assert!(!is_coloured(&pty.bytes()), "{}", pty.screen());
}

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let output = Nowhere::new().home.run(&[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    assert!(said.contains("needs a terminal") && said.contains("tko get"), "{said}");
}

#[test]
fn a_kubeconfig_that_is_no_use_is_named_and_the_console_still_opens() {
    let home = Home::new("");
    std::fs::write(home.path().join("broken"), "apiVersion: v1\nclusters: [\n").unwrap();
    let one = "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\n\
               contexts: [{name: a, context: {cluster: a, user: a}}]\nusers: [{name: a, user: {}}]\n";
    std::fs::write(home.path().join("one"), one).unwrap();
    for (args, texts) in [
        (&["--kubeconfig", "nowhere"][..], &["nowhere", "cannot be read"][..]),
        (&["--kubeconfig", "kubeconfig"], &["kubeconfig", "is empty"]),
        (&["--kubeconfig", "broken"], &["broken:", "not a valid kubeconfig"]),
        (&["--kubeconfig", "one", "--context", "b"], &["unknown context \"b\"", "a"]),
    ] {
        let mut pty = home.open(args);
        pty.wait_for("Fleet 0");
        for text in texts {
            pty.wait_for(text);
        }
        pty.send("q");
        assert!(pty.wait_exit(SOON).success(), "{args:?}");
        pty.wait_restored(SOON);
    }
    // One that is wrong does not hide another that is right.
    let pty = home.open(&["--kubeconfig", "one", "--context", "b", "--context", "a"]);
    pty.wait_for("Fleet 1");
    pty.wait_for("unknown context \"b\"");
}

#[test]
fn a_hanging_server_does_not_hold_up_the_end() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&[]);
    pty.signal(Signal::TERM);
    let took = pty.wait_restored(SOON);
    assert!(took < Duration::from_secs(3), "{took:?}");
    pty.wait_exit(SOON);
}

#[test]
fn stopped_from_outside_it_gives_the_terminal_back_and_continued_it_draws_the_whole_frame() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&[]);
    let status = format!("/proc/{}/stat", pty.pid().as_raw_nonzero());
    for signal in [Signal::TSTP, Signal::STOP] {
        pty.signal(signal);
        pty.wait_that("it is stopped", || std::fs::read_to_string(&status).unwrap().contains(") T "));
        // Nobody can act on SIGSTOP before it stops.
        if signal == Signal::TSTP {
            pty.wait_restored(SOON);
            assert!(!pty.shows("refusing"), "the shell's screen is back");
        }
        pty.signal(Signal::CONT);
        pty.wait_that("the terminal is taken", || pty.is_taken());
        for text in ["Fleet 2", "refusing", "silent"] {
            pty.wait_for(text);
        }
    }
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}

#[test]
fn a_recording_that_cannot_go_on_is_told_and_the_console_goes_on() {
    let nowhere = Nowhere::new();
    let mut pty = nowhere.open(&["--record", "/dev/full"]);
    pty.wait_for("the recording ended");
    pty.send("q");
    assert!(pty.wait_exit(SOON).success());
}
