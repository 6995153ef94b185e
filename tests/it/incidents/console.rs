//! The console itself on a fleet behind doors, with everything but a terminal: keys go in, frames come out, and in
//! between the real runner works. Nothing is waited for but messages.
use std::time::Duration;

use ratatui::{Terminal, backend::TestBackend};
use tko::{
    config::{Flags, Paths},
    effect::Effect,
    keymap::{Chord, Key},
    msg::Msg,
    runtime::{
        runner::Runner,
        setup::{Ground, Setup},
    },
    state::{State, overlay::Overlay},
    update::{Context, update},
    view::{self, Look},
};
use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, Interval, interval, timeout_at},
};

use super::stage::Stage;
use crate::support::style;

/// How long a frame may let itself be waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_mins(2);

pub struct Console {
    pub state: State,
    context: Context,
    look: Look,
    runner: Runner,
    mailbox: Receiver<Msg>,
    clock: Interval,
    /// It is not agreed to use Secrets of clusters, as often as it is asked.
    pub declines: bool,
}

impl Console {
    /// A console of that size on a stage, as on any fleet.
    pub fn new(stage: &Stage, size: (u16, u16)) -> Self {
        Self::begin(stage, size, |_| {})
    }

    /// The same where incidents can be played, with the tutor or without.
    pub fn practising(stage: &Stage, size: (u16, u16), tutor: bool) -> Self {
        Self::begin(stage, size, |setup| setup.practise(Ground { desk: stage.desk().to_owned(), tutor }))
    }

    fn begin(stage: &Stage, (width, height): (u16, u16), change: impl FnOnce(&mut Setup)) -> Self {
        let flags = Flags { kubeconfig: Some(stage.kubeconfig().to_owned()), ..Flags::default() };
        let mut setup = Setup::read_in(Paths::under(stage.folder()), flags);
        change(&mut setup);
        let look = setup.look();
        let first = setup.start((width, height), "fleet", "", false);
        let (_, mailbox, runner) = setup.runner();
        let context = Context { keymap: look.keymap.clone() };
        let clock = interval(Duration::from_secs(1));
        let mut console =
            Self { state: State::default(), context, look, runner, mailbox, clock, declines: true };
        console.send(first);
        console
    }

    pub fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.state, &self.context, msg) {
            let _ = self.runner.start(effect);
        }
    }

    /// Starts an effect that nothing on the screen asks for.
    pub fn start(&mut self, effect: Effect) {
        let _ = self.runner.start(effect);
    }

    /// Presses keys, written as in a keymap and separated by blanks.
    pub fn keys(&mut self, script: &str) {
        for word in script.split_whitespace() {
            let chord: Chord = word.parse().unwrap_or_else(|_| panic!("no key is called {word}"));
            self.send(Msg::Key(chord));
        }
    }

    /// Types a text, letter by letter.
    pub fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(Chord::plain(Key::Char(c))));
        }
    }

    /// Moves the cursor down until it is where it is wanted.
    pub fn walk(&mut self, what: &str, wanted: impl Fn(&State) -> bool) {
        self.keys("g g");
        for _ in 0..200 {
            if wanted(&self.state) {
                return;
            }
            self.keys("j");
        }
        panic!("{what}: not in\n{}", self.frame());
    }

    pub fn frame(&self) -> String {
        let mut terminal =
            Terminal::new(TestBackend::new(self.state.terminal.0, self.state.terminal.1)).unwrap();
        terminal.draw(|frame| view::frame(&self.state, &self.look, frame)).unwrap();
        style::text(terminal.backend().buffer())
    }

    /// Goes on until a frame is as wanted; whoever waits in vain sees the last one.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            while self.declines && matches!(self.state.screen.overlays.last(), Some(Overlay::Consent { .. }))
            {
                self.keys("esc");
            }
            let frame = self.frame();
            if wanted(&frame) {
                return frame;
            }
            let next = async {
                tokio::select! {
                    msg = self.mailbox.recv() => msg,
                    _ = self.clock.tick() => Some(Msg::Tick(now())),
                }
            };
            match timeout_at(end, next).await {
                Ok(Some(msg)) => self.send(msg),
                _ => panic!("{what}: not in\n{frame}"),
            }
        }
    }
}

fn now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the clock of the loop")]
    jiff::Timestamp::now()
}
