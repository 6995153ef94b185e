//! Parses arguments, installs what the process needs once, runs, restores; nothing else.
use std::process::ExitCode;

use clap::Parser;
use tko::{
    cli::{Cli, Command},
    config::Paths,
    domain::Problem,
    runtime::{console, headless, terminal},
    telemetry,
};

fn main() -> ExitCode {
    // First of all: reqwest and kube panic without a crypto provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let telemetry = Paths::of_user()
        .ok()
        .map(|paths| telemetry::start(&paths.log_dir(), std::env::var(telemetry::LEVEL).ok().as_deref()));
    let log = telemetry.as_ref().and_then(|t| t.folder.as_deref());
    let outcome = terminal::install_hooks(log).and_then(|()| run(&cli));
    let code = match outcome {
        Ok(code) => code,
        Err(problem) => {
            tracing::error!(%problem, "ended");
            headless::complain(&problem);
            ExitCode::from(2)
        }
    };
    drop(telemetry);
    code
}

fn run(cli: &Cli) -> Result<ExitCode, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| {
        Problem::new(tko::domain::ProblemKind::Policy, format!("the runtime cannot start: {e}"))
    })?;
    let code = match &cli.command {
        None => runtime.block_on(console::console(cli)),
        Some(Command::Demo(args)) => runtime.block_on(tko::demo::run(cli, args)),
        Some(Command::Tutor(args)) => runtime.block_on(tko::demo::tutor(cli, args)),
        Some(Command::Replay(args)) => console::replayed(cli, args, &mut std::io::stdout().lock()),
        Some(command) => Ok(runtime.block_on(headless::command(cli, command)).into()),
    };
    // Tasks that wait for servers must not hold up the end.
    runtime.shutdown_background();
    code
}
