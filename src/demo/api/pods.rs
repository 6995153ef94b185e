//! What only pods have: logs, and eviction that respects disruption budgets.
use std::convert::Infallible;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use super::{Body, Call, Refusal, answer, route::Target};
use crate::demo::store::{Delete, resource::PODS};

pub(super) fn log(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    if !target.served.resource.is(&PODS) {
        return Err(super::route::no_resource());
    }
    let pod = call.store.value(&PODS, target.space(), &target.name);
    let pod = pod.ok_or_else(|| Refusal::not_found(&PODS, &target.name))?;
    let containers = pod["spec"]["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = containers.iter().filter_map(|c| c["name"].as_str()).collect();
    let asked = call.query.get("container");
    let container = match (asked, names.as_slice()) {
        ("", [one]) => one,
        ("", []) => "",
        ("", many) => {
            let message = format!(
                "a container name must be specified for pod {}, choose one of: [{}]",
                target.name,
                many.join(" ")
            );
            return Err(Refusal::bad_request(message));
        }
        (name, _) if names.contains(&name) => name,
        (name, _) => {
            return Err(Refusal::bad_request(format!(
                "container {name} is not valid for pod {}",
                target.name
            )));
        }
    };
    let lines = call.store.logs(target.space(), &target.name, container, call.query.flag("previous"));
    if call.query.flag("previous") && lines.is_empty() {
        let message =
            format!("previous terminated container \"{container}\" in pod \"{}\" not found", target.name);
        return Err(Refusal::bad_request(message));
    }
    let last = call.query.number("tailLines").and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let from = lines.len().saturating_sub(last);
    let text: String = lines[from..].iter().flat_map(|l| [l.as_str(), "\n"]).collect();
    if call.query.flag("follow") {
        return Ok(follow(call, target, text));
    }
    Ok(answer::text(StatusCode::OK, text))
}

/// The lines that are there; then nothing more is written, and the answer ends when the pod does.
fn follow(call: &Call<'_>, target: &Target, text: String) -> Response<Body> {
    let (store, stop) = (call.store.clone(), call.stop.clone());
    let (namespace, name) = (target.space().to_owned(), target.name.clone());
    let mut changed = store.subscribe_all();
    let end = async move {
        while store.get(&PODS, &namespace, &name).is_some() {
            tokio::select! {
                () = stop.cancelled() => break,
                changed = changed.changed() => if changed.is_err() { break },
            }
        }
        Bytes::new()
    };
    let frames = stream::iter([Bytes::from(text)]).chain(stream::once(end));
    let frames = frames.map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    let mut response = answer::stream(StreamBody::new(frames).boxed_unsync());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

pub(super) fn evict(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    if !target.served.resource.is(&PODS) {
        return Err(super::route::no_resource());
    }
    let asked = if call.body.is_empty() { Value::Null } else { super::write::body(call)? };
    let options = &asked["deleteOptions"];
    let dry_run = options["dryRun"].as_array().is_some_and(|d| !d.is_empty());
    let how = Delete {
        grace: options["gracePeriodSeconds"].as_i64(),
        dry_run: call.query.dry_run()? || dry_run,
        uid: options["preconditions"]["uid"].as_str().map(str::to_owned),
        ..Delete::default()
    };
    call.store.evict(target.space(), &target.name, &how)?;
    Ok(answer::json(
        StatusCode::CREATED,
        &json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201,
        }),
    ))
}
