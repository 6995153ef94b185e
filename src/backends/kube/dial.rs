//! The service behind every client: puts our credential on each request, renews it once after a 401, gives up
//! on a server that accepts and stays silent, and turns answers that are not of an API server into problems.
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode, Uri, header};
use kube::client::Body;
use kube::{Client, Config};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tower::{BoxError, Service};

use super::error::readable;
use super::identity::{ClientCertificate, Credential, Identity};
use super::transport;
use crate::domain::{Problem, ProblemKind};

/// How long a server may take before the head of its answer; the body may take as long as it likes.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Put into the extensions of a request that should fail sooner, or may take longer, than most.
#[derive(Debug, Clone, Copy)]
pub struct AnswerWithin(pub Duration);

/// One server as one identity.
pub(super) struct Dialer {
    config: Config,
    proxy: Option<Uri>,
    identity: Identity,
    /// The connection pool, with the generation of the client certificate it was made with.
    wire: Mutex<(u64, Client)>,
}

impl Dialer {
    /// Prepares everything but connects to nothing. Must be called within the runtime.
    pub(super) fn new(config: Config, proxy: Option<Uri>, identity: Identity) -> Result<Self, BoxError> {
        let wire = Mutex::new((0, transport::build(config.clone(), proxy.as_ref())?));
        Ok(Self { config, proxy, identity, wire })
    }

    /// The client to hand out.
    pub(super) fn client(self) -> Client {
        let namespace = self.config.default_namespace.clone();
        Client::new(Authenticated(Arc::new(self)), namespace)
    }

    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let credential = self.identity.credential().await?;
        let (parts, body) = request.into_parts();
        let again = body.try_clone().map(|body| Request::from_parts(parts.clone(), body));
        let response = self.once(Request::from_parts(parts, body), &credential).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(again) = again
            && let Some(fresh) = self.identity.renewed(credential.generation).await?
        {
            return examine(self.once(again, &fresh).await?).await;
        }
        examine(response).await
    }

    async fn once(
        &self,
        mut request: Request<Body>,
        credential: &Credential,
    ) -> Result<Response<Body>, BoxError> {
        if let Some(header) = &credential.header {
            request.headers_mut().insert(header::AUTHORIZATION, header.clone());
        }
        let wire = self.wire(credential)?;
        let limit = match request.extensions().get() {
            Some(AnswerWithin(limit)) => Some(*limit),
            // A log that is followed says nothing until there is something to say.
            None => (!asks(&request, "follow")).then_some(ANSWER_WITHIN),
        };
        let Some(limit) = limit else { return Ok(wire.send(request).await?) };
        match tokio::time::timeout(limit, wire.send(request)).await {
            Ok(response) => Ok(response?),
            Err(_) => Err(Problem::new(
                ProblemKind::Unreachable,
                format!("the server took the request but did not answer within {} s", limit.as_secs()),
            )
            .hint("the API server hangs or is overloaded, or something between swallows the answer")
            .into()),
        }
    }

    /// The pool for this credential; a new client certificate needs new connections.
    fn wire(&self, credential: &Credential) -> Result<Client, BoxError> {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = &credential.certificate
            && wire.0 != credential.generation
        {
            let config = with_certificate(self.config.clone(), certificate);
            *wire = (credential.generation, transport::build(config, self.proxy.as_ref())?);
        }
        Ok(wire.1.clone())
    }
}

fn with_certificate(mut config: Config, pair: &ClientCertificate) -> Config {
    config.auth_info.client_certificate_data = Some(STANDARD.encode(&pair.certificate));
    config.auth_info.client_key_data = Some(STANDARD.encode(pair.key.expose_secret()).into());
    config
}

fn asks(request: &Request<Body>, parameter: &str) -> bool {
    let query = request.uri().query().unwrap_or_default();
    query
        .split('&')
        .any(|pair| pair.split_once('=').is_some_and(|(key, value)| key == parameter && value != "false"))
}

/// Lets good answers and ordinary refusals pass.
async fn examine(response: Response<Body>) -> Result<Response<Body>, BoxError> {
    let status = response.status();
    if status.is_redirection() {
        let to =
            response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("elsewhere");
        // The query of a login redirect may hold secrets.
        let to = readable(to.split('?').next().unwrap_or_default());
        return Err(Problem::new(
            ProblemKind::Malformed,
            format!("the server sends us to {to} (HTTP {})", status.as_u16()),
        )
        .hint("a login page or gateway answers instead of the API server: check server in the kubeconfig")
        .code(status.as_u16())
        .into());
    }
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
    match seconds {
        Some(seconds) if status.is_client_error() || status.is_server_error() => {
            with_retry_after(response, seconds).await
        }
        _ => Ok(response),
    }
}

/// Moves the `Retry-After` header into the status object, the only part of an answer that kube keeps.
async fn with_retry_after(response: Response<Body>, seconds: u64) -> Result<Response<Body>, BoxError> {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect_bytes().await?;
    let mut status: Value = serde_json::from_slice(&bytes)
        .ok()
        .filter(|value: &Value| value["kind"] == "Status")
        .unwrap_or_else(|| {
            let message = String::from_utf8_lossy(&bytes);
            json!({ "kind": "Status", "status": "Failure", "message": message.trim(), "code": parts.status.as_u16() })
        });
    if !status["details"].is_object() {
        status["details"] = json!({});
    }
    status["details"]["retryAfterSeconds"] = json!(u32::try_from(seconds).unwrap_or(u32::MAX));
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(serde_json::to_vec(&status)?)))
}

#[derive(Clone)]
struct Authenticated(Arc<Dialer>);

impl Service<Request<Body>> for Authenticated {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let dialer = self.0.clone();
        Box::pin(async move { dialer.send(request).await })
    }
}
