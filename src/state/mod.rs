//! All that the console knows and shows. Changed by `update` alone; read by the views.
pub mod access;
pub mod collection;
pub mod fleet;
pub mod jobs;
pub mod memory;
pub mod notices;
pub mod overlay;
pub mod row;
pub mod scope;
pub mod screen;
pub mod sites;
pub mod table;
pub mod tallies;
pub mod tree;
pub mod tutor;
pub mod workloads;

use jiff::Timestamp;

pub use collection::{Collection, Freshness};
pub use fleet::{Fleet, ObjId};
pub use row::{Row, RowId};
pub use screen::{Place, Screen};
pub use sites::{Site, Sites};

use crate::{
    domain::{ResourceRef, drill::Drill},
    msg::Look,
};

#[derive(Debug, Default)]
pub struct State {
    /// The time of the last tick.
    pub now: Timestamp,
    /// What the console has of the terminal.
    pub width: u16,
    pub height: u16,
    /// Columns and lines of the whole terminal.
    pub terminal: (u16, u16),
    /// A guided incident that is shown beside the console.
    pub tutor: Option<tutor::Tutor>,
    pub look: Look,
    pub sites: Sites,
    pub workloads: workloads::Workloads,
    pub fleet: Fleet,
    pub tallies: tallies::Tallies,
    pub screen: Screen,
    pub jobs: jobs::Jobs,
    pub access: access::Access,
    pub notices: notices::Notices,
    /// Whole objects that were asked for, newest last; a few only.
    pub documents: screen::Documents,
    pub headless: bool,
    /// Incidents that can be played on this fleet; none on a real one.
    pub drills: Vec<Drill>,
    tokens: u64,
    dirty: bool,
}

impl State {
    /// Something that is drawn has changed.
    pub fn touch(&mut self) {
        self.dirty = true;
    }
    /// Whether a frame is due, and forgets it.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// A token that no earlier question has.
    pub fn next_token(&mut self) -> crate::actions::plan::PlanToken {
        self.tokens += 1;
        crate::actions::plan::PlanToken(self.tokens)
    }

    /// The row with this id, as a view of the data behind it.
    pub fn row(&self, id: RowId) -> Option<Row<'_>> {
        match id {
            RowId::Site(index) => self.sites.at(index).map(Row::Site),
            RowId::Object(id) => self.fleet.get(id).map(|(source, object)| Row::Object { source, object }),
            RowId::Job(id) => self.jobs.get(id).map(Row::Job),
            RowId::Notice(number) => self.notices.get(number).map(Row::Notice),
        }
    }

    /// The identity of the object in a row.
    pub fn resource(&self, id: RowId) -> Option<ResourceRef> {
        match self.row(id)? {
            Row::Object { source, object } => {
                Some(ResourceRef { source: source.clone(), key: object.meta.key() })
            }
            _ => None,
        }
    }

    /// Seconds since a moment, never negative for a clock that is ahead.
    pub fn since(&self, then: Timestamp) -> i64 {
        (self.now.as_second() - then.as_second()).max(0)
    }
}
