//! Server-side apply: who applies owns what was applied, and is told when somebody else does.
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{
    Body, Call, Refusal, defaults,
    fields::{self, Owner, Path, Paths, Writer, key_of},
    list, patch,
    route::Target,
    shape::Shape,
    write,
};
use crate::demo::store::{Options, Verb};

pub(super) fn apply(
    call: &Call<'_>,
    target: &Target,
    shape: Shape,
    mut applied: Value,
) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    if call.query.get("fieldManager").is_empty() {
        let message = "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch";
        return Err(Refusal::new(422, "Invalid", message));
    }
    write::check(target, &mut applied)?;
    if applied["metadata"]["managedFields"].as_array().is_some_and(|m| !m.is_empty()) {
        return Err(Refusal::bad_request("metadata.managedFields must be nil"));
    }
    applied["metadata"]["name"] = target.name.as_str().into();
    let writer = Writer { apply: true, ..Writer::updates(call, target) };
    let force = call.query.flag("force");
    let dry_run = call.query.dry_run()?;
    if call.store.get(resource, target.space(), &target.name).is_none() {
        if !target.subresource.is_empty() {
            return Err(Refusal::not_found(resource, &target.name));
        }
        write::check_namespace(call, target)?;
        let mut object = applied.clone();
        write::scope(target, &json!({}), &mut object);
        defaults::fill(resource, &mut object);
        write::review(call, target, Verb::Create, None, &mut object)?;
        let own = writer.owner(fields::paths(&applied));
        fields::put_owners(&mut object, &[own]);
        let made = call.store.create_with(resource, object, Options { dry_run, revision: None })?;
        return Ok(list::one(call, resource, shape, &made, StatusCode::CREATED));
    }
    let options = Options { dry_run, revision: None };
    let written = call.store.try_modify(resource, target.space(), &target.name, options, |current| {
        let mut new = merged(current, &applied, &writer, force)?;
        patch::settle(call, target, current, &mut new)?;
        *current = new;
        Ok(())
    })?;
    Ok(list::one(call, resource, shape, &written, StatusCode::OK))
}

/// The object with what was applied.
fn merged(current: &Value, applied: &Value, writer: &Writer, force: bool) -> Result<Value, Refusal> {
    let wanted = fields::paths(applied);
    let mut owners = fields::owners(current);
    let differs =
        |p: &Path| fields::at(current, p) != fields::at(applied, p) && p.last().is_none_or(|l| l != ".");
    let mut conflicts: Vec<(Owner, Paths)> = Vec::new();
    for owner in owners.iter_mut().filter(|o| !writer.is(o)) {
        let theirs: Paths = owner.paths.intersection(&wanted).filter(|p| differs(p)).cloned().collect();
        if !theirs.is_empty() {
            owner.paths.retain(|p| !theirs.contains(p));
            conflicts.push((owner.clone(), theirs));
        }
    }
    if !conflicts.is_empty() && !force {
        return Err(conflict(&conflicts));
    }
    let mut new = current.clone();
    let before = owners.iter().find(|o| writer.is(o)).map(|o| o.paths.clone()).unwrap_or_default();
    let others: Paths =
        owners.iter().filter(|o| !writer.is(o)).flat_map(|o| o.paths.iter().cloned()).collect();
    // What was applied before and is not any more goes, unless somebody else wants it too.
    for path in before.iter().rev().filter(|p| !wanted.contains(*p) && !others.contains(*p)) {
        take_out(&mut new, path, &wanted);
    }
    for part in applied.as_object().into_iter().flatten() {
        merge(&mut new[part.0], part.1, part.0);
    }
    match owners.iter_mut().find(|o| writer.is(o)) {
        Some(own) if own.paths == wanted => {}
        Some(own) => *own = writer.owner(wanted),
        None => owners.push(writer.owner(wanted)),
    }
    fields::put_owners(&mut new, &owners);
    Ok(new)
}

fn merge(into: &mut Value, applied: &Value, field: &str) {
    match (&mut *into, applied) {
        (Value::Object(into), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(into.entry(name.clone()).or_insert(Value::Null), value, name);
            }
        }
        (Value::Array(into), Value::Array(items)) if field == "finalizers" => {
            for item in items {
                if !into.contains(item) {
                    into.push(item.clone());
                }
            }
        }
        (Value::Array(into), Value::Array(items)) if key_of(field).is_some() => {
            let key = key_of(field).unwrap_or_default();
            for item in items {
                match into.iter_mut().find(|i| i[key] == item[key]) {
                    Some(found) => merge(found, item, ""),
                    None => into.push(item.clone()),
                }
            }
        }
        _ => *into = applied.clone(),
    }
}

/// Takes a field out, and an item of a list when nothing of it is wanted any more.
fn take_out(object: &mut Value, path: &Path, wanted: &Paths) {
    let (Some(last), Some(way)) = (path.last(), path.len().checked_sub(1).and_then(|n| path.get(..n))) else {
        return;
    };
    if last == "." {
        if wanted.iter().any(|w| w.starts_with(way)) {
            return;
        }
        return take_out(object, &way.to_vec(), wanted);
    }
    let pointer = pointer(object, way);
    let Some(at) = pointer.and_then(|p| object.pointer_mut(&p)) else { return };
    match (last.split_at_checked(2), at) {
        (Some(("f:", name)), Value::Object(fields)) => _ = fields.remove(name),
        (Some(("v:", value)), Value::Array(items)) => items.retain(|i| !fields::is(i, value)),
        (Some(("k:", key)), Value::Array(items)) => {
            let key: Value = serde_json::from_str(key).unwrap_or_default();
            items.retain(|i| !key.as_object().is_some_and(|k| k.iter().all(|(k, v)| i[k] == *v)));
        }
        _ => {}
    }
}

/// A path as a JSON pointer into an object.
fn pointer(object: &Value, path: &[String]) -> Option<String> {
    let mut text = String::new();
    for end in 0..path.len() {
        let step = path[end].split_at_checked(2)?;
        let name = if let ("f:", name) = step {
            name.replace('~', "~0").replace('/', "~1")
        } else {
            let item = fields::at(object, &path[..=end])?;
            let list = fields::at(object, &path[..end])?.as_array()?;
            list.iter().position(|i| i == item)?.to_string()
        };
        text.push('/');
        text.push_str(&name);
    }
    Some(text)
}

fn conflict(conflicts: &[(Owner, Paths)]) -> Refusal {
    let mut causes = Vec::new();
    let mut words = Vec::new();
    for (owner, paths) in conflicts {
        let whose = format!("\"{}\"{} using {}", owner.name, subresource(owner), owner.version);
        let shown: Vec<String> = paths.iter().map(show).collect();
        let message = format!("conflict with {whose}");
        causes.extend(
            shown
                .iter()
                .map(|field| json!({ "reason": "FieldManagerConflict", "message": message, "field": field })),
        );
        words.push(match shown.as_slice() {
            [one] => format!("conflict with {whose}: {one}"),
            many => format!("conflicts with {whose}:\n- {}", many.join("\n- ")),
        });
    }
    let count = causes.len();
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("Apply failed with {count} conflict{plural}: {}", words.join("\n"));
    let mut refusal = Refusal::new(409, "Conflict", message);
    refusal.details = json!({ "causes": causes });
    refusal
}

fn subresource(owner: &Owner) -> String {
    match owner.subresource.as_str() {
        "" => String::new(),
        part => format!(" with subresource \"{part}\""),
    }
}

/// A path as people read it: `.spec.topology.workers.machineDeployments[name="md-0"].replicas`.
fn show(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        match step.split_at_checked(2) {
            Some(("f:", name)) => {
                text.push('.');
                text.push_str(name);
            }
            Some(("k:", key)) => {
                let key: Value = serde_json::from_str(key).unwrap_or_default();
                let pairs: Vec<String> =
                    key.as_object().into_iter().flatten().map(|(k, v)| format!("{k}={v}")).collect();
                text.extend(["[", &pairs.join(","), "]"]);
            }
            Some(("v:", value)) => text.extend(["[=", value, "]"]),
            _ => {}
        }
    }
    text
}
