//! What happens on a panic. One in the loop ends the console: terminal back, log line, a short report. One
//! in a task is only logged, since the task's owner reports it and the console goes on drawing.
use std::{
    io::Write,
    panic::PanicHookInfo,
    path::{Path, PathBuf},
    thread,
};

use color_eyre::config::{HookBuilder, Theme};

use super::restore;
use crate::{
    domain::{Problem, ProblemKind},
    text::redact,
};

/// Installs the hooks for panics and error reports. Must be called once, by the thread that runs the loop.
pub fn install_hooks(log: Option<&Path>) -> Result<(), Problem> {
    let (panic_hook, error_hook) =
        HookBuilder::new().theme(Theme::new()).display_env_section(false).into_hooks();
    error_hook.install().map_err(|error| {
        Problem::new(ProblemKind::Policy, format!("the error reports cannot be set up: {error}"))
    })?;
    let log = log.map(PathBuf::from);
    let home = thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        let ends_console = thread::current().id() == home;
        if ends_console {
            restore();
        }
        tracing::error!(
            thread = thread::current().name().unwrap_or("unnamed"),
            report = %panic_hook.panic_report(info),
            "panic"
        );
        if ends_console {
            // With the terminal gone too there is nobody left to tell.
            let _ = std::io::stderr().write_all(report(info, log.as_deref()).as_bytes());
        }
    }));
    Ok(())
}

/// What the operator reads on the shell's screen.
fn report(info: &PanicHookInfo<'_>, log: Option<&Path>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let log = log.map(|log| format!("The log has the details: {}\n", log.display())).unwrap_or_default();
    format!(
        "tko stopped because of a mistake of its own: {}\n  at {place}\n\
         Actions that were under way may have been carried out; `tko doctor` and the journal tell.\n{log}",
        redact(message)
    )
}
