//! Where the operator is: the place on the screen, the way back, the overlays above it.
use std::collections::{HashMap, HashSet, VecDeque};

use jiff::Timestamp;

use super::{overlay::Overlay, scope::Scope, table::TableView, tree::TreeView};
use crate::{
    domain::{ClusterKey, Problem, ResourceRef, Source},
    keymap::Chord,
    msg::Document,
};

/// Something that fills the screen and that one can go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A table, by the id of its pane.
    Table(String),
    Tree(ClusterKey),
    Object {
        target: ResourceRef,
        tab: Tab,
    },
}

/// The sides of an object's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Conditions,
    Events,
    Owners,
    Yaml,
}

impl Tab {
    pub const ALL: [Tab; 4] = [Tab::Conditions, Tab::Events, Tab::Owners, Tab::Yaml];
    pub fn title(self) -> &'static str {
        match self {
            Tab::Conditions => "Conditions",
            Tab::Events => "Events",
            Tab::Owners => "Owners & children",
            Tab::Yaml => "YAML",
        }
    }
    /// The tab to the right (or left), round and round.
    #[must_use]
    pub fn step(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        Self::ALL[(at + if forward { 1 } else { Self::ALL.len() - 1 }) % Self::ALL.len()]
    }
}

/// Scroll, search and folds of a card.
#[derive(Debug, Default)]
pub struct CardView {
    pub top: usize,
    /// Line the cursor is on.
    pub line: usize,
    pub search: String,
    pub searching: bool,
    /// Folded lines of the YAML, by line number of their head.
    pub folds: HashSet<usize>,
}

#[derive(Debug)]
pub struct Screen {
    places: Vec<Place>,
    /// What the tables were narrowed to at each place when it was left.
    scopes: Vec<Scope>,
    at: usize,
    pub overlays: Vec<Overlay>,
    /// Chords of a sequence that is not finished.
    pub pending: Vec<Chord>,
    pub scope: Scope,
    pub tables: HashMap<String, TableView>,
    pub trees: HashMap<ClusterKey, TreeView>,
    pub card: CardView,
    /// Sources that are followed now.
    pub followed: HashSet<Source>,
    /// Sources that nothing visible needs any more, and since when.
    pub lingering: HashMap<Source, Timestamp>,
    /// Sources that a run without a screen needs besides what its place shows.
    pub reads: Vec<Source>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            places: vec![Place::Table("fleet".into())],
            scopes: vec![Scope::default()],
            at: 0,
            overlays: Vec::new(),
            pending: Vec::new(),
            scope: Scope::default(),
            tables: HashMap::new(),
            trees: HashMap::new(),
            card: CardView::default(),
            followed: HashSet::new(),
            lingering: HashMap::new(),
            reads: Vec::new(),
        }
    }
}

/// How many places one can go back.
const HISTORY: usize = 100;

impl Screen {
    pub fn place(&self) -> &Place {
        &self.places[self.at.min(self.places.len() - 1)]
    }
    /// Goes somewhere new; what was ahead in the history is gone.
    pub fn go(&mut self, place: Place) {
        if *self.place() == place {
            return;
        }
        self.scopes[self.at].clone_from(&self.scope);
        self.places.truncate(self.at + 1);
        self.scopes.truncate(self.at + 1);
        self.places.push(place);
        self.scopes.push(self.scope.clone());
        if self.places.len() > HISTORY {
            self.places.remove(0);
            self.scopes.remove(0);
        }
        self.at = self.places.len() - 1;
        self.card = CardView::default();
    }
    /// Changes the place without a step in the history (tabs of a card).
    pub fn replace(&mut self, place: Place) {
        let at = self.at.min(self.places.len() - 1);
        self.places[at] = place;
        self.card = CardView::default();
    }
    /// To the place before, narrowed as it was left.
    pub fn back(&mut self) -> bool {
        self.at > 0 && self.visit(self.at - 1)
    }
    pub fn forward(&mut self) -> bool {
        self.at + 1 < self.places.len() && self.visit(self.at + 1)
    }
    fn visit(&mut self, at: usize) -> bool {
        self.scopes[self.at].clone_from(&self.scope);
        self.at = at;
        self.scope.clone_from(&self.scopes[at]);
        self.card = CardView::default();
        true
    }
    /// Id of the pane whose table is on the screen.
    pub fn pane(&self) -> Option<&str> {
        if let Place::Table(pane) = self.place() { Some(pane) } else { None }
    }
    pub fn table(&self) -> Option<&TableView> {
        self.tables.get(self.pane()?)
    }
    pub fn table_mut(&mut self) -> Option<&mut TableView> {
        let at = self.at.min(self.places.len() - 1);
        let Place::Table(pane) = &self.places[at] else { return None };
        self.tables.get_mut(pane)
    }
}

/// How many fetched documents are kept.
const DOCUMENTS: usize = 16;

/// Whole objects that were fetched, or why they could not be.
#[derive(Debug, Default)]
pub struct Documents {
    kept: VecDeque<(ResourceRef, Result<Document, Problem>)>,
}

impl Documents {
    pub fn get(&self, target: &ResourceRef) -> Option<&Result<Document, Problem>> {
        self.kept.iter().find(|(t, _)| t == target).map(|(_, d)| d)
    }
    pub fn put(&mut self, target: ResourceRef, document: Result<Document, Problem>) {
        self.kept.retain(|(t, _)| *t != target);
        self.kept.push_back((target, document));
        if self.kept.len() > DOCUMENTS {
            self.kept.pop_front();
        }
    }
    pub fn forget(&mut self, target: &ResourceRef) {
        self.kept.retain(|(t, _)| t != target);
    }
}
