//! Everything the program may do to the world, as data. Only `runtime` carries it out.
use serde::Serialize;

use crate::{
    actions::plan::{JobId, Plan, PlanToken},
    domain::{ClusterKey, ResourceRef, SiteId, Source},
    state::{access::Question, memory::Memory},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Effect {
    Quit,
    /// Give the terminal back and stop, as ctrl-z does elsewhere.
    Suspend,
    Redraw,
    /// Draw in this theme; `None` takes the next one.
    Theme(Option<String>),
    /// Connect to a site (or try at once instead of at the next retry).
    Connect(SiteId),
    /// Reach the API of a workload cluster; `consent` allows the kubeconfig Secret.
    Reach {
        cluster: ClusterKey,
        endpoint: String,
        consent: bool,
    },
    Subscribe(Source),
    Unsubscribe(Source),
    /// Every waiting retry of the site happens now.
    RetryNow(SiteId),
    Ask(Vec<Question>),
    Fetch(ResourceRef),
    DryRun(PlanToken, Box<Plan>),
    Execute(JobId, Box<Plan>),
    Cancel(JobId),
    /// The journal gets the end of a followed job.
    Outcome(JobId, String),
    OpenSession {
        site: SiteId,
        reason: String,
        minutes: u32,
    },
    CloseSession(SiteId),
    /// To the clipboard of the operator's terminal (OSC 52).
    Copy(String),
    Remember(Memory),
}
