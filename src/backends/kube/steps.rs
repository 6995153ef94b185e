//! Carries out one step of a plan on its API server, or asks what it would do. Who may call this, and
//! when, is the executor's business alone.
use std::time::Duration;

use kube::Client;
use serde_json::{Value, json};

use super::{document, error};
use crate::{
    actions::plan::{Address, Pin, Step},
    domain::{Problem, ProblemKind},
};

/// How often a status that moves under us is outrun before we give up.
const TRIES: u32 = 6;
/// The first pause before it is tried again.
const PAUSE: Duration = Duration::from_millis(20);

/// An object before and after a step, and what the server said besides.
#[derive(Debug, Clone)]
pub struct Answer {
    pub before: Value,
    pub after: Value,
    pub warnings: Vec<String>,
}

/// The path of an object.
pub fn path(at: &Address) -> String {
    format!("{}/{}", collection(at), at.target.key.name)
}

/// The path of the objects of a kind, in a namespace where they have one.
fn collection(at: &Address) -> String {
    let root = if at.group.is_empty() {
        format!("/api/{}", at.version)
    } else {
        format!("/apis/{}/{}", at.group, at.version)
    };
    let key = &at.target.key;
    if key.namespace.is_empty() {
        format!("{root}/{}", at.plural)
    } else {
        format!("{root}/namespaces/{}/{}", key.namespace, at.plural)
    }
}

/// Makes the request of a step; with `dry_run` the server only says what it would store.
pub async fn apply(client: &Client, step: &Step, dry_run: bool) -> Result<Answer, Problem> {
    let Some(pin) = step.pin() else {
        let (after, warnings) = write(client, request(step, &Value::Null, dry_run)?, dry_run).await?;
        return Ok(Answer { before: Value::Null, after, warnings });
    };
    let mut last = None;
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
        }
        let before = document::get(client, &path(step.address())).await?;
        check(pin, &before)?;
        match write(client, request(step, &before, dry_run)?, dry_run).await {
            Ok((after, warnings)) => return Ok(Answer { before, after, warnings }),
            // Only the status moved on (the spec is checked above): that is no conflict.
            Err(problem) if problem.kind == ProblemKind::Conflict => last = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    Err(last
        .unwrap_or_else(|| Problem::new(ProblemKind::Conflict, "the object changes too fast to be written")))
}

/// The object must be the one, in the spec, that the plan was made from.
fn check(pin: &Pin, object: &Value) -> Result<(), Problem> {
    let text = |field: &str| {
        object.pointer(&format!("/metadata/{field}")).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let generation = object.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(0);
    let now = Pin { uid: text("uid"), resource_version: text("resourceVersion"), generation };
    if pin.uid != now.uid {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "another object of this name has taken its place since the plan was made",
        )
        .hint("look at it again and make a new plan"));
    }
    if pin.same_spec(&now) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Conflict,
        format!(
            "somebody changed the object since the plan was made (generation {} is now {generation})",
            pin.generation
        ),
    )
    .hint("look at what changed and make a new plan"))
}

/// The request of a step with its preconditions: the very version that was just looked at.
fn request(step: &Step, before: &Value, dry_run: bool) -> Result<http::Request<kube::client::Body>, Problem> {
    let version = before.pointer("/metadata/resourceVersion").cloned().unwrap_or_default();
    let at = step.address();
    let (method, path, media, body) = match step {
        Step::JsonPatch { operations, pin, .. } => {
            let mut all = vec![
                json!({ "op": "test", "path": "/metadata/uid", "value": pin.uid }),
                json!({ "op": "replace", "path": "/metadata/resourceVersion", "value": version }),
            ];
            all.extend(operations.as_array().cloned().unwrap_or_default());
            (http::Method::PATCH, path(at), "application/json-patch+json", Value::Array(all))
        }
        Step::MergePatch { body, pin, .. } => {
            let mut body = body.clone();
            json_patch::merge(
                &mut body,
                &json!({ "metadata": { "uid": pin.uid, "resourceVersion": version } }),
            );
            (http::Method::PATCH, path(at), "application/merge-patch+json", body)
        }
        Step::Create { body, .. } => (http::Method::POST, collection(at), "application/json", body.clone()),
        Step::Delete { pin, .. } => {
            let mut options = json!({
                "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
                "preconditions": { "uid": pin.uid, "resourceVersion": version },
            });
            // Of a deletion the API reads its options in the body or in the query, never in both.
            if dry_run {
                options["dryRun"] = json!(["All"]);
            }
            (http::Method::DELETE, path(at), "application/json", options)
        }
    };
    let query = match step {
        Step::Delete { .. } => "",
        _ if dry_run => "?dryRun=All&fieldManager=tko&fieldValidation=Strict",
        _ => "?fieldManager=tko&fieldValidation=Strict",
    };
    http::Request::builder()
        .method(method)
        .uri(format!("{path}{query}"))
        .header(http::header::CONTENT_TYPE, media)
        .body(body.to_string().into_bytes().into())
        .map_err(|e| Problem::new(ProblemKind::Malformed, format!("the request cannot be made: {e}")))
}

async fn write(
    client: &Client,
    request: http::Request<kube::client::Body>,
    dry_run: bool,
) -> Result<(Value, Vec<String>), Problem> {
    send(client, request).await.map_err(|problem| if dry_run { problem } else { unknown_outcome(problem) })
}

/// A write without an answer may have been carried out all the same.
fn unknown_outcome(problem: Problem) -> Problem {
    let is_silent =
        problem.code.is_none() && matches!(problem.kind, ProblemKind::Unreachable | ProblemKind::Malformed);
    // Who answers with these has not seen the end of the request: a proxy, or the server as it ran out of time.
    let is_in_between =
        matches!(problem.code, Some(500 | 502 | 503 | 504)) && problem.kind == ProblemKind::Server;
    if is_silent || is_in_between {
        return problem.hint(
            "the server may have made the change or not, and it is not repeated: look at the object first",
        );
    }
    problem
}

/// Sends a write and reads the object and the `Warning` headers of the answer (RFC 7234 §5.5, code 299).
async fn send(
    client: &Client,
    request: http::Request<kube::client::Body>,
) -> Result<(Value, Vec<String>), Problem> {
    let context = "write the object";
    let answer = client.send(request).await.map_err(|e| error::problem(context, &e))?;
    let warnings = answer
        .headers()
        .get_all(http::header::WARNING)
        .iter()
        .filter_map(|h| h.to_str().ok())
        .map(warning)
        .collect();
    let status = answer.status();
    let bytes = answer.into_body().collect_bytes().await.map_err(|e| error::problem(context, &e))?;
    if !status.is_success() {
        let refused =
            serde_json::from_slice::<kube::core::Status>(&bytes).unwrap_or_else(|_| kube::core::Status {
                code: status.as_u16(),
                message: String::from_utf8_lossy(&bytes).into_owned(),
                ..Default::default()
            });
        return Err(error::problem(context, &kube::Error::Api(refused.boxed())));
    }
    let object =
        serde_json::from_slice(&bytes).map_err(|e| error::problem(context, &kube::Error::SerdeError(e)))?;
    Ok((object, warnings))
}

/// `299 - "text"` without its frame.
fn warning(header: &str) -> String {
    header
        .split_once('"')
        .map_or(header, |(_, rest)| rest.trim_end().trim_end_matches('"'))
        .replace("\\\"", "\"")
}
