//! `tko config`: where the config file is, what may stand in it, and whether it is right.
use super::{
    exit::{Exit, Failure},
    out,
    out::Out,
};
use crate::{
    cli::{Cli, ConfigDo},
    config::{self, Paths},
    runtime::setup::Setup,
};

pub(super) fn config(cli: &Cli, what: ConfigDo, out: &mut Out) -> Result<Exit, Failure> {
    match what {
        ConfigDo::Path => {
            let file = match &cli.global.config {
                Some(file) => file.clone(),
                None => Paths::of_user()?.config_file(),
            };
            out.line(file.display().to_string())?;
        }
        ConfigDo::Example => out.line(config::EXAMPLE.trim_end())?,
        ConfigDo::Check => return check(cli, out),
    }
    Ok(Exit::Ok)
}

/// Reads everything as a start of the console would.
fn check(cli: &Cli, out: &mut Out) -> Result<Exit, Failure> {
    let mut setup = Setup::read(cli.global.flags())?;
    let _ = setup.look();
    for problem in &setup.problems {
        out::complain(problem);
    }
    if !setup.problems.is_empty() {
        return Ok(Exit::Usage);
    }
    out.line(format!("config, keymap, theme and kubeconfig are right: {} sites", setup.sites.specs.len()))?;
    Ok(Exit::Ok)
}
