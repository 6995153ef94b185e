//! `tko demo`: the embedded fleet.
use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What a demo is made of.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Demo {
    #[command(subcommand)]
    pub ask: Option<DemoAsk>,
    /// Print the incidents that can be played, and what each shows
    #[arg(long, conflicts_with_all = ["serve", "scenario"])]
    pub list: bool,
    /// No console: print the kubeconfig of the fleet and serve it until interrupted
    #[arg(long, visible_alias = "no-ui")]
    pub serve: bool,
    /// The incident to play; see --list
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// How many times faster than ours the fleet's time runs
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
    /// The same seed makes the same fleet
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    pub seed: u64,
    /// A larger fleet: so many workload clusters
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub clusters: Option<u32>,
    /// A larger fleet: so many machines
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub machines: Option<u32>,
    /// Where to put the kubeconfig; a private temporary folder that goes with the demo when left out
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// What is asked of a demo that is being served.
#[derive(Debug, Clone, Subcommand)]
pub enum DemoAsk {
    /// Play an incident on a demo that is being served; without a name, list them
    Inject(Incident),
    /// Take the cause of an incident away; what follows from it heals by itself
    End(Incident),
}

/// Which incident, on which demo.
#[derive(Debug, Clone, Args)]
pub struct Incident {
    /// Its name; see `tko demo --list`
    pub name: Option<String>,
    /// The demo's folder; that of KUBECONFIG when left out
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// How the guided incident runs.
#[derive(Debug, Clone, Args)]
pub struct Tutor {
    /// How many times faster than ours the fleet's time runs
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
}
