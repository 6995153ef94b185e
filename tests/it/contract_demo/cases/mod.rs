//! What an API server must do, as data: played against the demo's servers in the hermetic tests, and unchanged
//! against a real kube-apiserver in the live suite.

/// One behaviour.
pub struct Case {
    pub name: &'static str,
    pub steps: &'static [Step],
}

/// One request, and what must be true of its answer. `{ns}` is a namespace of the run, `{rv}`, `{old}` and `{uid}`
/// are of the last object that was answered (`{old}` the revision before that), `{next}` the continue token.
pub struct Step {
    /// `viewer GET /api` asks as the one who may only read; `GET /api` as admin.
    pub ask: &'static str,
    /// The media type that is sent, or, of a `GET`, wanted.
    pub kind: &'static str,
    pub body: &'static str,
    pub code: u16,
    /// JSON pointers into the answer and what stands there: JSON, `*` for anything, `!` for nothing.
    pub has: &'static [(&'static str, &'static str)],
    /// What a watch tells: `ADDED name`, `BOOKMARK end`.
    pub events: &'static [&'static str],
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const PATCH: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const PARTIAL: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

const fn get(ask: &'static str, code: u16, has: &'static [(&'static str, &'static str)]) -> Step {
    Step { ask, kind: JSON, body: "", code, has, events: &[] }
}

const fn as_kind(
    ask: &'static str,
    kind: &'static str,
    has: &'static [(&'static str, &'static str)],
) -> Step {
    Step { ask, kind, body: "", code: 200, has, events: &[] }
}

const fn send(
    ask: &'static str,
    kind: &'static str,
    body: &'static str,
    code: u16,
    has: &'static [(&'static str, &'static str)],
) -> Step {
    Step { ask, kind, body, code, has, events: &[] }
}

const fn watch(ask: &'static str, events: &'static [&'static str]) -> Step {
    Step { ask, kind: JSON, body: "", code: 200, has: &[], events }
}

/// A configuration map of a name.
macro_rules! map {
    ($name:literal) => {
        send(
            "POST /api/v1/namespaces/{ns}/configmaps",
            JSON,
            concat!(
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":""#,
                $name,
                r#"","labels":{"of":""#,
                $name,
                r#""}},"data":{"a":"1","b":"2"}}"#
            ),
            201,
            &[("/metadata/uid", "*"), ("/metadata/creationTimestamp", "*"), ("/metadata/generation", "!")],
        )
    };
}

mod access;
mod admission;
mod objects;
mod patches;
mod reading;

/// Every case; each leaves the namespace as it found it but for the objects it names after itself.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [objects::CASES, reading::CASES, patches::CASES, access::CASES, admission::CASES].into_iter().flatten()
}
