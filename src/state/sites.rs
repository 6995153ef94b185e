//! The sites of the fleet, their connections and their write sessions.
use indexmap::IndexMap;

use crate::{
    domain::{
        Health, SiteId,
        site::{Connection, Greeting, SiteSpec},
    },
    msg::Session,
};

#[derive(Debug, Clone)]
pub struct Site {
    pub spec: SiteSpec,
    pub connection: Connection,
    /// What the site said when it was last reached; kept while it is not.
    pub greeting: Option<Greeting>,
    /// Open write session, as the executor told us. Without one every write is refused there.
    pub session: Option<Session>,
}

impl Site {
    pub fn is_live(&self) -> bool {
        matches!(self.connection, Connection::Live { .. })
    }
    pub fn health(&self) -> Health {
        match &self.connection {
            Connection::Live { .. } => Health::Ok,
            Connection::Failing { .. } => Health::Bad,
            Connection::Idle | Connection::Connecting => Health::Unknown,
        }
    }
    pub fn discovery(&self) -> Option<&crate::domain::site::Discovery> {
        self.greeting.as_ref().map(|g| &g.discovery)
    }
}

#[derive(Debug, Default)]
pub struct Sites {
    by_id: IndexMap<SiteId, Site>,
}

impl Sites {
    pub fn new(specs: Vec<SiteSpec>) -> Self {
        let site =
            |spec: SiteSpec| Site { spec, connection: Connection::Idle, greeting: None, session: None };
        Self { by_id: specs.into_iter().map(|spec| (spec.id.clone(), site(spec))).collect() }
    }
    pub fn get(&self, id: &SiteId) -> Option<&Site> {
        self.by_id.get(id)
    }
    pub fn get_mut(&mut self, id: &SiteId) -> Option<&mut Site> {
        self.by_id.get_mut(id)
    }
    /// Takes the sessions whose time is over; returns their sites.
    pub fn end_sessions(&mut self, now: jiff::Timestamp) -> Vec<SiteId> {
        let over = |site: &&mut Site| site.session.as_ref().is_some_and(|s| s.until <= now);
        let end = |site: &mut Site| {
            site.session = None;
            site.spec.id.clone()
        };
        self.by_id.values_mut().filter(over).map(end).collect()
    }
    pub fn at(&self, index: u32) -> Option<&Site> {
        self.by_id.get_index(index as usize).map(|(_, site)| site)
    }
    pub fn index_of(&self, id: &SiteId) -> Option<u32> {
        self.by_id.get_index_of(id).and_then(|i| u32::try_from(i).ok())
    }
    pub fn iter(&self) -> impl Iterator<Item = &Site> {
        self.by_id.values()
    }
    pub fn len(&self) -> usize {
        self.by_id.len()
    }
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}
