//! The fake server's answers, its log of requests, and the faults that tests order.
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::BoxError;

use super::store::{Store, Watcher, line};
use super::write;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: String,
    pub content_type: String,
    pub body: Value,
}

impl Asked {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
    pub fn is_watch(&self) -> bool {
        self.parameter("watch") == Some("true")
    }
    pub fn is_stream(&self) -> bool {
        self.is_watch() && self.parameter("sendInitialEvents") == Some("true")
    }
    /// A list in pages, or one that comes as a stream.
    pub fn is_list(&self) -> bool {
        self.method == "GET" && self.path.ends_with('s') && (!self.is_watch() || self.is_stream())
    }
}

/// How the server stands to streaming lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streaming {
    Served,
    Refused(u16),
    /// An unknown parameter is nobody's business: a plain watch comes.
    Ignored,
}

/// An answer instead of the true one.
#[derive(Clone)]
pub enum Reply {
    Status(u16, Value),
    /// Any body, with a header of `Retry-After`.
    Later(u16, u64),
    Text(&'static str),
    /// Takes the request and says nothing.
    Nothing,
    /// The connection is refused.
    Refused,
    /// The head of an answer, some bytes, and then the connection breaks.
    Half(String),
    /// The head of an answer, some bytes, and then nothing for ever.
    Stuck(String),
}

impl Reply {
    pub fn status(code: u16, reason: &str, message: &str) -> Self {
        Self::Status(code, status(code, reason, message))
    }
}

type When = Box<dyn Fn(&Asked) -> bool + Send>;

struct Inner {
    store: Store,
    log: Vec<Asked>,
    faults: VecDeque<(When, usize, Reply)>,
    streaming: Streaming,
    page: usize,
    warnings: Vec<String>,
    groups: Vec<&'static str>,
}

/// The server; clones are the same one.
#[derive(Clone)]
pub struct Server(Arc<Mutex<Inner>>);

pub fn status(code: u16, reason: &str, message: &str) -> Value {
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "code": code, "reason": reason, "message": message,
    })
}

impl Server {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            store: Store::default(),
            log: Vec::new(),
            faults: VecDeque::new(),
            streaming: Streaming::Served,
            page: usize::MAX,
            warnings: Vec::new(),
            groups: vec!["cluster.x-k8s.io", "authorization.k8s.io"],
        })))
    }

    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap())
    }

    /// A client without a network beneath it.
    pub fn client(&self) -> kube::Client {
        let server = self.clone();
        let service = tower::service_fn(move |request: Request<kube::client::Body>| {
            let server = server.clone();
            async move { server.answer(request.map(Body::new)).await }
        });
        kube::Client::new(service, "default")
    }

    pub fn streaming(&self, streaming: Streaming) {
        self.with(|s| s.streaming = streaming);
    }
    /// The most objects on a page, whatever is asked for.
    pub fn page(&self, most: usize) {
        self.with(|s| s.page = most);
    }
    pub fn warn(&self, words: &str) {
        self.with(|s| s.warnings.push(words.to_owned()));
    }
    pub fn serve_groups(&self, groups: &[&'static str]) {
        self.with(|s| s.groups = groups.to_vec());
    }
    pub fn put(&self, collection: &str, object: Value) -> Value {
        self.with(|s| s.store.put(collection, object))
    }
    pub fn get(&self, collection: &str, name: &str) -> Option<Value> {
        self.with(|s| s.store.get(collection, name))
    }
    pub fn delete(&self, collection: &str, name: &str) {
        self.with(|s| s.store.delete(collection, name));
    }
    pub fn version(&self) -> String {
        self.with(|s| s.store.version.to_string())
    }
    /// Versions pass that no collection of interest sees; watchers get a bookmark.
    pub fn bookmark(&self, collection: &str) -> String {
        self.with(|s| {
            s.store.version += 10;
            let mark = s.store.bookmark(&Value::Null);
            s.store.send(collection, &mark);
            s.store.version.to_string()
        })
    }
    /// Everything up to now is forgotten: who wants to go on from an older version gets 410.
    pub fn compact(&self) {
        self.with(|s| {
            s.store.version += 1;
            s.store.compacted = s.store.version;
        });
    }
    /// Sends these bytes to all who watch.
    pub fn send(&self, collection: &str, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        self.with(|s| s.store.send(collection, &bytes));
    }
    /// An event of type ERROR to all who watch.
    pub fn error_event(&self, collection: &str, code: u16, reason: &str, message: &str) {
        self.send(collection, line("ERROR", &status(code, reason, message)));
    }
    /// Every watch ends as on its timeout.
    pub fn close_watches(&self) {
        self.with(|s| s.store.watchers.clear());
    }
    /// Every watch breaks as when the server dies.
    pub fn cut_watches(&self) {
        self.with(|s| {
            for watcher in s.store.watchers.drain(..) {
                let _ = watcher.events.send(Err(io::Error::from(io::ErrorKind::ConnectionReset)));
            }
        });
    }
    pub fn watchers(&self) -> usize {
        self.with(|s| s.store.watchers.iter().filter(|w| !w.events.is_closed()).count())
    }

    /// The next `times` requests that match are answered so.
    pub fn fail(&self, times: usize, reply: Reply, when: impl Fn(&Asked) -> bool + Send + 'static) {
        self.with(|s| s.faults.push_back((Box::new(when), times, reply)));
    }
    /// Faults that were ordered and have not happened are forgotten.
    pub fn mend(&self) {
        self.with(|s| s.faults.clear());
    }

    pub fn log(&self) -> Vec<Asked> {
        self.with(|s| s.log.clone())
    }
    /// `GET stream`, `GET watch 105`, `GET list`, `PATCH …`: what was asked, in short, since the last call.
    pub fn take_log(&self) -> Vec<String> {
        let log = self.with(|s| std::mem::take(&mut s.log));
        log.iter().map(short).collect()
    }

    pub(super) async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let asked = Asked {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        };
        let reply = self.with(|s| {
            s.log.push(asked.clone());
            let at = s.faults.iter().position(|(when, times, _)| *times > 0 && when(&asked))?;
            s.faults[at].1 -= 1;
            Some(s.faults[at].2.clone())
        });
        match reply {
            Some(reply) => faulty(reply).await,
            None => Ok(self.with(|s| s.honest(&asked))),
        }
    }
}

fn short(asked: &Asked) -> String {
    let what = if asked.is_stream() {
        "stream".to_owned()
    } else if asked.is_watch() {
        format!("watch {}", asked.parameter("resourceVersion").unwrap_or_default())
    } else if asked.is_list() {
        match asked.parameter("continue") {
            Some(token) => format!("list {token}"),
            None => "list".to_owned(),
        }
    } else {
        asked.path.clone()
    };
    format!("{} {what}", asked.method)
}

async fn faulty(reply: Reply) -> Result<Response<Body>, BoxError> {
    let broken = || io::Error::from(io::ErrorKind::ConnectionReset);
    match reply {
        Reply::Status(code, status) => Ok(json_answer(code, &status)),
        Reply::Later(code, seconds) => {
            // As our own transport hands it on.
            let mut status = status(code, "TooManyRequests", "too many requests");
            status["details"] = json!({ "retryAfterSeconds": seconds });
            Ok(json_answer(code, &status))
        }
        Reply::Text(text) => Ok(Response::new(Body::from(text))),
        Reply::Nothing => std::future::pending().await,
        Reply::Refused => Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
        Reply::Half(text) => {
            let bytes = futures::stream::iter([Ok(Bytes::from(text)), Err(broken())]);
            Ok(Response::new(Body::from_stream(bytes)))
        }
        Reply::Stuck(text) => {
            let bytes = futures::stream::iter([Ok::<_, io::Error>(Bytes::from(text))]);
            Ok(Response::new(Body::from_stream(bytes.chain(futures::stream::pending()))))
        }
    }
}

pub(super) fn json_answer(code: u16, value: &Value) -> Response<Body> {
    Response::builder()
        .status(StatusCode::from_u16(code).unwrap())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(value.to_string()))
        .unwrap()
}

impl Inner {
    fn honest(&mut self, asked: &Asked) -> Response<Body> {
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/version") => json_answer(200, &json!({ "gitVersion": "v1.35.0" })),
            ("GET", "/api" | "/apis") => json_answer(200, &self.discovery(asked.path == "/api")),
            ("POST", path)
                if path.contains("authorization.k8s.io") || path.contains("authentication.k8s.io") =>
            {
                json_answer(201, &review(path))
            }
            ("POST", path) => self.create(path, asked),
            ("DELETE", path) => self.remove(path, asked),
            ("GET", _) if asked.is_watch() => self.watch(asked),
            ("GET", path) if split(path).1.is_empty() => self.list(asked),
            ("GET", path) => {
                let (collection, name) = split(path);
                match self.store.get(&collection, &name) {
                    Some(object) => json_answer(200, &object),
                    None => json_answer(404, &not_found(&name)),
                }
            }
            ("PATCH", path) => {
                let (collection, name) = split(path);
                let mut answer = match self.store.get(&collection, &name) {
                    None => json_answer(404, &not_found(&name)),
                    Some(object) => match write::patched(&object, asked) {
                        Err(refusal) => {
                            json_answer(u16::try_from(refusal["code"].as_u64().unwrap()).unwrap(), &refusal)
                        }
                        Ok(object) if asked.parameter("dryRun") == Some("All") => json_answer(200, &object),
                        Ok(object) => json_answer(200, &self.store.put(&collection, object)),
                    },
                };
                for words in &self.warnings {
                    let header = format!("299 - \"{words}\"");
                    answer.headers_mut().append(header::WARNING, header.parse().unwrap());
                }
                answer
            }
            _ => json_answer(405, &status(405, "MethodNotAllowed", "no")),
        }
    }

    fn create(&mut self, path: &str, asked: &Asked) -> Response<Body> {
        let name = asked.body["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let (collection, _) = split(&format!("{path}/{name}"));
        let namespace = asked.body["metadata"]["namespace"].as_str().unwrap_or_default();
        if self.store.get(&collection, &format!("{namespace}/{name}")).is_some() {
            return json_answer(409, &status(409, "AlreadyExists", &format!("\"{name}\" already exists")));
        }
        let mut object = asked.body.clone();
        object["metadata"]["uid"] = json!("made");
        object["spec"]["defaulted"] = json!(true);
        if asked.parameter("dryRun") == Some("All") {
            return json_answer(201, &object);
        }
        json_answer(201, &self.store.put(&collection, object))
    }

    fn remove(&mut self, path: &str, asked: &Asked) -> Response<Body> {
        let (collection, name) = split(path);
        let Some(object) = self.store.get(&collection, &name) else {
            return json_answer(404, &not_found(&name));
        };
        for field in ["uid", "resourceVersion"] {
            if asked.body["preconditions"][field] != object["metadata"][field] {
                return json_answer(409, &status(409, "Conflict", "Precondition failed"));
            }
        }
        if asked.body["dryRun"] != json!(["All"]) {
            self.store.delete(&collection, &name);
        }
        json_answer(200, &object)
    }

    fn discovery(&self, core: bool) -> Value {
        let resource = |plural: &str, kind: &str| json!({ "resource": plural, "scope": "Namespaced", "responseKind": { "kind": kind } });
        let of = |group: &str| match group {
            "cluster.x-k8s.io" => (
                "v1beta1",
                json!([
                    resource("machines", "Machine"),
                    resource("clusters", "Cluster"),
                    resource("machinedeployments", "MachineDeployment")
                ]),
            ),
            "" => (
                "v1",
                json!([resource("pods", "Pod"), resource("secrets", "Secret"), resource("nodes", "Node")]),
            ),
            _ => ("v1", json!([resource("selfsubjectaccessreviews", "SelfSubjectAccessReview")])),
        };
        let groups: Vec<&str> = if core { vec![""] } else { self.groups.clone() };
        let item = |group: &&str| {
            let (version, resources) = of(group);
            json!({ "metadata": { "name": group }, "versions": [{ "version": version, "freshness": "Current", "resources": resources }] })
        };
        json!({ "kind": "APIGroupDiscoveryList", "items": groups.iter().map(item).collect::<Vec<_>>() })
    }

    fn list(&self, asked: &Asked) -> Response<Body> {
        let all = self.store.list(&asked.path);
        let from: usize = asked.parameter("continue").map_or(0, |token| token.parse().unwrap());
        let limit: usize = asked.parameter("limit").map_or(usize::MAX, |limit| limit.parse().unwrap());
        let to = all.len().min(from.saturating_add(limit.min(self.page)));
        let next = if to < all.len() { to.to_string() } else { String::new() };
        let meta = json!({ "resourceVersion": self.store.version.to_string(), "continue": next });
        json_answer(200, &json!({ "kind": "List", "metadata": meta, "items": all[from..to] }))
    }

    fn watch(&mut self, asked: &Asked) -> Response<Body> {
        let collection = asked.path.clone();
        let added = |store: &Store| store.list(&collection).iter().map(|o| line("ADDED", o)).collect();
        let first: Vec<Bytes> = match (asked.is_stream(), self.streaming) {
            (true, Streaming::Refused(code)) => {
                let words = "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
                return json_answer(code, &status(code, "Invalid", words));
            }
            (true, Streaming::Served) => {
                let mut first: Vec<Bytes> = added(&self.store);
                first.push(self.store.bookmark(&json!({ "k8s.io/initial-events-end": "true" })));
                first
            }
            (true, Streaming::Ignored) => added(&self.store),
            (false, _) => {
                let version = asked.parameter("resourceVersion").unwrap().parse().unwrap();
                match self.store.since(&collection, version) {
                    Some(missed) => missed,
                    None => return json_answer(410, &status(410, "Expired", "too old resource version")),
                }
            }
        };
        let (events, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        for line in first {
            events.send(Ok(line)).unwrap();
        }
        self.store.watchers.push(Watcher { collection, events });
        let body = futures::stream::poll_fn(move |context| receiver.poll_recv(context));
        Response::new(Body::from_stream(body))
    }
}

fn review(path: &str) -> Value {
    if path.ends_with("selfsubjectreviews") {
        return json!({ "metadata": {}, "status": { "userInfo": { "username": "ops", "groups": ["sre"] } } });
    }
    json!({ "status": { "allowed": true } })
}

fn not_found(name: &str) -> Value {
    let mut not_found = status(404, "NotFound", "not found");
    not_found["details"] = json!({ "name": name });
    not_found
}

/// `…/namespaces/ns/things/name` as the path of its collection and `ns/name`; an empty name for a collection.
fn split(path: &str) -> (String, String) {
    let Some((root, rest)) = path.split_once("/namespaces/") else { return (path.to_owned(), String::new()) };
    match rest.split('/').collect::<Vec<_>>()[..] {
        [namespace, things, name] => (format!("{root}/{things}"), format!("{namespace}/{name}")),
        _ => (path.to_owned(), String::new()),
    }
}
