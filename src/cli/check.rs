//! The commands that judge the fleet, or lay it out side by side.
use clap::{Args, Subcommand, ValueEnum};

use super::Narrow;

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    /// PKG-01 to PKG-09
    #[value(alias = "package")]
    Packages,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CheckOutput {
    #[default]
    Table,
    Json,
}

/// Which clusters a command reads.
#[derive(Debug, Clone, Default, Args)]
pub struct Clusters {
    #[command(flatten)]
    pub narrow: Narrow,
    /// Only this cluster instead of all: NAME or NAMESPACE/NAME (may be given several times)
    #[arg(long = "cluster", value_name = "CLUSTER")]
    pub clusters: Vec<String>,
    /// Read the `<cluster>-kubeconfig` Secret where no context leads to a cluster; it is cluster-admin
    #[arg(long)]
    pub use_kubeconfig_secret: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    pub topic: Topic,
    #[command(flatten)]
    pub clusters: Clusters,
    /// Only this rule (may be given several times)
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
    /// Passed and not applicable ones too, in the table
    #[arg(long)]
    pub all: bool,
    /// table or json
    #[arg(short, long, value_name = "FORMAT", default_value = "table", hide_possible_values = true)]
    pub output: CheckOutput,
}

/// How a matrix is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum MatrixOutput {
    #[default]
    Markdown,
    Csv,
    Json,
}

#[derive(Debug, Args)]
pub struct Package {
    #[command(subcommand)]
    pub command: PackageDo,
}

#[derive(Debug, Subcommand)]
pub enum PackageDo {
    /// Every package in every cluster: version, state, and where they differ
    Matrix(Matrix),
}

#[derive(Debug, Args)]
pub struct Matrix {
    #[command(flatten)]
    pub clusters: Clusters,
    /// markdown, csv or json
    #[arg(short, long, value_name = "FORMAT", default_value = "markdown", hide_possible_values = true)]
    pub output: MatrixOutput,
}
