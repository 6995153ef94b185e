//! Follows one collection for ever: streaming list where the server has it, pages and a watch where not,
//! on from where it stood after every break. Says what it sees as observations; never interprets it.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use kube::Client;
use tokio::time::Instant;

use super::{
    backoff::{self, Wake},
    error,
    pulse::Pulse,
};
use crate::{
    domain::{Problem, ProblemKind},
    kinds::AnyKind,
    msg::Observation,
};

mod events;
mod list;
mod stream;

/// After the first time that it is forbidden or not there: a server that has just started refuses what it will
/// allow a moment later.
const REFUSED: Duration = Duration::from_secs(1);
/// After those that follow, and after what is wrong with the request itself: time alone hardly mends it.
const REST: Duration = Duration::from_mins(1);
/// The longest wait a server may ask of us.
const LONGEST: Duration = Duration::from_mins(5);
/// A watch that stood this long was good, even if nothing happened in it.
const STEADY: Duration = Duration::from_secs(5);

/// One collection of one API server.
pub struct Watch {
    pub client: Client,
    pub kind: AnyKind,
    pub version: String,
    pub fields: String,
    /// The server is not known to refuse streaming lists.
    pub streaming: Arc<AtomicBool>,
    /// Whether the server answers at all.
    pub pulse: Arc<Pulse>,
}

/// How far a collection is followed. Outlives the `Watch`, whose client may be replaced.
#[derive(Debug, Default)]
pub struct Standing {
    /// The resourceVersion to go on from; none while nothing whole is known.
    position: Option<String>,
    /// Failures since something came.
    attempt: u32,
    /// A failure was told, and nothing better since.
    failing: bool,
    /// The streaming list did not work: pages next.
    paged: bool,
    /// The API version of the rows.
    version: String,
    /// When the rows were last known to be what the server has: a line came, or it was asked and had nothing to say.
    heard: Option<Instant>,
}

/// Why `run` returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nobody listens any more.
    Unheard,
    /// Somebody wants it tried now, perhaps by another client.
    Woken,
}

/// Why a pass over the collection ended.
#[derive(Debug)]
enum End {
    Unheard,
    /// The server does not do streaming lists.
    NoStreaming,
    /// It stood, and then ended: may be taken up from there.
    Cut(Problem),
    Broken(Problem),
}

/// Where observations go; `false` when nobody listens any more.
pub trait Sink: Send {
    fn send(&mut self, observation: Observation) -> impl Future<Output = bool> + Send;
}

async fn say(sink: &mut impl Sink, observation: Observation) -> Result<(), End> {
    if sink.send(observation).await { Ok(()) } else { Err(End::Unheard) }
}

impl Watch {
    /// Follows the collection until nobody listens, or until a wait is cut short by the bell. The caller
    /// has armed `wake` before it chose the client.
    pub async fn run(&self, standing: &mut Standing, wake: &mut Wake, sink: &mut impl Sink) -> Ended {
        if standing.version != self.version {
            // Rows of another API version are read anew.
            standing.position = None;
            standing.version.clone_from(&self.version);
        }
        loop {
            let begun = Instant::now();
            let problem = match self.pass(standing, sink).await {
                Ok(()) => continue,
                Err(End::Unheard) => return Ended::Unheard,
                Err(End::NoStreaming) => {
                    standing.paged = true;
                    continue;
                }
                Err(End::Cut(problem)) => {
                    if begun.elapsed() >= STEADY {
                        standing.attempt = 0;
                    }
                    if standing.may_go_on_at_once(&problem) {
                        continue;
                    }
                    problem
                }
                Err(End::Broken(problem)) => {
                    let expired = problem.kind == ProblemKind::Expired;
                    if expired && (standing.position.take().is_some() || standing.may_go_on_at_once(&problem))
                    {
                        continue;
                    }
                    problem
                }
            };
            match self.rest(problem, standing, wake, sink).await {
                Ok(true) => return Ended::Woken,
                Ok(false) => {}
                Err(_) => return Ended::Unheard,
            }
        }
    }

    async fn pass(&self, standing: &mut Standing, sink: &mut impl Sink) -> Result<(), End> {
        match &standing.position {
            Some(_) => self.watch(standing, sink).await,
            None if standing.paged || !self.streaming.load(Ordering::Relaxed) => {
                self.pages(standing, sink).await
            }
            None => self.stream(standing, sink).await,
        }
    }

    /// Says what is wrong, and waits: a little longer each time, or until somebody wants it now (`true`).
    async fn rest(
        &self,
        problem: Problem,
        standing: &mut Standing,
        wake: &mut Wake,
        sink: &mut impl Sink,
    ) -> Result<bool, End> {
        tracing::info!(kind = self.kind.id(), %problem, attempt = standing.attempt, "not followed");
        let wait = wait(&problem, standing.attempt);
        standing.attempt = standing.attempt.saturating_add(1);
        standing.failing = true;
        let observation = match problem.kind {
            ProblemKind::Forbidden => Observation::Forbidden(problem),
            ProblemKind::NotFound | ProblemKind::Absent => Observation::Absent(problem),
            _ => Observation::Failed { problem, retry_at: backoff::at(wait) },
        };
        if let Some(heard) = standing.heard.take() {
            say(sink, Observation::Heard(ago(heard.elapsed()))).await?;
        }
        say(sink, observation).await?;
        Ok(wake.rest(wait).await)
    }

    fn path(&self) -> String {
        let (group, version, plural) = (self.kind.group(), &self.version, self.kind.plural());
        if group.is_empty() {
            format!("/api/{version}/{plural}")
        } else {
            format!("/apis/{group}/{version}/{plural}")
        }
    }

    fn selector(&self) -> Option<String> {
        (!self.fields.is_empty()).then(|| self.fields.clone())
    }

    fn problem(&self, error: &kube::Error) -> Problem {
        error::problem(&format!("watch {}", self.kind.plural()), error)
    }

    fn silent(&self, what: &str, limit: Duration) -> Problem {
        let summary = format!("watch {}: {what} within {} s", self.kind.plural(), limit.as_secs());
        Problem::new(ProblemKind::Unreachable, summary)
            .hint("the API server hangs or is overloaded, or something between swallows the answer")
    }
}

impl Standing {
    /// The first break since something came is nobody's business.
    fn may_go_on_at_once(&mut self, problem: &Problem) -> bool {
        let first = self.attempt == 0 && problem.retry_after.is_none();
        if first {
            self.attempt = 1;
        }
        first
    }

    /// Something came that brings us further.
    fn move_on(&mut self, version: &str) {
        if !version.is_empty() && self.position.as_deref() != Some(version) {
            self.position = Some(version.to_owned());
            self.attempt = 0;
        }
    }
}

/// The time so long ago.
fn ago(past: Duration) -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "backends see the clock; the state gets the result as data"
    )]
    let now = Timestamp::now();
    SignedDuration::try_from(past).ok().and_then(|past| now.checked_sub(past).ok()).unwrap_or(now)
}

fn wait(problem: &Problem, attempt: u32) -> Duration {
    let own = match problem.kind {
        ProblemKind::Refused => backoff::spread(REST),
        ProblemKind::Forbidden | ProblemKind::NotFound | ProblemKind::Absent => {
            backoff::spread(REFUSED.saturating_mul(2_u32.saturating_pow(attempt)).min(REST))
        }
        _ => backoff::after(attempt),
    };
    problem.retry_after.map_or(own, |seconds| Duration::from_secs(seconds).min(LONGEST).max(own))
}
