//! Plays cases against a server, whichever it is.
use std::fmt::Write as _;

use http::{Request, header};
use kube::{Client, client::Body};
use serde_json::Value;

use super::cases::{Case, Step};

/// A server under test.
pub struct Server {
    pub admin: Client,
    pub viewer: Client,
    /// One whose credentials nobody knows.
    pub nobody: Client,
    /// A namespace that is there.
    pub namespace: String,
}

/// What the steps of a case have told so far.
#[derive(Default)]
struct Known {
    revision: String,
    before: String,
    uid: String,
    next: String,
}

/// Plays a case; an error says at which step it went otherwise, and how.
pub async fn play(server: &Server, case: &Case) -> Result<(), String> {
    let mut known = Known::default();
    for (at, step) in case.steps.iter().enumerate() {
        take(server, step, &mut known)
            .await
            .map_err(|why| format!("step {}: {}: {why}", at + 1, step.ask))?;
    }
    Ok(())
}

async fn take(server: &Server, step: &Step, known: &mut Known) -> Result<(), String> {
    let fill = |text: &str| {
        text.replace("{ns}", &server.namespace)
            .replace("{rv}", &known.revision)
            .replace("{old}", &known.before)
            .replace("{uid}", &known.uid)
            .replace("{next}", &known.next)
    };
    let (client, ask) = match step.ask.split_once(' ') {
        Some(("viewer", rest)) => (&server.viewer, rest),
        Some(("nobody", rest)) => (&server.nobody, rest),
        _ => (&server.admin, step.ask),
    };
    let (method, path) = ask.split_once(' ').ok_or("a request is a method and a path")?;
    let mut request = Request::builder().method(method).uri(fill(path));
    if method == "GET" {
        request = request.header(header::ACCEPT, step.kind);
    } else {
        request = request.header(header::CONTENT_TYPE, step.kind).header(header::ACCEPT, "application/json");
    }
    let request = request.body(Body::from(fill(step.body).into_bytes())).map_err(|e| e.to_string())?;
    let response = client.send(request).await.map_err(|e| e.to_string())?;
    let code = response.status().as_u16();
    let body = response.into_body().collect_bytes().await.map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&body);
    if code != step.code {
        return Err(format!(
            "{code} where {} is right: {}",
            step.code,
            text.chars().take(300).collect::<String>()
        ));
    }
    if !step.events.is_empty() {
        return told(&text, step.events);
    }
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    for (pointer, wanted) in step.has {
        matches(&answer, pointer, &fill(wanted))?;
    }
    let part = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    if let Some(revision) =
        part("/metadata/resourceVersion").filter(|_| answer["metadata"]["uid"].is_string())
    {
        known.before = std::mem::replace(&mut known.revision, revision);
    }
    known.uid = part("/metadata/uid").unwrap_or(std::mem::take(&mut known.uid));
    known.next = part("/metadata/continue").unwrap_or_default();
    Ok(())
}

fn matches(answer: &Value, pointer: &str, wanted: &str) -> Result<(), String> {
    let is = answer.pointer(pointer);
    let fits = match wanted {
        "*" => is.is_some_and(|v| !v.is_null()),
        "!" => is.is_none(),
        wanted => is == serde_json::from_str::<Value>(wanted).ok().as_ref(),
    };
    let shown = is.map_or("nothing".to_owned(), Value::to_string);
    if fits { Ok(()) } else { Err(format!("{pointer} is {shown}, not {wanted}")) }
}

fn told(lines: &str, wanted: &[&str]) -> Result<(), String> {
    let said: Vec<String> = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|event| {
            let meta = &event["object"]["metadata"];
            let kind = event["type"].as_str().unwrap_or_default();
            let end = meta["annotations"]["k8s.io/initial-events-end"] == "true";
            let name = if end { "end" } else { meta["name"].as_str().unwrap_or_default() };
            format!("{kind} {name}").trim_end().to_owned()
        })
        // Servers may send bookmarks whenever they like.
        .filter(|event| event != "BOOKMARK")
        .collect();
    if said == wanted { Ok(()) } else { Err(format!("told {said:?}, not {wanted:?}")) }
}

/// A table of cases and how each went on each server.
pub fn table(servers: &[&str], rows: &[(&str, Vec<&Result<(), String>>)]) -> String {
    let width = rows.iter().map(|r| r.0.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {}\n", "case", servers.join("  "));
    for (name, outcomes) in rows {
        let _ = write!(text, "{name:width$}");
        for (outcome, server) in outcomes.iter().zip(servers) {
            let word = if outcome.is_ok() { "ok" } else { "DIFFERS" };
            let _ = write!(text, "  {word:<0$}", server.len());
        }
        text.push('\n');
        for why in outcomes.iter().filter_map(|o| o.as_ref().err()) {
            let _ = writeln!(text, "    {why}");
        }
    }
    text
}
