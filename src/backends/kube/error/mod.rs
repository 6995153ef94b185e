//! Every failure of a Kubernetes API as a [`Problem`]: the server's own words kept, and a hint that says what
//! to do next. Decides nothing about retrying.
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;

use kube::core::Status;
use kube::core::response::StatusCause;
use kube::runtime::watcher;

use crate::domain::{Problem, ProblemKind};

/// What went wrong with `context` (a few words such as "list machines").
pub fn problem(context: &str, error: &kube::Error) -> Problem {
    match error {
        kube::Error::Api(status) => from_status(context, status),
        kube::Error::SerdeError(e) => malformed(context, &e.to_string()),
        kube::Error::FromUtf8(e) => malformed(context, &e.to_string()),
        kube::Error::LinesCodecMaxLineLengthExceeded => malformed(context, "a line is longer than allowed"),
        kube::Error::BuildRequest(e) => {
            Problem::new(ProblemKind::Malformed, format!("{context}: the request cannot be built: {e}"))
        }
        other => from_chain(context, other),
    }
}

/// The same for a watch.
pub fn watch_problem(context: &str, error: &watcher::Error) -> Problem {
    match error {
        watcher::Error::InitialListFailed(e)
        | watcher::Error::WatchStartFailed(e)
        | watcher::Error::WatchFailed(e) => problem(context, e),
        watcher::Error::WatchError(status) => from_status(context, status),
        watcher::Error::NoResourceVersion => {
            malformed(context, "an object of the watch has no resourceVersion")
                .hint("this kind cannot be watched here")
        }
    }
}

fn malformed(context: &str, what: &str) -> Problem {
    Problem::new(ProblemKind::Malformed, format!("{context}: the answer is not what the API promises: {what}"))
        .hint("a proxy, gateway or login page may be answering instead of the API server; `tko doctor` shows the route")
}

/// The failure that a `Status` object of the server tells of.
fn from_status(context: &str, status: &Status) -> Problem {
    let words = readable(&status.message);
    let (kind, hint) = meaning(status, &words);
    let summary = match (words.is_empty(), status.reason.is_empty()) {
        (false, _) => format!("{context}: {}", first_line(&words)),
        (true, false) => format!("{context}: {}", status.reason),
        (true, true) => format!("{context}: HTTP {}", status.code),
    };
    let mut problem = Problem::new(kind, summary).hint(hint).detail(detail(status, &words));
    problem.code = (status.code != 0).then_some(status.code);
    problem.retry_after =
        status.details.as_ref().map(|d| u64::from(d.retry_after_seconds)).filter(|seconds| *seconds > 0);
    problem
}

/// What kind of failure the code and reason stand for, and what helps.
fn meaning(status: &Status, words: &str) -> (ProblemKind, &'static str) {
    // A watch reports an expired resourceVersion by reason, not always with the code.
    match (status.code, status.reason.as_str()) {
        (401, _) | (_, "Unauthorized") => (
            ProblemKind::Unauthenticated,
            "the credentials are not accepted, most often because they have expired: log in again and press r",
        ),
        (403, _) | (_, "Forbidden") => forbidden(words),
        (410, _) | (_, "Gone" | "Expired") => {
            (ProblemKind::Expired, "the server has compacted that version; reading starts afresh by itself")
        }
        (404, _) if !status_names_an_object(status) => (
            ProblemKind::Absent,
            "this API is not served here: the provider or package behind it is not installed",
        ),
        (404, _) => (ProblemKind::NotFound, "it was deleted, or it is in another namespace"),
        (405 | 406 | 415, _) => {
            (ProblemKind::Absent, "this server does not offer the operation for this kind")
        }
        (409, "AlreadyExists") => {
            (ProblemKind::Conflict, "an object of that name exists; choose another name")
        }
        (409, _) => (ProblemKind::Conflict, "someone changed it in between: look at it again, then repeat"),
        (429, _) => {
            (ProblemKind::Throttled, "the server is short of capacity for us; it is asked again later")
        }
        (400 | 413 | 422, _) | (_, "Invalid" | "BadRequest") => {
            (ProblemKind::Refused, "the server refused the request; the detail names the fields")
        }
        (500, _) if words.contains("webhook") => (
            ProblemKind::Server,
            "an admission webhook did not answer: look at the pods and certificates of its controller",
        ),
        (504, _) => {
            (ProblemKind::Server, "the server or something before it ran out of time; it is tried again")
        }
        (500..=599, _) => (ProblemKind::Server, "look at the API server and etcd; it is tried again"),
        (407, _) => {
            (ProblemKind::Unreachable, "the proxy wants a user and password: put them in the proxy URL")
        }
        _ => (ProblemKind::Refused, ""),
    }
}

fn forbidden(words: &str) -> (ProblemKind, &'static str) {
    // Webhooks and quotas answer 403 too, and no role would help there.
    if words.contains("admission webhook") || words.contains("denied the request") {
        (ProblemKind::Refused, "a policy of the cluster refused it; its own words say what to change")
    } else if words.contains("exceeded quota") {
        (ProblemKind::Refused, "the quota of the namespace is used up: free something or have it raised")
    } else if words.contains("system:anonymous") {
        (
            ProblemKind::Unauthenticated,
            "the server does not know who we are: the kubeconfig user has no credentials",
        )
    } else {
        (
            ProblemKind::Forbidden,
            "ask for a role that allows it; `kubectl auth can-i --list` shows what is allowed",
        )
    }
}

/// A 404 on a path that no API serves carries no details, or details without a name.
fn status_names_an_object(status: &Status) -> bool {
    status.details.as_ref().is_some_and(|d| !d.name.is_empty())
}

/// The causes and the whole message where the summary shows only its first line.
fn detail(status: &Status, words: &str) -> String {
    let mut detail = String::new();
    if first_line(words) != words {
        detail.push_str(words);
    }
    for StatusCause { field, message, reason } in status.details.iter().flat_map(|d| &d.causes) {
        let what = if message.is_empty() { reason } else { message };
        let field = if field.is_empty() { "-" } else { field };
        if !detail.is_empty() {
            detail.push('\n');
        }
        // Writing to a string cannot fail.
        let _ = write!(detail, "{field}: {}", readable(what));
    }
    detail
}

/// Follows an error down to the cause that decides what an operator can do.
fn from_chain(context: &str, error: &(dyn StdError + 'static)) -> Problem {
    let mut words: Vec<String> = Vec::new();
    let mut found: Option<(ProblemKind, &'static str)> = None;
    let mut by_proxy = false;
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            return problem.clone();
        }
        if let Some(status) = error.downcast_ref::<Status>() {
            return from_status(context, status);
        }
        let text = readable(&error.to_string());
        // What failed on the way to a proxy is the proxy's fault, however deep the cause.
        by_proxy |= is_proxy(&text);
        found = if by_proxy {
            found.or_else(|| classify(error, &text))
        } else {
            classify(error, &text).or(found)
        };
        // Outer layers repeat the words of inner ones; the innermost are the plainest.
        words.retain(|w| !w.contains(&text));
        words.push(text);
        next = deeper(error);
    }
    let (kind, hint) =
        found.unwrap_or((ProblemKind::Unreachable, "`tko doctor` shows the route to the server"));
    let last = words.last().cloned().unwrap_or_default();
    words.pop();
    let by_proxy = if by_proxy { "by way of the proxy: " } else { "" };
    Problem::new(kind, format!("{context}: {by_proxy}{}", first_line(&last)))
        .hint(hint)
        .detail(words.join("\n"))
}

/// An `io::Error` hides what it wraps from `source()` of some layers.
fn deeper<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn classify(error: &(dyn StdError + 'static), text: &str) -> Option<(ProblemKind, &'static str)> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some((ProblemKind::Tls, tls_hint(tls)));
    }
    if text.contains("dns error") || text.contains("failed to lookup address") {
        return Some((
            ProblemKind::Dns,
            "the name does not resolve here: is the VPN up, and is the server's name right?",
        ));
    }
    if text.contains("proxy authorization required") {
        return Some((
            ProblemKind::Unreachable,
            "the proxy wants a user and password: put them in the proxy URL",
        ));
    }
    if is_proxy(text) {
        return Some((
            ProblemKind::Unreachable,
            "the proxy did not connect us: check proxy-url, HTTPS_PROXY and NO_PROXY; `tko doctor` shows the route",
        ));
    }
    let io = error.downcast_ref::<io::Error>()?;
    Some(match io.kind() {
        io::ErrorKind::ConnectionRefused => (
            ProblemKind::Unreachable,
            "nothing listens there: is the API server running, and the port right?",
        ),
        io::ErrorKind::TimedOut => {
            (ProblemKind::Unreachable, "no answer in time: a firewall, a VPN that is down, or a hung server")
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => (
            ProblemKind::Unreachable,
            "the connection was cut: the server restarted, or something between cut it",
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            (ProblemKind::Unreachable, "there is no route to that network: is the VPN up?")
        }
        io::ErrorKind::UnexpectedEof => {
            (ProblemKind::Unreachable, "the server closed the connection; it may be restarting")
        }
        _ => return None,
    })
}

fn is_proxy(text: &str) -> bool {
    text.starts_with("tunnel error") || text.starts_with("SOCKS error")
}

fn tls_hint(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Cert;
    match error {
        rustls::Error::InvalidCertificate(cert) => match cert {
            Cert::UnknownIssuer => {
                "the server's certificate is not signed by the kubeconfig's certificate-authority: get a fresh kubeconfig"
            }
            Cert::Expired | Cert::ExpiredContext { .. } => {
                "the server's certificate has expired, or our clock is wrong: renew it on the control plane"
            }
            Cert::NotValidYet | Cert::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet: one of the two clocks is wrong"
            }
            Cert::NotValidForName | Cert::NotValidForNameContext { .. } => {
                "the certificate is for another name: use one of its names as server, or set tls-server-name"
            }
            _ => "the server's certificate is not accepted",
        },
        rustls::Error::AlertReceived(_) => {
            "the server ended the handshake: the client certificate may be expired or of another cluster"
        }
        rustls::Error::InvalidMessage(_) => {
            "what answers there does not speak TLS: is it https, and the port right?"
        }
        _ => "the TLS handshake failed",
    }
}

/// Words of a server, fit for one screen: no control characters, no HTML, at most 2,000 characters.
pub(super) fn readable(text: &str) -> String {
    const MOST: usize = 2_000;
    let text = if looks_like_html(text) { without_tags(text) } else { text.to_owned() };
    let clean: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .take(MOST)
        .collect();
    clean.trim().to_owned()
}

fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    start.starts_with("<!doctype") || start.starts_with("<html")
}

fn without_tags(html: &str) -> String {
    let mut inside = false;
    let text: String = html
        .chars()
        .filter_map(|c| match c {
            '<' => {
                inside = true;
                Some(' ')
            }
            '>' => {
                inside = false;
                None
            }
            _ => (!inside).then_some(c),
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
