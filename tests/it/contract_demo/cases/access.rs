//! Who may do what, and how it is told.
use super::{Case, JSON, get, send};

pub(super) const CASES: &[Case] = &[Case {
    name: "who may only read is told so, and can ask beforehand",
    steps: &[
        get("viewer GET /api/v1/namespaces/{ns}/configmaps", 200, &[("/kind", "\"ConfigMapList\"")]),
        get(
            "viewer GET /api/v1/namespaces/{ns}/secrets",
            403,
            &[("/reason", "\"Forbidden\""), ("/details/kind", "\"secrets\"")],
        ),
        send(
            "viewer POST /api/v1/namespaces/{ns}/configmaps",
            JSON,
            r#"{"metadata":{"name":"no"}}"#,
            403,
            &[],
        ),
        get("viewer DELETE /api/v1/namespaces/{ns}/configmaps/none", 403, &[]),
        send(
            "viewer POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            JSON,
            r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"patch","group":"cluster.x-k8s.io","resource":"clusters"}}}"#,
            201,
            &[("/status/allowed", "false")],
        ),
        send(
            "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            JSON,
            r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"patch","group":"cluster.x-k8s.io","resource":"clusters"}}}"#,
            201,
            &[("/status/allowed", "true")],
        ),
        send(
            "viewer POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
            JSON,
            r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"default"}}"#,
            201,
            &[("/status/resourceRules/0/verbs", "*")],
        ),
        send(
            "viewer POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
            JSON,
            r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#,
            201,
            &[("/status/userInfo/username", "*")],
        ),
        get("nobody GET /api/v1/namespaces/{ns}/configmaps", 401, &[("/reason", "\"Unauthorized\"")]),
    ],
}];
