//! How long to wait before trying again, and what ends a wait early. Longer each time up to a cap, never in
//! step with others, and no call to wake up is ever lost.
use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::watch;

/// The first wait.
const FIRST: Duration = Duration::from_millis(250);
/// The longest wait in the first minute or so, when somebody most likely looks at it.
const CAP: Duration = Duration::from_secs(2);
/// The longest wait ever after.
const LATE_CAP: Duration = Duration::from_secs(4);
/// Attempts after which the later cap holds.
const LATE: u32 = 40;

/// The wait before attempt number `attempt` + 1: exponential, capped, with up to a fifth taken off.
pub fn after(attempt: u32) -> Duration {
    let cap = if attempt < LATE { CAP } else { LATE_CAP };
    spread(FIRST.saturating_mul(2_u32.saturating_pow(attempt.min(16))).min(cap))
}

/// A wait with up to a fifth taken off, so that many consoles get out of step.
pub fn spread(full: Duration) -> Duration {
    // A fresh hasher has random keys: dice enough.
    let dice = RandomState::new().hash_one(0) % 200;
    full.mul_f64(1.0 - f64::from(u16::try_from(dice).unwrap_or(0)) / 1000.0)
}

/// The time at which a wait ends.
pub fn at(wait: Duration) -> Option<Timestamp> {
    #[expect(
        clippy::disallowed_methods,
        reason = "backends see the clock; the state gets the result as data"
    )]
    let now = Timestamp::now();
    now.checked_add(jiff::SignedDuration::try_from(wait).ok()?).ok()
}

/// The sender's side of [`Wake`]: wakes everybody who waits, and everybody who is about to.
#[derive(Debug, Clone, Default)]
pub struct Bell(watch::Sender<()>);

impl Bell {
    pub fn ring(&self) {
        self.0.send_replace(());
    }
    pub fn listen(&self) -> Wake {
        Wake(self.0.subscribe())
    }
}

/// A wait that a bell can end. A bell that rang since the last `arm` ends it at once.
#[derive(Debug, Clone)]
pub struct Wake(watch::Receiver<()>);

impl Wake {
    /// From here on a bell counts. To be called before the attempt whose failure is waited for.
    pub fn arm(&mut self) {
        self.0.mark_unchanged();
    }
    /// Waits for the bell; for ever when there is none any more.
    pub async fn called(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
    /// Waits so long, or until the bell; says whether it was the bell.
    pub async fn rest(&mut self, wait: Duration) -> bool {
        tokio::time::timeout(wait, self.called()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_capped() {
        for attempt in 0..100 {
            let wait = after(attempt);
            assert!(wait <= LATE_CAP && wait >= FIRST.mul_f64(0.8), "{attempt}: {wait:?}");
        }
        assert!(after(0) <= FIRST);
        assert!(after(10) >= CAP.mul_f64(0.79));
    }

    #[tokio::test(start_paused = true)]
    async fn a_bell_that_rings_during_the_attempt_is_heard_after_it() {
        let (bell, hour) = (Bell::default(), Duration::from_hours(1));
        let mut wake = bell.listen();
        bell.ring();
        wake.arm();
        assert!(!wake.rest(hour).await, "a bell of before the attempt is not about it");
        wake.arm();
        bell.ring();
        assert!(wake.rest(hour).await);
        assert!(!wake.rest(hour).await, "once");
        drop(bell);
        assert!(!wake.rest(hour).await, "a bell that is gone does not ring");
    }
}
