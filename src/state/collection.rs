//! One watched collection: its rows, and how far they can be trusted.
use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    domain::{Object, ObjectKey, Problem, Source},
    msg::Change,
};

/// How far the rows of a collection can be trusted. Empty, denied and broken look different.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Freshness {
    /// Nothing complete has come yet.
    #[default]
    Loading,
    Live,
    /// The data is as of `since`; `why` it is not newer.
    Stale {
        since: Timestamp,
        why: Problem,
        retry_at: Option<Timestamp>,
    },
    Forbidden {
        why: Problem,
    },
    /// The kind is not served there.
    Absent {
        why: Problem,
    },
}

/// A row's place in its collection. A place that was freed and used again has another `generation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub index: u32,
    pub generation: u32,
}

#[derive(Debug, Default)]
struct Place {
    generation: u32,
    /// The list in which the object was last named.
    listing: u32,
    object: Option<Object>,
}

/// What an observation did to one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Added,
    Changed,
    /// Only the resourceVersion is new.
    Same,
    Removed,
}

#[derive(Debug)]
pub struct Collection {
    pub source: Source,
    pub freshness: Freshness,
    /// When the rows were last known to be what the server has, as of the ticks.
    pub as_of: Timestamp,
    /// Changes received in all.
    pub received: u64,
    places: Vec<Place>,
    free: Vec<u32>,
    by_key: HashMap<ObjectKey, u32>,
    listing: u32,
    is_listing: bool,
}

impl Collection {
    pub fn new(source: Source) -> Self {
        Self {
            source,
            freshness: Freshness::Loading,
            as_of: Timestamp::UNIX_EPOCH,
            received: 0,
            places: Vec::new(),
            free: Vec::new(),
            by_key: HashMap::new(),
            listing: 0,
            is_listing: false,
        }
    }

    /// Something whole was read once.
    pub fn was_read(&self) -> bool {
        self.as_of > Timestamp::UNIX_EPOCH
    }
    /// The rows show what was, not what is: nobody keeps them up to date any more.
    pub fn is_old(&self) -> bool {
        !self.is_empty() && !matches!(self.freshness, Freshness::Live | Freshness::Loading)
    }
    /// Since when what was read here is not kept up to date; `None` while it is, or where nothing was read.
    pub fn old_since(&self) -> Option<Timestamp> {
        match &self.freshness {
            Freshness::Live | Freshness::Loading => None,
            _ if !self.was_read() => None,
            Freshness::Stale { since, .. } => Some(*since),
            Freshness::Forbidden { .. } | Freshness::Absent { .. } => Some(self.as_of),
        }
    }
    /// Why the rows are not kept up to date.
    pub fn why(&self) -> Option<&Problem> {
        match &self.freshness {
            Freshness::Live | Freshness::Loading => None,
            Freshness::Stale { why, .. } | Freshness::Forbidden { why } | Freshness::Absent { why } => {
                Some(why)
            }
        }
    }
    pub fn len(&self) -> usize {
        self.by_key.len()
    }
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
    pub fn at(&self, slot: Slot) -> Option<&Object> {
        let place = self.places.get(slot.index as usize)?;
        (place.generation == slot.generation).then_some(place.object.as_ref()).flatten()
    }
    pub fn find(&self, key: &ObjectKey) -> Option<(Slot, &Object)> {
        let index = *self.by_key.get(key)?;
        let place = self.places.get(index as usize)?;
        Some((Slot { index, generation: place.generation }, place.object.as_ref()?))
    }
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Object)> {
        self.places.iter().zip(0_u32..).filter_map(|(place, index)| {
            Some((Slot { index, generation: place.generation }, place.object.as_ref()?))
        })
    }

    /// A list begins: rows stay until it is whole.
    pub fn begin_listing(&mut self) {
        self.listing = self.listing.wrapping_add(1);
        self.is_listing = true;
    }

    /// The list is whole: returns the places of the rows it did not name, oldest first.
    pub fn finish_listing(&mut self) -> Vec<Slot> {
        if !std::mem::take(&mut self.is_listing) {
            return Vec::new();
        }
        let listing = self.listing;
        self.places
            .iter()
            .zip(0_u32..)
            .filter(|(place, _)| place.object.is_some() && place.listing != listing)
            .map(|(place, index)| Slot { index, generation: place.generation })
            .collect()
    }

    /// Takes in one object; returns its place, what that did, and the object it replaced.
    pub fn upsert(&mut self, object: Object) -> (Slot, Effect, Option<Object>) {
        self.received += 1;
        let key = object.meta.key();
        let listing = self.listing;
        if let Some(&index) = self.by_key.get(&key)
            && let Some(place) = self.places.get_mut(index as usize)
        {
            place.listing = listing;
            let slot = Slot { index, generation: place.generation };
            let same = place.object.as_ref().is_some_and(|old| old.same_facts(&object));
            let old = place.object.replace(object);
            return (slot, if same { Effect::Same } else { Effect::Changed }, old);
        }
        let index = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place::default());
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        });
        let place = &mut self.places[index as usize];
        place.listing = listing;
        place.object = Some(object);
        let slot = Slot { index, generation: place.generation };
        self.by_key.insert(key, index);
        (slot, Effect::Added, None)
    }

    pub fn remove(&mut self, slot: Slot) -> Option<Object> {
        let place = self.places.get_mut(slot.index as usize)?;
        if place.generation != slot.generation {
            return None;
        }
        let object = place.object.take()?;
        place.generation = place.generation.wrapping_add(1);
        self.by_key.remove(&object.meta.key());
        self.free.push(slot.index);
        Some(object)
    }

    /// The place of the row a change names, if it is there.
    pub fn place_of(&self, change: &Change) -> Option<Slot> {
        match change {
            Change::Upsert(object) => self.find(&object.meta.key()).map(|(slot, _)| slot),
            Change::Remove(key) => self.find(key).map(|(slot, _)| slot),
        }
    }
}
