//! One kubeconfig file: read, checked, and its mistakes named by line without quoting its secrets.
use std::path::Path;

use kube::config::Kubeconfig;

use crate::domain::{Problem, ProblemKind};

pub(super) const LOG_IN: &str =
    "log in to a management cluster first: tanzu login, kubectl vsphere login or clusterctl get kubeconfig";

/// Reads one file, with the paths in it made absolute.
pub(super) fn read(path: &Path) -> Result<Kubeconfig, Problem> {
    let shown = path.display();
    let problem =
        |what: String, hint: &str| Problem::new(ProblemKind::File, format!("{shown}{what}")).hint(hint);
    let mut config = Kubeconfig::read_from(path).map_err(|e| match e {
        kube::config::KubeconfigError::ReadConfig(e, _) => problem(
            format!(": the kubeconfig cannot be read: {e}"),
            "check KUBECONFIG or --kubeconfig, and that the file is yours to read",
        ),
        kube::config::KubeconfigError::Parse(e) => problem(
            format!("{}: not a valid kubeconfig: {}", line_of(&e), without_snippet(&e)),
            "the other files are used; get a fresh copy of this one",
        ),
        other => problem(format!(": {other}"), "the other files are used"),
    })?;
    if let Some(kind) = config.kind.take().filter(|kind| kind != "Config") {
        return Err(problem(
            format!(": is a {kind}, not a kubeconfig"),
            "point KUBECONFIG at a file of kind Config",
        ));
    }
    config.api_version = None;
    // Contexts, clusters and users may be spread over files; a file with none of them is a mistake.
    if config.contexts.is_empty() && config.clusters.is_empty() && config.auth_infos.is_empty() {
        return Err(problem(String::from(": the kubeconfig is empty"), LOG_IN));
    }
    Ok(config)
}

fn line_of(error: &serde_saphyr::Error) -> String {
    error.location().map(|at| format!(":{}", at.line())).unwrap_or_default()
}

/// The first line of the message: the rest quotes the file, which may hold secrets.
fn without_snippet(error: &serde_saphyr::Error) -> String {
    error.without_snippet().to_string().lines().next().unwrap_or_default().to_owned()
}

/// `file:line` of the context's name where a plain search finds it, else the file.
pub(super) fn located(file: &Path, context: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let names = |line: &str| {
        let value = line.trim().trim_start_matches("- ").strip_prefix("name:").map(str::trim);
        value.is_some_and(|value| value.trim_matches(['"', '\'']) == context)
    };
    // Clusters and users often carry the same name: look below `contexts:`.
    let mut below = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with("contexts:"));
    match below.find(|(_, line)| names(line)) {
        Some((index, _)) => format!("{}:{}", file.display(), index + 1),
        None => file.display().to_string(),
    }
}
