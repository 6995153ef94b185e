//! One watch request: a streaming list, or on from where we stand. Takes events until it ends.
use std::{io, time::Duration};

use futures::AsyncBufRead;
use http::{HeaderValue, header};
use kube::{api::WatchParams, core::Request};
use tokio::time::{Instant, timeout};

use super::{
    End, Sink, Standing, Watch,
    events::{self, Batch, Event, Found, Lines},
    say,
};
use crate::{
    domain::{Problem, ProblemKind},
    msg::Observation,
};

/// Seconds after which the server ends a watch; we go on from the last version then.
const WATCH_SECONDS: u32 = 290;
/// How long the head of an answer may take.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a streaming list may pause before it is taken for none.
const LIST_PAUSE: Duration = Duration::from_secs(10);
/// A watch that is open beyond its own end is dead.
const WATCH_PAUSE: Duration = Duration::from_secs(WATCH_SECONDS as u64 + 20);
/// How long a watch may say nothing before the server is asked whether it is there: a server that sends bookmarks
/// sends one a minute.
const QUIET: Duration = Duration::from_secs(75);
/// A watch that stands again, and says nothing for this long, has nothing to say.
const PROOF: Duration = Duration::from_millis(200);

/// How an open request stands while its events are taken.
struct Taking<'a, S> {
    watch: &'a Watch,
    standing: &'a mut Standing,
    sink: &'a mut S,
    batch: Batch,
    /// What comes is still the list.
    listing: bool,
    /// When the request was answered.
    opened: Instant,
    /// A bookmark came on it that ends no list: there should be more.
    marked: bool,
}

impl<'a, S> Taking<'a, S> {
    fn new(watch: &'a Watch, standing: &'a mut Standing, sink: &'a mut S, listing: bool) -> Self {
        Self {
            watch,
            standing,
            sink,
            batch: Batch::default(),
            listing,
            opened: Instant::now(),
            marked: false,
        }
    }
}

impl Watch {
    /// A list that comes as a watch (Kubernetes 1.32 and later).
    pub(super) async fn stream(&self, standing: &mut Standing, sink: &mut impl Sink) -> Result<(), End> {
        let params = WatchParams { send_initial_events: true, ..self.params() };
        let events = match self.open(&params, "").await {
            Err(End::Broken(problem)) if matches!(problem.code, Some(400 | 422)) => {
                return Err(End::NoStreaming);
            }
            opened => opened?,
        };
        say(sink, Observation::Listing).await?;
        Taking::new(self, standing, sink, true).all(events).await
    }

    /// A watch from where we stand.
    pub(super) async fn watch(&self, standing: &mut Standing, sink: &mut impl Sink) -> Result<(), End> {
        let version = standing.position.clone().unwrap_or_default();
        let events = self.open(&self.params(), &version).await?;
        Taking::new(self, standing, sink, false).all(events).await
    }

    fn params(&self) -> WatchParams {
        WatchParams {
            field_selector: self.selector(),
            timeout: Some(WATCH_SECONDS),
            bookmarks: true,
            ..WatchParams::default()
        }
    }

    async fn open(
        &self,
        params: &WatchParams,
        version: &str,
    ) -> Result<Lines<impl AsyncBufRead + Unpin + use<>>, End> {
        let mut request = Request::new(self.path())
            .watch(params, version)
            .map_err(|e| End::Broken(self.problem(&kube::Error::BuildRequest(e))))?;
        // Servers compress a watch event by event, as gzip members of which our decoder reads only the first.
        request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        match timeout(ANSWER, self.client.request_stream(request)).await {
            Ok(Ok(body)) => Ok(Lines::new(Box::pin(body))),
            Ok(Err(error)) => Err(End::Broken(self.problem(&error))),
            Err(_) => Err(End::Broken(self.silent("no answer", ANSWER))),
        }
    }

    fn broken_off(&self, error: io::Error) -> Problem {
        if error.kind() == io::ErrorKind::InvalidData {
            return self.problem(&kube::Error::LinesCodecMaxLineLengthExceeded);
        }
        self.problem(&kube::Error::ReadEvents(error))
    }

    fn ended(&self, listing: bool) -> Problem {
        let what = if listing {
            "the list ended before it was whole"
        } else {
            "the server ends it as soon as it stands"
        };
        let summary = format!("watch {}: {what}", self.kind.plural());
        Problem::new(ProblemKind::Unreachable, summary)
            .hint("the API server may be stopping, or a proxy does not let long answers pass")
    }
}

impl<S: Sink> Taking<'_, S> {
    /// Takes events until the request ends. What came before that end is always passed on.
    async fn all(mut self, mut lines: Lines<impl AsyncBufRead + Unpin>) -> Result<(), End> {
        loop {
            let patience = match (self.listing, self.standing.failing) {
                (true, _) => LIST_PAUSE,
                (false, true) => PROOF,
                (false, false) => QUIET,
            };
            let mut stop = None;
            let found = timeout(patience, lines.next(|line| self.line(line, &mut stop))).await;
            self.flush().await?;
            if matches!(found, Ok(Ok(_))) && stop.is_none() && !self.listing && !self.standing.failing {
                self.standing.heard = Some(Instant::now());
            }
            match (stop, found) {
                (Some(Stop::Listed), _) => self.listed().await?,
                (Some(Stop::End(end)), _) => return Err(end),
                (None, Ok(Ok(Found::Some))) => self.stands().await?,
                (None, Ok(Ok(Found::End))) => return Err(self.cut(self.watch.ended(self.listing))),
                (None, Ok(Err(error))) => return Err(self.cut(self.watch.broken_off(error))),
                // A server that does not know streaming lists may send a plain watch instead.
                (None, Err(_)) if self.listing => return Err(End::NoStreaming),
                (None, Err(_)) if self.standing.failing => self.stands().await?,
                (None, Err(_)) => self.quiet().await?,
            }
        }
    }

    /// Nothing came for long: the server has nothing to say, or is not there any more.
    async fn quiet(&mut self) -> Result<(), End> {
        let silent = |limit| self.watch.silent("nothing came", limit);
        if self.opened.elapsed() >= WATCH_PAUSE {
            return Err(End::Cut(silent(WATCH_PAUSE)));
        }
        let answered = self.watch.pulse.feel(&self.watch.client).await.map_err(End::Broken)?;
        // The server is there, but what it used to send does not come: only this connection is dead.
        if self.marked {
            return Err(End::Cut(silent(QUIET)));
        }
        self.standing.heard = Some(answered);
        Ok(())
    }

    /// Takes in a line; says whether another one is wanted before what we have is passed on.
    fn line(&mut self, line: &[u8], stop: &mut Option<Stop>) -> bool {
        match events::read(line, &self.watch.kind, &self.watch.version) {
            Ok(Event::Row(row)) => {
                self.move_on(&row.meta.resource_version);
                self.batch.upsert(row);
            }
            Ok(Event::Gone(row)) => {
                self.move_on(&row.meta.resource_version);
                self.batch.remove(row.meta.key());
            }
            Ok(Event::Mark { version, listed }) => {
                if listed && self.listing {
                    self.listing = false;
                    *stop = Some(Stop::Listed);
                } else {
                    self.marked |= !self.listing;
                }
                self.move_on(&version);
            }
            Ok(Event::Error(status)) => {
                let problem = self.watch.problem(&kube::Error::Api(status));
                let expired = problem.kind == ProblemKind::Expired;
                *stop = Some(Stop::End(if expired { End::Broken(problem) } else { self.cut(problem) }));
            }
            Ok(Event::Other) => {}
            Err(error) => {
                let problem = self.watch.problem(&kube::Error::SerdeError(error));
                *stop = Some(Stop::End(self.cut(problem)));
            }
        }
        stop.is_none() && !self.batch.is_full()
    }

    /// While a streaming list is not whole there is no version to go on from.
    fn move_on(&mut self, version: &str) {
        if !self.listing {
            self.standing.move_on(version);
        }
    }

    /// A list that is cut has to be begun again; a watch is taken up.
    fn cut(&self, problem: Problem) -> End {
        if self.listing { End::Broken(problem) } else { End::Cut(problem) }
    }

    async fn flush(&mut self) -> Result<(), End> {
        let changes = self.batch.take();
        if changes.is_empty() { Ok(()) } else { say(self.sink, Observation::Changes(changes)).await }
    }

    async fn listed(&mut self) -> Result<(), End> {
        self.standing.failing = false;
        self.standing.paged = false;
        self.standing.heard = Some(Instant::now());
        say(self.sink, Observation::Listed).await
    }

    /// A watch that had failed stands again.
    async fn stands(&mut self) -> Result<(), End> {
        if self.listing || !std::mem::take(&mut self.standing.failing) {
            return Ok(());
        }
        self.standing.heard = Some(Instant::now());
        say(self.sink, Observation::Resumed).await
    }
}

/// Why lines are not taken for the moment, or at all.
enum Stop {
    Listed,
    End(End),
}
