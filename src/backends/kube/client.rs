//! From a context to a plain `kube::Client`, made when first asked for and then shared. Making one connects to
//! nothing: the first request does, and shows what is wrong.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kube::config::{AuthInfo, Kubeconfig};
use kube::{Client, Config};
use tokio::sync::broadcast;

use super::dial::Dialer;
use super::exec::ExecSpec;
use super::identity::{ExecIdentity, Identity};
use super::kubeconfig::{Parts, Sites, authority_certificates, parts_of};
use super::route::{self, ProxyEnvironment, Route};
use crate::domain::{Problem, ProblemKind, SiteId};

pub use super::dial::AnswerWithin;
pub use super::identity::Prompt;

/// Prompts that wait for a slow listener; older ones are forgotten.
const PROMPTS: usize = 16;

/// What holds for every connection.
#[derive(Debug, Clone)]
pub struct Options {
    pub exec_timeout: Duration,
    /// `--as` and `--as-group`; they replace what the kubeconfig says.
    pub impersonate: Option<String>,
    pub impersonate_groups: Vec<String>,
    pub proxies: ProxyEnvironment,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            exec_timeout: Duration::from_mins(1),
            impersonate: None,
            impersonate_groups: Vec::new(),
            proxies: ProxyEnvironment::default(),
        }
    }
}

/// All clients and identities of the fleet.
pub struct Connections {
    sites: Arc<Sites>,
    options: Options,
    clients: Mutex<HashMap<String, Client>>,
    /// By what makes two plugin calls the same call.
    identities: Mutex<HashMap<String, Arc<ExecIdentity>>>,
    prompts: broadcast::Sender<Prompt>,
}

impl Connections {
    pub fn new(sites: Arc<Sites>, options: Options) -> Self {
        Self {
            sites,
            options,
            clients: Mutex::default(),
            identities: Mutex::default(),
            prompts: broadcast::Sender::new(PROMPTS),
        }
    }

    pub fn sites(&self) -> &Sites {
        &self.sites
    }

    /// What credential plugins say while they wait for someone to log in.
    pub fn prompts(&self) -> broadcast::Receiver<Prompt> {
        self.prompts.subscribe()
    }

    /// The client of a site. Cheap after the first call.
    pub async fn connect(&self, site: &SiteId) -> Result<Client, Problem> {
        self.connect_context(&self.context_of(site)?).await
    }

    /// The client of any context of the kubeconfig, such as that of a workload cluster.
    pub async fn connect_context(&self, context: &str) -> Result<Client, Problem> {
        if let Some(client) = self.clients().get(context) {
            return Ok(client.clone());
        }
        let parts = self.parts(context)?;
        let identity = self.identity(&parts)?;
        let client = self.client(parts, identity, context).await?;
        // Two callers at once may each make one; the first stays, as it may have connections.
        Ok(self.clients().entry(context.to_owned()).or_insert(client).clone())
    }

    /// A client from the bytes of a `<cluster>-kubeconfig` Secret. What such a Secret may not do is name files
    /// or programs of this machine.
    pub async fn client_from_kubeconfig_yaml(&self, yaml: &[u8]) -> Result<Client, Problem> {
        let wrong = |what: &str| {
            Problem::new(ProblemKind::Malformed, format!("the kubeconfig of the cluster {what}"))
                .hint("look at the Secret <cluster>-kubeconfig beside the Cluster")
        };
        // The error would quote the Secret.
        let config = std::str::from_utf8(yaml)
            .ok()
            .and_then(|text| Kubeconfig::from_yaml(text).ok())
            .ok_or_else(|| wrong("is not valid YAML"))?;
        let context = config
            .current_context
            .clone()
            .filter(|name| !name.is_empty())
            .or_else(|| config.contexts.first().map(|c| c.name.clone()))
            .ok_or_else(|| wrong("has no context"))?;
        let parts = parts_of(&config, &context).ok_or_else(|| wrong("names a cluster it does not hold"))?;
        if parts.user.exec.is_some() {
            return Err(wrong("wants to run a program here")
                .hint("use a kubeconfig context for this cluster instead"));
        }
        let user = &parts.user;
        let files = [
            &user.token_file,
            &user.client_certificate,
            &user.client_key,
            &parts.cluster.certificate_authority,
        ];
        if files.iter().any(|file| file.is_some()) {
            return Err(
                wrong("wants to read files here").hint("use a kubeconfig context for this cluster instead")
            );
        }
        let identity = Identity::without_exec(&parts.user)?;
        self.client(parts, identity, "the kubeconfig of the cluster").await
    }

    /// The way to a site, for `tko doctor`.
    pub fn route(&self, site: &SiteId) -> Result<Route, Problem> {
        let parts = self.parts(&self.context_of(site)?)?;
        route::choose(&server_of(&parts)?, parts.cluster.proxy_url.as_deref(), &self.options.proxies)
            .map(|choice| choice.route)
    }

    /// How long connecting may take: a plugin may wait for somebody to log in.
    pub fn patience(&self) -> Duration {
        self.options.exec_timeout + Duration::from_secs(30)
    }

    /// The sites that wait for the plugin that says this.
    pub fn sites_of(&self, prompt: &Prompt) -> Vec<SiteId> {
        let waits = |context: &str| {
            let parts = self.sites.parts(context)?;
            let exec = parts.user.exec.as_ref().filter(|_| !has_token(&parts.user))?;
            Some(ExecSpec::new(exec, &parts.cluster).ok()?.fingerprint() == prompt.call)
        };
        let specs = self.sites.specs.iter();
        specs.filter(|s| waits(&s.context) == Some(true)).map(|s| s.id.clone()).collect()
    }

    /// Lets a credential plugin that failed a moment ago run at once: the operator asked for it.
    pub async fn retry_now(&self, site: &SiteId) {
        let identity =
            self.context_of(site).and_then(|c| self.parts(&c)).and_then(|parts| self.identity(&parts));
        if let Ok(Identity::Exec(exec)) = identity {
            exec.forget_failure().await;
        }
    }

    fn context_of(&self, site: &SiteId) -> Result<String, Problem> {
        let spec = self.sites.specs.iter().find(|spec| spec.id == *site);
        spec.map(|spec| spec.context.clone())
            .ok_or_else(|| Problem::new(ProblemKind::File, format!("unknown site \"{site}\"")))
    }

    fn parts(&self, context: &str) -> Result<Parts, Problem> {
        self.sites
            .parts(context)
            .ok_or_else(|| Problem::new(ProblemKind::File, format!("unknown context \"{context}\"")))
    }

    fn clients(&self) -> std::sync::MutexGuard<'_, HashMap<String, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who the context's user is; plugins that would be called alike are one identity.
    fn identity(&self, parts: &Parts) -> Result<Identity, Problem> {
        let Some(exec) = parts.user.exec.as_ref().filter(|_| !has_token(&parts.user)) else {
            return Identity::without_exec(&parts.user);
        };
        let spec = ExecSpec::new(exec, &parts.cluster)?;
        let mut identities = self.identities.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = identities.entry(spec.key()).or_insert_with(|| {
            Arc::new(ExecIdentity::new(spec, self.options.exec_timeout, self.prompts.clone()))
        });
        Ok(Identity::Exec(shared.clone()))
    }

    async fn client(&self, parts: Parts, identity: Identity, what: &str) -> Result<Client, Problem> {
        let server = server_of(&parts)?;
        let proxy = route::choose(&server, parts.cluster.proxy_url.as_deref(), &self.options.proxies)?.proxy;
        let (options, name) = (self.options.clone(), what.to_owned());
        let made = tokio::task::spawn_blocking(move || {
            // Reads certificate files, and the system's roots where the kubeconfig names none.
            let config = config(&parts, server, &options)?;
            let unusable = |e: tower::BoxError| {
                Problem::new(ProblemKind::File, format!("{name}: {e}")).hint("get a fresh kubeconfig")
            };
            Dialer::new(config, proxy, identity).map(Dialer::client).map_err(unusable)
        });
        made.await.unwrap_or_else(|e| Err(Problem::new(ProblemKind::Cancelled, format!("{what}: {e}"))))
    }
}

/// As in kubectl, a token of the kubeconfig goes before its plugin.
fn has_token(user: &AuthInfo) -> bool {
    user.token.is_some() || user.token_file.is_some()
}

fn server_of(parts: &Parts) -> Result<http::Uri, Problem> {
    let server = parts.cluster.server.clone().unwrap_or_default();
    server
        .trim()
        .parse()
        .map_err(|e| Problem::new(ProblemKind::File, format!("the server \"{server}\" is not a URL: {e}")))
}

/// The part of kube's configuration that our transport uses; credentials but certificates are not in it.
fn config(parts: &Parts, server: http::Uri, options: &Options) -> Result<Config, Problem> {
    let Parts { context, cluster, user } = parts;
    let mut config = Config::new(server);
    if let Some(namespace) = context.namespace.clone().filter(|n| !n.is_empty()) {
        config.default_namespace = namespace;
    }
    config.root_cert = authority_certificates(cluster)?;
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    config.tls_server_name = cluster.tls_server_name.clone().filter(|name| !name.is_empty());
    config.disable_compression = cluster.disable_compression.unwrap_or(false);
    // Retrying is for whoever knows what the request means, and what to show meanwhile.
    config.default_retry = false;
    config.auth_info = AuthInfo {
        client_certificate: user.client_certificate.clone(),
        client_certificate_data: user.client_certificate_data.clone(),
        client_key: user.client_key.clone(),
        client_key_data: user.client_key_data.clone(),
        impersonate: user.impersonate.clone(),
        impersonate_uid: user.impersonate_uid.clone(),
        impersonate_groups: user.impersonate_groups.clone(),
        impersonate_user_extra: user.impersonate_user_extra.clone(),
        ..AuthInfo::default()
    };
    if options.impersonate.is_some() {
        config.auth_info.impersonate.clone_from(&options.impersonate);
        config.auth_info.impersonate_uid = None;
        config.auth_info.impersonate_user_extra = None;
        config.auth_info.impersonate_groups = Some(options.impersonate_groups.clone());
    }
    Ok(config)
}
