//! What the server would store differently, field by field. Pure: two objects in, a list of fields out.
use std::collections::HashSet;

use serde_json::Value;

use super::plan::{FieldChange, Step};

/// Fields that change with every write and say nothing.
const NOISE: &[&str] = &[
    "metadata.managedFields",
    "metadata.resourceVersion",
    "metadata.generation",
    "metadata.annotations.\"kubectl.kubernetes.io/last-applied-configuration\"",
    "status",
];

/// Lists the fields in which `after` differs from `before`. Those under one of the `asked` paths were
/// asked for; the others are the server's (defaults, webhooks).
pub fn diff(before: &Value, after: &Value, asked: &[String]) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk("", Some(before), Some(after), &mut changes);
    changes.retain(|change| !NOISE.iter().any(|noise| lies_in(&change.path, noise)));
    for change in &mut changes {
        change.asked = asked.iter().any(|asked| lies_in(&change.path, asked) || lies_in(asked, &change.path));
    }
    changes
}

/// What a step comes to: of a patch the fields that change, of a new object all of them, of a deletion that it goes.
pub fn of_step(step: &Step, before: &Value, after: &Value) -> Vec<FieldChange> {
    match step {
        Step::JsonPatch { operations: patch, .. } | Step::MergePatch { body: patch, .. } => {
            diff(before, after, &asked(before, patch))
        }
        Step::Create { body, .. } => {
            let (mut wished, mut stored) = (Vec::new(), Vec::new());
            spread("", body, &mut wished);
            spread("", after, &mut stored);
            stored.retain(|(path, _)| !NOISE.iter().any(|noise| lies_in(path, noise)));
            let asked = |path: &String| wished.iter().any(|(wish, _)| wish == path);
            let change = |(path, value): (String, &Value)| FieldChange {
                asked: asked(&path),
                path,
                before: None,
                after: Some(value.clone()),
            };
            stored.into_iter().map(change).collect()
        }
        Step::Delete { at, .. } => {
            let held: Vec<&str> = after
                .pointer("/metadata/finalizers")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let after =
                (!held.is_empty()).then(|| format!("going, when these are done: {}", held.join(", ")));
            vec![FieldChange {
                path: format!("{} {}", at.kind, at.target.key),
                before: Some("there".into()),
                after: after.map(Value::from),
                asked: true,
            }]
        }
    }
}

/// The path is the other one, or beneath it.
fn lies_in(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<FieldChange>) {
    match (before, after) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            for key in a.keys().chain(b.keys().filter(|k| !a.contains_key(*k))) {
                walk(&join(path, key), a.get(key), b.get(key), out);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => lists(path, a, b, out),
        (a, b) if a == b => {}
        (a, b) => out.push(FieldChange {
            path: path.to_owned(),
            before: a.cloned(),
            after: b.cloned(),
            asked: false,
        }),
    }
}

/// Items with names are compared by name, others by position.
fn lists(path: &str, before: &[Value], after: &[Value], out: &mut Vec<FieldChange>) {
    let name = |v: &Value| v.get("name").and_then(Value::as_str).map(str::to_owned);
    // A name that stands twice tells nothing.
    let told_apart = |list: &[Value]| {
        let mut seen = HashSet::new();
        list.iter().all(|v| name(v).is_some_and(|name| seen.insert(name)))
    };
    if told_apart(before) && told_apart(after) {
        let find =
            |list: &'_ [Value], wanted: &str| list.iter().position(|v| name(v).as_deref() == Some(wanted));
        for item in before {
            let key = name(item).unwrap_or_default();
            walk(&format!("{path}[{key}]"), Some(item), find(after, &key).map(|i| &after[i]), out);
        }
        for item in after {
            let key = name(item).unwrap_or_default();
            if find(before, &key).is_none() {
                walk(&format!("{path}[{key}]"), None, Some(item), out);
            }
        }
        return;
    }
    for at in 0..before.len().max(after.len()) {
        walk(&format!("{path}[{at}]"), before.get(at), after.get(at), out);
    }
}

fn join(path: &str, key: &str) -> String {
    // Keys with dots (annotations, labels) are quoted, so that a path reads one way only.
    let key = if key.contains('.') { format!("\"{key}\"") } else { key.to_owned() };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// The paths that a patch writes, in the form `diff` uses, given the object it is for.
pub fn asked(before: &Value, patch: &Value) -> Vec<String> {
    match patch {
        Value::Array(operations) => operations
            .iter()
            .filter(|o| o.get("op").and_then(Value::as_str) != Some("test"))
            .filter_map(|o| Some(dotted(before, o.get("path")?.as_str()?, o.get("value"))))
            .collect(),
        other => leaves("", other),
    }
}

/// A JSON pointer (RFC 6901) as a dotted path; list items by name where they have one, a new one too.
fn dotted(object: &Value, pointer: &str, new: Option<&Value>) -> String {
    let (mut path, mut here) = (String::new(), Some(object));
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let next = here.and_then(|v| match v {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            other => other.get(&token),
        });
        if let Some(Value::Array(items)) = here {
            let at = if token == "-" { items.len().to_string() } else { token };
            let name = next.or(new).and_then(|v| v.get("name")).and_then(Value::as_str);
            path = format!("{path}[{}]", name.unwrap_or(&at));
        } else {
            path = join(&path, &token);
        }
        here = next;
    }
    path
}

fn leaves(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().flat_map(|(k, v)| leaves(&join(path, k), v)).collect()
        }
        _ => vec![path.to_owned()],
    }
}

/// Every value of an object with its path, items of lists by their names where they have one.
fn spread<'a>(path: &str, value: &'a Value, out: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(key, value)| spread(&join(path, key), value, out));
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(Value::as_str).map_or(at.to_string(), str::to_owned);
                spread(&format!("{path}[{name}]"), item, out);
            }
        }
        other => out.push((path.to_owned(), other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        actions::plan::{Address, Pin},
        domain::{ObjectKey, ResourceRef, SiteId, Source},
    };

    #[test]
    fn fields_are_named_and_the_servers_own_are_told_apart() {
        let before = json!({"metadata": {"generation": 1, "resourceVersion": "1"}, "spec": {"workers": [{"name": "a", "replicas": 3}, {"name": "b"}]}, "status": {"x": 1}});
        let after = json!({"metadata": {"generation": 2, "resourceVersion": "2", "annotations": {"a.b/c": "d"}}, "spec": {"workers": [{"name": "a", "replicas": 5}, {"name": "b"}]}, "status": {"x": 2}});
        let asked = asked(
            &before,
            &json!([{"op": "test", "path": "/x"}, {"op": "replace", "path": "/spec/workers/0/replicas", "value": 5}]),
        );
        let paths: Vec<_> = diff(&before, &after, &asked).into_iter().map(|c| (c.path, c.asked)).collect();
        assert_eq!(
            paths,
            [("metadata.annotations".to_owned(), false), ("spec.workers[a].replicas".to_owned(), true)]
        );
    }

    #[test]
    fn what_is_added_is_asked_for_and_the_status_is_nobodys_wish() {
        let before = json!({"spec": {"pools": [{"name": "a"}], "args": ["x"]}, "status": {"a": 1}});
        let after = json!({"spec": {"pools": [{"name": "a"}, {"name": "b"}], "args": ["x", "y"]}, "statusless": 1, "status": {"a": 2}});
        let patch = json!([
            {"op": "add", "path": "/spec/pools/-", "value": {"name": "b"}},
            {"op": "add", "path": "/spec/args/-", "value": "y"},
        ]);
        let changes = diff(&before, &after, &super::asked(&before, &patch));
        let seen: Vec<_> = changes.iter().map(|c| (&*c.path, c.asked)).collect();
        assert_eq!(seen, [("spec.args[1]", true), ("spec.pools[b]", true), ("statusless", false)]);
    }

    #[test]
    fn items_whose_names_stand_twice_are_compared_by_place() {
        let list = |last: &str| json!({"l": [{"name": "a", "v": "1"}, {"name": "a", "v": last}]});
        let paths: Vec<_> = diff(&list("2"), &list("3"), &[]).into_iter().map(|c| c.path).collect();
        assert_eq!(paths, ["l[1].v"]);
    }

    #[test]
    fn of_a_new_object_everything_is_shown_and_of_one_that_goes_that_it_goes() {
        let at = Address {
            target: ResourceRef {
                source: Source::management(&SiteId::new("east"), "pool"),
                key: ObjectKey::new("n", "md-0"),
            },
            group: "g".into(),
            version: "v1".into(),
            plural: "pools".into(),
            kind: "Pool".into(),
        };
        let body = json!({"metadata": {"name": "md-0"}, "spec": {"pools": [{"name": "a", "n": 1}]}});
        let stored = json!({"metadata": {"name": "md-0", "uid": "u", "generation": 1}, "spec": {"pools": [{"name": "a", "n": 1, "order": "Random"}]}});
        let create = Step::Create { at: at.clone(), body };
        let seen: Vec<_> = of_step(&create, &Value::Null, &stored)
            .into_iter()
            .map(|c| format!("{}={} {}", c.path, c.after.unwrap(), c.asked))
            .collect();
        assert_eq!(
            seen,
            [
                "metadata.name=\"md-0\" true",
                "metadata.uid=\"u\" false",
                "spec.pools[a].n=1 true",
                "spec.pools[a].name=\"a\" true",
                "spec.pools[a].order=\"Random\" false",
            ]
        );
        let pin = Pin { uid: "u".into(), resource_version: "1".into(), generation: 1 };
        let gone = of_step(&Step::Delete { at, pin }, &stored, &json!({"metadata": {"finalizers": ["a/b"]}}));
        assert_eq!((&*gone[0].path, &gone[0].before), ("Pool n/md-0", &Some(json!("there"))));
        assert!(gone[0].after.as_ref().unwrap().as_str().unwrap().ends_with("a/b"));
    }

    #[test]
    fn a_merge_patch_asks_for_its_leaves() {
        assert_eq!(
            super::asked(&json!({}), &json!({"spec": {"paused": true, "labels": {"a.b/c": null}}})),
            ["spec.labels.\"a.b/c\"", "spec.paused"]
        );
    }
}
