//! The real binary. More than its start needs a fleet, and is tested with one.
use crate::support::{Pty, SOON, command};

#[test]
fn it_starts_tells_its_version_and_leaves_the_terminal_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(command(env!("CARGO_BIN_EXE_tko"), &["--version"], home.path()), 80, 24);
    assert!(pty.wait_exit(SOON).success());
    pty.wait_restored(SOON);
}
