//! Commands without a screen. They run the same `update` over the same sources as the console and print
//! what its panes would show; nothing is decided here that `update` or an action decides.
mod asked;
mod change;
mod check;
mod config;
mod confirm;
mod doctor;
mod exit;
mod find;
mod get;
mod journal;
mod lacks;
mod matrix;
mod name;
mod out;
mod paint;
mod row;
mod run;
mod shell;
mod table;
mod tree;
mod watch;

pub use exit::{Exit, Failure};
pub use out::complain;

use crate::cli::{Cli, Command, PackageDo};
use out::Out;

/// Runs a command to its end and says what went wrong on standard error.
pub async fn command(cli: &Cli, command: &Command) -> Exit {
    let mut out = Out::stdout();
    let done = match command {
        Command::Get(args) => get::get(cli, args, &mut out).await,
        Command::Tree(args) => tree::tree(cli, args, &mut out).await,
        Command::Change(args) => change::change(cli, args, &mut out).await,
        Command::Check(args) => check::check(cli, args, &mut out).await,
        Command::Package(args) => match &args.command {
            PackageDo::Matrix(args) => matrix::matrix(cli, args, &mut out).await,
        },
        Command::Doctor(args) => doctor::doctor(cli, args, &mut out).await,
        Command::Journal(args) => journal::journal(args, &mut out),
        Command::Config(args) => config::config(cli, args.command, &mut out),
        Command::Completions(args) => shell::completions(args.shell, &mut out),
        Command::Man(args) => shell::man(args.command.as_deref(), &mut out),
        // Both draw, so they belong to the console.
        Command::Replay(_) | Command::Demo(_) => Ok(Exit::Ok),
    };
    let done = done.and_then(|exit| out.finish().map(|()| exit));
    match done {
        Ok(exit) => exit,
        Err(failure) => {
            tracing::error!(problem = %failure.problem, "ended");
            if !failure.quiet {
                out::complain(&failure.problem);
            }
            failure.exit
        }
    }
}
