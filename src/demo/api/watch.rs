//! Watches: what there is, where that is asked for, and then what happens, until the client or the time is up.
use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::{StreamExt as _, stream};
use http::Response;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use serde_json::{Map, Value, json};
use tokio::{
    sync::watch::Receiver,
    time::{Sleep, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    Body, Call, Refusal, Store, answer,
    route::Target,
    selector::Selection,
    shape::{self, Shape},
};
use crate::demo::store::{Change, Event, Fault, Object, Served};

const BOOKMARKS: Duration = Duration::from_mins(1);
/// How long a watch lasts when nothing else is asked.
const LASTS: u64 = 1_800;

/// An open watch.
struct Watch {
    store: Store,
    served: Served,
    selection: Selection,
    shape: Shape,
    /// The revision up to which everything was told.
    told: u64,
    first: Option<Bytes>,
    columns_told: bool,
    changed: Receiver<u64>,
    fault: Receiver<Fault>,
    bookmarks: Option<Pin<Box<Sleep>>>,
    ends: Pin<Box<Sleep>>,
    stop: CancellationToken,
    over: bool,
}

pub(super) fn watch(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    let streaming = call.query.flag("sendInitialEvents");
    let matching = call.query.get("resourceVersionMatch");
    if streaming != (matching == "NotOlderThan") || !matches!(matching, "" | "NotOlderThan") {
        return Err(streaming_refused(resource.kind, streaming));
    }
    let bookmarks = call.query.flag("allowWatchBookmarks");
    let from = call.query.revision(true)?;
    let Some(changed) = call.store.subscribe(resource) else { return Err(super::route::no_resource()) };
    let lasts = call.query.number("timeoutSeconds").filter(|s| *s > 0).unwrap_or(LASTS);
    let mut watch = Watch {
        store: call.store.clone(),
        served: target.served,
        selection: Selection::of(call, target)?,
        shape: Shape::wanted(call)?,
        told: from.unwrap_or(0),
        first: None,
        columns_told: false,
        changed,
        fault: call.store.fault(),
        bookmarks: bookmarks.then(|| Box::pin(sleep(BOOKMARKS))),
        ends: Box::pin(sleep(Duration::from_secs(lasts))),
        stop: call.stop.clone(),
        over: false,
    };
    if streaming || from.is_none() {
        watch.begin(streaming && bookmarks);
    }
    let frames = stream::unfold(watch, Watch::next).map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    Ok(answer::stream(StreamBody::new(frames).boxed_unsync()))
}

fn streaming_refused(kind: &str, streaming: bool) -> Refusal {
    let message = if streaming {
        format!(
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan ({kind})"
        )
    } else {
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided".to_owned()
    };
    Refusal::new(422, "Invalid", message)
}

impl Watch {
    /// What there is comes first.
    fn begin(&mut self, mark: bool) {
        let listed = self.store.list(self.served.resource, self.selection.namespace());
        let mut out = BytesMut::new();
        for object in &listed.objects {
            if self.selection.matches(object) {
                self.write(&mut out, Change::Added, object);
            }
        }
        self.told = listed.revision;
        if mark {
            self.bookmark(&mut out, true);
        }
        self.first = Some(out.freeze());
    }

    async fn next(mut self) -> Option<(Bytes, Self)> {
        if let Some(first) = self.first.take().filter(|f| !f.is_empty()) {
            return Some((first, self));
        }
        while !self.over {
            // Marked as seen before it is read, so that nothing which comes meanwhile is missed.
            self.changed.borrow_and_update();
            let out = self.news();
            if !out.is_empty() {
                return Some((out, self));
            }
            if let Some(out) = self.wait().await {
                return Some((out, self));
            }
        }
        None
    }

    /// What happened since it was last told.
    fn news(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        match self.store.changed_since(self.served.resource, self.told) {
            Ok(events) => {
                for event in events {
                    self.told = event.revision;
                    self.event(&mut out, &event);
                }
            }
            Err(refusal) => {
                self.over = true;
                line(&mut out, "ERROR", refusal.status().to_string().as_bytes());
            }
        }
        out.freeze()
    }

    /// Waits for something to happen; gives back what is to be sent for it, if anything.
    async fn wait(&mut self) -> Option<Bytes> {
        let tick = async {
            match &mut self.bookmarks {
                Some(next) => next.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = self.changed.changed() => self.over = changed.is_err(),
            // Told no more of a server that is ill, nor of what may not be read any more.
            fault = self.fault.changed() => {
                self.over = fault.is_err()
                    || *self.fault.borrow() != Fault::None
                    || self.store.is_forbidden(self.served.resource.group);
            }
            () = self.stop.cancelled() => self.over = true,
            () = &mut self.ends => self.over = true,
            () = tick => {
                self.bookmarks = Some(Box::pin(sleep(BOOKMARKS)));
                let mut out = BytesMut::new();
                self.bookmark(&mut out, false);
                return Some(out.freeze());
            }
        }
        None
    }

    /// What an event means for those who follow a selection.
    fn event(&mut self, out: &mut BytesMut, event: &Event) {
        let before = event.previous.as_ref().is_some_and(|o| self.selection.matches(o));
        let now = event.change != Change::Deleted && self.selection.matches(&event.object);
        let change = match (before, now) {
            (false, false) => return,
            (true, false) => Change::Deleted,
            (false, true) => Change::Added,
            (true, true) => Change::Modified,
        };
        self.write(out, change, &event.object);
    }

    fn write(&mut self, out: &mut BytesMut, change: Change, object: &Arc<Object>) {
        let change = match change {
            Change::Added => "ADDED",
            Change::Modified => "MODIFIED",
            Change::Deleted => "DELETED",
        };
        match self.shape {
            Shape::Plain => line(out, change, &object.json),
            Shape::Partial => line(out, change, shape::partial(&object.value()).to_string().as_bytes()),
            Shape::Table(include) => {
                let resource = self.served.resource;
                let columns =
                    (!std::mem::replace(&mut self.columns_told, true)).then(|| shape::columns(resource));
                let rows = vec![shape::row(resource, object, include, self.store.now())];
                let meta =
                    Map::from_iter([("resourceVersion".to_owned(), object.revision.to_string().into())]);
                line(out, change, shape::table(&meta, columns, &rows).to_string().as_bytes());
            }
        }
    }

    /// Tells how far everything was told. No write of another kind moves what was told, so the server's own
    /// revision may be told where nothing of ours is left.
    fn bookmark(&mut self, out: &mut BytesMut, initial: bool) {
        let mut meta = json!({ "resourceVersion": self.told.to_string(), "creationTimestamp": null });
        if initial {
            meta["annotations"] = json!({ "k8s.io/initial-events-end": "true" });
        }
        let object: Value = match self.shape {
            Shape::Plain => json!({
                "kind": self.served.resource.kind, "apiVersion": self.served.api_version(), "metadata": meta,
            }),
            Shape::Partial => shape::partial(&json!({ "metadata": meta })),
            Shape::Table(_) => {
                let row = json!({ "cells": [], "object": shape::partial(&json!({ "metadata": meta })) });
                let about = Map::from_iter([("resourceVersion".to_owned(), meta["resourceVersion"].clone())]);
                shape::table(&about, None, &[row])
            }
        };
        line(out, "BOOKMARK", object.to_string().as_bytes());
    }
}

fn line(out: &mut BytesMut, change: &str, object: &[u8]) {
    out.reserve(object.len() + 40);
    out.put_slice(b"{\"type\":\"");
    out.put_slice(change.as_bytes());
    out.put_slice(b"\",\"object\":");
    out.put_slice(object);
    out.put_slice(b"}\n");
}
