//! `tko tree`: a cluster with all it owns, as lines or as JSON.
use serde_json::json;

use super::{
    asked::{self, Patience},
    exit::{Exit, Failure},
    find::{self, Named},
    lacks::Lack,
    out::Out,
    row,
    run::Run,
};
use crate::{
    cli::{Cli, Tree, TreeOutput},
    domain::ClusterKey,
    msg::{Msg, Query},
    runtime::setup::Setup,
    state::tree::LineId,
    text::{Newlines, clean},
    theme::Glyphs,
    view::tree::{self, TreeLine},
};

/// Finds the cluster, follows what hangs under it, and prints it.
pub(super) async fn tree(cli: &Cli, args: &Tree, out: &mut Out) -> Result<Exit, Failure> {
    let mut setup = Setup::read(cli.global.flags())?;
    let patience = Patience::new(args.narrow.timeout());
    let mut run = Run::begin(&mut setup, "clusters", "", &args.narrow.sites)?;
    let lacks = asked::answers(&mut run, patience).await?;
    let cluster = the_one(&run, &args.cluster, &args.narrow.namespaces, &lacks)?;
    let consent = if args.use_kubeconfig_secret { run.sites() } else { Vec::new() };
    run.send(Msg::Query(Box::new(Query { tree: Some(cluster.clone()), consent, ..Query::default() })));
    let lacks: Vec<Lack> = asked::answers(&mut run, patience)
        .await?
        .into_iter()
        // Nodes are an extra here: what is known of them stands on the machines.
        .filter(|lack| args.use_kubeconfig_secret || !lack.workload)
        .filter(|lack| lack.site == cluster.site)
        .collect();
    let lines = tree::lines(&run.state, &cluster);
    match args.output {
        TreeOutput::Text => {
            let glyphs = Glyphs::new(setup.settings.ascii);
            for line in &lines {
                out.line(text(&glyphs, line))?;
            }
        }
        TreeOutput::Json => {
            let lines: Vec<_> = lines.iter().map(json).collect();
            let document = json!({
                "apiVersion": "tko/v1", "kind": "Tree", "site": cluster.site, "cluster": cluster.key.to_string(),
                "lines": lines,
                "incomplete": lacks.iter().map(|l| json!({ "site": l.site, "what": l.what, "why": l.why })).collect::<Vec<_>>(),
            });
            out.line(row::harmless(serde_json::to_string_pretty(&document).unwrap_or_default()))?;
        }
    }
    out.finish()?;
    asked::report(&lacks);
    Ok(asked::exit(&lacks))
}

fn the_one(run: &Run, text: &str, namespaces: &[String], lacks: &[Lack]) -> Result<ClusterKey, Failure> {
    let named = Named::parse(text);
    let mut found = find::clusters(&run.state, named, namespaces);
    match found.len() {
        0 => {
            asked::report(lacks);
            Err(find::no_cluster(&run.state, named, lacks))
        }
        1 => Ok(found.remove(0)),
        _ => Err(find::several("cluster", text, found.iter().map(|c| format!("{}:{}", c.site, c.key)))),
    }
}

fn text(glyphs: &Glyphs, line: &TreeLine) -> String {
    let mut out = String::new();
    if let Some((own, above)) = line.more.split_last() {
        for more in above {
            out.push_str(if *more { glyphs.pipe } else { "   " });
        }
        out.push_str(if *own { glyphs.branch } else { glyphs.last });
    }
    out.push_str(&clean(&line.content.text(), Newlines::Sign));
    out
}

fn json(line: &TreeLine) -> serde_json::Value {
    let target = if let LineId::Object(target) = &line.id { Some(target.to_string()) } else { None };
    json!({
        "depth": line.depth,
        "ref": target,
        "health": line.content.health.map(crate::domain::Health::word),
        "text": line.content.text(),
    })
}
