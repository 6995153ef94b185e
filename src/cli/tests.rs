use clap::CommandFactory;

use super::*;

fn parse(line: &str) -> Result<Command, clap::Error> {
    Cli::try_parse_from(line.split(' ')).map(|cli| cli.command.unwrap())
}

fn get(line: &str) -> Get {
    match parse(line).unwrap() {
        Command::Get(get) => get,
        other => panic!("{other:?}"),
    }
}

fn change(line: &str) -> Change {
    match parse(line).unwrap() {
        Command::Change(change) => change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_action_is_a_command_with_the_common_flags_and_its_own() {
    for action in crate::actions::ACTIONS {
        let call = action.call().expect("each has one so far");
        let mut at = &mut Cli::command();
        for word in call.words {
            at = at.find_subcommand_mut(word).unwrap_or_else(|| panic!("tko {}", call.words.join(" ")));
        }
        let flags: Vec<&str> = at.get_arguments().filter_map(clap::Arg::get_long).collect();
        let common =
            ["dry-run", "yes", "reason", "wait", "no-wait", "timeout", "output", "site", "namespace"];
        for flag in action.asks().iter().map(|ask| ask.id).chain(common) {
            assert!(flags.contains(&flag), "{}: --{flag}", action.id());
        }
        assert_eq!(at.get_about().unwrap().to_string(), action.help());
    }
    let scaled = change("tko scale pool md-0 --replicas 3 --cluster pay --site east -n a");
    assert_eq!((scaled.action, &*scaled.name), ("pool.scale", "md-0"));
    assert_eq!(scaled.inputs.get("replicas").map(String::as_str), Some("3"));
    assert_eq!(scaled.cluster.as_deref(), Some("pay"));
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn things_are_panes_and_may_be_named_in_the_singular() {
    for (word, pane) in [
        ("sites", "fleet"),
        ("cluster", "clusters"),
        ("pools", "pools"),
        ("machine", "machines"),
        ("nodes", "nodes"),
        ("package", "packages"),
        ("repositories", "repositories"),
    ] {
        assert_eq!(get(&format!("tko get {word}")).things.pane(), pane);
        assert!(crate::panes::find(pane).is_some());
    }
    assert_eq!(parse("tko get pods").unwrap_err().exit_code(), 2);
}

#[test]
fn a_query_reads_all_namespaces_within_fifteen_seconds() {
    let plain = get("tko get clusters");
    assert!(plain.narrow.namespaces.is_empty() && plain.output.is_none());
    assert_eq!(plain.narrow.timeout().as_secs(), 15);
    let narrow = get("tko get pools -n a -n b --site s --cluster c -o json --filter ready<2 --timeout 3");
    assert_eq!(narrow.narrow.namespaces, ["a", "b"]);
    assert_eq!((narrow.output, narrow.filter.as_str()), (Some(Output::Json), "ready<2"));
    assert_eq!(parse("tko get clusters -A -n a").unwrap_err().exit_code(), 2);
}

#[test]
fn global_flags_may_follow_the_command() {
    let cli = Cli::try_parse_from("tko get sites --kubeconfig k --context a --context b".split(' ')).unwrap();
    assert_eq!(cli.global.contexts, ["a", "b"]);
    assert!(cli.global.kubeconfig.is_some());
}

#[test]
fn a_scale_waits_unless_told_otherwise_and_sizes_have_bounds() {
    assert!(change("tko scale pool md-0 --replicas 3").flags.waits());
    assert!(!change("tko scale pool md-0 --replicas 3 --no-wait").flags.waits());
    assert!(change("tko scale pool md-0 --replicas 3 --no-wait --wait").flags.waits());
    for wrong in ["", " --replicas -1", " --replicas 1001", " --replicas two"] {
        assert_eq!(parse(&format!("tko scale pool md-0{wrong}")).unwrap_err().exit_code(), 2, "{wrong}");
    }
}

#[test]
fn since_is_a_span_or_a_moment() {
    let now: jiff::Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    for (text, moment) in [
        ("90s", "2026-03-01T23:58:30Z"),
        ("2h", "2026-03-01T22:00:00Z"),
        ("1w", "2026-02-23T00:00:00Z"),
        ("2026-01-31T06:00:00Z", "2026-01-31T06:00:00Z"),
    ] {
        assert_eq!(text.parse::<Since>().unwrap().moment(now), moment.parse().unwrap(), "{text}");
    }
    for wrong in ["", "h", "2", "-3d", "2y", "99999999999999999w", "é"] {
        assert!(wrong.parse::<Since>().is_err(), "{wrong}");
    }
}
