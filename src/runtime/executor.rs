//! The one choke point of every write. It alone holds the write sessions and refuses without one; it
//! asks for dry runs, writes the journal before the first request, and says how each step was answered.
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use super::{
    audit::{Entry, Journal, Kind},
    links::{Link, Links},
};
use crate::{
    actions::{
        diff,
        plan::{DryRunReport, Goal, JobId, Plan, PlanToken, Step},
    },
    backends::kube::{
        document,
        steps::{self, Answer},
    },
    domain::{Home, Problem, ProblemKind, SiteId},
    msg::{JobEvent, Msg, Session},
};

pub struct Executor {
    links: Links,
    messages: Sender<Msg>,
    folder: PathBuf,
    journal: Arc<Mutex<Option<Journal>>>,
    sessions: Mutex<HashMap<SiteId, Session>>,
    /// The last dry run, for the journal.
    rehearsed: Mutex<Option<(Plan, Value)>>,
    /// Jobs that are to stop before their next step.
    cancelled: Mutex<HashSet<JobId>>,
    /// The records of jobs whose end the engine decides.
    followed: Mutex<HashMap<JobId, Entry>>,
}

impl Executor {
    pub fn new(links: Links, messages: Sender<Msg>, folder: PathBuf) -> Self {
        Self {
            links,
            messages,
            folder,
            journal: Arc::default(),
            sessions: Mutex::default(),
            rehearsed: Mutex::default(),
            cancelled: Mutex::default(),
            followed: Mutex::default(),
        }
    }

    async fn tell(&self, msg: Msg) {
        // A mailbox that is gone means the console ends; what was written stands in the journal.
        let _ = self.messages.send(msg).await;
    }

    /// Opens a write session, if the journal can take its record.
    pub async fn open(&self, site: SiteId, reason: String, minutes: u32) {
        let opened = now();
        let until = opened.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).unwrap_or(opened);
        let session = Session { opened, until, reason: reason.clone() };
        let entry = Entry {
            plan: json!({ "minutes": minutes }),
            reason,
            ..self.entry(Kind::Intent, "session.open", &site)
        };
        let answer = match self.append(entry).await {
            Ok(()) => {
                lock(&self.sessions).insert(site.clone(), session.clone());
                Ok(Some(session))
            }
            Err(problem) => Err(problem),
        };
        self.tell(Msg::Session(site, answer)).await;
    }

    /// Read-only again, whether or not that can be written down.
    pub async fn close(&self, site: SiteId) {
        let closed = lock(&self.sessions).remove(&site);
        if let Some(Session { reason, .. }) = closed {
            let entry = Entry { reason, ..self.entry(Kind::Outcome, "session.close", &site) };
            if let Err(problem) = self.append(entry).await {
                self.tell(Msg::Notice(problem)).await;
            }
        }
        self.tell(Msg::Session(site, Ok(None))).await;
    }

    /// The open session of a site. Read-only is enforced here and nowhere else.
    fn session(&self, site: &SiteId) -> Result<Session, Problem> {
        let open = lock(&self.sessions).get(site).filter(|s| s.until > now()).cloned();
        open.ok_or_else(|| {
            Problem::new(ProblemKind::Policy, format!("site {site} is read-only: no write session is open"))
                .hint("open one with a reason (`session.open`), or start with --write")
        })
    }

    fn link(&self, step: &Step) -> Result<Link, Problem> {
        let source = &step.address().target.source;
        let link = self.links.get(&source.site, &source.home).ok_or_else(|| {
            Problem::new(ProblemKind::Unreachable, format!("site {} is not connected", source.site))
        })?;
        if source.home != Home::Management && !honours_dry_run(&link) {
            return Err(Problem::new(
                ProblemKind::Policy,
                "this API does not honour dry runs, so nothing is written to it",
            )
            .hint("it is only a part of Kubernetes: it does not even serve authorization.k8s.io"));
        }
        Ok(link)
    }

    /// Asks the servers what the plan would do.
    pub async fn dry_run(&self, token: PlanToken, plan: Plan) {
        let result = self.try_dry_run(&plan).await;
        self.tell(Msg::DryRun(token, result.map(Box::new))).await;
    }

    async fn try_dry_run(&self, plan: &Plan) -> Result<DryRunReport, Problem> {
        self.session(&plan.target.source.site)?;
        let mut report = DryRunReport {
            at: now(),
            changes: Vec::new(),
            warnings: Vec::new(),
            resource_version: String::new(),
        };
        for step in &plan.steps {
            let Answer { before, after, warnings } =
                steps::apply(&self.link(step)?.client, step, true).await?;
            let mut changes = diff::of_step(step, &before, &after);
            let masked_as = if before.is_null() { &after } else { &before };
            for change in &mut changes {
                document::mask_change(masked_as, change);
            }
            report.changes.extend(changes);
            report.warnings.extend(warnings);
            report.resource_version = version_of(&before);
        }
        let noted = serde_json::to_value(&report).unwrap_or_default();
        *lock(&self.rehearsed) = Some((plan.clone(), noted));
        Ok(report)
    }

    /// Carries a plan out: journal first, then step by step, then the journal again.
    pub async fn execute(&self, job: JobId, plan: Plan) {
        let event = match self.try_execute(job, &plan).await {
            Ok(()) => JobEvent::Submitted,
            Err(problem) => JobEvent::Failed(problem),
        };
        self.tell(Msg::Job(job, event)).await;
    }

    async fn try_execute(&self, job: JobId, plan: &Plan) -> Result<(), Problem> {
        let site = &plan.target.source.site;
        let session = self.session(site)?;
        let pin = plan.steps.first().and_then(Step::pin).cloned();
        let rehearsed = lock(&self.rehearsed).take().filter(|(of, _)| of.same(plan));
        let entry = Entry {
            job: job.0.to_string(),
            target: plan.target.to_string(),
            uid: pin.as_ref().map(|p| p.uid.clone()).unwrap_or_default(),
            resource_version: pin.map(|p| p.resource_version).unwrap_or_default(),
            reason: session.reason,
            plan: serde_json::to_value(plan).unwrap_or_default(),
            dry_run: rehearsed.map(|(_, report)| report).unwrap_or_default(),
            ..self.entry(Kind::Intent, &plan.action, site)
        };
        // No record, no action.
        self.append(entry.clone()).await?;
        self.tell(Msg::Job(job, JobEvent::Started)).await;
        let outcome = self.steps(job, plan).await;
        lock(&self.cancelled).remove(&job);
        let answer = match &outcome {
            Ok(versions) => json!({ "ok": true, "resourceVersions": versions }),
            Err(problem) => json!({ "ok": false, "problem": problem }),
        };
        let after = Entry { kind: Kind::Outcome, plan: Value::Null, dry_run: Value::Null, ..entry };
        if outcome.is_ok() && plan.goal != Goal::Immediate {
            lock(&self.followed).insert(job, after.clone());
        }
        if let Err(problem) = self.append(Entry { at: now(), answer, ..after }).await {
            self.tell(Msg::Notice(problem)).await;
        }
        outcome.map(|_| ())
    }

    async fn steps(&self, job: JobId, plan: &Plan) -> Result<Vec<String>, Problem> {
        let mut versions = Vec::new();
        for (index, step) in plan.steps.iter().enumerate() {
            let version = self.step(job, step).await.map(|answer| version_of(&answer.after));
            let outcome = version.clone().map(|v| accepted(step, &v));
            self.tell(Msg::Job(job, JobEvent::Step { index, outcome })).await;
            versions.push(version?);
        }
        Ok(versions)
    }

    async fn step(&self, job: JobId, step: &Step) -> Result<Answer, Problem> {
        if lock(&self.cancelled).contains(&job) {
            return Err(Problem::new(ProblemKind::Cancelled, "stopped before this step was made"));
        }
        steps::apply(&self.link(step)?.client, step, false).await
    }

    /// The job makes no further step; one whose steps are made is only looked at no longer.
    pub fn cancel(&self, job: JobId) {
        if lock(&self.followed).remove(&job).is_none() {
            lock(&self.cancelled).insert(job);
        }
    }

    /// The engine came to the end of a job.
    pub async fn ended(&self, job: JobId, words: String) {
        let Some(entry) = lock(&self.followed).remove(&job) else { return };
        let end = Entry { at: now(), answer: json!({ "end": words }), ..entry };
        if let Err(problem) = self.append(end).await {
            self.tell(Msg::Notice(problem)).await;
        }
    }

    /// Reading a kubeconfig Secret is worth a record too.
    pub async fn note_secret_read(&self, site: &SiteId, namespace: &str, name: &str) -> Result<(), Problem> {
        let entry = Entry {
            target: format!("{site}:secret/{namespace}/{name}"),
            ..self.entry(Kind::Intent, "secret.read", site)
        };
        self.append(entry).await
    }

    fn entry(&self, kind: Kind, action: &str, site: &SiteId) -> Entry {
        Entry {
            at: now(),
            kind,
            job: String::new(),
            action: action.to_owned(),
            site: site.to_string(),
            target: site.to_string(),
            uid: String::new(),
            resource_version: String::new(),
            identity: self.links.get(site, &Home::Management).map(|l| l.identity).unwrap_or_default(),
            reason: String::new(),
            plan: Value::Null,
            dry_run: Value::Null,
            answer: Value::Null,
        }
    }

    /// Writes a record and returns when it is on the disk.
    async fn append(&self, entry: Entry) -> Result<(), Problem> {
        let (journal, folder) = (self.journal.clone(), self.folder.clone());
        let written = tokio::task::spawn_blocking(move || {
            let mut slot = lock(&journal);
            if slot.is_none() {
                *slot = Some(Journal::open(&folder)?);
            }
            slot.as_mut().map_or(Ok(()), |journal| journal.append(&entry).map(|_| ()))
        });
        written
            .await
            .unwrap_or_else(|_| Err(Problem::new(ProblemKind::File, "the journal could not be written")))
    }
}

/// A partial API (as the in-memory one of Cluster API's tests) ignores `dryRun` and would persist.
fn honours_dry_run(link: &Link) -> bool {
    link.discovery.serves_group("authorization.k8s.io")
}

/// What the server's yes to a step means.
fn accepted(step: &Step, version: &str) -> String {
    match step {
        Step::Delete { .. } => "deletion accepted".to_owned(),
        _ => format!("accepted as version {version}"),
    }
}

fn version_of(object: &Value) -> String {
    object.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the executor stamps its records and checks sessions against the clock"
    )]
    Timestamp::now()
}
