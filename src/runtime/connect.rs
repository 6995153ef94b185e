//! Keeps trying to reach a site, or the API of a workload cluster, until it answers. One that hangs
//! never delays another: each has a task of its own.
use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::sync::mpsc::Sender;

use super::{executor::Executor, links::Links};
use crate::{
    backends::kube::{Connections, backoff, document, greeting, kubeconfig},
    domain::{ClusterKey, Home, Problem, ProblemKind, SiteId},
    msg::{Msg, SiteEvent, WorkloadEvent},
};

/// A server that takes a connection and says nothing is given up after this, and tried again.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is needed to reach anything.
#[derive(Clone)]
pub struct Reach {
    pub connections: Arc<Connections>,
    pub links: Links,
    pub messages: Sender<Msg>,
}

impl Reach {
    /// Reaches a site, however long it takes.
    pub async fn site(self, site: SiteId) {
        let retry = self.links.retry(&site);
        let mut attempt = 0;
        self.tell(&site, SiteEvent::Connecting).await;
        loop {
            let problem = match self.try_site(&site).await {
                Ok(event) => {
                    self.tell(&site, event).await;
                    retry.notify_waiters();
                    return;
                }
                Err(problem) => problem,
            };
            tracing::info!(%site, %problem, attempt, "site not reached");
            let wait = problem.retry_after.map_or_else(|| backoff::after(attempt), Duration::from_secs);
            attempt += 1;
            self.tell(&site, SiteEvent::Failed { problem, retry_at: backoff::at(wait), attempt }).await;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = retry.notified() => self.connections.retry_now(&site).await,
            }
        }
    }

    async fn try_site(&self, site: &SiteId) -> Result<SiteEvent, Problem> {
        let client = self.connections.connect(site).await?;
        let greeting = patiently(greeting::greet(&client)).await?;
        self.links.put(site, Home::Management, client, &greeting);
        Ok(SiteEvent::Connected(greeting))
    }

    async fn tell(&self, site: &SiteId, event: SiteEvent) {
        // A mailbox that is gone means the console ends.
        let _ = self.messages.send(Msg::Site(site.clone(), Box::new(event))).await;
    }

    /// Reaches the API of a workload cluster: by a context that leads to the same server, else, with
    /// consent, by the Secret that Cluster API keeps (kube-apis §1.4).
    pub async fn workload(
        self,
        executor: Arc<Executor>,
        cluster: ClusterKey,
        endpoint: String,
        consent: bool,
    ) {
        let retry = self.links.retry(&cluster.site);
        let mut attempt = 0;
        loop {
            let event = match self.try_workload(&executor, &cluster, &endpoint, consent).await {
                Ok(event) => event,
                Err(problem) => {
                    let wait = backoff::after(attempt);
                    attempt += 1;
                    let event = WorkloadEvent::Failed { problem, retry_at: backoff::at(wait) };
                    if self.messages.send(Msg::Workload(cluster.clone(), Box::new(event))).await.is_err() {
                        return;
                    }
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = retry.notified() => {}
                    }
                    continue;
                }
            };
            let _ = self.messages.send(Msg::Workload(cluster, Box::new(event))).await;
            return;
        }
    }

    async fn try_workload(
        &self,
        executor: &Executor,
        cluster: &ClusterKey,
        endpoint: &str,
        consent: bool,
    ) -> Result<WorkloadEvent, Problem> {
        let (client, via) = match self.matching_context(endpoint) {
            Some(context) => {
                (self.connections.connect_context(&context).await?, format!("context {context}"))
            }
            None if !consent => return Ok(WorkloadEvent::NeedsConsent),
            None => {
                let name = format!("{}-kubeconfig", cluster.key.name);
                executor.note_secret_read(&cluster.site, &cluster.key.namespace, &name).await?;
                let yaml = self.kubeconfig_secret(cluster, &name).await?;
                (self.connections.client_from_kubeconfig_yaml(&yaml).await?, format!("Secret {name}"))
            }
        };
        let greeting = patiently(greeting::greet(&client)).await?;
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

/// Gives up on an answer that does not come.
async fn patiently<T>(answer: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| {
        Err(Problem::new(ProblemKind::Unreachable, format!("no answer within {} s", PATIENCE.as_secs()))
            .hint("the server takes connections but does not answer"))
    })
}
