//! Whether an API server answers at all, for watches on which nothing comes: one question at a time, whoever asks.
use std::time::Duration;

use http::Request;
use kube::{Client, client::Body};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{client::AnswerWithin, error};
use crate::domain::{Problem, ProblemKind};

/// How long the answer may take: it is the smallest that a server has.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an answer, or that there was none, holds for others that ask.
const HOLDS: Duration = Duration::from_secs(30);

/// One API server's pulse, shared by all that follow something there.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Option<(Instant, Result<(), Problem>)>>);

impl Pulse {
    /// When the server last answered, asked now unless somebody has just done so; else why it does not.
    pub async fn feel(&self, client: &Client) -> Result<Instant, Problem> {
        let mut last = self.0.lock().await;
        let known = last.take().filter(|(at, _)| at.elapsed() < HOLDS);
        let (at, answer) = if let Some(known) = known {
            known
        } else {
            let answer = ask(client).await;
            (Instant::now(), answer)
        };
        *last = Some((at, answer.clone()));
        answer.map(|()| at)
    }
}

/// Any answer of the server is one, but what a gateway says in its place is not.
async fn ask(client: &Client) -> Result<(), Problem> {
    let failed = |e: &kube::Error| error::problem("asking for a sign of life", e);
    let request = Request::get("/version").extension(AnswerWithin(PATIENCE)).body(Body::empty());
    let request = request.map_err(|e| failed(&kube::Error::HttpError(e)))?;
    let Ok(response) = timeout(PATIENCE, client.send(request)).await else {
        let summary = format!("the server is silent: no answer within {} s", PATIENCE.as_secs());
        return Err(Problem::new(ProblemKind::Unreachable, summary)
            .hint("the API server hangs or is overloaded, or something between swallows the answer"));
    };
    let response = response.map_err(|e| failed(&e))?;
    if response.status().is_server_error() {
        let code = response.status().as_u16();
        return Err(Problem::new(ProblemKind::Server, format!("asking for a sign of life: HTTP {code}"))
            .hint("the API server is starting, overloaded, or behind a gateway that cannot reach it")
            .code(code));
    }
    Ok(())
}
