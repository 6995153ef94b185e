//! Objects that are made, replaced and deleted.
use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::{
    Body, Call, Refusal, answer, defaults, fields, list, protobuf, route::Target, selector::Selection,
    shape::Shape,
};
use crate::demo::store::{
    Cause, Delete, Operation, Options, Propagation, Resource, Verb, resource::NAMESPACES,
};

/// The body as JSON; YAML is taken too, and protobuf of the server's own kinds.
pub(super) fn body(call: &Call<'_>) -> Result<Value, Refusal> {
    let kind = content_type(call);
    if kind == protobuf::MEDIA_TYPE {
        return protobuf::read(&call.body);
    }
    let yaml = kind.ends_with("yaml");
    let known = matches!(kind.as_str(), "" | "application/json" | "*/*") || kind.ends_with("+json");
    if !(yaml || known) {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf ({kind})"
        );
        return Err(Refusal::new(415, "UnsupportedMediaType", message));
    }
    let wrong = |why: String| Refusal::bad_request(format!("the body of the request cannot be read: {why}"));
    let read = serde_json::from_slice(&call.body).map_err(|e| e.to_string());
    match read {
        Err(_) if yaml => {
            let text = std::str::from_utf8(&call.body).map_err(|e| wrong(e.to_string()))?;
            serde_saphyr::from_str(text).map_err(|e| wrong(e.to_string()))
        }
        read => read.map_err(wrong),
    }
}

/// The media type of the body, without parameters.
pub(super) fn content_type(call: &Call<'_>) -> String {
    let text = call.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_owned()
}

/// Who writes, for `managedFields`.
pub(super) fn writer(call: &Call<'_>) -> String {
    let named = call.query.get("fieldManager");
    if !named.is_empty() {
        return named.to_owned();
    }
    let agent = call.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("unknown");
    agent.split('/').next().unwrap_or("unknown").to_owned()
}

/// An object that was sent must be what the address says.
pub(super) fn check(target: &Target, object: &mut Value) -> Result<(), Refusal> {
    let bad = |message: String| Err(Refusal::bad_request(message));
    if !object.is_object() {
        return bad("the body of the request is no object".into());
    }
    let version = target.served.api_version();
    match object["apiVersion"].as_str() {
        None | Some("") if !target.served.resource.built_in => {
            return bad("Object 'apiVersion' is missing".into());
        }
        Some(other) if !other.is_empty() && other != version => {
            return bad(format!(
                "the API version in the data ({other}) does not match the expected API version ({version})"
            ));
        }
        _ => {}
    }
    match object["kind"].as_str() {
        Some(other) if !other.is_empty() && other != target.served.resource.kind => {
            let wanted = target.served.resource.kind;
            return bad(format!(
                "the kind in the data ({other}) does not match the expected kind ({wanted})"
            ));
        }
        None if !target.served.resource.built_in => return bad("Object 'Kind' is missing".into()),
        _ => {}
    }
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if !target.name.is_empty() && !name.is_empty() && name != target.name {
        let url = &target.name;
        return bad(format!("the name of the object ({name}) does not match the name on the URL ({url})"));
    }
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    match &target.namespace {
        Some(wanted) if !namespace.is_empty() && namespace != wanted => {
            bad("the namespace of the provided object does not match the namespace sent on the request"
                .into())
        }
        Some(wanted) => {
            object["metadata"]["namespace"] = wanted.as_str().into();
            Ok(())
        }
        None => Ok(()),
    }
}

/// New objects need a namespace that is there and stays.
pub(super) fn check_namespace(call: &Call<'_>, target: &Target) -> Result<(), Refusal> {
    let Some(namespace) = target.namespace.as_deref().filter(|_| call.store.serves(&NAMESPACES)) else {
        return Ok(());
    };
    match call.store.get(&NAMESPACES, "", namespace) {
        None => Err(Refusal::not_found(&NAMESPACES, namespace)),
        Some(found) if found.deleting => {
            let why = format!(
                "unable to create new content in namespace {namespace} because it is being terminated"
            );
            Err(Refusal::forbidden(target.served.resource, &target.name, &why))
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn create(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    if resource.namespaced && target.namespace.is_none() {
        return Err(super::route::not_allowed());
    }
    let shape = Shape::wanted(call)?;
    let dry_run = call.query.dry_run()?;
    let mut object = body(call)?;
    check(target, &mut object)?;
    check_namespace(call, target)?;
    if object["metadata"]["resourceVersion"].as_str().is_some_and(|v| !v.is_empty()) {
        return Err(Refusal::new(
            500,
            "InternalError",
            "resourceVersion should not be set on objects to be created",
        ));
    }
    if resource.status
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("status");
    }
    defaults::fill(resource, &mut object);
    review(call, target, Verb::Create, None, &mut object)?;
    fields::track(&json!({}), &mut object, &fields::Writer::updates(call, target));
    let options = Options { dry_run, revision: None };
    let made = call.store.create_with(resource, object, options)?;
    Ok(list::one(call, resource, shape, &made, StatusCode::CREATED))
}

/// Asks the rules of admission.
pub(super) fn review(
    call: &Call<'_>,
    target: &Target,
    verb: Verb,
    old: Option<&Value>,
    new: &mut Value,
) -> Result<(), Refusal> {
    call.store.review(&mut Operation {
        api: call.store,
        verb,
        resource: target.served.resource,
        subresource: &target.subresource,
        who: call.who,
        dry_run: call.query.dry_run()?,
        old,
        new,
    })
}

/// Of a write to an object its status stays, and of one to its status all else.
pub(super) fn scope(target: &Target, before: &Value, after: &mut Value) {
    let resource = target.served.resource;
    if !resource.status {
        return;
    }
    if target.subresource == "status" {
        let status = after["status"].take();
        let managed = after["metadata"]["managedFields"].take();
        let version = after["metadata"]["resourceVersion"].take();
        *after = before.clone();
        after["status"] = status;
        after["metadata"]["resourceVersion"] = version;
        if !managed.is_null() {
            after["metadata"]["managedFields"] = managed;
        }
    } else if let Some(fields) = after.as_object_mut() {
        match before.get("status") {
            Some(status) => fields.insert("status".into(), status.clone()),
            None => fields.remove("status"),
        };
    }
    if after["status"].is_null()
        && let Some(fields) = after.as_object_mut()
    {
        fields.remove("status");
    }
}

pub(super) fn update(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    no_status(target)?;
    let shape = Shape::wanted(call)?;
    let dry_run = call.query.dry_run()?;
    let mut object = body(call)?;
    check(target, &mut object)?;
    let revision = pinned(&object)?;
    if revision.is_none()
        && !resource.built_in
        && call.store.get(resource, target.space(), &target.name).is_some()
    {
        let cause = Cause {
            reason: "FieldValueInvalid",
            field: "metadata.resourceVersion".into(),
            message: "Invalid value: 0: must be specified for an update".into(),
        };
        return Err(Refusal::invalid(resource, &target.name, &[cause]));
    }
    let writer = fields::Writer::updates(call, target);
    let options = Options { dry_run, revision };
    let written = call.store.try_modify(resource, target.space(), &target.name, options, |current| {
        let mut new = object.clone();
        let (wanted, is) = (&new["metadata"]["uid"], &current["metadata"]["uid"]);
        if !wanted.is_null() && wanted != is {
            let shown = |uid: &Value| uid.as_str().unwrap_or_default().to_owned();
            let why = format!(
                "Precondition failed: UID in precondition: {}, UID in object meta: {}",
                shown(wanted),
                shown(is)
            );
            return Err(Refusal::conflict(resource, &target.name, &why));
        }
        scope(target, current, &mut new);
        review(call, target, Verb::Update, Some(current), &mut new)?;
        fields::track(current, &mut new, &writer);
        *current = new;
        Ok(())
    })?;
    Ok(list::one(call, resource, shape, &written, StatusCode::OK))
}

/// The revision that an object which was sent was read at.
pub(super) fn pinned(object: &Value) -> Result<Option<u64>, Refusal> {
    match object["metadata"]["resourceVersion"].as_str() {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Refusal::bad_request(format!("metadata.resourceVersion: Invalid value: \"{text}\""))
        }),
    }
}

/// Where there is no status, there is no address of it.
pub(super) fn no_status(target: &Target) -> Result<(), Refusal> {
    let missing = target.subresource == "status" && !target.served.resource.status;
    if missing { Err(super::route::no_resource()) } else { Ok(()) }
}

/// How a deletion is meant: body and address both may say it.
fn how(call: &Call<'_>) -> Result<Delete, Refusal> {
    let said = if call.body.is_empty() { Value::Null } else { body(call)? };
    let policy = match call.query.get("propagationPolicy") {
        "" => said["propagationPolicy"].as_str().unwrap_or_default(),
        policy => policy,
    };
    let propagation = match policy {
        "" if said["orphanDependents"] == true => Propagation::Orphan,
        "" | "Background" => Propagation::Background,
        "Foreground" => Propagation::Foreground,
        "Orphan" => Propagation::Orphan,
        other => {
            let message = format!(
                "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"{other}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
            );
            return Err(Refusal::new(422, "Invalid", message));
        }
    };
    let grace = call.query.get("gracePeriodSeconds").parse().ok();
    Ok(Delete {
        propagation,
        dry_run: call.query.dry_run()?
            || said["dryRun"].as_array().is_some_and(|d| d.iter().any(|v| v == "All")),
        uid: said["preconditions"]["uid"].as_str().map(str::to_owned),
        revision: said["preconditions"]["resourceVersion"].as_str().and_then(|v| v.parse().ok()),
        grace: grace.or_else(|| said["gracePeriodSeconds"].as_i64()),
    })
}

pub(super) fn delete(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let how = how(call)?;
    let resource = target.served.resource;
    let found = call.store.value(resource, target.space(), &target.name);
    let old = found.ok_or_else(|| Refusal::not_found(resource, &target.name))?;
    review(call, target, Verb::Delete, Some(&old), &mut Value::Null)?;
    let ended = call.store.delete(resource, target.space(), &target.name, &how)?;
    let gone = how.dry_run || call.store.get(resource, target.space(), &target.name).is_none();
    if !gone {
        return Ok(answer::bytes(StatusCode::OK, ended.json.clone()));
    }
    Ok(answer::ok(&success(resource, &ended.name, &ended.uid)))
}

fn success(resource: &Resource, name: &str, uid: &str) -> Value {
    let mut details = json!({ "name": name, "kind": resource.plural, "uid": uid });
    if !resource.group.is_empty() {
        details["group"] = resource.group.into();
    }
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details })
}

pub(super) fn delete_collection(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    if resource.namespaced && target.namespace.is_none() || resource.is(&NAMESPACES) {
        return Err(super::route::not_allowed());
    }
    let how = how(call)?;
    let selection = Selection::of(call, target)?;
    let listed = call.store.list(resource, target.namespace.as_deref());
    let mut items = Vec::new();
    for object in listed.objects.iter().filter(|o| selection.matches(o)) {
        review(call, target, Verb::Delete, Some(&object.value()), &mut Value::Null)?;
        match call.store.delete(resource, &object.namespace, &object.name, &how) {
            Ok(ended) => items.push(ended.value()),
            // Somebody else was faster.
            Err(refusal) if refusal.code == 404 => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(answer::ok(&json!({
        "kind": format!("{}List", resource.kind), "apiVersion": target.served.api_version(),
        "metadata": { "resourceVersion": call.store.revision().to_string() }, "items": items,
    })))
}
