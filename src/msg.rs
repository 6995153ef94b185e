//! Everything that can happen. Serializable, so that a run can be recorded and replayed.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    actions::plan::{DryRunReport, JobId, PlanToken},
    domain::{
        ClusterKey, Object, ObjectKey, Problem, ResourceRef, SiteId, Source, site::Greeting, site::SiteSpec,
    },
    keymap::Chord,
    state::{
        access::{Permit, Question},
        scope::Scope,
    },
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Msg {
    /// The first message of every run: all that the state starts from.
    Started(Box<Start>),
    /// The time; the only clock there is.
    Tick(Timestamp),
    Resized {
        width: u16,
        height: u16,
    },
    Key(Chord),
    Paste(String),
    /// The terminal told whether its background is light.
    Background {
        light: bool,
    },
    /// SIGTERM, SIGHUP or a closed terminal: leave now.
    Terminated(String),
    /// The console is told to stop (SIGTSTP from outside).
    Suspended,
    /// The console was stopped and goes on (SIGCONT).
    Resumed,
    Site(SiteId, Box<SiteEvent>),
    Observed(Source, Observation),
    Access(Vec<(Question, Permit)>),
    Document(ResourceRef, Result<Box<Document>, Problem>),
    DryRun(PlanToken, Result<Box<DryRunReport>, Problem>),
    Job(JobId, JobEvent),
    Session(SiteId, Result<Option<Session>, Problem>),
    /// What a run without a screen looks at from now on.
    Query(Box<Query>),
    /// How the API of a workload cluster is reached, or why it is not.
    Workload(ClusterKey, Box<WorkloadEvent>),
    /// A credential plugin waits for somebody, and says so; the sites that wait for it.
    Login {
        plugin: String,
        text: String,
        sites: Vec<SiteId>,
    },
    Notice(Problem),
    /// Something went well and is worth a line.
    Told(String),
}

impl Msg {
    /// What is recorded in its stead, where it must not be as it is: a plugin that waits for a login says codes
    /// that open a session.
    pub fn without_secrets(&self) -> Option<Self> {
        match self {
            Self::Login { plugin, sites, .. } => Some(Self::Login {
                plugin: plugin.clone(),
                text: "(what the plugin says is not recorded)".into(),
                sites: sites.clone(),
            }),
            _ => None,
        }
    }
}

/// What a run starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub now: Timestamp,
    pub width: u16,
    pub height: u16,
    pub sites: Vec<SiteSpec>,
    /// Pane to open first.
    pub pane: String,
    pub filter: String,
    pub problems: Vec<Problem>,
    pub look: Look,
    /// A job or a query runs without a screen.
    pub headless: bool,
    /// What was remembered from earlier runs.
    pub memory: crate::state::memory::Memory,
}

/// What a run without a screen looks at. Names are resolved to identities in steps, so there may be several.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Query {
    pub scope: Scope,
    /// The tree of this cluster instead of the table it began with.
    pub tree: Option<ClusterKey>,
    /// Sites whose kubeconfig Secrets may be read.
    pub consent: Vec<SiteId>,
    /// Sources besides those of the place and the scope.
    #[serde(default)]
    pub reads: Vec<Source>,
}

/// How things are drawn, where that changes what the state must know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Look {
    pub ascii: bool,
    pub reduced_motion: bool,
    /// Columns per pane that the config file asks for, in order.
    pub columns: std::collections::BTreeMap<String, Vec<String>>,
    /// Minutes a write session lasts unless asked otherwise.
    pub session_minutes: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SiteEvent {
    Connecting,
    Connected(Greeting),
    /// Not reached; the runner tries again by itself at `retry_at`.
    Failed {
        problem: Problem,
        retry_at: Option<Timestamp>,
        attempt: u32,
    },
    /// Round trip of a request that was made anyway, milliseconds.
    Latency(u64),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WorkloadEvent {
    /// Only the `<cluster>-kubeconfig` Secret would do, and nobody has agreed to that yet.
    NeedsConsent,
    Connected {
        via: String,
        greeting: Greeting,
    },
    Failed {
        problem: Problem,
        retry_at: Option<Timestamp>,
    },
}

/// What a source (a watch) says about its collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Observation {
    /// A list begins; what is there stays until `Listed`.
    Listing,
    /// Objects of a list, or of a watch, whichever is going on.
    Changes(Vec<Change>),
    /// The list is whole: what it did not name is gone.
    Listed,
    /// The watch stands again without a list.
    Resumed,
    /// What is there was still so at this time, though nothing changed then: told before a failure.
    Heard(Timestamp),
    Failed {
        problem: Problem,
        retry_at: Option<Timestamp>,
    },
    /// 403 on list or watch.
    Forbidden(Problem),
    /// The kind is not served.
    Absent(Problem),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Change {
    Upsert(Box<Object>),
    Remove(ObjectKey),
}

/// A whole object, fetched on demand: YAML lines with secrets already masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub yaml: String,
    pub fetched: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JobEvent {
    /// The intent is on disk; the first request goes out now.
    Started,
    /// A step was answered; the server's words.
    Step {
        index: usize,
        outcome: Result<String, Problem>,
    },
    /// Every request was made; what happens now is the engine's work.
    Submitted,
    Failed(Problem),
}

/// Permission to write to a site, for a while and a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub opened: Timestamp,
    pub until: Timestamp,
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_recorded_without_the_words_that_open_a_session() {
        let login =
            Msg::Login { plugin: "pinniped".into(), text: "code ABCD-EFGH".into(), sites: Vec::new() };
        let recorded = serde_json::to_string(&login.without_secrets().unwrap()).unwrap();
        assert!(recorded.contains("pinniped") && !recorded.contains("ABCD"), "{recorded}");
        assert!(Msg::Told("ok".into()).without_secrets().is_none());
    }
}
