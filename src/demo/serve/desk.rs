//! The desk of a demo: lists the incidents that can be played, plays and ends them. An address of its own, as the sites
//! may be unreachable; only who has the key of the demo's operator is heard.
use std::convert::Infallible;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::{Keys, failed};
use crate::{
    demo::{
        control::{Shared, lock},
        scenario::{self, SCENARIOS},
        store::Refusal,
    },
    domain::Problem,
    nearest::suggestion,
};

/// Where its answers are found.
const PATH: &str = "/demo/scenarios";

/// A desk at an address that was taken.
pub struct Desk {
    listener: TcpListener,
    address: std::net::SocketAddr,
}

impl Desk {
    /// Takes a free port of loopback.
    pub async fn bind() -> Result<Self, Problem> {
        let bound = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| failed(&format!("no port of loopback: {error}")))?;
        Ok(Self { listener, address })
    }

    /// The address as a kubeconfig has it.
    pub fn server(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Answers until told to stop. Answers are short, so nobody waits for the last ones.
    pub async fn open(self, keys: Keys, world: Shared, stop: CancellationToken) {
        let acceptor = TlsAcceptor::from(keys.tls.clone());
        let mut connections = JoinSet::new();
        loop {
            let taken = tokio::select! {
                () = stop.cancelled() => return,
                taken = self.listener.accept() => taken,
                _ = connections.join_next(), if !connections.is_empty() => continue,
            };
            let Ok((stream, _)) = taken else { continue };
            let (acceptor, admin, world) = (acceptor.clone(), keys.tokens.admin.clone(), world.clone());
            connections.spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request| {
                    let answer = answer(&admin, &world, &request);
                    async move { Ok::<_, Infallible>(answer) }
                });
                if let Err(error) =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
                {
                    tracing::debug!(%error, "a connection to the demo's desk ended");
                }
            });
        }
    }
}

fn answer<B>(admin: &str, world: &Shared, request: &Request<B>) -> Response<Full<Bytes>> {
    let token = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let done = if token.and_then(|t| t.strip_prefix("Bearer ")) == Some(admin) {
        act(world, request.method(), request.uri().path())
    } else {
        Err(Refusal::unauthorized())
    };
    let (code, value) = done.map_or_else(|refusal| (refusal.code, refusal.status()), |value| (200, value));
    let mut response = Response::new(Full::new(value.to_string().into()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Does what is asked, and lists the incidents as they are then.
fn act(world: &Shared, method: &Method, path: &str) -> Result<Value, Refusal> {
    let not_here =
        || Refusal::new(404, "NotFound", "the desk knows only /demo/scenarios and what lies under it");
    let name = path.strip_prefix(PATH).ok_or_else(not_here)?;
    let mut world = lock(world);
    if *method != Method::GET {
        let name = name.strip_prefix('/').ok_or_else(not_here)?;
        let scenario = scenario::find(name).ok_or_else(|| {
            let nearest = suggestion(name, scenario::names());
            Refusal::new(404, "NotFound", format!("{name}: no such incident{nearest}"))
        })?;
        match (method, scenario.is_playing(&world)) {
            (&Method::POST, false) => (scenario.inject)(&mut world),
            (&Method::DELETE, true) => (scenario.heal)(&mut world),
            (&Method::POST, true) => {
                return Err(Refusal::new(409, "Conflict", format!("{name} is being played")));
            }
            (&Method::DELETE, false) => {
                return Err(Refusal::new(409, "Conflict", format!("{name} is not being played")));
            }
            _ => return Err(Refusal::new(405, "MethodNotAllowed", "the desk takes GET, POST and DELETE")),
        }
        world.hurry();
    }
    let row =
        |s: &&scenario::Scenario| json!({"name": s.name, "title": s.title, "playing": s.is_playing(&world)});
    Ok(json!({"scenarios": SCENARIOS.iter().map(row).collect::<Vec<_>>()}))
}
