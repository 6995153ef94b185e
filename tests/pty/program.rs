//! A small program on top of the edge, started by the tests in a pseudo-terminal: this test binary calls
//! itself. It draws what it is told, and does harm on request.
use std::{
    env,
    fmt::Write as _,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use portable_pty::CommandBuilder;
use ratatui::widgets::{Paragraph, Wrap};
use tko::{
    runtime::{
        input::{self, Input},
        probe,
        signals::{self, Signal},
        terminal::{Screen, install_hooks},
    },
    telemetry,
};

use crate::support::command;

const HOME: &str = "TKO_TEST_EDGE";

/// The command that starts the program; it logs to the folder `log` in the home.
pub fn program(home: &Path) -> CommandBuilder {
    let itself = env::current_exe().unwrap();
    let args = ["--exact", "program::runs", "--nocapture", "--test-threads=1"];
    let mut command = command(itself.to_str().unwrap(), &args, home);
    command.env(HOME, home);
    command
}

/// All of the program's log.
pub fn log(home: &Path) -> String {
    let files = std::fs::read_dir(home.join("log")).into_iter().flatten().flatten();
    files.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect()
}

/// The program. Without its home, as in a usual test run, it does nothing.
#[test]
fn runs() {
    let Some(home) = env::var_os(HOME).map(PathBuf::from) else { return };
    let log = telemetry::start(&home.join("log"), None);
    assert!(log.problems.is_empty(), "{:?}", log.problems);
    install_hooks(log.folder.as_deref()).unwrap();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run());
    tracing::info!(target: "tko", "ended");
}

async fn run() {
    let mut signals = signals::listen().unwrap();
    let mut screen = Screen::enter().unwrap();
    let asked = probe::probe(Duration::from_millis(20), |name| env::var(name).ok());
    let mut inputs = input::listen(asked.pending).unwrap();
    let mut said = format!("ready {:?}", asked.background);
    loop {
        if !draw(&mut screen, &said) {
            return tracing::warn!("the terminal is closed");
        }
        tokio::select! {
            Some(signal) = signals.recv() => match signal {
                Signal::Stop => screen.suspend().unwrap(),
                // A terminal that is closed continues those who are stopped; then there is nothing to take again.
                Signal::Continue => match screen.resume() {
                    Ok(()) => said.push_str(" continued"),
                    Err(problem) => return tracing::warn!(%problem, "the terminal is closed"),
                },
                _ => return,
            },
            Some(input) = inputs.recv() => match input {
                Input::Key(chord) => match chord.to_string().as_str() {
                    "q" => return,
                    "P" => panic!("injected, token=s3cr3t"),
                    "T" => { let _ = thread::spawn(|| panic!("in a task")).join(); said.push_str(" survived"); }
                    "H" => {
                        draw(&mut screen, "hangs");
                        thread::sleep(Duration::from_mins(1));
                    }
                    key => { let _ = write!(said, " <{key}>"); },
                },
                Input::Closed => return,
                other => { let _ = write!(said, " {other:?}"); },
            },
        }
    }
}

fn draw(screen: &mut Screen, said: &str) -> bool {
    let text = Paragraph::new(said).wrap(Wrap { trim: true });
    screen.draw(|frame| frame.render_widget(text, frame.area())).is_ok()
}
