//! Carries out effects: each becomes a task that answers with messages. What the terminal must do is left
//! to the loop.
use std::{collections::HashMap, path::PathBuf, sync::Arc};

use tokio::{sync::mpsc::Sender, task::AbortHandle};

use super::{connect::Reach, executor::Executor, links::Links, sources};
use crate::{
    backends::kube::{Connections, access, document},
    domain::{Home, Problem, ProblemKind, ResourceRef, SiteId, Source},
    effect::Effect,
    kinds,
    msg::{Document, Msg},
    state::access::{Permit, Question},
};

pub struct Runner {
    reach: Reach,
    executor: Arc<Executor>,
    watches: HashMap<Source, AbortHandle>,
    connecting: HashMap<SiteId, AbortHandle>,
    memory: PathBuf,
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
        let reach = Reach { connections, links, messages };
        Self { reach, executor, watches: HashMap::new(), connecting: HashMap::new(), memory: state_folder }
    }

    /// Starts what an effect asks for. Effects of the terminal come back.
    pub fn start(&mut self, effect: Effect) -> Option<Effect> {
        let executor = self.executor.clone();
        match effect {
            Effect::Quit | Effect::Suspend | Effect::Redraw | Effect::Theme(_) | Effect::Copy(_) => {
                return Some(effect);
            }
            Effect::Connect(site) => self.connect(site),
            Effect::Reach { cluster, endpoint, consent } => {
                drop(tokio::spawn(self.reach.clone().workload(executor, cluster, endpoint, consent)))
            }
            Effect::Subscribe(source) => self.subscribe(source),
            Effect::Unsubscribe(source) => {
                if let Some(task) = self.watches.remove(&source) {
                    task.abort();
                }
            }
            Effect::RetryNow(site) => {
                self.reach.links.try_streaming_again(&site);
                self.reach.links.retry(&site).notify_waiters();
            }
            Effect::Ask(questions) => self.ask(questions),
            Effect::Fetch(target) => self.fetch(target),
            Effect::DryRun(token, plan) => {
                drop(tokio::spawn(async move { executor.dry_run(token, *plan).await }))
            }
            Effect::Execute(job, plan) => {
                drop(tokio::spawn(async move { executor.execute(job, *plan).await }))
            }
            Effect::Cancel(job) => tracing::info!(job = job.0, "no longer followed"),
            Effect::Outcome(job, words) => tracing::info!(job = job.0, words, "job over"),
            Effect::OpenSession { site, reason, minutes } => {
                drop(tokio::spawn(async move { executor.open(site, reason, minutes).await }))
            }
            Effect::CloseSession(site) => drop(tokio::spawn(async move { executor.close(site).await })),
            Effect::Remember(memory) => super::memory::save(&self.memory, &memory),
        }
        None
    }

    fn connect(&mut self, site: SiteId) {
        if self.connecting.get(&site).is_some_and(|task| !task.is_finished()) {
            self.reach.links.retry(&site).notify_waiters();
            return;
        }
        let task = tokio::spawn(self.reach.clone().site(site.clone()));
        self.connecting.insert(site, task.abort_handle());
    }

    fn subscribe(&mut self, source: Source) {
        let follow = sources::follow(self.reach.links.clone(), self.reach.messages.clone(), source.clone());
        if let Some(old) = self.watches.insert(source, tokio::spawn(follow).abort_handle()) {
            old.abort();
        }
    }

    /// Puts access reviews to the servers they are about.
    fn ask(&self, questions: Vec<Question>) {
        let (links, messages) = (self.reach.links.clone(), self.reach.messages.clone());
        tokio::spawn(async move {
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
        });
    }

    fn fetch(&self, target: ResourceRef) {
        let (links, messages) = (self.reach.links.clone(), self.reach.messages.clone());
        tokio::spawn(async move {
            let document = document_of(&links, &target).await;
            let _ = messages.send(Msg::Document(target, document.map(Box::new))).await;
        });
    }
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
pub(super) fn served(link: &super::links::Link, kind: &str) -> Option<(&'static kinds::Kind, String)> {
    let kind = kinds::find(kind)?;
    Some((kind, kind.served(&link.discovery)?.version.clone()))
}
