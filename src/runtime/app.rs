//! The loop: one mailbox, drain, update, draw once. It has no feature in it, and gains none.
use std::{collections::VecDeque, panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt as _;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    clipboard::{self, Copy, Wrap},
    input::{self, Input},
    probe::{self, Background},
    recorder::Recorder,
    runner::{Runner, mistake},
    setup::Setup,
    signals::{self, Signal},
    terminal::Screen,
};
use crate::{
    domain::Problem,
    effect::Effect,
    msg::Msg,
    state::State,
    update::{Context, update},
    view::{self, Look},
};

/// Messages that wait at most: a source that outruns the loop waits too.
pub const MAILBOX: usize = 64;
/// Messages taken at once.
const BATCH: usize = 64;
/// Data on the screen is at most this old; a key is answered at once.
const FRAME: Duration = Duration::from_millis(33);
/// How long the first frame waits for the terminal to tell its background; later it follows.
const PROBE: Duration = Duration::from_millis(15);
/// The clock.
const TICK: Duration = Duration::from_secs(1);

/// Everything a run of the console needs.
pub struct App {
    pub state: State,
    pub context: Context,
    pub look: Look,
    pub runner: Runner,
    pub messages: Sender<Msg>,
    pub mailbox: Receiver<Msg>,
    pub recorder: Option<Recorder<Msg>>,
    pub setup: Setup,
    /// When the run began: recordings count from here.
    pub started: Instant,
    #[cfg(debug_assertions)]
    pub panic_for_test: bool,
}

/// A mailbox of the right size.
pub fn mailbox() -> (Sender<Msg>, Receiver<Msg>) {
    channel(MAILBOX)
}

impl App {
    /// Runs until the operator (or the system) ends it. Returns why it had to end, if it had to.
    pub async fn run(mut self, first: Msg) -> Result<Option<String>, Problem> {
        // Signals first: from here on a SIGTERM finds somebody who gives the terminal back.
        let signals = signals::listen()?;
        let mut screen = Screen::enter()?;
        let probed =
            self.setup.follows_background().then(|| probe::probe(PROBE, |name| std::env::var(name).ok()));
        let inputs = input::listen(probed.is_some_and(|p| p.pending))?;
        tokio::spawn(watched(forward(signals, inputs, self.messages.clone()), self.messages.clone()));
        let mut ended = None;
        let mut flow = self.take(first, &mut screen, &mut ended);
        if let Some(light) = probed.and_then(|p| is_light(p.background)) {
            flow = flow && self.take(Msg::Background { light }, &mut screen, &mut ended);
        }
        if flow {
            self.turn(&mut screen, &mut ended).await;
        }
        drop(screen);
        self.finish().await;
        Ok(ended)
    }

    /// Drains the mailbox, takes in what was there, draws once; again and again.
    async fn turn(&mut self, screen: &mut Screen, ended: &mut Option<String>) {
        let mut drawn = self.started;
        let mut batch = Vec::new();
        let mut clock = interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut urgent = true;
        loop {
            if self.state.is_dirty() && (urgent || drawn.elapsed() >= FRAME) {
                self.state.take_dirty();
                if let Err(problem) = screen.draw(|frame| view::frame(&self.state, &self.look, frame)) {
                    *ended = Some(problem.summary);
                    return;
                }
                drawn = Instant::now();
                urgent = false;
                #[cfg(debug_assertions)]
                self.panic_if_asked();
            }
            tokio::select! {
                biased;
                // Before the mailbox: a flood of data must not stop the clock.
                _ = clock.tick() => batch.push(Msg::Tick(now())),
                _ = self.mailbox.recv_many(&mut batch, BATCH) => {}
                () = sleep_until(drawn + FRAME), if self.state.is_dirty() => {}
            }
            for msg in batch.drain(..) {
                urgent |= matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Resized { .. } | Msg::Resumed);
                if !self.take(msg, screen, ended) {
                    return;
                }
            }
        }
    }

    /// One message and what follows from it here: noted, taken in, its effects started. `false` ends the run.
    fn take(&mut self, msg: Msg, screen: &mut Screen, ended: &mut Option<String>) -> bool {
        let mut waiting = VecDeque::from([msg]);
        while let Some(msg) = waiting.pop_front() {
            if let Msg::Terminated(why) = &msg {
                *ended = Some(why.clone());
            }
            waiting.extend(self.note(&msg).map(Msg::Notice));
            for effect in update(&mut self.state, &self.context, msg) {
                match self.runner.start(effect) {
                    None => {}
                    Some(Effect::Quit) => return false,
                    // What the terminal answers is a message too, or a replay would not show it.
                    Some(effect) => waiting.extend(self.on_terminal(effect, screen)),
                }
            }
        }
        true
    }

    /// Records a message. A recording that cannot go on has ended, and the operator hears why.
    fn note(&mut self, msg: &Msg) -> Option<Problem> {
        let at = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let recorder = self.recorder.as_mut()?;
        let stripped = msg.without_secrets();
        let problem = recorder.note(at, stripped.as_ref().unwrap_or(msg)).err()?;
        self.recorder = None;
        Some(problem)
    }

    /// Proves that a panic leaves a sane terminal.
    #[cfg(debug_assertions)]
    fn panic_if_asked(&self) {
        assert!(!self.panic_for_test, "asked to panic by --panic-for-test");
    }

    fn on_terminal(&mut self, effect: Effect, screen: &mut Screen) -> Option<Msg> {
        let done = match effect {
            Effect::Suspend => screen.suspend(),
            Effect::Resume => screen.resume(),
            Effect::Redraw => screen.redraw(),
            Effect::Theme(name) => self.use_theme(name.as_deref()),
            Effect::Copy(text) => match self.copy(&text, screen) {
                Ok(told) => return Some(Msg::Told(told)),
                Err(problem) => Err(problem),
            },
            _ => Ok(()),
        };
        done.err().map(Msg::Notice)
    }

    fn use_theme(&mut self, name: Option<&str>) -> Result<(), Problem> {
        let name = name.unwrap_or_else(|| self.look.theme.next()).to_owned();
        let (theme, problems) = self.setup.theme(&name);
        self.look.theme = theme;
        self.state.touch();
        problems.into_iter().next().map_or(Ok(()), Err)
    }

    fn copy(&self, text: &str, screen: &mut Screen) -> Result<String, Problem> {
        let wrap = Wrap::from_env(|name| std::env::var(name).ok());
        match clipboard::copy(text, wrap, self.setup.paths.state_dir())? {
            Copy::Sequence(sequence) => screen.send(&sequence).map(|()| "copied".to_owned()),
            Copy::File(path) => Ok(format!("too long for the clipboard: written to {}", path.display())),
        }
    }

    /// The terminal is given back: ends what is under way, and the recording with the last frame.
    async fn finish(self) {
        let Self { state, look, runner, mailbox, recorder, .. } = self;
        // Tasks that would wait for room in the mailbox find it gone instead.
        drop(mailbox);
        runner.shut_down().await;
        let Some(recorder) = recorder else { return };
        if let Err(problem) = recorder.finish(&last_frame(&state, &look)) {
            tracing::error!(%problem, "recording");
        }
    }
}

fn is_light(background: Background) -> Option<bool> {
    match background {
        Background::Light => Some(true),
        Background::Dark => Some(false),
        Background::Unknown => None,
    }
}

/// The frame a state makes, as lines of text.
pub fn last_frame(state: &State, look: &Look) -> Vec<String> {
    let size = ratatui::layout::Size { width: state.terminal.0, height: state.terminal.1 };
    super::terminal::lines(size, |frame| view::frame(state, look, frame))
}

/// Without signals and keys the console would be deaf: if they fail by a mistake of ours, it ends.
async fn watched(forwarding: impl Future<Output = ()>, messages: Sender<Msg>) {
    if AssertUnwindSafe(forwarding).catch_unwind().await.is_err() {
        // A mailbox that is gone means the console ends anyway.
        let _ = messages.send(Msg::Terminated(mistake().summary)).await;
    }
}

/// Signals and keys go into the one mailbox.
async fn forward(mut signals: Receiver<Signal>, mut inputs: Receiver<Input>, messages: Sender<Msg>) {
    loop {
        let msg = tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Terminate) => Msg::Terminated("SIGTERM".into()),
                Some(Signal::Hangup) => Msg::Terminated("SIGHUP".into()),
                Some(Signal::Interrupt) => Msg::Terminated("SIGINT".into()),
                Some(Signal::Stop) => Msg::Suspended,
                Some(Signal::Continue) => Msg::Resumed,
                None => return,
            },
            input = inputs.recv() => match input {
                Some(Input::Key(chord)) => Msg::Key(chord),
                Some(Input::Paste(text)) => Msg::Paste(text),
                Some(Input::Resize { width, height }) => Msg::Resized { width, height },
                Some(Input::Background(background)) => match is_light(background) {
                    Some(light) => Msg::Background { light },
                    None => continue,
                },
                Some(Input::Closed) | None => Msg::Terminated("the terminal is closed".into()),
            },
        };
        if messages.send(msg).await.is_err() {
            return;
        }
    }
}

fn now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the loop is where time enters")]
    jiff::Timestamp::now()
}
