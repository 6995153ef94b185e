//! Carries out effects: each becomes a task that answers with messages. What the terminal must do is left
//! to the loop. A task that fails by a mistake of ours is answered for too.
use std::{collections::HashMap, panic::AssertUnwindSafe, path::PathBuf, sync::Arc, time::Duration};

use futures::FutureExt as _;
use tokio::{
    sync::{broadcast::error::RecvError, mpsc::Sender},
    task::AbortHandle,
};
use tokio_util::task::TaskTracker;

use super::{
    connect::{Reach, Turn, Workload},
    executor::Executor,
    links::Links,
    memory::Keeper,
    sources,
};
use crate::{
    actions::plan::{JobId, Plan, PlanToken},
    backends::{
        drill::Desk,
        kube::{Connections, access, document},
    },
    domain::{Home, Problem, ProblemKind, ResourceRef, SiteId, Source, drill::Drilling},
    effect::Effect,
    kinds::AnyKind,
    msg::{Document, JobEvent, Msg, SiteEvent},
    state::access::{Permit, Question},
};

/// How long the end waits for requests that change something, and for their records.
const GRACE: Duration = Duration::from_millis(1_500);

pub struct Runner {
    reach: Reach,
    executor: Arc<Executor>,
    watches: HashMap<Source, AbortHandle>,
    /// Tasks that the end waits for.
    writing: TaskTracker,
    memory: Keeper,
    /// Somebody listens to credential plugins.
    prompted: bool,
    /// Where incidents are played, if the fleet is made for that.
    desk: Option<Desk>,
}

impl Runner {
    pub fn new(
        connections: Arc<Connections>,
        messages: Sender<Msg>,
        state_folder: PathBuf,
        journal_folder: PathBuf,
    ) -> Self {
        let links = Links::default();
        let executor = Arc::new(Executor::new(links.clone(), messages.clone(), journal_folder));
        Self {
            reach: Reach::new(connections, links, messages),
            executor,
            watches: HashMap::new(),
            writing: TaskTracker::new(),
            memory: Keeper::new(state_folder),
            prompted: false,
            desk: None,
        }
    }

    /// Incidents may be played there.
    pub fn practise(&mut self, desk: Desk) {
        self.desk = Some(desk);
    }

    /// Starts what an effect asks for. Effects of the terminal come back.
    pub fn start(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Quit
            | Effect::Suspend
            | Effect::Resume
            | Effect::Redraw
            | Effect::Theme(_)
            | Effect::Copy(_) => return Some(effect),
            Effect::Connect(site) => self.connect(site),
            Effect::Reach { cluster, endpoint, consent } => {
                self.workload(Workload { cluster, endpoint, consent });
            }
            Effect::Subscribe(source) => self.subscribe(source),
            Effect::Unsubscribe(source) => {
                if let Some(task) = self.watches.remove(&source) {
                    task.abort();
                }
            }
            Effect::RetryNow(site) => self.retry(site),
            Effect::Ask(questions) => self.ask(questions),
            Effect::Fetch(target) => self.fetch(target),
            Effect::Remember(memory) => {
                self.memory.take(memory);
                let keeper = self.memory.clone();
                self.writing.spawn_blocking(move || keeper.write());
            }
            Effect::Drill(what) => self.drill(what),
            Effect::DryRun(token, plan) => self.dry_run(token, *plan),
            Effect::Execute(job, plan) => self.execute(job, *plan),
            Effect::Cancel(job) => self.executor.cancel(job),
            Effect::Outcome(job, words) => {
                let executor = self.executor.clone();
                self.spawn(async move { executor.ended(job, words).await }, Msg::Notice);
            }
            Effect::OpenSession { site, reason, minutes } => self.open(site, reason, minutes),
            Effect::CloseSession(site) => {
                let executor = self.executor.clone();
                self.spawn(async move { executor.close(site).await }, Msg::Notice);
            }
        }
        None
    }

    /// Asks the desk, where there is one. A real fleet has none, so nothing can be played there.
    fn drill(&self, what: Drilling) {
        let Some(desk) = self.desk.clone() else { return };
        let messages = self.reach.messages.clone();
        let ask = async move {
            let _ = messages.send(Msg::Drills(desk.ask(&what).await)).await;
        };
        self.spawn_lightly(ask, |problem| Msg::Drills(Err(problem)));
    }

    fn dry_run(&self, token: PlanToken, plan: Plan) {
        let executor = self.executor.clone();
        self.spawn_lightly(async move { executor.dry_run(token, plan).await }, move |problem| {
            Msg::DryRun(token, Err(problem))
        });
    }

    fn execute(&self, job: JobId, plan: Plan) {
        let executor = self.executor.clone();
        self.spawn(async move { executor.execute(job, plan).await }, move |problem| {
            Msg::Job(job, JobEvent::Failed(problem))
        });
    }

    fn open(&self, site: SiteId, reason: String, minutes: u32) {
        let (executor, of) = (self.executor.clone(), site.clone());
        self.spawn(async move { executor.open(site, reason, minutes).await }, move |problem| {
            Msg::Session(of, Err(problem))
        });
    }

    /// Ends every watch, and waits a moment for what is being written. The mailbox must be gone by now, or
    /// tasks would wait for room in it.
    pub async fn shut_down(self) {
        for task in self.watches.values() {
            task.abort();
        }
        self.writing.close();
        if tokio::time::timeout(GRACE, self.writing.wait()).await.is_err() {
            tracing::error!("ended while a request was under way; the journal has its intent");
        }
    }

    /// A task that the end waits for.
    fn spawn(
        &self,
        task: impl Future<Output = ()> + Send + 'static,
        failed: impl FnOnce(Problem) -> Msg + Send + 'static,
    ) {
        self.writing.spawn(answered(task, self.reach.messages.clone(), failed));
    }

    /// A task that the end does not wait for.
    fn spawn_lightly(
        &self,
        task: impl Future<Output = ()> + Send + 'static,
        failed: impl FnOnce(Problem) -> Msg + Send + 'static,
    ) {
        tokio::spawn(answered(task, self.reach.messages.clone(), failed));
    }

    fn connect(&mut self, site: SiteId) {
        if !std::mem::replace(&mut self.prompted, true) {
            self.listen_to_plugins();
        }
        if let Some(turn) = self.reach.turn(&site, &Home::Management) {
            self.greet(site, turn);
        }
    }

    fn greet(&self, site: SiteId, turn: Turn) {
        let of = site.clone();
        self.spawn_lightly(self.reach.clone().site(site, turn), move |problem| {
            Msg::Site(of, Box::new(SiteEvent::Failed { problem, retry_at: None, attempt: 0 }))
        });
    }

    fn workload(&self, workload: Workload) {
        let home = Home::Workload(workload.cluster.key.clone());
        let Some(turn) = self.reach.turn(&workload.cluster.site, &home) else { return };
        let executor = self.executor.clone();
        self.spawn_lightly(self.reach.clone().workload(executor, workload, turn), Msg::Notice);
    }

    /// Everything that waits for the site tries now; one that answers is asked again what it serves.
    fn retry(&self, site: SiteId) {
        let (reach, turn) = (self.reach.clone(), self.reach.turn(&site, &Home::Management));
        let of = site.clone();
        self.spawn_lightly(
            async move {
                reach.connections.retry_now(&of).await;
                reach.links.try_streaming_again(&of);
                reach.links.ring(&of);
            },
            Msg::Notice,
        );
        if let Some(turn) = turn {
            self.greet(site, turn);
        }
    }

    fn subscribe(&mut self, source: Source) {
        let follow = sources::follow(self.reach.links.clone(), self.reach.messages.clone(), source.clone());
        if let Some(old) = self.watches.insert(source, tokio::spawn(follow).abort_handle()) {
            old.abort();
        }
    }

    /// What credential plugins say while they wait is shown by the loop, never by them.
    fn listen_to_plugins(&self) {
        let (connections, messages) = (self.reach.connections.clone(), self.reach.messages.clone());
        let mut prompts = connections.prompts();
        let forward = async move {
            loop {
                let prompt = match prompts.recv().await {
                    Ok(prompt) => prompt,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                let sites = connections.sites_of(&prompt);
                let login = Msg::Login { plugin: prompt.plugin, text: prompt.text, sites };
                if messages.send(login).await.is_err() {
                    return;
                }
            }
        };
        self.spawn_lightly(forward, Msg::Notice);
    }

    /// Puts access reviews to the servers they are about.
    fn ask(&self, questions: Vec<Question>) {
        let (links, messages) = (self.reach.links.clone(), self.reach.messages.clone());
        let ask = async move {
            let mut by_home: HashMap<(SiteId, Home), Vec<Question>> = HashMap::new();
            for question in questions {
                by_home.entry((question.site.clone(), question.home.clone())).or_default().push(question);
            }
            for ((site, home), questions) in by_home {
                let answers = match links.get(&site, &home) {
                    Some(link) => access::ask(&link.client, questions).await,
                    None => {
                        questions.into_iter().map(|q| (q, Permit::Unknown("not connected".into()))).collect()
                    }
                };
                let _ = messages.send(Msg::Access(answers)).await;
            }
        };
        self.spawn_lightly(ask, Msg::Notice);
    }

    fn fetch(&self, target: ResourceRef) {
        let (links, messages) = (self.reach.links.clone(), self.reach.messages.clone());
        let of = target.clone();
        let fetch = async move {
            let document = document_of(&links, &target).await;
            let _ = messages.send(Msg::Document(target, document.map(Box::new))).await;
        };
        self.spawn_lightly(fetch, move |problem| Msg::Document(of, Err(problem)));
    }
}

/// Whoever waits for the task's answer hears it when the task fails by a mistake of ours. The panic itself
/// is in the log by then.
async fn answered(
    task: impl Future<Output = ()>,
    messages: Sender<Msg>,
    failed: impl FnOnce(Problem) -> Msg,
) {
    if AssertUnwindSafe(task).catch_unwind().await.is_err() {
        // A mailbox that is gone means the console ends.
        let _ = messages.send(failed(mistake())).await;
    }
}

/// What the operator reads of a panic in a task.
pub(super) fn mistake() -> Problem {
    Problem::new(ProblemKind::Cancelled, "this failed by a mistake in the console itself")
        .hint("the log has the details; please report it")
}

async fn document_of(links: &Links, target: &ResourceRef) -> Result<Document, Problem> {
    let absent = || Problem::new(ProblemKind::Absent, "this kind is not served there");
    let link = links.get(&target.source.site, &target.source.home).ok_or_else(|| {
        Problem::new(ProblemKind::Unreachable, format!("site {} is not connected", target.source.site))
    })?;
    let path = sources::path_of(&link, target).ok_or_else(absent)?;
    let yaml = document::yaml(document::get(&link.client, &path).await?)?;
    #[expect(clippy::disallowed_methods, reason = "the time of a fetch is data of the answer")]
    let fetched = jiff::Timestamp::now();
    Ok(Document { yaml, fetched })
}

/// The version of a kind to read at a server, or that it is not served.
pub(super) fn served(link: &super::links::Link, kind: &str) -> Option<(AnyKind, String)> {
    AnyKind::served(kind, &link.discovery)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_answered_for() {
        let (messages, mut mailbox) = tokio::sync::mpsc::channel(4);
        answered(async { panic!("a mistake") }, messages.clone(), Msg::Notice).await;
        answered(async {}, messages, Msg::Notice).await;
        assert!(matches!(mailbox.recv().await, Some(Msg::Notice(p)) if p.summary.contains("mistake")));
        assert_eq!(mailbox.recv().await, None, "one that ends well says nothing more");
    }
}
