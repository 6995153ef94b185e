//! Bodies and heads of answers.
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, combinators::UnsyncBoxBody};
use serde_json::Value;

use super::Refusal;
use std::convert::Infallible;

/// The body of any answer.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

fn with(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Full::new(body).boxed_unsync());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// JSON that is there already.
pub(super) fn bytes(status: StatusCode, body: Bytes) -> Response<Body> {
    with(status, "application/json", body)
}

pub(super) fn json(status: StatusCode, value: &Value) -> Response<Body> {
    bytes(status, serde_json::to_vec(value).unwrap_or_default().into())
}

pub(super) fn ok(value: &Value) -> Response<Body> {
    json(StatusCode::OK, value)
}

pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Response<Body> {
    with(status, "text/plain; charset=utf-8", text.into().into())
}

/// JSON under a media type that says what it stands for.
pub(super) fn typed(kind: &'static str, value: &Value) -> Response<Body> {
    with(StatusCode::OK, kind, serde_json::to_vec(value).unwrap_or_default().into())
}

/// What is neither text nor JSON.
pub(super) fn binary(kind: &'static str, body: Vec<u8>) -> Response<Body> {
    with(StatusCode::OK, kind, body.into())
}

/// A body that comes in pieces.
pub(super) fn stream(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The Status of a refusal.
pub(super) fn refused(refusal: &Refusal) -> Response<Body> {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, &refusal.status());
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
