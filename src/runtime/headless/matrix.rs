//! `tko package matrix`: packages × clusters, as JSON, CSV or Markdown.
use serde_json::json;

use super::{
    asked::{self, Patience},
    exit::{Exit, Failure},
    lacks::Lack,
    out::Out,
    row,
    run::Run,
};
use crate::{
    cli::{Cli, Matrix as Args, MatrixOutput},
    domain::package,
    rules,
    runtime::setup::Setup,
    text::{Newlines, clean},
    triage::matrix::{self, Cell, Matrix},
};

/// Reads every cluster that is asked for and prints the matrix.
pub(super) async fn matrix(cli: &Cli, args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let mut setup = Setup::read(cli.global.flags())?;
    let clusters = &args.clusters;
    let patience = Patience::new(clusters.narrow.timeout());
    let mut run = Run::begin(&mut setup, "packages", "", &clusters.narrow.sites)?;
    asked::everywhere(&mut run, clusters, patience).await?;
    let lacks = asked::answers(&mut run, patience).await?;
    let matrix = matrix::of(&rules::subjects(&run.state));
    let text = match args.output {
        MatrixOutput::Json => json_of(&matrix, &lacks),
        MatrixOutput::Csv => csv(&matrix),
        MatrixOutput::Markdown => markdown(&matrix),
    };
    out.line(clean(text.trim_end(), Newlines::Keep))?;
    out.finish()?;
    asked::report(&lacks);
    Ok(asked::exit(&lacks))
}

fn json_of(matrix: &Matrix, lacks: &[Lack]) -> String {
    let missing = |lack: &Lack| json!({ "site": lack.site, "what": lack.what, "why": lack.why });
    let document = json!({
        "apiVersion": "tko/v1", "kind": "PackageMatrix",
        "places": matrix.places, "packages": matrix.lines,
        "incomplete": lacks.iter().map(missing).collect::<Vec<_>>(),
    });
    row::harmless(serde_json::to_string_pretty(&document).unwrap_or_default())
}

/// A cell in words: `1.24.4 succeeded`; `?` where it is not known, nothing where it is not installed.
fn words(cell: Option<&Cell>, unread: bool) -> String {
    match cell {
        Some(cell) => {
            let drift = if cell.drifts { " (drift)" } else { "" };
            format!("{} {}{drift}", cell.version, cell.state.word())
        }
        None if unread => "?".to_owned(),
        None => String::new(),
    }
}

/// The headings, then a line for each package.
fn table(matrix: &Matrix) -> Vec<Vec<String>> {
    let head = ["package".to_owned(), "usual".to_owned()];
    let mut lines = vec![head.into_iter().chain(matrix.places.iter().map(matrix::Place::words)).collect()];
    for line in &matrix.lines {
        let cells = line.cells.iter().zip(&matrix.places);
        let cells = cells.map(|(cell, place)| words(cell.as_ref(), place.unread.is_some()));
        let head = [package::short(&line.package).to_owned(), line.usual.clone()];
        lines.push(head.into_iter().chain(cells).collect());
    }
    lines
}

/// By RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe.
fn csv(matrix: &Matrix) -> String {
    let field = |text: &String| {
        let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.clone() };
        if text.contains(['"', ',', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let line = |cells: &Vec<String>| cells.iter().map(field).collect::<Vec<_>>().join(",") + "\n";
    table(matrix).iter().map(line).collect()
}

fn markdown(matrix: &Matrix) -> String {
    let line = |cells: &Vec<String>| {
        format!("| {} |\n", cells.iter().map(|c| c.replace('|', "\\|")).collect::<Vec<_>>().join(" | "))
    };
    let lines = table(matrix);
    let rule = format!("|{}\n", " --- |".repeat(lines.first().map_or(0, Vec::len)));
    let mut out: Vec<String> = lines.iter().map(line).collect();
    out.insert(1.min(out.len()), rule);
    out.concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        domain::package::Reconcile,
        triage::matrix::{Line, Place},
    };

    fn example() -> Matrix {
        let place = |cluster: Option<&str>, unread: Option<&str>| Place {
            site: "lab".into(),
            cluster: cluster.map(str::to_owned),
            unread: unread.map(str::to_owned),
        };
        let cell = Cell {
            version: "1.22.3".into(),
            state: Reconcile::Failed,
            drifts: true,
            held: false,
            error: "a|b, \"c\"".into(),
        };
        let line = Line {
            package: "contour.tanzu.vmware.com".into(),
            usual: "1.24.4".into(),
            versions: BTreeMap::from([("1.22.3".into(), 1)]),
            cells: vec![None, Some(cell), None],
        };
        let places =
            vec![place(None, None), place(Some("ns/a,b"), None), place(Some("ns/c"), Some("refused"))];
        Matrix { places, lines: vec![line] }
    }

    #[test]
    fn not_installed_and_not_known_differ_in_every_form() {
        assert_eq!(
            csv(&example()),
            "package,usual,lab,\"lab:ns/a,b\",lab:ns/c\ncontour,1.24.4,,1.22.3 failed (drift),?\n"
        );
        assert_eq!(
            markdown(&example()),
            "| package | usual | lab | lab:ns/a,b | lab:ns/c |\n| --- | --- | --- | --- | --- |\n| contour | 1.24.4 |  | 1.22.3 failed (drift) | ? |\n"
        );
        let json: serde_json::Value = serde_json::from_str(&json_of(&example(), &[])).unwrap();
        assert_eq!(json["places"][2]["unread"], "refused");
        assert_eq!(json["packages"][0]["cells"][1]["state"], "failed");
        assert!(json["packages"][0]["cells"][0].is_null());
    }
}
