//! A run without a screen: the console's state, `update` and runner, driven until a question is answered.
use std::time::Duration;

use jiff::Timestamp;
use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until},
};

use super::{
    exit::{Exit, Failure},
    find, out,
};
use crate::{
    domain::SiteId,
    effect::Effect,
    msg::Msg,
    runtime::{runner::Runner, setup::Setup},
    state::State,
    update::{Context, update},
};

/// Rows and columns do not matter without a screen, but the state wants to know them.
const SIZE: (u16, u16) = (80, 24);

pub(super) struct Run {
    pub(super) state: State,
    context: Context,
    runner: Runner,
    mailbox: Receiver<Msg>,
    clock: Interval,
}

impl Run {
    /// Starts on a pane, with only these sites (all when empty).
    pub(super) fn begin(
        setup: &mut Setup,
        pane: &str,
        filter: &str,
        sites: &[String],
    ) -> Result<Self, Failure> {
        let flags: Vec<_> = setup.problems.iter().filter(|p| p.summary.starts_with("--")).cloned().collect();
        if let Some(problem) = flags.into_iter().next() {
            return Err(Failure::new(Exit::Usage, problem));
        }
        for problem in &setup.problems {
            out::complain(problem);
        }
        let known: Vec<&str> = setup.sites.specs.iter().map(|s| s.id.as_str()).collect();
        if known.is_empty() {
            return Err(Failure::usage("there is no site to ask")
                .hint("log in to a management cluster, or name its file with --kubeconfig"));
        }
        find::check_sites(sites, &known)?;
        let mut first = setup.start(SIZE, pane, filter, true);
        if let Msg::Started(start) = &mut first
            && !sites.is_empty()
        {
            start.sites.retain(|spec| sites.iter().any(|s| s == spec.id.as_str()));
        }
        let (_, mailbox, runner) = setup.runner();
        let mut clock = interval(Duration::from_secs(1));
        clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let context = Context { keymap: setup.keymap.clone() };
        let mut run = Self { state: State::default(), context, runner, mailbox, clock };
        run.send(first);
        if let Some((at, message)) = run.state.screen.table().and_then(|t| t.filter.error.clone()) {
            return Err(Failure::usage(format!("--filter {filter}: {message} (at character {})", at + 1)));
        }
        Ok(run)
    }

    /// The sites of this run.
    pub(super) fn sites(&self) -> Vec<SiteId> {
        self.state.sites.iter().map(|s| s.spec.id.clone()).collect()
    }

    /// Takes a message in and starts what follows from it.
    pub(super) fn send(&mut self, msg: Msg) {
        // There is no window in which a login helper's words could be shown.
        if let Msg::Login { plugin, text, .. } = &msg {
            out::say(&format!("{plugin}: {text}"));
        }
        let effects = update(&mut self.state, &self.context, msg);
        self.start(effects);
    }

    /// Starts effects. Those of a terminal mean nothing here.
    pub(super) fn start(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let _ = self.runner.start(effect);
        }
    }

    /// The next message, or the time; `None` when the deadline is there first.
    async fn next(&mut self, deadline: Instant) -> Option<Msg> {
        tokio::select! {
            biased;
            msg = self.mailbox.recv() => msg,
            _ = self.clock.tick() => Some(Msg::Tick(now())),
            () = sleep_until(deadline) => None,
        }
    }

    /// Goes on until the state is as wanted; `false` when the time is up.
    pub(super) async fn until(&mut self, deadline: Instant, done: impl Fn(&State) -> bool) -> bool {
        loop {
            if done(&self.state) {
                return true;
            }
            if deadline <= Instant::now() {
                return false;
            }
            let Some(msg) = self.next(deadline).await else { return false };
            self.send(msg);
        }
    }

    /// Goes on until a message is the answer; `None` when the time is up.
    pub(super) async fn answer<T>(
        &mut self,
        deadline: Instant,
        mut is_it: impl FnMut(&Msg) -> Option<T>,
    ) -> Option<T> {
        loop {
            let msg = self.next(deadline).await?;
            let answer = is_it(&msg);
            self.send(msg);
            if answer.is_some() {
                return answer;
            }
        }
    }

    /// Goes on while something else is awaited.
    pub(super) async fn meanwhile<T>(&mut self, other: impl Future<Output = T>) -> T {
        let far = Instant::now() + Duration::from_hours(24);
        tokio::pin!(other);
        loop {
            let msg = tokio::select! {
                biased;
                done = &mut other => return done,
                msg = self.next(far) => msg,
            };
            if let Some(msg) = msg {
                self.send(msg);
            }
        }
    }

    /// Waits a moment for what is still being written: the journal's last line, above all.
    pub(super) async fn end(self) {
        let Self { runner, mailbox, .. } = self;
        // Tasks that would wait for room in it find it gone instead.
        drop(mailbox);
        runner.shut_down().await;
    }

    /// The next message, before it is taken in by `send`.
    pub(super) async fn message(&mut self, deadline: Instant) -> Option<Msg> {
        self.next(deadline).await
    }
}

/// The time, for commands that compare with it.
pub(super) fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the clock of a run without a screen")]
    Timestamp::now()
}
