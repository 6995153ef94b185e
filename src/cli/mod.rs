//! The command line: clap types only. What a command does is in `runtime`.
mod change;
mod check;
mod demo;
mod files;
mod read;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use change::{Change, ChangeFlags, Document};
pub use check::{Check, CheckOutput, Clusters, Matrix, MatrixOutput, Package, PackageDo, Topic};
pub use demo::Demo;
pub use files::{Completions, Config, ConfigDo, Doctor, Journal, JournalDo, Man, Since};
pub use read::{Get, Narrow, Output, Things, Tree, TreeOutput};

use crate::config::Flags;

/// How a run ended, for `--help` and the man page; `runtime::headless::Exit` is the same as code.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    all went well
  1    the outcome was bad: a job failed, doctor found a fault
  2    the command line or a configuration file is wrong
  3    the answer is incomplete: a site is stale, forbidden or not reached; the rest is printed and the
       reasons are on standard error, one line each
  4    refused: read-only, no right, not confirmed, or the server or the plan said no
  5    conflict: the object changed meanwhile
  6    not found
  124  the time was up";

/// The operations console for Tanzu for Kubernetes Operations.
///
/// Without a command the console opens on the fleet. It is read-only until a write session is opened.
#[derive(Debug, Parser)]
#[command(name = "tko", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    /// Pane to open first: fleet, clusters, pools, machines, nodes, jobs, notices, packages, repositories
    #[arg(long, default_value = "fleet", value_name = "PANE")]
    pub pane: String,
    /// Filter of that pane, as typed after `/`
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub filter: String,
    /// Record the run to a file, for `tko replay`
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Panic after the first frame, to test that the terminal comes back (debug builds only)
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    pub panic_for_test: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// Kubeconfig to use instead of KUBECONFIG and ~/.kube/config
    #[arg(long, global = true, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Only this context (may be given several times)
    #[arg(long = "context", global = true, value_name = "NAME")]
    pub contexts: Vec<String>,
    /// Config file to use instead of the one `tko config path` names
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Open a write session on this site at the start of the console (may be given several times)
    #[arg(long = "write", global = true, value_name = "SITE")]
    pub write: Vec<String>,
    /// Theme: auto, dark, light, high-contrast, ansi16, or a file of your own
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Keymap preset: default, vim, k9s
    #[arg(long, global = true, value_name = "NAME")]
    pub keymap: Option<String>,
    /// Only ASCII characters
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Nothing on the screen moves by itself
    #[arg(long, global = true)]
    pub reduced_motion: bool,
    /// Act as this user (impersonation)
    #[arg(long = "as", global = true, value_name = "USER")]
    pub impersonate: Option<String>,
    /// Act in this group (may be given several times)
    #[arg(long = "as-group", global = true, value_name = "GROUP")]
    pub impersonate_groups: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the rows of the whole fleet: sites, clusters, pools, machines, nodes, packages or repositories
    Get(Get),
    /// Print a cluster with all it owns, down to the deepest failing condition
    Tree(Tree),
    #[command(flatten)]
    Change(Change),
    /// Check the fleet against rules: what a site built after its design would show
    Check(Check),
    /// Lay out the packages of the fleet
    Package(Package),
    /// Look for what keeps the console from working, and say how to fix it
    Doctor(Doctor),
    /// Show what was done, or check that the record of it is whole
    Journal(Journal),
    /// Where the config file is, an example of it, and whether it is right
    Config(Config),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page, or that of one command
    Man(Man),
    /// Open the console on an embedded fleet: no cluster needed
    Demo(Demo),
    /// Show the last frame of a recorded run, and whether it is the one that was recorded
    Replay(Replay),
}

#[derive(Debug, Args)]
pub struct Replay {
    pub file: PathBuf,
    /// Only say whether the frames agree
    #[arg(long)]
    pub quiet: bool,
}

impl Global {
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            kubeconfig: self.kubeconfig.clone(),
            contexts: self.contexts.clone(),
            write: self.write.clone(),
            theme: self.theme.clone(),
            keymap: self.keymap.clone(),
            ascii: self.ascii,
            reduced_motion: self.reduced_motion,
            impersonate: self.impersonate.clone(),
            impersonate_groups: self.impersonate_groups.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
