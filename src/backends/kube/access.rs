//! What we may do: `SelfSubjectAccessReview` (authorization.k8s.io/v1), one request a question.
use futures::future::join_all;
use kube::Client;
use serde::Deserialize;
use serde_json::json;

use crate::state::access::{Permit, Question};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Review {
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    allowed: bool,
    reason: String,
}

/// Puts every question to the server. One that cannot be put is answered `Unknown`, never a guess.
pub async fn ask(client: &Client, questions: Vec<Question>) -> Vec<(Question, Permit)> {
    join_all(questions.into_iter().map(|question| async {
        let permit = review(client, &question).await;
        (question, permit)
    }))
    .await
}

async fn review(client: &Client, question: &Question) -> Permit {
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": {
            "verb": question.verb, "group": question.group, "resource": question.resource, "namespace": question.namespace,
        }},
    });
    let request = http::Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into_bytes());
    let Ok(request) = request else { return Permit::Unknown("the question could not be put".into()) };
    match client.request::<Review>(request).await {
        Ok(Review { status }) if status.allowed => Permit::Allowed,
        Ok(Review { status }) => Permit::Denied(status.reason),
        Err(error) => Permit::Unknown(super::error::problem("ask what you may do", &error).summary),
    }
}
