//! One object, or a list of them in pages.
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{BufMut as _, Bytes, BytesMut};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    Body, Call, Refusal, answer,
    route::Target,
    selector::Selection,
    shape::{self, Shape},
};
use crate::demo::store::{Key, Object, resource::Resource};

/// One object.
pub(super) fn get(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let shape = Shape::wanted(call)?;
    let resource = target.served.resource;
    let found = call.store.get(resource, target.space(), &target.name);
    let object = found.ok_or_else(|| Refusal::not_found(resource, &target.name))?;
    Ok(one(call, resource, shape, &object, StatusCode::OK))
}

/// An object in the shape that is wanted.
pub(super) fn one(
    call: &Call<'_>,
    resource: &Resource,
    shape: Shape,
    object: &Arc<Object>,
    status: StatusCode,
) -> Response<Body> {
    match shape {
        Shape::Plain => answer::bytes(status, object.json.clone()),
        Shape::Partial => answer::json(status, &shape::partial(&object.value())),
        Shape::Table(include) => {
            let rows = vec![shape::row(resource, object, include, call.store.now())];
            let meta = Map::from_iter([("resourceVersion".to_owned(), object.revision.to_string().into())]);
            answer::json(status, &shape::table(&meta, Some(shape::columns(resource)), &rows))
        }
    }
}

/// What is found, and how to go on.
struct Found {
    objects: Vec<Arc<Object>>,
    meta: Map<String, Value>,
}

pub(super) fn list(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let shape = Shape::wanted(call)?;
    let resource = target.served.resource;
    let found = find(call, target)?;
    Ok(match shape {
        Shape::Plain => answer::bytes(StatusCode::OK, joined(target, &found)),
        Shape::Partial => {
            let items: Vec<Value> = found.objects.iter().map(|o| shape::partial(&o.value())).collect();
            answer::ok(&json!({
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                "metadata": found.meta, "items": items,
            }))
        }
        Shape::Table(include) => {
            let now = call.store.now();
            let rows =
                found.objects.iter().map(|o| shape::row(resource, o, include, now)).collect::<Vec<_>>();
            answer::ok(&shape::table(&found.meta, Some(shape::columns(resource)), &rows))
        }
    })
}

fn find(call: &Call<'_>, target: &Target) -> Result<Found, Refusal> {
    let selection = Selection::of(call, target)?;
    if let Some(wanted) = call.query.revision(false)? {
        readable(wanted, call.store.revision(), call.query.get("resourceVersionMatch") == "Exact")?;
    }
    let limit = usize::try_from(call.query.number("limit").unwrap_or(0)).unwrap_or(0);
    let most = if limit == 0 { usize::MAX } else { limit };
    let (mut after, mut revision) = token(call, target)?;
    let mut objects = Vec::new();
    // Pages are counted in objects that are meant, so pages of the store may have to be read on.
    let more = loop {
        let want = if selection.is_whole() { most - objects.len() } else { most };
        let page = call.store.page(target.served.resource, target.namespace.as_deref(), after.as_ref(), want);
        if revision == 0 {
            revision = page.revision;
        }
        for object in page.objects {
            after = Some(object.key());
            if selection.matches(&object) {
                objects.push(object);
            }
            if objects.len() == most {
                break;
            }
        }
        let rest = !call
            .store
            .page(target.served.resource, target.namespace.as_deref(), after.as_ref(), 1)
            .objects
            .is_empty();
        if !rest || page.more.is_none() && objects.len() < most {
            break None;
        }
        if objects.len() >= most {
            break after;
        }
    };
    let mut meta = Map::from_iter([("resourceVersion".to_owned(), revision.to_string().into())]);
    if let Some((namespace, name)) = more {
        let token = json!({ "v": "tko", "rv": revision, "namespace": &*namespace, "name": &*name });
        meta.insert("continue".into(), STANDARD.encode(token.to_string()).into());
        if selection.is_whole() {
            let all = call.store.page(
                target.served.resource,
                target.namespace.as_deref(),
                Some(&(namespace, name)),
                usize::MAX,
            );
            meta.insert("remainingItemCount".into(), all.objects.len().into());
        }
    }
    Ok(Found { objects, meta })
}

/// A revision that was not reached yet cannot be read, nor exactly one that is over.
fn readable(wanted: u64, now: u64, exact: bool) -> Result<(), Refusal> {
    if exact && wanted < now {
        let message = "The resourceVersion for the provided list is too old.";
        return Err(Refusal::new(410, "Expired", message));
    }
    if wanted <= now {
        return Ok(());
    }
    let mut refusal = Refusal::new(
        504,
        "Timeout",
        format!("Timeout: Too large resource version: {wanted}, current: {now}"),
    );
    refusal.details = json!({
        "causes": [{ "reason": "ResourceVersionTooLarge", "message": "Too large resource version" }],
        "retryAfterSeconds": 1,
    });
    Err(refusal)
}

/// Where a page begins, and the revision of the list it belongs to (0 for none yet).
fn token(call: &Call<'_>, target: &Target) -> Result<(Option<Key>, u64), Refusal> {
    let token = call.query.get("continue");
    if token.is_empty() {
        return Ok((None, 0));
    }
    let wrong = || Refusal::bad_request("continue key is not valid: it is none of this server");
    let read = STANDARD
        .decode(token)
        .ok()
        .and_then(|t| serde_json::from_slice::<Value>(&t).ok())
        .ok_or_else(wrong)?;
    let part = |name: &str| read[name].as_str().map(Arc::from).ok_or_else(wrong);
    let revision = read["rv"].as_u64().ok_or_else(wrong)?;
    if call.store.changed_since(target.served.resource, revision).is_err() {
        let message = "The provided continue parameter is too old to display a consistent list result. \
                       You must start a new list without the continue parameter.";
        return Err(Refusal::new(410, "Expired", message));
    }
    Ok((Some((part("namespace")?, part("name")?)), revision))
}

/// The list as it is sent: the objects are there as JSON already.
fn joined(target: &Target, found: &Found) -> Bytes {
    let size: usize = found.objects.iter().map(|o| o.json.len() + 1).sum();
    let mut body = BytesMut::with_capacity(size + 256);
    let meta = Value::Object(found.meta.clone());
    let (kind, version) = (target.served.resource.kind, target.served.api_version());
    let head = format!(r#"{{"kind":"{kind}List","apiVersion":"{version}","metadata":{meta},"items":["#);
    body.put_slice(head.as_bytes());
    for (at, object) in found.objects.iter().enumerate() {
        if at > 0 {
            body.put_u8(b',');
        }
        body.put_slice(&object.json);
    }
    body.put_slice(b"]}");
    body.freeze()
}
