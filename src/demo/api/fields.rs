//! Who set which field: `managedFields`, as far as conflicts of server-side apply need it. Fields that the demo's
//! own controllers set belong to nobody.
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Call, route::Target, write::writer};
use crate::demo::store::stamp;

/// A field, as a way from the top: `f:spec`, `k:{"name":"md-0"}`, `v:"x"`; a last `.` is the item itself.
pub(super) type Path = Vec<String>;
pub(super) type Paths = BTreeSet<Path>;

/// Who writes, and how.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) name: String,
    pub(super) apply: bool,
    pub(super) version: String,
    pub(super) subresource: String,
    pub(super) now: String,
}

/// One entry of `managedFields`.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) apply: bool,
    pub(super) version: String,
    pub(super) subresource: String,
    pub(super) time: String,
    pub(super) paths: Paths,
}

impl Writer {
    pub(super) fn updates(call: &Call<'_>, target: &Target) -> Self {
        Self {
            name: writer(call),
            apply: false,
            version: target.served.api_version(),
            subresource: target.subresource.clone(),
            now: stamp(call.store.now()),
        }
    }

    pub(super) fn is(&self, owner: &Owner) -> bool {
        self.name == owner.name && self.apply == owner.apply && self.subresource == owner.subresource
    }

    pub(super) fn owner(&self, paths: Paths) -> Owner {
        Owner {
            name: self.name.clone(),
            apply: self.apply,
            version: self.version.clone(),
            subresource: self.subresource.clone(),
            time: self.now.clone(),
            paths,
        }
    }
}

/// The key of the items of a list, where it has one.
pub(super) fn key_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "conditions" | "addresses" => "type",
        "containers" | "initContainers" | "volumes" | "env" | "machineDeployments" | "variables"
        | "overrides" | "machinePools" => "name",
        "ownerReferences" => "uid",
        _ => return None,
    })
}

/// Every field that an object sets.
pub(super) fn paths(object: &Value) -> Paths {
    const OWN: &[&str] = &[
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "managedFields",
        "selfLink",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generateName",
    ];
    let mut found = Paths::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        match name.as_str() {
            "apiVersion" | "kind" => {}
            "metadata" => {
                for (name, value) in
                    value.as_object().into_iter().flatten().filter(|(n, _)| !OWN.contains(&n.as_str()))
                {
                    walk(&mut vec!["f:metadata".into(), format!("f:{name}")], name, value, &mut found);
                }
            }
            _ => walk(&mut vec![format!("f:{name}")], name, value, &mut found),
        }
    }
    found
}

fn walk(at: &mut Path, field: &str, value: &Value, found: &mut Paths) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                at.push(format!("f:{name}"));
                walk(at, name, value, found);
                at.pop();
            }
        }
        Value::Array(items) if field == "finalizers" => {
            for item in items {
                at.push(format!("v:{item}"));
                found.insert(at.clone());
                at.pop();
            }
        }
        Value::Array(items) if key_of(field).is_some_and(|k| items.iter().all(|i| !i[k].is_null())) => {
            let key = key_of(field).unwrap_or_default();
            for item in items {
                at.push(format!("k:{}", json!({ key: item[key] })));
                at.push(".".into());
                found.insert(at.clone());
                at.pop();
                walk(at, "", item, found);
                at.pop();
            }
        }
        _ => _ = found.insert(at.clone()),
    }
}

/// What stands at a path; nothing when it is not there.
pub(super) fn at<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    let mut at = object;
    for step in path {
        at = match step.split_at_checked(2)? {
            ("f:", name) => at.get(name)?,
            ("k:", key) => item(at, key)?,
            ("v:", value) => at.as_array()?.iter().find(|i| is(i, value))?,
            _ => at,
        };
    }
    Some(at)
}

/// Whether a plain item of a list is the one that is written so.
pub(super) fn is(item: &Value, written: &str) -> bool {
    serde_json::from_str::<Value>(written).is_ok_and(|w| w == *item)
}

fn item<'a>(list: &'a Value, key: &str) -> Option<&'a Value> {
    let key: Map<String, Value> = serde_json::from_str(key).ok()?;
    list.as_array()?.iter().find(|i| key.iter().all(|(k, v)| i[k] == *v))
}

/// The entries of an object.
pub(super) fn owners(object: &Value) -> Vec<Owner> {
    let entries = object["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let owner = |entry: &Value| {
        let mut paths = Paths::new();
        read(&entry["fieldsV1"], &mut Vec::new(), &mut paths);
        Owner {
            name: text(entry, "manager"),
            apply: entry["operation"] == "Apply",
            version: text(entry, "apiVersion"),
            subresource: text(entry, "subresource"),
            time: text(entry, "time"),
            paths,
        }
    };
    entries.iter().map(owner).collect()
}

fn read(tree: &Value, at: &mut Path, found: &mut Paths) {
    let Some(fields) = tree.as_object().filter(|f| !f.is_empty()) else {
        found.insert(at.clone());
        return;
    };
    for (step, below) in fields {
        at.push(step.clone());
        read(below, at, found);
        at.pop();
    }
}

/// Writes entries down; those that own nothing are left out.
pub(super) fn put_owners(object: &mut Value, owners: &[Owner]) {
    let entries: Vec<Value> = owners
        .iter()
        .filter(|o| !o.paths.is_empty())
        .map(|owner| {
            let mut tree = json!({});
            for path in &owner.paths {
                let mut at = &mut tree;
                for step in path {
                    at = &mut at[step];
                    if at.is_null() {
                        *at = json!({});
                    }
                }
            }
            let mut entry = json!({
                "manager": owner.name, "operation": if owner.apply { "Apply" } else { "Update" },
                "apiVersion": owner.version, "time": owner.time, "fieldsType": "FieldsV1", "fieldsV1": tree,
            });
            if !owner.subresource.is_empty() {
                entry["subresource"] = owner.subresource.as_str().into();
            }
            entry
        })
        .collect();
    if let Some(meta) = object["metadata"].as_object_mut() {
        if entries.is_empty() {
            meta.remove("managedFields");
        } else {
            meta.insert("managedFields".into(), entries.into());
        }
    }
}

/// What an update changed belongs to whoever made it.
pub(super) fn track(before: &Value, after: &mut Value, writer: &Writer) {
    let now = paths(after);
    let changed: Paths = now.iter().filter(|p| at(before, p) != at(after, p)).cloned().collect();
    let mut all = owners(before);
    for owner in &mut all {
        let keeps =
            |p: &Path| writer.is(owner) && now.contains(p) || !changed.contains(p) && at(after, p).is_some();
        owner.paths = owner.paths.iter().filter(|p| keeps(p)).cloned().collect();
    }
    if !changed.is_empty() {
        match all.iter_mut().find(|o| writer.is(o)) {
            Some(own) => {
                own.paths.extend(changed);
                own.time.clone_from(&writer.now);
                own.version.clone_from(&writer.version);
            }
            None => all.push(writer.owner(changed)),
        }
    }
    put_owners(after, &all);
}
