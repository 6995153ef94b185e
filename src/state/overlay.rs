//! What lies above the place: questions, choices, help. Data only; an overlay never blocks the loop.
use crate::{
    actions::{
        input::Input,
        plan::{DryRunReport, Inputs, Plan, PlanToken},
        spec::Confirmation,
    },
    domain::{ClusterKey, Problem, ResourceRef, SiteId},
    editor::Editor,
};

#[derive(Debug)]
pub enum Overlay {
    Help {
        top: usize,
    },
    Palette(Choice),
    /// Every verb that fits the selection.
    Actions {
        target: ResourceRef,
        /// Marked ones that come after it.
        rest: Vec<ResourceRef>,
        choice: Choice,
    },
    /// What to copy of the selection.
    Copy {
        choice: Choice,
    },
    /// Which column to sort by.
    Sort {
        choice: Choice,
    },
    Action(Box<ActionFlow>),
    Session(Box<SessionForm>),
    /// May the kubeconfig Secret be used for workload APIs of this site?
    Consent {
        cluster: ClusterKey,
    },
    Problem(Box<Problem>),
    /// A credential plugin waits for somebody to log in; goes away when one of the sites has an answer.
    Login {
        plugin: String,
        text: String,
        sites: Vec<SiteId>,
    },
}

/// A list to choose from, narrowed by typing.
#[derive(Debug, Default)]
pub struct Choice {
    pub query: Editor,
    pub items: Vec<Item>,
    /// Indexes into `items` that match, best first.
    pub shown: Vec<usize>,
    pub at: usize,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Command id, action id, or an object's address; what `overlay.accept` carries out.
    pub run: Run,
    pub title: String,
    /// Second column: help, or the reason it is grey.
    pub note: String,
    pub greyed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    Command(String),
    Action(String),
    Open(ResourceRef),
    Sort(String),
    Copy(String),
}

impl Choice {
    pub fn new(items: Vec<Item>) -> Self {
        let shown = (0..items.len()).collect();
        Self { query: Editor::default(), items, shown, at: 0 }
    }
    pub fn selected(&self) -> Option<&Item> {
        self.items.get(*self.shown.get(self.at)?)
    }
    pub fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }
}

/// Where an action stands between the wish and the request.
#[derive(Debug)]
pub struct ActionFlow {
    pub action: String,
    pub target: ResourceRef,
    /// Marked ones that come after it, each with a form, a plan and a confirmation of its own.
    pub rest: Vec<ResourceRef>,
    pub fields: Vec<Field>,
    /// Field that has the keys; past the last one is the button.
    pub focus: usize,
    /// Why there is no plan.
    pub refusal: Option<crate::actions::plan::Refusal>,
    pub stage: Stage,
}

#[derive(Debug)]
pub struct Field {
    pub input: Input,
    pub editor: Editor,
}

#[derive(Debug)]
pub enum Stage {
    Form,
    /// The plan stands; the server is asked what it would do.
    Preview {
        plan: Box<Plan>,
        token: PlanToken,
        answer: Option<Result<Box<DryRunReport>, Problem>>,
        confirm: Confirmation,
        typed: Box<Editor>,
        top: usize,
    },
}

impl ActionFlow {
    pub fn values(&self) -> Inputs {
        self.fields.iter().map(|f| (f.input.id.to_owned(), f.editor.text())).collect()
    }
}

/// Opening a write session: a reason and minutes.
#[derive(Debug)]
pub struct SessionForm {
    pub site: SiteId,
    pub reason: Editor,
    pub minutes: Editor,
    pub focus: usize,
    pub error: Option<String>,
    /// The action to go on with once the session is open.
    pub then: Option<Box<ActionFlow>>,
}
