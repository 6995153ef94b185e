//! `tko tree`: a cluster with all it owns, as lines or as JSON.
use jiff::Timestamp;
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
    state::State,
    text::{Newlines, clean},
    theme::Glyphs,
    triage::{
        cause::{self, Cause},
        tree::{self, TreeLine, What},
    },
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
    let lines = tree::lines(&run.state, &cluster, None);
    let cause = cause::of(&run.state, &cluster);
    match args.output {
        TreeOutput::Text => {
            let glyphs = Glyphs::new(setup.settings.ascii);
            for line in text(&run.state, cause.as_ref(), &glyphs, &lines) {
                out.line(line)?;
            }
        }
        TreeOutput::Json => {
            let lines: Vec<_> = lines.iter().map(json).collect();
            let document = json!({
                "apiVersion": "tko/v1", "kind": "Tree", "site": cluster.site, "cluster": cluster.key.to_string(),
                "cause": cause, "lines": lines,
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

/// The cause first, then a line for each thing: branches, state, name, how it is, since when.
fn text(state: &State, cause: Option<&Cause>, glyphs: &Glyphs, lines: &[TreeLine<'_>]) -> Vec<String> {
    let age = |since: Option<Timestamp>| since.map(|since| crate::text::age(state.since(since)));
    let mut out = Vec::new();
    if let Some(cause) = cause {
        let (health, verb) = cause.standing(state);
        let since = age(cause.since).map_or(String::new(), |age| format!(", {age}"));
        out.push(format!("{} {verb}: {}{since}", glyphs.health(health), cause.words()));
    }
    for line in lines {
        let mut text = prefix(glyphs, &line.more);
        let (kind, name) = line.title();
        text.extend([glyphs.health(line.health), " ", &*kind, &*name]);
        for word in line.words() {
            text.push(' ');
            text.push_str(&word.text);
        }
        if let Some(age) = age(line.since) {
            text.push_str("  ");
            text.push_str(&age);
        }
        out.push(text);
    }
    out.iter().map(|line| clean(line, Newlines::Sign).into_owned()).collect()
}

fn prefix(glyphs: &Glyphs, more: &[bool]) -> String {
    let mut out = String::new();
    if let Some((own, above)) = more.split_last() {
        for more in above {
            out.push_str(if *more { glyphs.pipe } else { "  " });
        }
        out.push_str(if *own { glyphs.branch } else { glyphs.last });
    }
    out
}

fn json(line: &TreeLine<'_>) -> serde_json::Value {
    let (what, condition) = match &line.what {
        What::Object(_) => ("object", None),
        What::Group { .. } => ("group", None),
        What::Section(_) => ("section", None),
        What::Condition(_, shown) => ("condition", Some(shown.condition)),
        What::Remark { .. } => ("remark", None),
        What::Missing { .. } => ("missing", None),
    };
    let (kind, name) = line.title();
    let words: Vec<_> = line.words().into_iter().map(|w| w.text.into_owned()).collect();
    json!({
        "depth": line.more.len(),
        "what": what,
        "ref": line.id.target().to_string(),
        "health": line.health.word(),
        "text": format!("{kind}{name} {}", words.join(" ")).trim_end(),
        "condition": condition,
        "since": line.since,
    })
}
