//! The events of a watch: bytes cut into lines, lines read as events, events gathered into batches.
//! An object that makes no sense is still a row; a line that makes no sense is an error.
use std::{borrow::Cow, collections::HashMap, io};

use futures::{AsyncBufRead, AsyncBufReadExt as _, FutureExt as _};
use kube::core::Status;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::{
    domain::{Object, ObjectKey},
    kinds::AnyKind,
    msg::Change,
};

/// Changes that are taken together when they are there together.
const BATCH: usize = 256;
/// No object is longer; a server that never ends its line must not fill our memory.
const LONGEST_LINE: usize = 32 * 1024 * 1024;

/// One event of a watch.
#[derive(Debug)]
pub(super) enum Event {
    Row(Box<Object>),
    Gone(Box<Object>),
    Mark {
        version: String,
        /// The list that came as a stream is whole.
        listed: bool,
    },
    Error(Box<Status>),
    /// A type of a later Kubernetes.
    Other,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Mark {
    metadata: MarkMeta,
}

/// Of the annotations of a bookmark only the one that matters.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Marks {
    #[serde(rename = "k8s.io/initial-events-end")]
    initial_events_end: Option<IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct MarkMeta {
    resource_version: String,
    annotations: Option<Marks>,
}

/// Reads one line.
pub(super) fn read(line: &[u8], kind: &AnyKind, version: &str) -> serde_json::Result<Event> {
    let text = simdutf8::basic::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
    if let Some(json) = usual_row(&text)
        && let Ok(object) = kind.decode(version, json)
    {
        return Ok(Event::Row(Box::new(object)));
    }
    let Line { kind: word, object } = match serde_json::from_str(&text) {
        Ok(line) => line,
        // Some servers put a bare status into the stream.
        Err(error) => return status(&text).map(Event::Error).ok_or(error),
    };
    let row = || Box::new(kind.read(version, object.get()));
    Ok(match &*word {
        "ADDED" | "MODIFIED" => Event::Row(row()),
        "DELETED" => Event::Gone(row()),
        "BOOKMARK" => {
            let Mark { metadata } = serde_json::from_str(object.get()).unwrap_or_default();
            let listed = metadata.annotations.is_some_and(|a| a.initial_events_end.is_some());
            Event::Mark { version: metadata.resource_version, listed }
        }
        "ERROR" => Event::Error(serde_json::from_str(object.get())?),
        _ => Event::Other,
    })
}

/// The object in a line as API servers write them, found without reading it: it is read only once then.
/// Whether the line is whole shows when the object is decoded.
fn usual_row(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(r#"{"type":""#)?;
    let rest = rest.strip_prefix("ADDED").or_else(|| rest.strip_prefix("MODIFIED"))?;
    rest.strip_prefix(r#"","object":"#)?.trim_end().strip_suffix('}')
}

fn status(text: &str) -> Option<Box<Status>> {
    let status: Status = serde_json::from_str(text).ok()?;
    (status.code != 0 || !status.reason.is_empty() || !status.message.is_empty()).then(|| Box::new(status))
}

/// Cuts what arrives into lines, as many at once as are there.
pub(super) struct Lines<R> {
    body: R,
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
}

/// What `Lines::next` found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Some,
    /// The server ended the answer.
    End,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(super) fn new(body: R) -> Self {
        Self { body, begun: Vec::new() }
    }

    /// Waits for bytes, then hands over every line of which the end is there, until `take` wants no more
    /// for now.
    pub(super) async fn next(&mut self, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<Found> {
        let mut bytes = self.body.fill_buf().await?;
        loop {
            if bytes.is_empty() {
                return Ok(Found::End);
            }
            let (used, more) = cut(bytes, &mut self.begun, &mut take);
            self.body.consume_unpin(used);
            if self.begun.len() > LONGEST_LINE {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without an end"));
            }
            if !more {
                return Ok(Found::Some);
            }
            match self.body.fill_buf().now_or_never() {
                // The end is found again by the next call.
                None | Some(Ok([])) => return Ok(Found::Some),
                Some(next) => bytes = next?,
            }
        }
    }
}

/// How many of the bytes are used up, and whether more lines are wanted.
fn cut(bytes: &[u8], begun: &mut Vec<u8>, take: &mut impl FnMut(&[u8]) -> bool) -> (usize, bool) {
    let mut at = 0;
    while let Some(end) = memchr::memchr(b'\n', &bytes[at..]) {
        let piece = &bytes[at..at + end];
        at += end + 1;
        let more = if begun.is_empty() && piece.trim_ascii_end() != b"{" {
            piece.trim_ascii().is_empty() || take(piece)
        } else {
            begun.extend_from_slice(piece);
            if is_open(begun) {
                begun.push(b'\n');
                continue;
            }
            let more = take(begun);
            begun.clear();
            more
        };
        if !more {
            return (at, false);
        }
    }
    begun.extend_from_slice(&bytes[at..]);
    (bytes.len(), true)
}

/// The beginning of an event that is laid out over several lines, as the in-memory API of Cluster API does:
/// it starts with a lone brace and ends with one that is not indented.
fn is_open(event: &[u8]) -> bool {
    let mut lines = event.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.next() == Some(b"{") && lines.next_back() != Some(b"}")
}

/// Changes that go out together; of several to one object only the newest.
#[derive(Default)]
pub(super) struct Batch {
    changes: Vec<Change>,
    at: HashMap<ObjectKey, usize>,
}

impl Batch {
    pub(super) fn upsert(&mut self, object: Box<Object>) {
        self.push(object.meta.key(), Change::Upsert(object));
    }
    pub(super) fn remove(&mut self, key: ObjectKey) {
        self.push(key.clone(), Change::Remove(key));
    }
    fn push(&mut self, key: ObjectKey, change: Change) {
        if let Some(at) = self.at.get(&key) {
            self.changes[*at] = change;
        } else {
            self.at.insert(key, self.changes.len());
            self.changes.push(change);
        }
    }
    pub(super) fn is_full(&self) -> bool {
        self.changes.len() >= BATCH
    }
    /// What was gathered, which may be nothing.
    pub(super) fn take(&mut self) -> Vec<Change> {
        self.at.clear();
        std::mem::take(&mut self.changes)
    }
}

#[cfg(test)]
mod tests;
