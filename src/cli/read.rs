//! The commands that read the fleet.
use std::time::Duration;

use clap::{Args, ValueEnum};

/// What `tko get` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Things {
    #[value(alias = "site", alias = "fleet")]
    Sites,
    #[value(alias = "cluster")]
    Clusters,
    #[value(alias = "pool", alias = "node-pools")]
    Pools,
    #[value(alias = "machine")]
    Machines,
    #[value(alias = "node")]
    Nodes,
    #[value(alias = "package")]
    Packages,
    #[value(alias = "repository")]
    Repositories,
}

impl Things {
    /// The pane that shows them.
    pub fn pane(self) -> &'static str {
        match self {
            Self::Sites => "fleet",
            Self::Clusters => "clusters",
            Self::Pools => "pools",
            Self::Machines => "machines",
            Self::Nodes => "nodes",
            Self::Packages => "packages",
            Self::Repositories => "repositories",
        }
    }
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Output {
    /// Aligned columns
    #[default]
    Table,
    /// Aligned columns, the extra ones too
    Wide,
    Json,
    Yaml,
    /// `site:kind/namespace/name`, one a line
    Name,
}

/// What a query is narrowed to.
#[derive(Debug, Clone, Default, Args)]
pub struct Narrow {
    /// Every namespace, which is what happens anyway without -n
    #[arg(short = 'A', long, conflicts_with = "namespaces")]
    pub all_namespaces: bool,
    /// Only this namespace (may be given several times)
    #[arg(short = 'n', long = "namespace", value_name = "NS")]
    pub namespaces: Vec<String>,
    /// Only this site (may be given several times)
    #[arg(long = "site", value_name = "SITE")]
    pub sites: Vec<String>,
    /// Give up on a site that has not answered after so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub timeout: u32,
}

impl Narrow {
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(u64::from(self.timeout))
    }
}

#[derive(Debug, Args)]
pub struct Get {
    pub things: Things,
    #[command(flatten)]
    pub narrow: Narrow,
    /// Only what belongs to this cluster: NAME or NAMESPACE/NAME (may be given several times)
    #[arg(long = "cluster", value_name = "CLUSTER")]
    pub clusters: Vec<String>,
    /// Only rows that match, as typed after `/` in the console
    #[arg(long, default_value = "", value_name = "TEXT", hide_default_value = true)]
    pub filter: String,
    /// table, wide, json, yaml or name
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Output>,
    /// Go on and print every change, one JSON object a line: {"type":"ADDED|CHANGED|REMOVED","row":…}
    #[arg(short, long)]
    pub watch: bool,
    /// Read the `<cluster>-kubeconfig` Secret where no context leads to a cluster; it is cluster-admin
    #[arg(long)]
    pub use_kubeconfig_secret: bool,
}

/// How a tree is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TreeOutput {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct Tree {
    /// NAME or NAMESPACE/NAME
    pub cluster: String,
    #[command(flatten)]
    pub narrow: Narrow,
    /// text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub output: TreeOutput,
    /// Read the `<cluster>-kubeconfig` Secret to see the nodes too; it is cluster-admin
    #[arg(long)]
    pub use_kubeconfig_secret: bool,
}
