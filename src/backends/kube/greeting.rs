//! The first words with a server: its version, who we are to it, what it serves, how far away it is and whether
//! its clock agrees with ours. Asked side by side; what a server does not offer is left empty.
use std::time::{Duration, Instant};

use http::{Request, StatusCode, header};
use jiff::Timestamp;
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use kube::api::PostParams;
use kube::client::Body;
use kube::{Api, Client};
use serde::Deserialize;

use super::client::AnswerWithin;
use super::discovery::discover;
use super::error::problem;
use crate::domain::site::Greeting;
use crate::domain::{Problem, ProblemKind};

/// A server that is up answers the small questions in far less.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the small request told.
#[derive(Default)]
struct Version {
    name: String,
    latency: Duration,
    clock_skew_s: i64,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct VersionAnswer {
    git_version: String,
}

/// Greets a server. Fails when it cannot be reached, does not accept us, or tells nothing of what it serves.
pub async fn greet(client: &Client) -> Result<Greeting, Problem> {
    let (version, (identity, groups), discovery) =
        tokio::try_join!(version(client), async { Ok(review(client).await) }, discover(client))?;
    Ok(Greeting {
        version: version.name,
        identity,
        groups,
        discovery,
        latency_ms: u64::try_from(version.latency.as_millis()).unwrap_or(u64::MAX),
        clock_skew_s: version.clock_skew_s,
    })
}

/// Asks twice: the first call pays for the connection, the second one is timed.
async fn version(client: &Client) -> Result<Version, Problem> {
    let mut version = ask(client).await?;
    let timed = ask(client).await?;
    version.latency = timed.latency;
    version.clock_skew_s = timed.clock_skew_s;
    Ok(version)
}

#[expect(clippy::disallowed_methods, reason = "measures the server against our clock")]
async fn ask(client: &Client) -> Result<Version, Problem> {
    let failed = |e: &kube::Error| problem("connecting", e);
    let request = Request::get("/version").extension(AnswerWithin(PATIENCE)).body(Body::empty());
    let request = request.map_err(|e| failed(&kube::Error::HttpError(e)))?;
    let sent = Instant::now();
    let response = client.send(request).await.map_err(|e| failed(&e))?;
    let latency = sent.elapsed();
    let received = Timestamp::now();
    let date = response.headers().get(header::DATE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let status = response.status();
    let body = response.into_body().collect_bytes().await.map_err(|e| failed(&e))?;
    if status == StatusCode::UNAUTHORIZED {
        return Err(Problem::new(
            ProblemKind::Unauthenticated,
            "connecting: the server does not accept our credentials",
        )
        .hint("log in again and press r")
        .code(status.as_u16()));
    }
    // Some servers have no /version, others keep it to themselves: neither hinders the work.
    let answer: VersionAnswer = serde_json::from_slice(&body).unwrap_or_default();
    Ok(Version {
        name: answer.git_version,
        latency,
        clock_skew_s: date.map_or(0, |date| clock_skew(&date, received, latency)),
    })
}

/// The server's clock minus ours, in whole seconds. The header has no fractions: what is below a second is noise.
fn clock_skew(date: &str, received: Timestamp, latency: Duration) -> i64 {
    let Ok(server) = jiff::fmt::rfc2822::parse(date) else { return 0 };
    let half_way = i64::try_from(latency.as_millis() / 2).unwrap_or(0);
    let difference = server.timestamp().as_millisecond() + 500 - (received.as_millisecond() - half_way);
    difference / 1_000
}

/// Who the server takes us for; empty where it does not say.
async fn review(client: &Client) -> (String, Vec<String>) {
    let api: Api<SelfSubjectReview> = Api::all(client.clone());
    match api.create(&PostParams::default(), &SelfSubjectReview::default()).await {
        Ok(review) => {
            let user = review.status.and_then(|s| s.user_info).unwrap_or_default();
            (user.username.unwrap_or_default(), user.groups.unwrap_or_default())
        }
        Err(error) => {
            tracing::debug!(%error, "the server does not say who we are");
            Default::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_skew_is_measured_half_way_and_ignores_fractions() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let ours = |text: &str| text.parse::<Timestamp>().unwrap();
        let skew = |received: &str| clock_skew(date, ours(received), Duration::from_millis(100));
        assert_eq!(skew("1994-11-06T08:49:37.1Z"), 0);
        assert_eq!(skew("1994-11-06T08:49:38.3Z"), 0);
        assert_eq!(skew("1994-11-06T08:49:07Z"), 30);
        assert_eq!(skew("1994-11-06T10:49:37.55Z"), -7_200);
        assert_eq!(clock_skew("yesterday", ours("1994-11-06T08:49:37Z"), Duration::ZERO), 0);
    }
}
