//! The objects of one resource and the log of what happened to them. The log is bounded: who comes back too late
//! is told so and lists again, as with a real server after a compaction.
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tokio::sync::watch;

use super::{Key, Object, Refusal};

/// The log keeps at least so many events…
const FEWEST: usize = 256;
/// …and beyond that so many bytes of objects.
const BYTES: usize = 6 << 20;

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Modified,
    Deleted,
}

/// One write. A deleted object is given as it was last.
#[derive(Debug, Clone)]
pub struct Event {
    pub revision: u64,
    pub change: Change,
    pub object: Arc<Object>,
    /// What it was before, for those who follow a selection of objects.
    pub previous: Option<Arc<Object>>,
}

/// All of one resource.
pub(super) struct Shelf {
    pub(super) objects: BTreeMap<Key, Arc<Object>>,
    log: VecDeque<Event>,
    bytes: usize,
    /// Events up to this revision are no longer known.
    compacted: u64,
    changed: watch::Sender<u64>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            objects: BTreeMap::new(),
            log: VecDeque::new(),
            bytes: 0,
            compacted: 0,
            changed: watch::Sender::new(0),
        }
    }
}

impl Shelf {
    pub(super) fn record(&mut self, event: Event) {
        let revision = event.revision;
        self.bytes += event.object.json.len();
        self.log.push_back(event);
        while self.log.len() > FEWEST && self.bytes > BYTES {
            self.forget_oldest();
        }
        self.changed.send_replace(revision);
    }

    fn forget_oldest(&mut self) {
        if let Some(old) = self.log.pop_front() {
            self.bytes -= old.object.json.len();
            self.compacted = old.revision;
        }
    }

    /// Forgets every event.
    pub(super) fn compact(&mut self) {
        while !self.log.is_empty() {
            self.forget_oldest();
        }
    }

    /// What happened after a revision, oldest first.
    pub(super) fn since(&self, revision: u64, now: u64) -> Result<Vec<Event>, Refusal> {
        if revision < self.compacted {
            return Err(Refusal::expired(revision, now));
        }
        let from = self.log.partition_point(|e| e.revision <= revision);
        Ok(self.log.range(from..).cloned().collect())
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}
