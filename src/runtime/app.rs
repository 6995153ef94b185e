//! The loop: one mailbox, drain, update, draw once. It has no feature in it, and gains none.
use std::time::Duration;

use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    clipboard::{self, Copy, Wrap},
    input::{self, Input},
    probe::{self, Background},
    recorder::Recorder,
    runner::Runner,
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
        tokio::spawn(forward(signals, inputs, self.messages.clone()));
        let started = Instant::now();
        let mut ended = None;
        let mut flow = self.take(first, started, &mut screen, &mut ended);
        if let Some(light) = probed.and_then(|p| is_light(p.background)) {
            flow = flow && self.take(Msg::Background { light }, started, &mut screen, &mut ended);
        }
        let mut drawn = started;
        let mut batch = Vec::new();
        let mut clock = interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut urgent = true;
        while flow {
            if self.state.is_dirty() && (urgent || drawn.elapsed() >= FRAME) {
                self.state.take_dirty();
                screen.draw(|frame| view::frame(&self.state, &self.look, frame))?;
                drawn = Instant::now();
                urgent = false;
                #[cfg(debug_assertions)]
                self.panic_if_asked();
            }
            tokio::select! {
                biased;
                _ = self.mailbox.recv_many(&mut batch, BATCH) => {
                    for msg in batch.drain(..) {
                        urgent |= matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Resized { .. } | Msg::Resumed);
                        flow = flow && self.take(msg, started, &mut screen, &mut ended);
                    }
                }
                () = sleep_until(drawn + FRAME), if self.state.is_dirty() => {}
                _ = clock.tick() => {
                    flow = self.take(Msg::Tick(now()), started, &mut screen, &mut ended);
                }
            }
        }
        drop(screen);
        self.finish();
        Ok(ended)
    }

    /// One message: noted, taken in, its effects started. `false` ends the run.
    fn take(&mut self, msg: Msg, started: Instant, screen: &mut Screen, ended: &mut Option<String>) -> bool {
        if let Msg::Terminated(why) = &msg {
            *ended = Some(why.clone());
        }
        if let Some(mut recorder) = self.recorder.take() {
            let at = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            match recorder.note(at, &msg) {
                Ok(()) => self.recorder = Some(recorder),
                Err(problem) => {
                    update(&mut self.state, &self.context, Msg::Notice(problem));
                }
            }
        }
        for effect in update(&mut self.state, &self.context, msg) {
            let Some(effect) = self.runner.start(effect) else { continue };
            if !self.on_terminal(effect, screen) {
                return false;
            }
        }
        true
    }

    /// Proves that a panic leaves a sane terminal.
    #[cfg(debug_assertions)]
    fn panic_if_asked(&self) {
        assert!(!self.panic_for_test, "asked to panic by --panic-for-test");
    }

    fn on_terminal(&mut self, effect: Effect, screen: &mut Screen) -> bool {
        let done = match effect {
            Effect::Quit => return false,
            Effect::Suspend => screen.suspend(),
            Effect::Theme(name) => self.use_theme(name.as_deref()),
            Effect::Copy(text) => self.copy(&text, screen),
            _ => Ok(()),
        };
        if let Err(problem) = done {
            update(&mut self.state, &self.context, Msg::Notice(problem));
        }
        true
    }

    fn use_theme(&mut self, name: Option<&str>) -> Result<(), Problem> {
        let name = name.unwrap_or_else(|| self.look.theme.next()).to_owned();
        let (theme, problems) = self.setup.theme(&name);
        self.look.theme = theme;
        self.state.touch();
        problems.into_iter().next().map_or(Ok(()), Err)
    }

    fn copy(&mut self, text: &str, screen: &mut Screen) -> Result<(), Problem> {
        let wrap = Wrap::from_env(|name| std::env::var(name).ok());
        let told = match clipboard::copy(text, wrap, self.setup.paths.state_dir())? {
            Copy::Sequence(sequence) => {
                screen.send(&sequence)?;
                "copied".to_owned()
            }
            Copy::File(path) => format!("too long for the clipboard: written to {}", path.display()),
        };
        update(&mut self.state, &self.context, Msg::Told(told));
        Ok(())
    }

    /// The recording ends with the last frame.
    fn finish(self) {
        let Some(recorder) = self.recorder else { return };
        let lines = last_frame(&self.state, &self.look);
        if let Err(problem) = recorder.finish(&lines) {
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
    let size = ratatui::layout::Size { width: state.width, height: state.height };
    super::terminal::lines(size, |frame| view::frame(state, look, frame))
}

/// Signals and keys go into the one mailbox.
async fn forward(mut signals: Receiver<Signal>, mut inputs: Receiver<Input>, messages: Sender<Msg>) {
    loop {
        let msg = tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Terminate) => Msg::Terminated("SIGTERM".into()),
                Some(Signal::Hangup) => Msg::Terminated("SIGHUP".into()),
                Some(Signal::Interrupt) => Msg::Terminated("SIGINT".into()),
                Some(Signal::Stop) => Msg::Key(crate::keymap::Chord::new(crate::keymap::Key::Char('z'), true, false, false)),
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
