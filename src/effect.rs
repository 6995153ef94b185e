//! Everything the program may do to the world, as data. Only `runtime` carries it out.
use serde::Serialize;

use crate::{
    actions::plan::{JobId, Plan, PlanToken},
    domain::{ClusterKey, ResourceRef, SiteId, Source, drill::Drilling},
    state::{access::Question, memory::Memory},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Effect {
    Quit,
    /// Give the terminal back and stop, as ctrl-z does elsewhere.
    Suspend,
    /// Take the terminal again after a stop.
    Resume,
    /// Paint the whole terminal anew.
    Redraw,
    /// Draw in this theme; `None` takes the next one.
    Theme(Option<String>),
    /// Reach a site, unless that is under way.
    Connect(SiteId),
    /// Reach the API of a workload cluster; `consent` allows the kubeconfig Secret.
    Reach {
        cluster: ClusterKey,
        endpoint: String,
        consent: bool,
    },
    Subscribe(Source),
    Unsubscribe(Source),
    /// Everything that waits for the site tries now; what it serves is asked again.
    RetryNow(SiteId),
    Ask(Vec<Question>),
    Fetch(ResourceRef),
    DryRun(PlanToken, Box<Plan>),
    Execute(JobId, Box<Plan>),
    /// Make no further step of a job; what is made stays made.
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
    /// Have an incident played or ended, or listed; only where the fleet is made for that.
    Drill(Drilling),
}
