//! Signals as plain values. Its own thread listens, so that a console that hangs still gives the terminal
//! back when it is told to end.
use std::{thread, time::Duration};

use rustix::process::Signal as Number;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use super::terminal;
use crate::domain::{Problem, ProblemKind};

/// What the system asks of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end now, cleanly.
    Terminate,
    /// SIGHUP: the terminal or the session is gone.
    Hangup,
    /// SIGINT from outside; the key ctrl-c arrives as a key.
    Interrupt,
    /// SIGTSTP: give the terminal back and stop, see `Screen::suspend`.
    Stop,
    /// SIGCONT: take the terminal again, see `Screen::resume`. Follows a `Stop` of ours or of anybody's.
    Continue,
}

impl Signal {
    /// The process has to end.
    pub fn ends(self) -> bool {
        matches!(self, Self::Terminate | Self::Hangup)
    }

    fn number(self) -> Number {
        match self {
            Self::Terminate => Number::TERM,
            Self::Hangup => Number::HUP,
            Self::Interrupt => Number::INT,
            Self::Stop => Number::TSTP,
            Self::Continue => Number::CONT,
        }
    }
}

const ALL: [Signal; 5] =
    [Signal::Terminate, Signal::Hangup, Signal::Interrupt, Signal::Stop, Signal::Continue];

/// The loop has this long to give the terminal back by itself, and this long to end.
const TERMINAL_GRACE: Duration = Duration::from_millis(80);
const PROCESS_GRACE: Duration = Duration::from_secs(3);

/// Starts to listen. From now on none of these signals ends or stops the process by itself.
pub fn listen() -> Result<mpsc::Receiver<Signal>, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(ProblemKind::Policy, format!("signals cannot be listened to: {error}"))
    };
    let (sender, receiver) = mpsc::channel(16);
    let reactor = runtime::Builder::new_current_thread().enable_io().build().map_err(failed)?;
    let mut streams = Vec::with_capacity(ALL.len());
    {
        let _inside = reactor.enter();
        for kind in ALL {
            streams.push((kind, signal(SignalKind::from_raw(kind.number().as_raw())).map_err(failed)?));
        }
    }
    let forward = async move {
        let tasks = streams.into_iter().map(|(kind, mut stream)| {
            let sender = sender.clone();
            async move {
                while stream.recv().await.is_some() {
                    tracing::info!(signal = ?kind, "signal");
                    if kind.ends() {
                        make_sure_of_the_end();
                    }
                    // A full or closed mailbox means a loop that is busy or gone; what must happen is made sure of.
                    let _ = sender.try_send(kind);
                }
            }
        });
        futures::future::join_all(tasks).await;
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            reactor.block_on(forward);
        })
        .map_err(failed)?;
    Ok(receiver)
}

/// Gives the terminal back and ends the process even if the loop does neither.
fn make_sure_of_the_end() {
    // Without a thread there is nothing to be done; the loop was told anyway.
    let _ = thread::Builder::new().name("end".to_owned()).spawn(|| {
        thread::sleep(TERMINAL_GRACE);
        terminal::restore();
        thread::sleep(PROCESS_GRACE);
        tracing::error!("the console did not end by itself; ended by force");
        thread::sleep(TERMINAL_GRACE);
        #[expect(clippy::disallowed_methods, reason = "the loop hangs: main will not return")]
        std::process::exit(128 + Number::TERM.as_raw());
    });
}
