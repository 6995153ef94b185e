//! What a server answers when it does not do what was asked: the `Status` of the API, in its words.
use serde_json::{Value, json};

use super::Resource;

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// `FieldValueInvalid`, `FieldValueRequired`, …
    pub reason: &'static str,
    pub field: String,
    pub message: String,
}

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: u16,
    pub reason: &'static str,
    pub message: String,
    /// `details` of the Status; null when there are none.
    pub details: Value,
}

impl Refusal {
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason, message: message.into(), details: Value::Null }
    }

    fn of(code: u16, reason: &'static str, resource: &Resource, name: &str, what: &str) -> Self {
        let message = format!("{} \"{name}\" {what}", resource.qualified());
        let mut details = json!({ "name": name, "kind": resource.plural });
        if !resource.group.is_empty() {
            details["group"] = resource.group.into();
        }
        Self { code, reason, message, details }
    }

    pub fn not_found(resource: &Resource, name: &str) -> Self {
        Self::of(404, "NotFound", resource, name, "not found")
    }

    pub fn exists(resource: &Resource, name: &str) -> Self {
        Self::of(409, "AlreadyExists", resource, name, "already exists")
    }

    /// Somebody else wrote in between, or a precondition does not hold.
    pub fn conflict(resource: &Resource, name: &str, why: &str) -> Self {
        let mut refusal = Self::of(409, "Conflict", resource, name, "");
        refusal.message =
            format!("Operation cannot be fulfilled on {} \"{name}\": {why}", resource.qualified());
        refusal
    }

    /// The object was read before the last write.
    pub fn outdated(resource: &Resource, name: &str) -> Self {
        let why =
            "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(resource, name, why)
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// Fields that are wrong; how webhooks of Cluster API refuse.
    pub fn invalid(resource: &Resource, name: &str, causes: &[Cause]) -> Self {
        let words: Vec<String> = causes.iter().map(|c| format!("{}: {}", c.field, c.message)).collect();
        let words = if words.len() == 1 { words.concat() } else { format!("[{}]", words.join(", ")) };
        let mut refusal = Self::of(422, "Invalid", resource, name, "");
        refusal.message = format!("{}.{} \"{name}\" is invalid: {words}", resource.kind, resource.group);
        if resource.group.is_empty() {
            refusal.message = format!("{} \"{name}\" is invalid: {words}", resource.kind);
        }
        refusal.details["kind"] = resource.kind.into();
        let causes =
            causes.iter().map(|c| json!({ "reason": c.reason, "message": c.message, "field": c.field }));
        refusal.details["causes"] = causes.collect();
        refusal
    }

    /// A webhook said no.
    pub fn denied(webhook: &str, why: &str) -> Self {
        Self::new(403, "Forbidden", format!("admission webhook \"{webhook}\" denied the request: {why}"))
    }

    pub fn forbidden(resource: &Resource, name: &str, why: &str) -> Self {
        let mut refusal = Self::of(403, "Forbidden", resource, name, "");
        let named = if name.is_empty() { String::new() } else { format!(" \"{name}\"") };
        refusal.message = format!("{}{named} is forbidden: {why}", resource.qualified());
        refusal
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    /// That resourceVersion is from before the last compaction.
    pub fn expired(revision: u64, now: u64) -> Self {
        Self::new(410, "Expired", format!("too old resource version: {revision} ({now})"))
    }

    /// Seconds that `Retry-After` asks for.
    pub fn retry_after(&self) -> Option<u64> {
        self.details["retryAfterSeconds"].as_u64()
    }

    /// The server asks for patience.
    pub fn throttled(seconds: u64) -> Self {
        let mut refusal = Self::new(429, "TooManyRequests", "Too many requests, please try again later.");
        refusal.details = json!({ "retryAfterSeconds": seconds });
        refusal
    }

    /// The answer as the API writes it.
    pub fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "code": self.code,
        });
        if !self.reason.is_empty() {
            status["reason"] = self.reason.into();
        }
        if !self.details.is_null() {
            status["details"] = self.details.clone();
        }
        status
    }
}
