//! The commands that change something: one for each action that says how it is called, made from what it declares.
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Subcommand, ValueEnum, value_parser};

use crate::actions::{
    ACTIONS, Action,
    input::{Ask, NO, Wanted, YES},
    plan::Inputs,
    spec::{Call, Noun},
};

/// How a change is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Document {
    #[default]
    Text,
    Json,
}

/// An action with its target and its values, as given on the command line.
#[derive(Debug, Clone)]
pub struct Change {
    /// The action's id.
    pub action: &'static str,
    pub noun: Noun,
    /// What it is done to.
    pub name: String,
    /// The pool's, machine's or node's cluster: NAME or NAMESPACE/NAME.
    pub cluster: Option<String>,
    /// The values that were given.
    pub inputs: Inputs,
    /// The `<cluster>-kubeconfig` Secret may be read.
    pub use_kubeconfig_secret: bool,
    pub flags: ChangeFlags,
}

/// Flags of every change.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
#[derive(Debug, Clone, Args)]
pub struct ChangeFlags {
    #[arg(short = 'n', long = "namespace", value_name = "NS")]
    pub namespace: Option<String>,
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
    /// Follow what the change sets off to its end (the default)
    #[arg(long, overrides_with = "no_wait")]
    pub wait: bool,
    /// End as soon as the server has accepted the change
    #[arg(long, overrides_with = "wait")]
    pub no_wait: bool,
    /// Stop following after so many seconds; the server goes on
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = value_parser!(u32).range(1..=86_400))]
    pub timeout: u32,
    /// text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub output: Document,
}

impl ChangeFlags {
    /// Whether the change is followed to the end.
    pub fn waits(&self) -> bool {
        !self.no_wait
    }
}

/// Every action that has a command.
fn callable() -> impl Iterator<Item = (&'static dyn Action, Call)> {
    ACTIONS.iter().filter_map(|action| Some((*action, action.call()?)))
}

impl Subcommand for Change {
    fn augment_subcommands(mut command: clap::Command) -> clap::Command {
        let mut seen: Vec<&str> = Vec::new();
        for (action, call) in callable() {
            let Some((first, rest)) = call.words.split_first() else { continue };
            if rest.is_empty() {
                command = command.subcommand(leaf(action, call));
            } else if !seen.contains(first) {
                seen.push(first);
                command = command.subcommand(group(first));
            }
        }
        command
    }
    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }
    fn has_subcommand(name: &str) -> bool {
        callable().any(|(_, call)| call.words.first() == Some(&name))
    }
}

/// A word that several actions begin with; its help is theirs.
fn group(first: &'static str) -> clap::Command {
    let of = || callable().filter(move |(_, call)| call.words.first() == Some(&first));
    let about: Vec<&str> = of().map(|(action, _)| action.title()).collect();
    let command = clap::Command::new(first).about(about.join("; ")).subcommand_required(true);
    of().fold(command.arg_required_else_help(true), |command, (action, call)| {
        command.subcommand(leaf(action, call))
    })
}

fn leaf(action: &'static dyn Action, call: Call) -> clap::Command {
    let name = call.words.last().copied().unwrap_or_default();
    let command = clap::Command::new(name).arg(target(call.noun));
    let mut command = action.asks().iter().map(flag).fold(command, clap::Command::arg);
    if call.noun != Noun::Cluster {
        let cluster = Arg::new("cluster").long("cluster").value_name("CLUSTER");
        command = command.arg(
            cluster
                .required(call.noun == Noun::Node)
                .help(format!("The {}'s cluster: NAME or NAMESPACE/NAME", call.noun.word())),
        );
    }
    if call.noun == Noun::Node {
        command = command.arg(
            Arg::new("use_kubeconfig_secret")
                .long("use-kubeconfig-secret")
                .action(ArgAction::SetTrue)
                .help("Read the `<cluster>-kubeconfig` Secret where no context leads to the cluster; it is cluster-admin"),
        );
    }
    // The flags bring the words of their own type along.
    ChangeFlags::augment_args(command).about(action.help()).long_about(None)
}

fn target(noun: Noun) -> Arg {
    let (value, help) = match noun {
        Noun::Cluster => ("CLUSTER", "NAME or NAMESPACE/NAME"),
        Noun::Pool => ("POOL", "The name of its MachineDeployment, or the one its topology gives it"),
        Noun::Machine => ("MACHINE", "Its name"),
        Noun::Node => ("NODE", "Its name"),
    };
    Arg::new("target").value_name(value).required(true).help(help)
}

fn flag(ask: &Ask) -> Arg {
    let arg = Arg::new(ask.id).long(ask.id).required(ask.needed).help(capital(ask.help));
    match ask.wanted {
        Wanted::Whole { from, to } => arg
            .value_name(ask.value)
            .allow_hyphen_values(true)
            .value_parser(value_parser!(i64).range(from..=to)),
        Wanted::Switch => arg.action(ArgAction::SetTrue),
        Wanted::Text | Wanted::Choice | Wanted::Offer => arg.value_name(ask.value),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl FromArgMatches for Change {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (mut words, mut at) = (Vec::new(), matches);
        while let Some((word, inner)) = at.subcommand() {
            words.push(word);
            at = inner;
        }
        let (action, call) = callable().find(|(_, call)| call.words == words).ok_or_else(missing)?;
        let text = |id: &str| at.try_get_one::<String>(id).ok().flatten().cloned();
        let mut inputs = Inputs::new();
        for ask in action.asks() {
            let value = match ask.wanted {
                Wanted::Whole { .. } => at.get_one::<i64>(ask.id).map(ToString::to_string),
                Wanted::Switch => Some(if at.get_flag(ask.id) { YES } else { NO }.to_owned()),
                Wanted::Text | Wanted::Choice | Wanted::Offer => text(ask.id),
            };
            inputs.extend(value.map(|value| (ask.id.to_owned(), value)));
        }
        Ok(Self {
            action: action.id(),
            noun: call.noun,
            name: text("target").ok_or_else(missing)?,
            cluster: text("cluster"),
            inputs,
            use_kubeconfig_secret: call.noun == Noun::Node && at.get_flag("use_kubeconfig_secret"),
            flags: ChangeFlags::from_arg_matches(at)?,
        })
    }
    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
