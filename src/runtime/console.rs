//! Starts the console, or replays a recording: the commands that draw.
use std::{path::Path, process::ExitCode};

use super::{app::App, recorder::Recorder, replay, setup::Setup, terminal};
use crate::{
    cli::{Cli, Replay},
    domain::Problem,
    state::State,
    update::Context,
};

/// The console on a terminal. Ends with 0 when the operator left, 1 when it had to end.
pub async fn console(cli: &Cli) -> Result<ExitCode, Problem> {
    Box::pin(console_on(cli, Setup::read(cli.global.flags())?)).await
}

/// The console on what was read for it.
pub async fn console_on(cli: &Cli, mut setup: Setup) -> Result<ExitCode, Problem> {
    let look = setup.look();
    let size = terminal::size().map_or((80, 24), |s| (s.width, s.height));
    let recorder = match &cli.record {
        Some(file) => Some(Recorder::start(file, now())?),
        None => None,
    };
    let first = setup.start(size, &cli.pane, &cli.filter, false);
    let (messages, mailbox, runner) = setup.runner();
    let app = App {
        state: State::default(),
        context: Context { keymap: look.keymap.clone() },
        look,
        runner,
        messages,
        mailbox,
        recorder,
        setup,
        started: tokio::time::Instant::now(),
        #[cfg(debug_assertions)]
        panic_for_test: cli.panic_for_test,
    };
    let ended = Box::pin(app.run(first)).await?;
    tracing::info!(why = ended.as_deref().unwrap_or("the operator left"), "ended");
    Ok(if ended.is_some() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Prints the last frame of a recording; 1 when it is not the recorded one.
pub fn replayed(cli: &Cli, args: &Replay, out: &mut impl std::io::Write) -> Result<ExitCode, Problem> {
    let mut setup = Setup::read(cli.global.flags())?;
    let look = setup.look();
    let replayed = replay::replay(&args.file, &Context { keymap: setup.keymap.clone() }, &look)?;
    let verdict = match replayed.agrees {
        Some(true) => "the last frame is the recorded one",
        Some(false) => "the last frame is NOT the recorded one",
        None => "the recording has no last frame to compare with",
    };
    let write = |out: &mut dyn std::io::Write| -> std::io::Result<()> {
        if !args.quiet {
            for line in &replayed.frame {
                writeln!(out, "{line}")?;
            }
        }
        writeln!(out, "{} messages; {verdict}", replayed.messages)
    };
    write(out).map_err(|e| super::private::problem("cannot write", Path::new("standard output"), &e))?;
    Ok(if replayed.agrees == Some(false) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the time a recording was made")]
    jiff::Timestamp::now()
}
