//! Conditions in both dialects of Cluster API, and the bullet lists in which parents repeat their children.
use std::{borrow::Cow, fmt::Write as _};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// One condition as a controller would write it.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: &'static str,
    pub status: &'static str,
    pub reason: Cow<'static, str>,
    pub message: String,
    /// v1beta1 only: `Error`, `Warning` or `Info`.
    pub severity: &'static str,
    pub since: Timestamp,
}

/// True; the reason is written by v1beta2 alone.
pub fn yes(kind: &'static str, reason: &'static str, since: Timestamp) -> Said {
    Said { kind, status: "True", reason: reason.into(), message: String::new(), severity: "", since }
}

/// False, for v1beta2, where the severity does not exist.
pub fn no(kind: &'static str, reason: &'static str, message: impl Into<String>, since: Timestamp) -> Said {
    Said { status: "False", message: message.into(), ..yes(kind, reason, since) }
}

pub fn unknown(
    kind: &'static str,
    reason: &'static str,
    message: impl Into<String>,
    since: Timestamp,
) -> Said {
    Said { status: "Unknown", message: message.into(), ..yes(kind, reason, since) }
}

impl Said {
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    /// As serious as that, in v1beta1.
    #[must_use]
    pub fn severe(self, severity: &'static str) -> Self {
        Self { severity, ..self }
    }

    /// True with words: activity.
    #[must_use]
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }

    fn with_severity(&self) -> Value {
        let mut out = Map::new();
        out.insert("lastTransitionTime".into(), stamp(self.since).into());
        if !self.message.is_empty() {
            out.insert("message".into(), self.message.as_str().into());
        }
        if self.status != "True" {
            out.insert("reason".into(), self.reason.as_ref().into());
        }
        if self.status == "False" {
            out.insert("severity".into(), self.severity.into());
        }
        out.insert("status".into(), self.status.into());
        out.insert("type".into(), self.kind.into());
        Value::Object(out)
    }

    fn with_generation(&self, generation: i64) -> Value {
        json!({
            "lastTransitionTime": stamp(self.since), "message": self.message, "observedGeneration": generation,
            "reason": self.reason, "status": self.status, "type": self.kind,
        })
    }
}

/// `status.conditions` of v1beta1.
pub fn old(list: &[Said]) -> Value {
    list.iter().map(Said::with_severity).collect()
}

/// `status.conditions` of v1beta2.
pub fn new(list: &[Said], generation: i64) -> Value {
    list.iter().map(|said| said.with_generation(generation)).collect()
}

/// A time as the API writes it: whole seconds.
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How a parent of v1beta2 tells what its children say: those that say the same in one bullet.
pub fn bullets<'a>(one: &str, children: impl Iterator<Item = (&'a str, Cow<'a, str>)>) -> String {
    const SHOWN: usize = 3;
    let mut groups: Vec<(Cow<'a, str>, Vec<&'a str>)> = Vec::new();
    for (name, message) in children {
        match groups.iter_mut().find(|(known, _)| *known == message) {
            Some((_, names)) => names.push(name),
            None => groups.push((message, vec![name])),
        }
    }
    let mut text = String::new();
    for (message, names) in &groups {
        if !text.is_empty() {
            text.push('\n');
        }
        let plural = if names.len() > 1 { "s" } else { "" };
        let _ = write!(text, "* {one}{plural} {}", names[..names.len().min(SHOWN)].join(", "));
        if names.len() > SHOWN {
            let _ = write!(text, ", ... ({} more)", names.len() - SHOWN);
        }
        text.push(':');
        if message.starts_with("* ") {
            for line in message.lines() {
                let _ = write!(text, "\n  {line}");
            }
        } else {
            let _ = write!(text, " {message}");
        }
    }
    text
}

/// Keeps the time of each condition that stands as it stood before; returns whether anything differs at all.
pub fn keep_times(before: &Value, after: &mut Value) {
    keep_in(&before["conditions"], &mut after["conditions"]);
    if after["deprecated"].is_object() {
        keep_in(
            &before["deprecated"]["v1beta1"]["conditions"],
            &mut after["deprecated"]["v1beta1"]["conditions"],
        );
    }
}

fn keep_in(before: &Value, after: &mut Value) {
    let (Some(before), Some(after)) = (before.as_array(), after.as_array_mut()) else { return };
    for condition in after {
        let same =
            before.iter().find(|b| b["type"] == condition["type"] && b["status"] == condition["status"]);
        if let Some(same) = same {
            condition["lastTransitionTime"] = same["lastTransitionTime"].clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_false_condition_has_a_severity_in_one_dialect_and_a_generation_in_the_other() {
        let at = "2026-03-02T09:30:00.25Z".parse().unwrap();
        let said = [no("Ready", "NotReady", "why", at).severe("Warning"), yes("Paused", "NotPaused", at)];
        let (old, new) = (old(&said), new(&said, 4));
        assert_eq!(old[0]["severity"], "Warning");
        assert_eq!(old[0]["lastTransitionTime"], "2026-03-02T09:30:00Z");
        assert_eq!(old[1].as_object().unwrap().len(), 3);
        assert_eq!(new[0]["observedGeneration"], 4);
        assert!(new[0].get("severity").is_none());
    }

    #[test]
    fn children_that_say_the_same_share_a_bullet() {
        let children = [("a", "* X: y"), ("b", "* X: y"), ("c", "plain")];
        let text = bullets("Machine", children.into_iter().map(|(n, m)| (n, Cow::Borrowed(m))));
        assert_eq!(text, "* Machines a, b:\n  * X: y\n* Machine c: plain");
    }

    #[test]
    fn a_condition_that_did_not_change_keeps_its_time() {
        let before =
            json!({"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "then"}]});
        let mut after = json!({"conditions": [
            {"type": "Ready", "status": "True", "lastTransitionTime": "now"},
            {"type": "Deleting", "status": "True", "lastTransitionTime": "now"},
        ]});
        keep_times(&before, &mut after);
        assert_eq!(after["conditions"][0]["lastTransitionTime"], "then");
        assert_eq!(after["conditions"][1]["lastTransitionTime"], "now");
    }
}
