//! Follows one collection for ever: streaming list where the server has it, pages and a watch where not,
//! on from where it stood after every break. Says what it sees as observations; never interprets it.
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, TryStreamExt};
use kube::{
    Client,
    api::{ListParams, WatchEvent, WatchParams},
    core::{ObjectList, Request},
};
use tokio::sync::Notify;

use super::{error, item::Item};
use crate::{
    domain::{Object, ObjectKey, Problem, ProblemKind},
    kinds::Kind,
    msg::{Change, Observation},
};

/// Events that are taken together when they are there together.
const BATCH: usize = 256;
/// Objects on a page of a list.
const PAGE: u32 = 500;
/// Seconds after which the server ends a watch (the client then goes on from the last version).
const WATCH_SECONDS: u32 = 290;
/// How long the head of a watch's answer may take.
const REST: Duration = Duration::from_secs(60);

/// One collection of one API server.
pub struct Watch {
    pub client: Client,
    pub kind: &'static Kind,
    pub version: String,
    pub fields: String,
    /// The server is not known to refuse streaming lists.
    pub streaming: Arc<AtomicBool>,
    /// Woken when the operator (or a site that is back) wants a retry now.
    pub retry: Arc<Notify>,
}

/// Why a pass over the collection ended.
enum End {
    /// Nobody listens any more.
    Unheard,
    Broken(Problem),
    /// The server does not do streaming lists.
    NoStreaming,
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Broken(problem)
    }
}

/// Where observations go; `false` when nobody listens any more.
pub trait Sink: Send {
    fn send(&mut self, observation: Observation) -> impl Future<Output = bool> + Send;
}

impl Watch {
    fn path(&self) -> String {
        let (group, version, plural) = (self.kind.group, &self.version, self.kind.plural);
        if group.is_empty() {
            format!("/api/{version}/{plural}")
        } else {
            format!("/apis/{group}/{version}/{plural}")
        }
    }

    /// Follows the collection until nobody listens.
    pub async fn run(&self, sink: &mut impl Sink) {
        let mut position: Option<String> = None;
        let mut attempt = 0;
        loop {
            let ended = match (&position, self.streaming.load(Ordering::Relaxed)) {
                (Some(_), _) => self.watch(&mut position, &mut attempt, sink).await,
                (None, true) => self.stream(&mut position, &mut attempt, sink).await,
                (None, false) => self.pages(&mut position, &mut attempt, sink).await,
            };
            let problem = match ended {
                Ok(()) => continue,
                Err(End::Unheard) => return,
                Err(End::NoStreaming) => {
                    self.streaming.store(false, Ordering::Relaxed);
                    continue;
                }
                Err(End::Broken(problem)) => problem,
            };
            tracing::info!(kind = self.kind.id, %problem, "watch broken");
            if problem.kind == ProblemKind::Expired {
                position = None;
                if attempt == 0 {
                    attempt = 1;
                    continue;
                }
            }
            if !self.rest(problem, &mut attempt, sink).await {
                return;
            }
        }
    }

    /// Says what is wrong, and waits: a little longer each time, or until somebody wants it now.
    async fn rest(&self, problem: Problem, attempt: &mut u32, sink: &mut impl Sink) -> bool {
        let wait = match problem.kind {
            ProblemKind::Forbidden | ProblemKind::NotFound => REST,
            _ => problem.retry_after.map_or_else(|| super::backoff::after(*attempt), Duration::from_secs),
        };
        *attempt = attempt.saturating_add(1);
        let observation = match problem.kind {
            ProblemKind::Forbidden => Observation::Forbidden(problem),
            ProblemKind::NotFound => Observation::Absent(problem),
            _ => Observation::Failed { problem, retry_at: super::backoff::at(wait) },
        };
        if !sink.send(observation).await {
            return false;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.retry.notified() => {}
        }
        true
    }

    /// A list that comes as a watch (Kubernetes 1.32 and later).
    async fn stream(
        &self,
        position: &mut Option<String>,
        attempt: &mut u32,
        sink: &mut impl Sink,
    ) -> Result<(), End> {
        let params = WatchParams { send_initial_events: true, ..self.params() };
        let request = Request::new(self.path())
            .watch(&params, "")
            .map_err(|e| self.problem(&kube::Error::BuildRequest(e)))?;
        let events = match self.client.request_events::<Item>(request).await {
            Ok(events) => events,
            Err(error) if refuses_streaming(&error) => return Err(End::NoStreaming),
            Err(error) => return Err(self.problem(&error).into()),
        };
        self.take(events, true, position, attempt, sink).await
    }

    /// A list in pages; the rows of each page are shown at once.
    async fn pages(
        &self,
        position: &mut Option<String>,
        attempt: &mut u32,
        sink: &mut impl Sink,
    ) -> Result<(), End> {
        let mut params =
            ListParams { limit: Some(PAGE), field_selector: self.selector(), ..ListParams::default() };
        heard(sink.send(Observation::Listing).await)?;
        loop {
            let request = Request::new(self.path())
                .list(&params)
                .map_err(|e| self.problem(&kube::Error::BuildRequest(e)))?;
            let list: ObjectList<Item> = self.client.request(request).await.map_err(|e| self.problem(&e))?;
            let changes: Vec<Change> = list.items.iter().map(|item| self.upsert(item)).collect();
            if !changes.is_empty() {
                heard(sink.send(Observation::Changes(changes)).await)?;
            }
            params.continue_token = list.metadata.continue_.filter(|t| !t.is_empty());
            if params.continue_token.is_none() {
                *position = list.metadata.resource_version.filter(|v| !v.is_empty());
                *attempt = 0;
                heard(sink.send(Observation::Listed).await)?;
                return Ok(());
            }
        }
    }

    /// A watch from where we stand.
    async fn watch(
        &self,
        position: &mut Option<String>,
        attempt: &mut u32,
        sink: &mut impl Sink,
    ) -> Result<(), End> {
        let version = position.clone().unwrap_or_default();
        let request = Request::new(self.path())
            .watch(&self.params(), &version)
            .map_err(|e| self.problem(&kube::Error::BuildRequest(e)))?;
        let events = self.client.request_events::<Item>(request).await.map_err(|e| self.problem(&e))?;
        heard(sink.send(Observation::Resumed).await)?;
        self.take(events, false, position, attempt, sink).await
    }

    /// Takes events until the server ends the watch, or something breaks.
    async fn take(
        &self,
        events: impl futures::Stream<Item = kube::Result<WatchEvent<Item>>>,
        mut listing: bool,
        position: &mut Option<String>,
        attempt: &mut u32,
        sink: &mut impl Sink,
    ) -> Result<(), End> {
        if listing {
            heard(sink.send(Observation::Listing).await)?;
        }
        let mut events = std::pin::pin!(events.into_stream().ready_chunks(BATCH));
        while let Some(chunk) = events.next().await {
            let mut batch = Batch::default();
            for event in chunk {
                match event.map_err(|e| self.problem(&e))? {
                    WatchEvent::Added(item) | WatchEvent::Modified(item) => {
                        move_on(position, listing, &item.resource_version);
                        batch.push(item.key.clone(), self.upsert(&item));
                    }
                    WatchEvent::Deleted(item) => {
                        move_on(position, listing, &item.resource_version);
                        batch.push(item.key.clone(), Change::Remove(item.key));
                    }
                    WatchEvent::Bookmark(mark) => {
                        if listing && mark.metadata.annotations.contains_key("k8s.io/initial-events-end") {
                            listing = false;
                            batch.send(sink).await?;
                            heard(sink.send(Observation::Listed).await)?;
                        }
                        move_on(position, listing, &mark.metadata.resource_version);
                        *attempt = 0;
                    }
                    WatchEvent::Error(status) => {
                        batch.send(sink).await?;
                        return Err(self.problem(&kube::Error::Api(status.boxed())).into());
                    }
                }
            }
            if !listing {
                *attempt = 0;
            }
            batch.send(sink).await?;
        }
        Ok(())
    }

    fn upsert(&self, item: &Item) -> Change {
        Change::Upsert(Box::new(self.row(item)))
    }

    fn row(&self, item: &Item) -> Object {
        self.kind.read(&self.version, item.json.get())
    }

    fn params(&self) -> WatchParams {
        WatchParams {
            field_selector: self.selector(),
            timeout: Some(WATCH_SECONDS),
            bookmarks: true,
            ..WatchParams::default()
        }
    }

    fn selector(&self) -> Option<String> {
        (!self.fields.is_empty()).then(|| self.fields.clone())
    }

    fn problem(&self, error: &kube::Error) -> Problem {
        error::problem(&format!("watch {}", self.kind.plural), error)
    }
}

/// While a streaming list is not whole there is no version to go on from.
fn move_on(position: &mut Option<String>, listing: bool, version: &str) {
    if !listing && !version.is_empty() {
        *position = Some(version.to_owned());
    }
}

fn heard(sent: bool) -> Result<(), End> {
    if sent { Ok(()) } else { Err(End::Unheard) }
}

/// How servers without the `WatchList` gate answer (422, some 400).
fn refuses_streaming(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if matches!(status.code, 400 | 422))
}

/// Changes that go out together; of several to one object only the newest.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    at: HashMap<ObjectKey, usize>,
}

impl Batch {
    fn push(&mut self, key: ObjectKey, change: Change) {
        match self.at.get(&key) {
            Some(at) => self.changes[*at] = change,
            None => {
                self.at.insert(key, self.changes.len());
                self.changes.push(change);
            }
        }
    }
    async fn send(&mut self, sink: &mut impl Sink) -> Result<(), End> {
        self.at.clear();
        let changes = std::mem::take(&mut self.changes);
        heard(changes.is_empty() || sink.send(Observation::Changes(changes)).await)
    }
}
