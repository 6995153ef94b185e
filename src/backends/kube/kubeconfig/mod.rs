//! The kubeconfig files, merged as kubectl merges them, and the sites that come out of them. One bad file or
//! context is a problem; the others still load. Nothing connects here.
mod authority;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig};

pub(super) use self::authority::certificates as authority_certificates;
pub use self::authority::{fingerprint, normal_server};
use crate::config::{Flags, Paths, Settings, SiteSettings};
use crate::domain::site::SiteSpec;
use crate::domain::{Problem, ProblemKind, SiteId};
use crate::nearest::suggestion;

/// Which files to read and what to make of them.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub files: Vec<PathBuf>,
    /// Only these contexts; all when empty.
    pub contexts: Vec<String>,
    /// Sites to open for writing.
    pub write: Vec<String>,
    pub sites: BTreeMap<String, SiteSettings>,
}

impl Request {
    /// `--kubeconfig`, else `KUBECONFIG`, else the default file.
    pub fn new(settings: &Settings, flags: &Flags, kubeconfig_variable: Option<&str>, paths: &Paths) -> Self {
        let listed: Vec<PathBuf> = std::env::split_paths(kubeconfig_variable.unwrap_or_default())
            .filter(|path| !path.as_os_str().is_empty())
            .collect();
        let files = match &flags.kubeconfig {
            Some(file) => vec![file.clone()],
            None if listed.is_empty() => vec![paths.default_kubeconfig()],
            None => listed,
        };
        Self {
            files,
            contexts: flags.contexts.clone(),
            write: flags.write.clone(),
            sites: settings.sites.clone(),
        }
    }
}

/// The sites of the fleet, what was wrong with the files, and what is needed to connect later.
#[derive(Default)]
pub struct Sites {
    pub specs: Vec<SiteSpec>,
    pub problems: Vec<Problem>,
    contexts: Vec<ContextRef>,
    merged: Kubeconfig,
}

/// One context, whether it became a site or not: enough to see which API server it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextRef {
    pub name: String,
    pub cluster: String,
    pub user: String,
    pub namespace: String,
    /// Scheme, host and port, normalised for comparison.
    pub server: String,
    /// SHA-256 of the certificate authority, hexadecimal; empty when none is given or it cannot be read.
    pub ca_fingerprint: String,
    /// The file that the context came from.
    pub file: PathBuf,
}

/// The three parts of a context that make a connection.
#[derive(Clone)]
pub(super) struct Parts {
    pub context: Context,
    pub cluster: Cluster,
    pub user: AuthInfo,
}

impl Sites {
    /// Reads the files and decides what the sites are. Never fails as a whole.
    pub fn load(request: &Request) -> Self {
        let mut sites = Self::default();
        for file in &request.files {
            match file::read(file) {
                Ok(config) => sites.merge(file, config),
                Err(problem) => sites.problems.push(problem),
            }
        }
        if sites.contexts.is_empty() && sites.problems.is_empty() {
            let files: Vec<String> = request.files.iter().map(|f| f.display().to_string()).collect();
            let summary = format!("{}: no contexts", files.join(", "));
            sites.problems.push(Problem::new(ProblemKind::File, summary).hint(file::LOG_IN));
        }
        let usable = sites.usable();
        sites.check_names(request);
        for name in sites.distinct(&usable, request) {
            sites.add_spec(&name, request);
        }
        for site in request.write.iter().filter(|w| !sites.specs.iter().any(|s| s.id.as_str() == *w)) {
            let known: Vec<&str> = sites.specs.iter().map(|s| s.id.as_str()).collect();
            let problem = unknown("--write", "site", site, known);
            sites.problems.push(problem);
        }
        sites
    }

    /// Every context of the files that leads somewhere, also those that share a site.
    pub fn contexts(&self) -> &[ContextRef] {
        &self.contexts
    }

    /// The context kubectl would use.
    pub fn current_context(&self) -> Option<&str> {
        self.merged.current_context.as_deref().filter(|name| !name.is_empty())
    }

    pub(super) fn parts(&self, context: &str) -> Option<Parts> {
        parts_of(&self.merged, context)
    }

    fn merge(&mut self, file: &Path, config: Kubeconfig) {
        for named in &config.contexts {
            if self.contexts.iter().all(|known| known.name != named.name) {
                let context = named.context.clone().unwrap_or_default();
                self.contexts.push(ContextRef {
                    name: named.name.clone(),
                    cluster: context.cluster,
                    user: context.user.unwrap_or_default(),
                    namespace: context.namespace.unwrap_or_default(),
                    server: String::new(),
                    ca_fingerprint: String::new(),
                    file: file.to_path_buf(),
                });
            }
        }
        match std::mem::take(&mut self.merged).merge(config) {
            Ok(merged) => self.merged = merged,
            // Cannot happen: kind and version are taken out before. Losing one file beats losing all.
            Err(e) => self.problems.push(Problem::new(ProblemKind::File, format!("{}: {e}", file.display()))),
        }
    }

    /// Fills in where each context leads; those that lead nowhere become problems and are dropped.
    fn usable(&mut self) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        let mut kept = Vec::new();
        for mut context in std::mem::take(&mut self.contexts) {
            match self.resolve(&mut context) {
                Ok(user) => {
                    keys.push((context.name.clone(), format!("{}\n{user}", context.server)));
                    kept.push(context);
                }
                Err(problem) => self.problems.push(problem),
            }
        }
        self.contexts = kept;
        keys
    }

    /// Finds server and certificate authority of the context; returns what tells its user and its way there
    /// from another: one address may lead to several servers, through different proxies.
    fn resolve(&self, context: &mut ContextRef) -> Result<String, Problem> {
        let clusters = || self.merged.clusters.iter().map(|c| c.name.as_str()).collect::<Vec<_>>();
        let place =
            || format!("{}: context \"{}\"", file::located(&context.file, &context.name), context.name);
        let Some(parts) = self.parts(&context.name) else {
            return Err(unknown(&place(), "cluster", &context.cluster, clusters()));
        };
        let users = || self.merged.auth_infos.iter().map(|u| u.name.as_str()).collect::<Vec<_>>();
        if !context.user.is_empty() && !users().contains(&context.user.as_str()) {
            return Err(unknown(&place(), "user", &context.user, users()));
        }
        let server = parts.cluster.server.clone().unwrap_or_default();
        let Some(server) = normal_server(&server) else {
            let summary = format!("{}: \"{server}\" is not the URL of a server", place());
            return Err(Problem::new(ProblemKind::File, summary).hint("write it as https://host:port"));
        };
        context.server = server;
        // A bad authority shows when connecting; here it only means that nothing can be compared.
        let pem = authority::pem(&parts.cluster).ok().flatten();
        context.ca_fingerprint = pem.map(|pem| fingerprint(&pem)).unwrap_or_default();
        let Cluster { proxy_url, tls_server_name, .. } = &parts.cluster;
        let way = (&context.ca_fingerprint, proxy_url, tls_server_name, &parts.user);
        Ok(serde_json::to_string(&way).unwrap_or_default())
    }

    /// Contexts that were asked for by flag or file but do not exist.
    fn check_names(&mut self, request: &Request) {
        let known: Vec<&str> = self.contexts.iter().map(|c| c.name.as_str()).collect();
        let missing = |name: &str| !known.contains(&name);
        let mut problems = Vec::new();
        for name in request.contexts.iter().filter(|name| missing(name)) {
            problems.push(unknown("--context", "context", name, known.clone()));
        }
        for (site, settings) in &request.sites {
            let context = settings.context.as_deref().unwrap_or(site);
            // A site that is hidden may well be gone.
            if missing(context) && !settings.hide {
                problems.push(unknown(&settings.origin.to_string(), "context", context, known.clone()));
            }
        }
        self.problems.extend(problems);
    }

    /// One context for each server and user: the one the operator named, else the current one, else the first.
    fn distinct(&self, keys: &[(String, String)], request: &Request) -> Vec<String> {
        let wanted = |name: &str| request.contexts.is_empty() || request.contexts.iter().any(|c| c == name);
        let named = |name: &str| site_settings(name, request).is_some();
        let rank =
            |name: &str| (!request.contexts.is_empty(), named(name), self.current_context() == Some(name));
        let mut chosen: Vec<(&str, &str)> = Vec::new();
        for (name, key) in keys.iter().filter(|(name, _)| wanted(name)) {
            match chosen.iter_mut().find(|(_, other)| other == key) {
                // Two contexts that the operator names are two sites, whatever they share.
                Some((other, _)) if !(named(name) && named(other)) => {
                    if rank(name) > rank(other) {
                        *other = name;
                    }
                }
                _ => chosen.push((name, key)),
            }
        }
        chosen.into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn add_spec(&mut self, context: &str, request: &Request) {
        let Some(known) = self.contexts.iter().find(|c| c.name == context) else { return };
        let (id, settings) = match site_settings(context, request) {
            Some((id, settings)) => (id.as_str(), settings.clone()),
            None => (context, SiteSettings::default()),
        };
        if settings.hide {
            return;
        }
        self.specs.push(SiteSpec {
            id: SiteId::new(id),
            context: context.to_owned(),
            server: known.server.clone(),
            tags: settings.tags,
            protection: settings.protection,
            colour: settings.colour,
            write: request.write.iter().any(|w| w == id),
        });
    }
}

fn site_settings<'a>(context: &str, request: &'a Request) -> Option<(&'a String, &'a SiteSettings)> {
    request.sites.iter().find(|(name, site)| site.context.as_deref().unwrap_or(name) == context)
}

fn unknown(place: &str, what: &str, word: &str, known: Vec<&str>) -> Problem {
    Problem::new(ProblemKind::File, format!("{place}: unknown {what} \"{word}\""))
        .hint(suggestion(word, known))
}

/// The parts of one context of a kubeconfig; `None` when its cluster is missing. No user is an anonymous one.
pub(super) fn parts_of(config: &Kubeconfig, name: &str) -> Option<Parts> {
    let context = config.contexts.iter().find(|c| c.name == name)?.context.clone()?;
    let cluster = config.clusters.iter().find(|c| c.name == context.cluster)?.cluster.clone()?;
    let user = context.user.as_deref().and_then(|user| config.auth_infos.iter().find(|u| u.name == user));
    Some(Parts { cluster, user: user.and_then(|u| u.auth_info.clone()).unwrap_or_default(), context })
}

#[cfg(test)]
mod tests;
