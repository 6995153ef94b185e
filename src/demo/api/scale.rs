//! The scale subresource: the number of replicas alone.
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{Body, Call, Refusal, answer, fields, patch::Patch, route::Target, write};
use crate::demo::store::{Object, Options, Verb};

pub(super) fn answer(call: &Call<'_>, target: &Target, verb: &str) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    let found = call.store.get(resource, target.space(), &target.name);
    let object = found.ok_or_else(|| Refusal::not_found(resource, &target.name))?;
    if verb == "get" {
        return Ok(answer::ok(&scale(&object.value())));
    }
    let asked = match verb {
        "update" => write::body(call)?,
        "patch" => {
            let mut scale = scale(&object.value());
            Patch::read(call, false)?.make(&mut scale)?;
            scale
        }
        _ => return Err(super::route::not_allowed()),
    };
    // None at all stand for 0, as the API leaves that out.
    let Some(replicas) = asked["spec"]["replicas"].as_i64().or(Some(0)).filter(|n| *n >= 0) else {
        let message = "Scale.autoscaling \"\" is invalid: spec.replicas: Invalid value: must be greater than or equal to 0";
        return Err(Refusal::new(422, "Invalid", message));
    };
    let pinned = write::pinned(&asked)?;
    let options =
        Options { dry_run: call.query.dry_run()?, revision: if verb == "update" { pinned } else { None } };
    let writer = fields::Writer::updates(call, target);
    let written = call.store.try_modify(resource, target.space(), &target.name, options, |current| {
        if verb == "patch" && pinned != write::pinned(current)? {
            return Err(Refusal::outdated(resource, &target.name));
        }
        let mut new = current.clone();
        new["spec"]["replicas"] = replicas.into();
        write::review(call, target, Verb::Update, Some(current), &mut new)?;
        fields::track(current, &mut new, &writer);
        *current = new;
        Ok(())
    })?;
    Ok(answer::json(StatusCode::OK, &scale(&Object::value(&written))))
}

fn scale(object: &Value) -> Value {
    let meta = &object["metadata"];
    let mut scale = json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": meta["name"], "uid": meta["uid"], "namespace": meta["namespace"],
            "resourceVersion": meta["resourceVersion"], "creationTimestamp": meta["creationTimestamp"],
        },
        "spec": {},
        "status": { "replicas": object["status"]["replicas"].as_i64().unwrap_or(0) },
    });
    if let Some(replicas) = object["spec"]["replicas"].as_i64().filter(|n| *n != 0) {
        scale["spec"]["replicas"] = replicas.into();
    }
    let selector = if let Value::String(text) = &object["status"]["selector"] {
        text.clone()
    } else {
        let labels = object["spec"]["selector"]["matchLabels"].as_object();
        let pair = |(k, v): (&String, &Value)| format!("{k}={}", v.as_str().unwrap_or_default());
        labels.into_iter().flatten().map(pair).collect::<Vec<_>>().join(",")
    };
    if !selector.is_empty() {
        scale["status"]["selector"] = selector.into();
    }
    scale
}
