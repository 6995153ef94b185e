//! Completions and manual pages, made from the command line's own definition.
use clap::CommandFactory;

use super::{
    exit::{Exit, Failure},
    out,
    out::Out,
};
use crate::{cli::Cli, nearest::suggestion};

pub(super) fn completions(shell: clap_complete::Shell, out: &mut Out) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "tko", &mut script);
    out.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::Ok)
}

/// The page of the program, or of one command.
pub(super) fn man(name: Option<&str>, out: &mut Out) -> Result<Exit, Failure> {
    let mut root = Cli::command();
    root.build();
    let command = match name {
        None => root,
        Some(name) => {
            let known: Vec<String> = root.get_subcommands().map(|c| c.get_name().to_owned()).collect();
            let found = root.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::usage(format!("there is no command {name}"))
                    .hint(suggestion(name, known.iter().map(String::as_str)))
            })?;
            found.display_name(format!("tko-{name}")).version(env!("CARGO_PKG_VERSION"))
        }
    };
    clap_mangen::Man::new(command).render(out).map_err(|e| out::lost(&e))?;
    Ok(Exit::Ok)
}
