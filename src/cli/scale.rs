//! The commands that change something.
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub struct Scale {
    #[command(subcommand)]
    pub what: ScaleWhat,
}

#[derive(Debug, Subcommand)]
pub enum ScaleWhat {
    /// A node pool, by the name of its MachineDeployment or the one its topology gives it
    Pool(ScalePool),
}

impl Scale {
    /// The pool to scale; there is nothing else yet that has a size.
    pub fn pool(&self) -> &ScalePool {
        let ScaleWhat::Pool(pool) = &self.what;
        pool
    }
}

/// How a change is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Document {
    #[default]
    Text,
    Json,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
#[derive(Debug, Args)]
pub struct ScalePool {
    pub name: String,
    /// How many machines the pool shall have
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub replicas: u32,
    #[arg(short = 'n', long = "namespace", value_name = "NS")]
    pub namespace: Option<String>,
    /// The pool's cluster: NAME or NAMESPACE/NAME
    #[arg(long, value_name = "CLUSTER")]
    pub cluster: Option<String>,
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// Print the plan and what the server would store, and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; needed where standard input is not a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Why, for the journal; with --yes a protected site insists on it
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Follow the machines to the end (the default)
    #[arg(long, overrides_with = "no_wait")]
    pub wait: bool,
    /// End as soon as the server has accepted the change
    #[arg(long, overrides_with = "wait")]
    pub no_wait: bool,
    /// Stop following the machines after so many seconds; the server goes on
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub timeout: u32,
    /// text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub output: Document,
}

impl ScalePool {
    /// Whether the machines are followed to the end.
    pub fn waits(&self) -> bool {
        !self.no_wait
    }
}
