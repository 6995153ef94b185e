//! Who we are at a server: a fixed credential, a token file that rotates, or a plugin whose answer is kept
//! until it expires. One plugin call serves all sites that share it. Credentials never leave as text.
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use kube::config::AuthInfo;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Mutex, broadcast, watch};

use super::exec::{Answer, ExecSpec};
use super::transport::basic;
use crate::domain::{Problem, ProblemKind};

/// A token file is read again at least this often.
const TOKEN_FILE_AGE: Duration = Duration::from_secs(10);
/// A plugin that failed is left alone this long: each call may open a login window.
const FAILURE_REST: Duration = Duration::from_secs(10);
/// Words of a plugin that is still running after this long are a prompt.
const PROMPT_AFTER: Duration = Duration::from_millis(1_500);

/// What a credential plugin says while it waits, most often where to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub plugin: String,
    pub text: String,
    /// Tells its call from others of the same program.
    pub(super) call: u64,
}

/// What a request needs to prove who we are.
#[derive(Clone, Default)]
pub(super) struct Credential {
    pub header: Option<HeaderValue>,
    pub certificate: Option<Arc<ClientCertificate>>,
    /// Counts the renewals, to tell which credential a 401 was about.
    pub generation: u64,
}

/// A client certificate and its key, both in PEM.
pub(super) struct ClientCertificate {
    pub certificate: String,
    pub key: SecretString,
}

/// One way of being someone.
#[derive(Clone)]
pub(super) enum Identity {
    Fixed(Credential),
    TokenFile(Arc<TokenFile>),
    Exec(Arc<ExecIdentity>),
}

impl Identity {
    /// What the user of a kubeconfig says, plugins excepted. Client certificates in the kubeconfig itself
    /// belong to the transport.
    pub(super) fn without_exec(user: &AuthInfo) -> Result<Self, Problem> {
        if let Some(token) = &user.token {
            return bearer(token.expose_secret()).map(Self::fixed);
        }
        if let Some(file) = &user.token_file {
            return Ok(Self::TokenFile(Arc::new(TokenFile::new(PathBuf::from(file)))));
        }
        if let (Some(name), Some(password)) = (&user.username, &user.password) {
            let header = basic(name, password.expose_secret());
            return header.map(Self::fixed).ok_or_else(|| unusable("user or password"));
        }
        if let Some(provider) = &user.auth_provider {
            return match provider.config.get("id-token") {
                Some(token) => bearer(token).map(Self::fixed),
                None => Err(Problem::new(
                    ProblemKind::Unauthenticated,
                    format!("the kubeconfig user logs in by the old auth-provider \"{}\"", provider.name),
                )
                .hint("Kubernetes has dropped these: get a kubeconfig with an exec plugin")),
            };
        }
        Ok(Self::Fixed(Credential::default()))
    }

    fn fixed(header: HeaderValue) -> Self {
        Self::Fixed(Credential { header: Some(header), ..Credential::default() })
    }

    /// The credential to use now; may read a file or run a plugin.
    pub(super) async fn credential(&self) -> Result<Credential, Problem> {
        match self {
            Self::Fixed(credential) => Ok(credential.clone()),
            Self::TokenFile(file) => file.credential(None).await,
            Self::Exec(exec) => exec.credential(None).await,
        }
    }

    /// After a 401: another credential than the refused one, if there is any.
    pub(super) async fn renewed(&self, refused: u64) -> Result<Option<Credential>, Problem> {
        let fresh = match self {
            Self::Fixed(_) => return Ok(None),
            Self::TokenFile(file) => file.credential(Some(refused)).await?,
            Self::Exec(exec) => exec.credential(Some(refused)).await?,
        };
        Ok(Some(fresh).filter(|fresh| fresh.generation != refused))
    }
}

fn bearer(token: &str) -> Result<HeaderValue, Problem> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(|_| unusable("bearer token"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable(what: &str) -> Problem {
    Problem::new(
        ProblemKind::Unauthenticated,
        format!("the {what} holds characters that HTTP does not allow"),
    )
    .hint("get a fresh kubeconfig")
}

#[expect(clippy::disallowed_methods, reason = "backends may read the clock")]
fn instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "backends may read the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// A token in a file that something else renews.
pub(super) struct TokenFile {
    path: PathBuf,
    last: Mutex<Option<(String, Credential, Instant)>>,
}

impl TokenFile {
    fn new(path: PathBuf) -> Self {
        Self { path, last: Mutex::new(None) }
    }

    async fn credential(&self, refused: Option<u64>) -> Result<Credential, Problem> {
        let mut last = self.last.lock().await;
        if let Some((_, credential, read)) = &*last
            && read.elapsed() < TOKEN_FILE_AGE
            && refused != Some(credential.generation)
        {
            return Ok(credential.clone());
        }
        match (tokio::fs::read_to_string(&self.path).await, &mut *last) {
            (Ok(text), Some((known, credential, read))) if *known == text => {
                *read = instant();
                Ok(credential.clone())
            }
            (Ok(text), _) => {
                let generation = last.as_ref().map_or(1, |(_, c, _)| c.generation + 1);
                let credential = Credential { header: Some(bearer(&text)?), certificate: None, generation };
                *last = Some((text, credential.clone(), instant()));
                Ok(credential)
            }
            // Some programs remove the file after the start; the token they gave still counts.
            (Err(_), Some((_, credential, _))) => Ok(credential.clone()),
            (Err(e), None) => Err(Problem::new(
                ProblemKind::Unauthenticated,
                format!("{}: the token file cannot be read: {e}", self.path.display()),
            )
            .hint("check tokenFile of the kubeconfig user")),
        }
    }
}

/// A plugin's answer, shared by every site that would call it the same way.
pub(super) struct ExecIdentity {
    spec: ExecSpec,
    limit: Duration,
    prompts: broadcast::Sender<Prompt>,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    good: Option<Fresh>,
    /// The failure that came after it, and when it ended.
    failure: Option<(Problem, Instant)>,
    generation: u64,
}

struct Fresh {
    credential: Credential,
    /// When to ask again; never when the plugin gave no expiry.
    stale_at: Option<Timestamp>,
}

impl ExecIdentity {
    pub(super) fn new(spec: ExecSpec, limit: Duration, prompts: broadcast::Sender<Prompt>) -> Self {
        Self { spec, limit, prompts, last: Mutex::default() }
    }

    async fn credential(&self, refused: Option<u64>) -> Result<Credential, Problem> {
        let asked = instant();
        // Whoever waits here while the plugin runs takes the answer, or the failure, of that run.
        let mut last = self.last.lock().await;
        if let Some(fresh) = &last.good
            && refused != Some(fresh.credential.generation)
            && fresh.stale_at.is_none_or(|at| now() < at)
        {
            return Ok(fresh.credential.clone());
        }
        if let Some((problem, ended)) = &last.failure
            && (*ended >= asked || ended.elapsed() < FAILURE_REST)
        {
            return Err(problem.clone());
        }
        match self.ask().await.and_then(|answer| accept(answer, last.generation + 1)) {
            Ok(fresh) => {
                let credential = fresh.credential.clone();
                *last = Last { generation: credential.generation, good: Some(fresh), failure: None };
                Ok(credential)
            }
            Err(problem) => {
                last.failure = Some((problem.clone(), instant()));
                Err(problem)
            }
        }
    }

    /// Lets the next request run the plugin although it failed a moment ago.
    pub(super) async fn forget_failure(&self) {
        self.last.lock().await.failure = None;
    }

    /// Runs the plugin; what it says while it waits is sent on as a prompt.
    async fn ask(&self) -> Result<Answer, Problem> {
        let (words, said) = watch::channel(String::new());
        let run = self.spec.run(self.limit, &words);
        tokio::pin!(run);
        let mut ticks = tokio::time::interval(PROMPT_AFTER);
        ticks.tick().await;
        let mut shown = String::new();
        loop {
            tokio::select! {
                answer = &mut run => return answer,
                _ = ticks.tick() => {
                    let text = super::error::readable(&said.borrow());
                    if text != shown {
                        shown.clone_from(&text);
                        // Nobody listening is no reason to fail.
                        let _ = self.prompts.send(Prompt { plugin: self.spec.name(), text, call: self.spec.fingerprint() });
                    }
                }
            }
        }
    }
}

fn accept(answer: Answer, generation: u64) -> Result<Fresh, Problem> {
    let header = answer.token.map(|token| bearer(token.expose_secret())).transpose()?;
    let certificate =
        answer.certificate.map(|(certificate, key)| Arc::new(ClientCertificate { certificate, key }));
    Ok(Fresh {
        credential: Credential { header, certificate, generation },
        stale_at: answer.expires.map(|at| renewal(now(), at)),
    })
}

/// A minute before the expiry, or a quarter of the life of a short-lived credential.
fn renewal(now: Timestamp, expires: Timestamp) -> Timestamp {
    let life = expires.duration_since(now);
    let margin = SignedDuration::from_secs(60).min(life / 4).max(SignedDuration::ZERO);
    expires.checked_sub(margin).unwrap_or(expires)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewal_leaves_a_margin_that_fits_the_life() {
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds| start + SignedDuration::from_secs(seconds);
        assert_eq!(renewal(start, after(3_600)), after(3_540));
        assert_eq!(renewal(start, after(8)), after(6));
        // Already expired by our clock: use it now, ask again next time.
        assert_eq!(renewal(after(100), after(10)), after(10));
    }

    #[tokio::test]
    async fn a_token_file_is_read_again_when_its_token_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "first\n").unwrap();
        let user = AuthInfo { token_file: Some(path.display().to_string()), ..AuthInfo::default() };
        let identity = Identity::without_exec(&user).unwrap();

        let first = identity.credential().await.unwrap();
        assert_eq!(first.header.as_ref().unwrap(), "Bearer first");
        assert!(identity.renewed(first.generation).await.unwrap().is_none());

        std::fs::write(&path, "second").unwrap();
        let second = identity.renewed(first.generation).await.unwrap().unwrap();
        assert_eq!(second.header.as_ref().unwrap(), "Bearer second");

        std::fs::remove_file(&path).unwrap();
        assert!(identity.renewed(second.generation).await.unwrap().is_none());
    }

    #[test]
    fn an_auth_provider_without_a_token_is_explained() {
        let user = AuthInfo {
            auth_provider: Some(kube::config::AuthProviderConfig {
                name: "gcp".into(),
                ..Default::default()
            }),
            ..AuthInfo::default()
        };
        let problem = Identity::without_exec(&user).err().unwrap();
        assert_eq!(problem.kind, ProblemKind::Unauthenticated);
    }
}
