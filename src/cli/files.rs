//! The commands about the console itself: its files, its record, its shell.
use std::str::FromStr;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::Document;

#[derive(Debug, Args)]
pub struct Doctor {
    /// Only this site (may be given several times)
    #[arg(long = "site", value_name = "SITE")]
    pub sites: Vec<String>,
    /// Give up on a site that has not answered after so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
    /// text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub output: Document,
}

#[derive(Debug, Args)]
pub struct Journal {
    #[command(subcommand)]
    pub command: Option<JournalDo>,
    /// Only what was recorded since then: 90s, 30m, 2h, 7d, 2w, or a time such as 2026-01-31T06:00:00Z
    #[arg(long, value_name = "TIME")]
    pub since: Option<Since>,
    /// text or json (one record a line)
    #[arg(short, long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub output: Document,
}

#[derive(Debug, Subcommand)]
pub enum JournalDo {
    /// Check that no record was changed, put in or taken out
    Verify,
}

/// A moment, or a time before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    Ago(SignedDuration),
    At(Timestamp),
}

impl Since {
    /// The moment, seen from `now`.
    pub fn moment(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        let wrong = || "a number with s, m, h, d or w, or a time such as 2026-01-31T06:00:00Z".to_owned();
        let unit = text.chars().last().ok_or_else(wrong)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return Err(wrong()),
        };
        let number: i64 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
        let seconds = number.checked_mul(seconds).filter(|s| *s >= 0).ok_or_else(wrong)?;
        Ok(Self::Ago(SignedDuration::from_secs(seconds)))
    }
}

#[derive(Debug, Args)]
pub struct Config {
    #[command(subcommand)]
    pub command: ConfigDo,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigDo {
    /// Print the path of the config file
    Path,
    /// Print a commented config file with every key
    Example,
    /// Read config, kubeconfig, keymap and theme, and name every mistake
    Check,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// bash, zsh, fish, elvish or powershell
    #[arg(hide_possible_values = true)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// A command, such as get
    pub command: Option<String>,
}
