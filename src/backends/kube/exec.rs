//! Credential plugins: runs one with its input closed and its output captured, so that it can neither write on
//! the screen nor hang for ever. Keeps nothing; caching is the identity's work. Secrets are never logged.
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use kube::config::{Cluster, ExecAuthCluster, ExecConfig, ExecInteractiveMode};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::error::readable;
use crate::{
    domain::{Problem, ProblemKind},
    text::redact,
};

const API_VERSIONS: &[&str] = &["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/// A credential is a few kilobytes; more is not one.
const MOST_OUTPUT: u64 = 1 << 20;
const MOST_WORDS: u64 = 64 << 10;

/// How a plugin is called.
#[derive(Clone)]
pub(super) struct ExecSpec {
    command: String,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    api_version: String,
    install_hint: String,
    wants_terminal: bool,
    /// The cluster, where the plugin asked to be told.
    cluster: Option<serde_json::Value>,
}

/// What a plugin answered.
pub(super) struct Answer {
    pub token: Option<SecretString>,
    /// Certificate and key in PEM.
    pub certificate: Option<(String, SecretString)>,
    pub expires: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    api_version: String,
    status: Option<ExecStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecStatus {
    expiration_timestamp: Option<String>,
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

impl ExecSpec {
    pub(super) fn new(config: &ExecConfig, cluster: &Cluster) -> Result<Self, Problem> {
        let command = config.command.clone().filter(|c| !c.is_empty()).ok_or_else(|| {
            Problem::new(ProblemKind::File, "the kubeconfig user's exec has no command")
                .hint("get a fresh kubeconfig")
        })?;
        let api_version = config.api_version.clone().unwrap_or_default();
        if !API_VERSIONS.contains(&api_version.as_str()) {
            let summary = format!("the kubeconfig user's exec has an unknown apiVersion \"{api_version}\"");
            return Err(Problem::new(ProblemKind::File, summary).hint(format!(
                "known: {}; a newer version of the plugin may write it",
                API_VERSIONS.join(", ")
            )));
        }
        let told = if config.provide_cluster_info { Some(cluster_info(cluster)?) } else { None };
        let pair = |pair: &std::collections::HashMap<String, String>| {
            Some((pair.get("name")?.clone(), pair.get("value").cloned().unwrap_or_default()))
        };
        Ok(Self {
            command,
            args: config.args.clone().unwrap_or_default(),
            env: config.env.iter().flatten().filter_map(pair).collect(),
            api_version,
            install_hint: config.install_hint.clone().unwrap_or_default(),
            wants_terminal: config.interactive_mode == Some(ExecInteractiveMode::Always),
            cluster: told,
        })
    }

    /// Equal for calls that would give the same answer. Holds secrets: compare it, never show it.
    pub(super) fn key(&self) -> String {
        json!([self.command, self.args, self.env, self.api_version, self.cluster]).to_string()
    }

    /// Equal for equal keys, and tells nothing of them.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.key().hash(&mut hasher);
        hasher.finish()
    }

    /// The plugin's name without folder and arguments.
    pub(super) fn name(&self) -> String {
        Path::new(&self.command).file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Runs the plugin once. `words` receives what it says on the way, so that a prompt can be shown.
    pub(super) async fn run(
        &self,
        limit: Duration,
        words: &watch::Sender<String>,
    ) -> Result<Answer, Problem> {
        let mut child = self.start()?;
        let group = child.id();
        let outcome = tokio::time::timeout(limit, collect(&mut child, words)).await;
        if outcome.is_err() {
            kill_group(group);
        }
        let said = readable(&words.borrow());
        match outcome {
            Err(_) => Err(self.failed(&format!("gave no credentials within {} s", limit.as_secs()), &said)),
            Ok(Err(e)) => Err(self.failed(&format!("cannot be read: {e}"), &said)),
            Ok(Ok((status, _))) if !status.success() => {
                Err(self.failed(&format!("failed ({status})"), &said))
            }
            Ok(Ok((_, output))) => self.parse(&output, &said),
        }
    }

    fn start(&self) -> Result<Child, Problem> {
        let program = find(&self.command).ok_or_else(|| self.not_found())?;
        // A session of its own has no terminal: what asks on /dev/tty fails instead of writing on our screen.
        let mut command = match find("setsid") {
            Some(setsid) => {
                let mut command = Command::new(setsid);
                command.arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .args(&self.args)
            .envs(&self.env)
            .env("KUBERNETES_EXEC_INFO", self.exec_info())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if find("setsid").is_none() {
            command.process_group(0);
        }
        command.spawn().map_err(|e| self.failed(&format!("cannot be started: {e}"), ""))
    }

    fn exec_info(&self) -> String {
        let mut spec = json!({ "interactive": false });
        if let Some(cluster) = &self.cluster {
            spec["cluster"] = cluster.clone();
        }
        json!({ "kind": "ExecCredential", "apiVersion": self.api_version, "spec": spec }).to_string()
    }

    fn parse(&self, output: &[u8], said: &str) -> Result<Answer, Problem> {
        // Plugins may answer in YAML, of which JSON is a part. The error would quote the token: leave it out.
        let credential: ExecCredential = std::str::from_utf8(output)
            .ok()
            .and_then(|text| serde_saphyr::from_str(text).ok())
            .ok_or_else(|| self.failed("did not print an ExecCredential", said))?;
        if credential.kind != "ExecCredential" || credential.api_version != self.api_version {
            let got = readable(&format!("{} {}", credential.api_version, credential.kind));
            return Err(self.failed(&format!("printed {got} where {} was asked for", self.api_version), said));
        }
        let status = credential.status.ok_or_else(|| self.failed("printed no status", said))?;
        let expires = match status.expiration_timestamp {
            None => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| self.failed("printed an expirationTimestamp that is no time", said))?,
            ),
        };
        let token = status.token.filter(|token| !token.is_empty()).map(SecretString::from);
        let key = status.client_key_data.map(SecretString::from);
        let certificate = status.client_certificate_data.zip(key);
        if token.is_none() && certificate.is_none() {
            return Err(self.failed("printed neither a token nor a client certificate", said));
        }
        Ok(Answer { token, certificate, expires })
    }

    fn not_found(&self) -> Problem {
        let hint = match self.install_hint.trim() {
            "" => String::from("install it, or put its folder on PATH"),
            hint => readable(hint),
        };
        Problem::new(
            ProblemKind::Unauthenticated,
            format!("the credential plugin {} is not installed", self.name()),
        )
        .hint(hint)
    }

    fn failed(&self, what: &str, said: &str) -> Problem {
        let hint = if self.wants_terminal {
            "the plugin wants a terminal of its own: log in with it in another terminal, then press r"
        } else {
            "log in with it in another terminal, then press r"
        };
        Problem::new(ProblemKind::Unauthenticated, format!("the credential plugin {} {what}", self.name()))
            .detail(&*redact(said))
            .hint(hint)
    }
}

fn cluster_info(cluster: &Cluster) -> Result<serde_json::Value, Problem> {
    let wrong = |e: String| Problem::new(ProblemKind::File, format!("the cluster for the exec plugin: {e}"));
    let info = ExecAuthCluster::try_from(cluster).map_err(|e| wrong(e.to_string()))?;
    serde_json::to_value(info).map_err(|e| wrong(e.to_string()))
}

/// Reads both outputs to their end, each up to its limit, then waits for the exit.
async fn collect(
    child: &mut Child,
    words: &watch::Sender<String>,
) -> std::io::Result<(std::process::ExitStatus, Vec<u8>)> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let output = async {
        let mut output = Vec::new();
        if let Some(stdout) = stdout {
            let mut limited = stdout.take(MOST_OUTPUT);
            limited.read_to_end(&mut output).await?;
            drain(limited.into_inner()).await?;
        }
        std::io::Result::Ok(output)
    };
    let said = async {
        let Some(stderr) = stderr else { return std::io::Result::Ok(()) };
        let mut limited = stderr.take(MOST_WORDS);
        let mut bytes = Vec::new();
        while limited.read_buf(&mut bytes).await? > 0 {
            words.send_replace(String::from_utf8_lossy(&bytes).into_owned());
        }
        drain(limited.into_inner()).await
    };
    let (output, ()) = tokio::try_join!(output, said)?;
    Ok((child.wait().await?, output))
}

/// Reads on without keeping, lest the plugin block on a full pipe.
async fn drain(mut rest: impl AsyncRead + Unpin) -> std::io::Result<()> {
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.map(|_| ())
}

/// Ends the plugin with everything it started; dropping the child alone would leave its children.
fn kill_group(leader: Option<u32>) {
    let pid = leader.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended in between, which is just as well.
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
}

/// The program's file: as given when it has a folder, else the first on PATH.
fn find(command: &str) -> Option<PathBuf> {
    if command.contains(std::path::MAIN_SEPARATOR) {
        return Some(PathBuf::from(command)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(command)).find(|file| file.is_file())
}
