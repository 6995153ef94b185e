//! `tko doctor`: looks at everything the console stands on, and says how to fix what is wrong. Gathering
//! touches the world; judging is pure.
mod files;
mod rights;
mod site;
mod terminal;

use futures::future::join_all;
use serde::Serialize;

use super::{
    exit::{Exit, Failure},
    find,
    out::Out,
    paint::Paint,
    row,
};
use crate::{
    cli::{Cli, Doctor, Document},
    domain::Health,
    panes::column::role_of,
    runtime::setup::Setup,
    text::{Newlines, clean},
};

/// How a finding is. Only a fault makes doctor fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    /// Worth knowing, nothing to do.
    Note,
    Warning,
    Bad,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
    fn health(self) -> Health {
        match self {
            Self::Ok => Health::Ok,
            Self::Note => Health::Unknown,
            Self::Warning => Health::Warning,
            Self::Bad => Health::Bad,
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    level: Level,
    what: String,
    found: String,
    /// What to do about it; empty where nothing is to be done.
    fix: String,
}

impl Finding {
    fn new(level: Level, what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { level, what: what.into(), found: found.into(), fix: String::new() }
    }
    fn ok(what: &str, found: impl Into<String>) -> Self {
        Self::new(Level::Ok, what, found)
    }
    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }
}

#[derive(Debug, Serialize)]
struct Section {
    title: String,
    findings: Vec<Finding>,
}

/// Examines everything. Sites are asked side by side, so one that hangs delays none.
pub(super) async fn doctor(cli: &Cli, args: &Doctor, out: &mut Out) -> Result<Exit, Failure> {
    let mut setup = Setup::read(cli.global.flags())?;
    let _ = setup.look();
    let known: Vec<&str> = setup.sites.specs.iter().map(|s| s.id.as_str()).collect();
    find::check_sites(&args.sites, &known)?;
    let connections = setup.connections();
    let patience = std::time::Duration::from_secs(u64::from(args.timeout));
    let asked = setup
        .sites
        .specs
        .iter()
        .filter(|spec| args.sites.is_empty() || args.sites.iter().any(|s| s == spec.id.as_str()))
        .map(|spec| site::examine(&connections, spec, patience));
    let mut sections: Vec<Section> = join_all(asked)
        .await
        .into_iter()
        .map(|facts| Section { title: format!("site {}", facts.spec.id), findings: site::judge(&facts) })
        .collect();
    sections.push(Section { title: "settings".into(), findings: files::settings(&setup) });
    sections.push(Section { title: "state folder".into(), findings: files::state(&setup.paths) });
    let env = |name: &str| std::env::var(name).ok();
    let terminal = terminal::Facts::new(env, setup.settings.no_color, setup.settings.ascii);
    sections.push(Section { title: "terminal".into(), findings: terminal::judge(&terminal) });
    let bad = sections.iter().flat_map(|s| &s.findings).any(|f| f.level == Level::Bad);
    match args.output {
        Document::Json => {
            let document = serde_json::json!({ "apiVersion": "tko/v1", "kind": "Doctor", "ok": !bad, "sections": sections });
            out.line(row::harmless(serde_json::to_string_pretty(&document).unwrap_or_default()))?;
        }
        Document::Text => print(&sections, &Paint::new(&setup, out), out)?,
    }
    Ok(if bad { Exit::Bad } else { Exit::Ok })
}

fn print(sections: &[Section], paint: &Paint, out: &mut Out) -> Result<(), Failure> {
    for (at, section) in sections.iter().enumerate() {
        if at > 0 {
            out.line("")?;
        }
        out.line(clean(&section.title, Newlines::Space))?;
        for finding in &section.findings {
            let level = paint.text(finding.level.word(), role_of(finding.level.health()));
            let blanks = " ".repeat(8_usize.saturating_sub(finding.level.word().len()));
            let found = clean(&finding.found, Newlines::Space);
            out.line(format!("  {level}{blanks}{:<14}  {found}", finding.what))?;
            if !finding.fix.is_empty() {
                out.line(format!("            fix: {}", clean(&finding.fix, Newlines::Space)))?;
            }
        }
    }
    let count = |level| sections.iter().flat_map(|s| &s.findings).filter(|f| f.level == level).count();
    out.line("")?;
    let words = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    out.line(format!("{}, {}", words(count(Level::Bad), "fault"), words(count(Level::Warning), "warning")))
}
