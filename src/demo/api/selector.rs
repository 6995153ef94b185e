//! Which objects of a resource are meant: selectors over labels and over the few fields each resource allows.
use std::borrow::Cow;

use serde_json::Value;

use super::{Call, Refusal, route::Target};
use crate::demo::store::{Object, Resource, Served};

/// What must hold of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Has(String),
    HasNot(String),
}

/// What must hold of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    path: String,
    value: String,
    equal: bool,
}

/// All that is asked of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    namespace: Option<String>,
    name: Option<String>,
    labels: Vec<Rule>,
    fields: Vec<Field>,
}

impl Selection {
    pub(super) fn of(call: &Call<'_>, target: &Target) -> Result<Self, Refusal> {
        let (labels, fields) = (call.query.get("labelSelector"), call.query.get("fieldSelector"));
        let rules = split(labels)
            .map(|t| rule(&t))
            .collect::<Result<_, _>>()
            .map_err(|why| Refusal::bad_request(format!("unable to parse requirement: {why}")))?;
        Ok(Self {
            namespace: target.namespace.clone(),
            name: Some(target.name.clone()).filter(|n| !n.is_empty()),
            labels: rules,
            fields: fields_of(&target.served, labels, fields)?,
        })
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Everything in its namespace is meant.
    pub(super) fn is_whole(&self) -> bool {
        self.name.is_none() && self.labels.is_empty() && self.fields.is_empty()
    }

    pub(super) fn matches(&self, object: &Object) -> bool {
        if self.namespace.as_ref().is_some_and(|n| **n != *object.namespace)
            || self.name.as_ref().is_some_and(|n| **n != *object.name)
        {
            return false;
        }
        if !self.labels.is_empty() {
            let labels = object.labels();
            let value = |key: &str| labels.get(key).map(Cow::as_ref);
            if !self.labels.iter().all(|rule| holds(rule, value)) {
                return false;
            }
        }
        let whole = || object.value();
        let mut value = None;
        self.fields.iter().all(|field| {
            let is = match field.path.as_str() {
                "metadata.name" => *field.value == *object.name,
                "metadata.namespace" => *field.value == *object.namespace,
                path => text_at(value.get_or_insert_with(whole), path) == field.value,
            };
            is == field.equal
        })
    }
}

fn holds<'a>(rule: &Rule, value: impl Fn(&str) -> Option<&'a str>) -> bool {
    match rule {
        Rule::In(key, values) => value(key).is_some_and(|v| values.iter().any(|w| w == v)),
        Rule::NotIn(key, values) => value(key).is_none_or(|v| values.iter().all(|w| w != v)),
        Rule::Has(key) => value(key).is_some(),
        Rule::HasNot(key) => value(key).is_none(),
    }
}

fn text_at(value: &Value, path: &str) -> String {
    let mut at = value;
    for step in path.split('.') {
        at = &at[step];
    }
    match at {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Takes a selector apart at the commas outside of parentheses.
fn split(text: &str) -> impl Iterator<Item = String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_i32);
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match parts.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty())
}

fn rule(text: &str) -> Result<Rule, String> {
    if let Some((head, list)) = text.split_once('(') {
        let list = list.strip_suffix(')').ok_or_else(|| format!("found '{text}', expected: ')'"))?;
        let values = list.split(',').map(|v| v.trim().to_owned()).collect();
        let mut words = head.split_whitespace();
        return match (words.next(), words.next()) {
            (Some(key), Some("in")) => Ok(Rule::In(key.to_owned(), values)),
            (Some(key), Some("notin")) => Ok(Rule::NotIn(key.to_owned(), values)),
            _ => Err(format!("found '{text}', expected: in, notin, =, ==, !=, gt, lt")),
        };
    }
    let pair = |key: &str, value: &str| (key.trim().to_owned(), vec![value.trim().to_owned()]);
    if let Some((key, value)) = text.split_once("!=") {
        let (key, values) = pair(key, value);
        return Ok(Rule::NotIn(key, values));
    }
    if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        let (key, values) = pair(key, value);
        return Ok(Rule::In(key, values));
    }
    match text.strip_prefix('!') {
        Some(key) => Ok(Rule::HasNot(key.trim().to_owned())),
        None if text.contains(char::is_whitespace) => {
            Err(format!("found '{text}', expected: in, notin, =, ==, !=, gt, lt"))
        }
        None => Ok(Rule::Has(text.to_owned())),
    }
}

/// Fields beyond name and namespace that a resource can be asked by.
fn selectable(resource: &Resource) -> &'static [&'static str] {
    match (resource.group, resource.plural) {
        ("", "pods") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "status.phase",
            "spec.serviceAccountName",
            "status.podIP",
        ],
        ("", "events") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("", "secrets") => &["type"],
        ("", "nodes") => &["spec.unschedulable"],
        ("", "namespaces") => &["status.phase"],
        _ => &[],
    }
}

fn fields_of(served: &Served, labels: &str, text: &str) -> Result<Vec<Field>, Refusal> {
    let refuse = |why: String| {
        Refusal::bad_request(format!(
            "Unable to find \"{}/{}, Resource={}\" that match label selector \"{labels}\", field selector \"{text}\": {why}",
            served.resource.group, served.version, served.resource.plural
        ))
    };
    let mut fields = Vec::new();
    for part in split(text) {
        let found = part.split_once("!=").map(|p| (p, false));
        let found =
            found.or_else(|| part.split_once("==").or_else(|| part.split_once('=')).map(|p| (p, true)));
        let Some(((path, value), equal)) = found else {
            return Err(refuse(format!("invalid selector: '{part}'; can't understand '{part}'")));
        };
        let known = matches!(path, "metadata.name" | "metadata.namespace")
            || selectable(served.resource).contains(&path);
        if !known {
            return Err(refuse(format!("field label not supported: {path}")));
        }
        fields.push(Field { path: path.to_owned(), value: value.to_owned(), equal });
    }
    Ok(fields)
}
