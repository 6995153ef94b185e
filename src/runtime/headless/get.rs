//! `tko get`: the rows of a pane, once everything that it needs has answered.
use serde_json::{Value, json};

use super::{
    asked::{self, Patience},
    exit::{Exit, Failure},
    lacks::Lack,
    name, out,
    out::Out,
    paint::Paint,
    row,
    run::Run,
    table, watch,
};
use crate::{
    cli::{Cli, Get, Output, Things},
    panes::{self, Pane},
    runtime::setup::Setup,
    state::{Row, State},
    text::{Newlines, clean},
};

/// Runs the query and prints its rows.
pub(super) async fn get(cli: &Cli, args: &Get, out: &mut Out) -> Result<Exit, Failure> {
    check(args)?;
    let mut setup = Setup::read(cli.global.flags())?;
    let patience = Patience::new(args.narrow.timeout());
    let id = args.things.pane();
    let pane = panes::find(id).ok_or_else(|| Failure::usage(format!("there is no pane {id}")))?;
    let mut run = Run::begin(&mut setup, id, &args.filter, &args.narrow.sites)?;
    let narrow = &args.narrow;
    asked::narrow(&mut run, &narrow.namespaces, &args.clusters, args.use_kubeconfig_secret, patience).await?;
    let lacks = asked::answers(&mut run, patience).await?;
    if args.watch {
        return watch::watch(&mut run, pane, out).await;
    }
    let rows = rows(&run.state, pane);
    match args.output.unwrap_or_default() {
        format @ (Output::Table | Output::Wide) => {
            let columns = table::columns(&run.state, pane, format == Output::Wide);
            if rows.is_empty() {
                out::say(&format!("no {}s", pane.noun));
            } else {
                table::print(&run.state, &columns, &rows, &Paint::new(&setup, out), out)?;
            }
        }
        Output::Json => {
            print_json(&run.state, pane, &rows, &lacks, out)?;
        }
        Output::Yaml => {
            let text =
                serde_saphyr::to_string(&document(&run.state, pane, &rows, &lacks)).unwrap_or_default();
            out.line(clean(text.trim_end(), Newlines::Keep))?;
        }
        Output::Name => {
            for row in &rows {
                out.line(clean(&name::of(*row), Newlines::Sign))?;
            }
        }
    }
    out.finish()?;
    asked::report(&lacks);
    Ok(asked::exit(&lacks))
}

/// What clap cannot say about flags that need each other.
fn check(args: &Get) -> Result<(), Failure> {
    if args.things == Things::Nodes && args.clusters.is_empty() {
        return Err(Failure::usage("nodes are read from the API of each cluster: say which with --cluster")
            .hint(
                "without a kubeconfig context that leads there, --use-kubeconfig-secret reads its Secret",
            ));
    }
    if args.things == Things::Sites && !args.clusters.is_empty() {
        return Err(Failure::usage("--cluster does not narrow sites; --site does"));
    }
    if args.watch && !matches!(args.output, None | Some(Output::Json)) {
        return Err(Failure::usage("--watch prints JSON, one object a line; leave -o away"));
    }
    Ok(())
}

/// The rows that the filter leaves, in the order of the pane.
pub(super) fn rows<'a>(state: &'a State, pane: &Pane) -> Vec<Row<'a>> {
    let table = state.screen.tables.get(pane.id);
    table.into_iter().flat_map(|t| t.index.rows()).filter_map(|id| state.row(id)).collect()
}

/// The same document as `document`, one row a line: ten thousand rows are never held as text.
fn print_json(
    state: &State,
    pane: &Pane,
    rows: &[Row<'_>],
    lacks: &[Lack],
    out: &mut Out,
) -> Result<(), Failure> {
    let Value::Object(head) = document(state, pane, &[], lacks) else { return Ok(()) };
    out.line("{")?;
    for (name, value) in head.iter().filter(|(name, _)| *name != "rows") {
        out.line(format!("  {}: {},", Value::from(name.as_str()), row::harmless(value.to_string())))?;
    }
    out.line("  \"rows\": [")?;
    for (at, row) in rows.iter().enumerate() {
        let comma = if at + 1 < rows.len() { "," } else { "" };
        out.line(format!("    {}{comma}", row::harmless(row::json(state, pane, *row).to_string())))?;
    }
    out.line("  ]")?;
    out.line("}")
}

fn document(state: &State, pane: &Pane, rows: &[Row<'_>], lacks: &[Lack]) -> Value {
    let missing = |lack: &Lack| json!({ "site": lack.site, "what": lack.what, "why": lack.why });
    json!({
        "apiVersion": "tko/v1",
        "kind": "Rows",
        "pane": pane.id,
        "rows": rows.iter().map(|r| row::json(state, pane, *r)).collect::<Vec<_>>(),
        "incomplete": lacks.iter().map(missing).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn checked(line: &str) -> Result<(), Failure> {
        match Cli::try_parse_from(line.split(' ')).unwrap().command {
            Some(crate::cli::Command::Get(args)) => check(&args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_that_need_each_other() {
        for (line, fine) in [
            ("tko get nodes", false),
            ("tko get nodes --cluster c", true),
            ("tko get sites --cluster c", false),
            ("tko get pools --watch", true),
            ("tko get pools --watch -o json", true),
            ("tko get pools --watch -o yaml", false),
        ] {
            match checked(line) {
                Ok(()) => assert!(fine, "{line}"),
                Err(failure) => assert!(!fine && failure.exit == Exit::Usage, "{line}: {failure:?}"),
            }
        }
    }
}
