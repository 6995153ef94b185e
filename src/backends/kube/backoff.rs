//! How long to wait before trying again: longer each time up to a cap, never in step with others.
use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use jiff::Timestamp;

/// The first wait.
const FIRST: Duration = Duration::from_millis(250);
/// The longest wait in the first minute or so, when somebody most likely looks at it.
const CAP: Duration = Duration::from_millis(2_000);
/// The longest wait ever after.
const LATE_CAP: Duration = Duration::from_millis(4_000);
/// Attempts after which the later cap holds.
const LATE: u32 = 40;

/// The wait before attempt number `attempt` + 1: exponential, capped, with up to a fifth taken off.
pub fn after(attempt: u32) -> Duration {
    let cap = if attempt < LATE { CAP } else { LATE_CAP };
    let full = FIRST.saturating_mul(2_u32.saturating_pow(attempt.min(16))).min(cap);
    // A fresh hasher has random keys: enough to keep many consoles out of step.
    let dice = RandomState::new().hash_one(attempt) % 200;
    full - full.mul_f64(f64::from(u16::try_from(dice).unwrap_or(0)) / 1000.0)
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
}
