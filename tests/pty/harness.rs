//! The pseudo-terminal itself: it sees what programs draw, and what they leave behind.
use crate::support::{Pty, SOON, command};

#[test]
fn a_shell_script_is_seen_typed_to_and_resized() {
    let home = tempfile::tempdir().unwrap();
    let script = "printf 'name? '; read name; echo \"hello $name\"; trap 'stty size' WINCH; \
                  echo ready; while :; do read line && exit 3; done";
    let mut pty = Pty::start(command("sh", &["-c", script], home.path()), 60, 10);
    pty.wait_for("name? ");
    pty.send("fleet\n");
    pty.wait_for("hello fleet");
    pty.wait_for("ready");
    pty.resize(72, 12);
    pty.send("\n");
    assert_eq!(pty.wait_exit(SOON).exit_code(), 3);
    pty.wait_restored(SOON);
    assert!(String::from_utf8_lossy(&pty.bytes()).contains("12 72"), "{}", pty.screen());
}

#[test]
fn what_a_program_leaves_behind_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    for leaves in ["printf '\\033[?1049h'", "printf '\\033[?25l'", "printf '\\033[?2004h'", "stty -echo"] {
        let script = format!("{leaves}; printf left");
        let mut pty = Pty::start(command("sh", &["-c", &script], home.path()), 60, 10);
        pty.wait_for("left");
        pty.wait_exit(SOON);
        assert!(!pty.is_restored(), "{leaves}");
    }
}

#[test]
fn closing_the_terminal_hangs_the_program_up() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(command("sh", &["-c", "echo ready; exec sleep 60"], home.path()), 60, 10);
    pty.wait_for("ready");
    pty.close();
    assert!(pty.wait_exit(SOON).signal().is_some());
}
