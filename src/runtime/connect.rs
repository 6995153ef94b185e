//! Keeps trying to reach a site, or the API of a workload cluster, until it answers. One that hangs
//! never delays another: each has a task of its own, and never two.
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use kube::Client;
use tokio::sync::mpsc::Sender;

use super::{executor::Executor, links::Links};
use crate::{
    backends::kube::{Connections, backoff, document, greeting, kubeconfig},
    domain::{ClusterKey, Home, Problem, ProblemKind, SiteId, site::Greeting},
    msg::{Msg, SiteEvent, WorkloadEvent},
};

/// A site whose greeting worked, but whose watches do not, is greeted this often at most.
const SETTLE: Duration = Duration::from_secs(2);
/// How long a credential that was refused is left alone before a fresh one is fetched.
const REST: Duration = Duration::from_mins(1);

type Busy = Arc<Mutex<HashSet<(SiteId, Home)>>>;

/// What is needed to reach anything.
#[derive(Clone)]
pub struct Reach {
    pub connections: Arc<Connections>,
    pub links: Links,
    pub messages: Sender<Msg>,
    busy: Busy,
}

/// While this lives, nobody else tries to reach the same API server.
pub struct Turn {
    busy: Busy,
    of: (SiteId, Home),
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// The API of a workload cluster, and how it may be reached.
pub struct Workload {
    pub cluster: ClusterKey,
    pub endpoint: String,
    /// The kubeconfig Secret may be used.
    pub consent: bool,
}

/// How far a workload cluster is reached.
#[derive(Default)]
struct Way {
    client: Option<(Client, String)>,
    /// The journal knows that the Secret will be read.
    noted: bool,
}

impl Reach {
    pub fn new(connections: Arc<Connections>, links: Links, messages: Sender<Msg>) -> Self {
        Self { connections, links, messages, busy: Busy::default() }
    }

    /// The right to try to reach an API server; nobody gets it twice at a time.
    pub fn turn(&self, site: &SiteId, home: &Home) -> Option<Turn> {
        let of = (site.clone(), home.clone());
        let free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone());
        free.then(|| Turn { busy: self.busy.clone(), of })
    }

    /// Reaches a site, however long it takes.
    pub async fn site(self, site: SiteId, turn: Turn) {
        let mut wake = self.links.listen(&site);
        let mut attempt = 0;
        self.tell(&site, SiteEvent::Connecting).await;
        if let Some(rest) = self.links.greeted(&site).and_then(|ago| SETTLE.checked_sub(ago)) {
            wake.rest(rest).await;
        }
        loop {
            wake.arm();
            let problem = match self.try_site(&site).await {
                Ok(event) => {
                    // Given back before anybody can hear of it: who hears may want another try.
                    drop(turn);
                    self.tell(&site, event).await;
                    self.links.ring(&site);
                    return;
                }
                Err(problem) => problem,
            };
            tracing::info!(%site, %problem, attempt, "site not reached");
            let wait = wait(&problem, attempt);
            attempt += 1;
            self.tell(&site, SiteEvent::Failed { problem, retry_at: backoff::at(wait), attempt }).await;
            wake.rest(wait).await;
        }
    }

    async fn try_site(&self, site: &SiteId) -> Result<SiteEvent, Problem> {
        let client = self.connections.connect(site).await?;
        let greeting = self.greet(&client).await?;
        self.links.put(site, Home::Management, client, &greeting);
        Ok(SiteEvent::Connected(greeting))
    }

    /// Gives up on an answer that does not come. A login that a plugin waits for may take its time.
    async fn greet(&self, client: &Client) -> Result<Greeting, Problem> {
        let patience = self.connections.patience();
        tokio::time::timeout(patience, greeting::greet(client)).await.unwrap_or_else(|_| {
            let summary = format!("connecting: no whole answer within {} s", patience.as_secs());
            Err(Problem::new(ProblemKind::Unreachable, summary)
                .hint("the server takes connections but does not answer"))
        })
    }

    async fn tell(&self, site: &SiteId, event: SiteEvent) {
        // A mailbox that is gone means the console ends.
        let _ = self.messages.send(Msg::Site(site.clone(), Box::new(event))).await;
    }

    /// Reaches the API of a workload cluster: by a context that leads to the same server, else, with
    /// consent, by the Secret that Cluster API keeps (kube-apis §1.4).
    pub async fn workload(self, executor: Arc<Executor>, workload: Workload, turn: Turn) {
        let site = &workload.cluster.site;
        let mut wake = self.links.listen(site);
        let (mut way, mut attempt) = (Way::default(), 0);
        loop {
            wake.arm();
            let (event, wait) = match self.try_workload(&executor, &workload, &mut way).await {
                Ok(event) => {
                    drop(turn);
                    let _ =
                        self.messages.send(Msg::Workload(workload.cluster.clone(), Box::new(event))).await;
                    self.links.ring(site);
                    return;
                }
                Err(problem) => {
                    let wait = if is_refused(&problem) {
                        // Cluster API renews the credentials in the Secret now and then.
                        way.client = None;
                        backoff::spread(REST)
                    } else {
                        wait(&problem, attempt)
                    };
                    (WorkloadEvent::Failed { problem, retry_at: backoff::at(wait) }, wait)
                }
            };
            attempt += 1;
            if self.messages.send(Msg::Workload(workload.cluster.clone(), Box::new(event))).await.is_err() {
                return;
            }
            wake.rest(wait).await;
        }
    }

    async fn try_workload(
        &self,
        executor: &Executor,
        workload: &Workload,
        way: &mut Way,
    ) -> Result<WorkloadEvent, Problem> {
        let cluster = &workload.cluster;
        let (client, via) = match way.client.clone() {
            Some(known) => known,
            None => match self.matching_context(&workload.endpoint) {
                Some(context) => {
                    (self.connections.connect_context(&context).await?, format!("context {context}"))
                }
                None if !workload.consent => return Ok(WorkloadEvent::NeedsConsent),
                None => self.by_secret(executor, cluster, way).await?,
            },
        };
        way.client = Some((client.clone(), via.clone()));
        let greeting = self.greet(&client).await?;
        self.links.put(&cluster.site, Home::Workload(cluster.key.clone()), client, &greeting);
        Ok(WorkloadEvent::Connected { via, greeting })
    }

    /// A context whose server is the cluster's endpoint. Its own CA must sign that server's certificate,
    /// or the connection fails: so server and CA both match.
    fn matching_context(&self, endpoint: &str) -> Option<String> {
        let wanted = kubeconfig::normal_server(&format!("https://{endpoint}"))?;
        let contexts = self.connections.sites().contexts();
        contexts
            .iter()
            .find(|c| kubeconfig::normal_server(&c.server).as_deref() == Some(&*wanted))
            .map(|c| c.name.clone())
    }

    /// Every read of the Secret has a line in the journal before it; tries that fail share one.
    async fn by_secret(
        &self,
        executor: &Executor,
        cluster: &ClusterKey,
        way: &mut Way,
    ) -> Result<(Client, String), Problem> {
        let name = format!("{}-kubeconfig", cluster.key.name);
        if !way.noted {
            executor.note_secret_read(&cluster.site, &cluster.key.namespace, &name).await?;
            way.noted = true;
        }
        let yaml = self.kubeconfig_secret(cluster, &name).await?;
        way.noted = false;
        Ok((self.connections.client_from_kubeconfig_yaml(&yaml).await?, format!("Secret {name}")))
    }

    async fn kubeconfig_secret(&self, cluster: &ClusterKey, name: &str) -> Result<Vec<u8>, Problem> {
        let link = self.links.get(&cluster.site, &Home::Management).ok_or_else(|| {
            Problem::new(ProblemKind::Unreachable, format!("site {} is not connected", cluster.site))
        })?;
        let secret = document::get(
            &link.client,
            &format!("/api/v1/namespaces/{}/secrets/{name}", cluster.key.namespace),
        )
        .await?;
        let value = secret.pointer("/data/value").and_then(serde_json::Value::as_str).unwrap_or_default();
        STANDARD.decode(value).map_err(|_| {
            Problem::new(ProblemKind::Malformed, format!("the Secret {name} holds no kubeconfig"))
        })
    }
}

/// The credential or the certificates do not do; others may.
fn is_refused(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ProblemKind::Unauthenticated | ProblemKind::Forbidden | ProblemKind::Tls | ProblemKind::Malformed
    )
}

fn wait(problem: &Problem, attempt: u32) -> Duration {
    let own = backoff::after(attempt);
    problem.retry_after.map_or(own, |seconds| Duration::from_secs(seconds).clamp(own, REST))
}
