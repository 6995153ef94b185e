//! The wire of an embedded API server: requests in, answers out, over the objects of a [`Store`]. What it does
//! not serve it refuses as a real server would; it never does half of what was asked and says nothing.
mod answer;
mod apply;
mod auth;
mod defaults;
mod discovery;
mod fields;
mod list;
mod openapi;
mod patch;
mod pods;
mod protobuf;
mod query;
mod reviews;
mod route;
mod scale;
mod selector;
mod shape;
mod strategic;
mod watch;
mod write;

use std::{convert::Infallible, sync::Arc};

use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Bytes};
use tokio_util::sync::CancellationToken;

pub use answer::Body;
use auth::Access;
use query::Query;
use route::{Route, Target};

use super::store::{Api as Store, Fault, Identity, Refusal};

/// Bytes of the largest body that is taken.
const LARGEST: usize = 3 << 20;

/// Finds the API of a workload cluster by namespace and name; its contents may be made when it is first asked for.
pub type Workloads = Arc<dyn Fn(&str, &str) -> Option<Store> + Send + Sync>;

/// Which token belongs to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    pub admin: String,
    pub viewer: String,
}

/// What answers at one address.
#[derive(Clone)]
pub struct Service {
    pub store: Store,
    pub tokens: Tokens,
    pub workloads: Workloads,
    /// Ends what would never end by itself.
    pub stop: CancellationToken,
}

/// One request, understood as far as every part of the API needs it.
struct Call<'a> {
    store: &'a Store,
    who: Identity,
    method: Method,
    query: Query,
    headers: HeaderMap,
    body: Bytes,
    stop: CancellationToken,
}

impl Service {
    /// Answers a request. Never fails: what goes wrong is an answer too.
    pub async fn answer<B>(self, request: Request<B>) -> Result<Response<Body>, Infallible>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let (store, path) = match self.store_of(parts.uri.path()) {
            Ok(found) => found,
            Err(refusal) => return Ok(answer::refused(&refusal)),
        };
        self.until_well(&store).await;
        let answer = match http_body_util::Limited::new(body, LARGEST).collect().await {
            Ok(body) => self.dispatch(&store, &path, parts, body.to_bytes()),
            Err(_) => Err(Refusal::new(413, "RequestEntityTooLarge", "the request is too large")),
        };
        Ok(answer.unwrap_or_else(|refusal| answer::refused(&refusal)))
    }

    /// Waits until neither the server nor the cluster behind it hangs, or all ends.
    async fn until_well(&self, store: &Store) {
        for of in [&self.store, store] {
            let mut fault = of.fault();
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = fault.wait_for(|f| *f != Fault::Hanging) => {}
            }
        }
    }

    fn dispatch(
        &self,
        store: &Store,
        path: &str,
        parts: http::request::Parts,
        body: Bytes,
    ) -> Result<Response<Body>, Refusal> {
        let open = matches!(path, "/version" | "/healthz" | "/livez" | "/readyz");
        ill(store, path, open)?;
        let who = match auth::identify(&self.tokens, &parts.headers)? {
            Some(who) => who,
            None if open => Identity::Viewer,
            None => return Err(Refusal::unauthorized()),
        };
        let query = Query::of(parts.uri.query().unwrap_or_default());
        let stop = self.stop.clone();
        let call = Call { store, who, method: parts.method, query, headers: parts.headers, body, stop };
        match route::route(store, path) {
            Some(Route::Plain(page)) => discovery::page(&call, page),
            Some(Route::Review(review)) => reviews::answer(&call, review),
            Some(Route::Objects(target)) => call.objects(&target),
            Some(Route::NoResource) => Err(route::no_resource()),
            None => Ok(answer::text(StatusCode::NOT_FOUND, "404 page not found\n")),
        }
    }

    /// The store that a path leads to, and the path inside it.
    fn store_of(&self, path: &str) -> Result<(Store, String), Refusal> {
        let Some(rest) = path.strip_prefix("/clusters/") else {
            return Ok((self.store.clone(), path.to_owned()));
        };
        let mut parts = rest.splitn(3, '/');
        let (namespace, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let store = (self.workloads)(namespace, name);
        let store =
            store.ok_or_else(|| Refusal::new(503, "ServiceUnavailable", "no such cluster is served here"))?;
        Ok((store, format!("/{}", parts.next().unwrap_or_default())))
    }
}

/// Refuses what a server that is ill refuses; `open` is for what is asked of its health.
fn ill(store: &Store, path: &str, open: bool) -> Result<(), Refusal> {
    let fault = *store.fault().borrow();
    Err(match fault {
        Fault::Refusing => {
            Refusal::new(503, "ServiceUnavailable", "the server is currently unable to handle the request")
        }
        Fault::Unauthorized => Refusal::unauthorized(),
        Fault::Throttling { seconds } if !open => Refusal::throttled(seconds),
        Fault::Broken if path != "/livez" => {
            Refusal::new(500, "InternalError", "etcdserver: request timed out")
        }
        _ => return Ok(()),
    })
}

impl Call<'_> {
    /// Requests about objects.
    fn objects(&self, target: &Target) -> Result<Response<Body>, Refusal> {
        let verb = target.verb(&self.method, self.query.flag("watch")).ok_or_else(route::not_allowed)?;
        auth::check(self.store, self.who, &Access::to(target, verb))?;
        match (target.subresource.as_str(), verb) {
            ("" | "status", "get") => list::get(self, target),
            ("", "list") => list::list(self, target),
            ("", "watch") => watch::watch(self, target),
            ("", "create") => write::create(self, target),
            ("" | "status", "update") => write::update(self, target),
            ("" | "status", "patch") => patch::patch(self, target),
            ("", "delete") => write::delete(self, target),
            ("", "deletecollection") => write::delete_collection(self, target),
            ("scale", _) if target.served.resource.scale => scale::answer(self, target, verb),
            ("log", "get") => pods::log(self, target),
            ("eviction", "create") => pods::evict(self, target),
            ("" | "status" | "scale" | "log" | "eviction" | "finalize", _) => Err(route::not_allowed()),
            _ => Err(route::no_resource()),
        }
    }
}

#[cfg(test)]
mod tests;
