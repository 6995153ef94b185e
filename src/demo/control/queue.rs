//! What is due when: the controllers sleep until the first of it.
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

/// A cluster by site, namespace and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub site: usize,
    pub namespace: Arc<str>,
    pub name: Arc<str>,
}

/// What a controller will look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// What the Cluster asks of its parts.
    Topology(Key),
    Plane(Key),
    /// A pool by the name of its MachineDeployment.
    Pool(Key, Arc<str>),
    /// The next stage of a machine.
    Stage(Key, Arc<str>),
    /// Whether a machine has been ill for too long.
    Health(Key, Arc<str>),
    /// A cluster that is being deleted.
    Ending(Key),
    /// The nodes of a cluster that somebody looks at report.
    Beat(Key),
    /// Pods of a cluster that somebody looks at start or end.
    Inside(Key),
    /// A package of a cluster, by the name of its `PackageInstall`.
    Package(Key, Arc<str>),
    /// A site that answers again.
    Well(usize),
}

/// Due things by time; the same thing at the same time is there once.
#[derive(Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    known: HashSet<(Timestamp, Due)>,
    number: u64,
}

impl Queue {
    pub fn add(&mut self, at: Timestamp, due: Due) {
        if self.known.insert((at, due.clone())) {
            self.number += 1;
            self.heap.push(Reverse((at, self.number, due)));
        }
    }

    /// The time of the first.
    pub fn next(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// The first, when its time has come.
    pub fn pop(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        if self.next()? > now {
            return None;
        }
        let Reverse((at, _, due)) = self.heap.pop()?;
        self.known.remove(&(at, due.clone()));
        Some((at, due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_nothing_twice() {
        let at = |s: i64| Timestamp::from_second(s).unwrap();
        let key = Key { site: 0, namespace: "ns".into(), name: "c".into() };
        let mut queue = Queue::default();
        queue.add(at(20), Due::Plane(key.clone()));
        queue.add(at(10), Due::Topology(key.clone()));
        queue.add(at(10), Due::Topology(key.clone()));
        assert_eq!(queue.next(), Some(at(10)));
        assert_eq!(queue.pop(at(5)), None);
        assert_eq!(queue.pop(at(30)), Some((at(10), Due::Topology(key.clone()))));
        assert_eq!(queue.pop(at(30)), Some((at(20), Due::Plane(key))));
        assert_eq!(queue.pop(at(30)), None);
    }
}
