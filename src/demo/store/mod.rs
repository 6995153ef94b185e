//! The data of one embedded API server: objects, one revision counter, and for each resource a bounded log of what
//! happened. Knows neither HTTP nor controllers, and no clock but the one it is given.
//!
//! Objects are kept as serialised JSON and shared by everyone who reads them; a write costs the same however many
//! objects are held. Calls of this module are those of the controllers; what a client of the API may do is decided
//! in `demo::api`.
mod access;
mod admission;
mod collect;
mod definitions;
mod load;
mod names;
mod object;
mod pods;
mod read;
mod refusal;
pub mod resource;
mod shelf;
mod write;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use jiff::Timestamp;
use tokio::sync::watch;

pub use access::{Fault, Identity};
pub use admission::{Admission, Operation, Verb};
pub use object::{Object, head_of};
pub use pods::{Logs, selects};
pub use read::Listed;
pub use refusal::{Cause, Refusal};
pub use resource::{Resource, Served};
pub use shelf::{Change, Event};
pub use write::{Delete, Options, Propagation, stamp};

use names::Names;
use shelf::Shelf;

/// The time of the demo, which may run faster than ours.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// `gitVersion`: `v1.33.4+vmware.1`.
    pub version: String,
    /// What the demo calls it: the name of the site or cluster.
    pub name: String,
    /// Uids and generated names follow from it.
    pub seed: u64,
}

/// One embedded API server. A clone is the same server.
#[derive(Clone)]
pub struct Api {
    shared: Arc<Shared>,
}

struct Shared {
    info: RwLock<Info>,
    served: Vec<Served>,
    clock: Clock,
    data: Mutex<Data>,
    revision: watch::Sender<u64>,
    fault: watch::Sender<Fault>,
    /// Groups that nobody but the system may touch, by name.
    forbidden: RwLock<Vec<String>>,
    admission: RwLock<Vec<Admission>>,
    logs: RwLock<Option<Logs>>,
}

/// What is behind the lock.
struct Data {
    revision: u64,
    names: Names,
    /// One for each of the served resources, in their order.
    shelves: Vec<Shelf>,
    /// What is owned by an object, by the owner's uid.
    owned: HashMap<Arc<str>, Vec<Place>>,
    /// Where every object stands, by its uid.
    living: HashMap<Arc<str>, Place>,
}

/// Where an object stands: the shelf and the key on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    slot: usize,
    key: Key,
}

/// Namespace (empty for what lies in none) and name.
pub type Key = (Arc<str>, Arc<str>);

impl Api {
    /// A server without objects.
    pub fn new(info: Info, served: Vec<Served>, clock: Clock) -> Self {
        let data = Data {
            revision: 1,
            names: Names::new(info.seed),
            shelves: served.iter().map(|_| Shelf::default()).collect(),
            owned: HashMap::new(),
            living: HashMap::new(),
        };
        Self {
            shared: Arc::new(Shared {
                info: RwLock::new(info),
                served,
                clock,
                data: Mutex::new(data),
                revision: watch::Sender::new(1),
                fault: watch::Sender::new(Fault::None),
                forbidden: RwLock::default(),
                admission: RwLock::default(),
                logs: RwLock::default(),
            }),
        }
    }

    pub fn info(&self) -> Info {
        self.shared.info.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server was upgraded.
    pub fn set_version(&self, version: &str) {
        version.clone_into(&mut self.shared.info.write().unwrap_or_else(PoisonError::into_inner).version);
    }

    /// What is served, in the order it was given.
    pub fn served(&self) -> &[Served] {
        &self.shared.served
    }

    /// The time here.
    pub fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// The revision of the last write.
    pub fn revision(&self) -> u64 {
        *self.shared.revision.borrow()
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.shared.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The shelf of a resource, where it is served.
    fn slot(&self, resource: &Resource) -> Option<usize> {
        self.shared.served.iter().position(|s| s.resource.is(resource))
    }

    /// Whether a resource is served here.
    pub fn serves(&self, resource: &Resource) -> bool {
        self.slot(resource).is_some()
    }
}

#[cfg(test)]
mod tests;
