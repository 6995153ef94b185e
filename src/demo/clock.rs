//! The demo's own time: it begins when asked to and runs as fast as asked, or only by hand in tests.
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// A clock that all parts of a demo share; cloning it gives the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    start: Timestamp,
    /// Real time passes this many times faster; `None` where time only moves by hand.
    pace: Option<(Instant, f64)>,
    moved: Arc<AtomicI64>,
}

impl Clock {
    /// Time that runs, `speed` seconds for a real one.
    #[expect(clippy::disallowed_methods, reason = "the demo makes its own time from the real one here")]
    pub fn running(start: Timestamp, speed: f64) -> Self {
        Self { start, pace: Some((Instant::now(), speed.max(0.001))), moved: Arc::default() }
    }

    /// Time that stands still until it is moved.
    pub fn by_hand(start: Timestamp) -> Self {
        Self { start, pace: None, moved: Arc::default() }
    }

    pub fn now(&self) -> Timestamp {
        self.start.saturating_add(SignedDuration::from_millis(self.elapsed())).unwrap_or(self.start)
    }

    /// Milliseconds of the demo's time since it began.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of one run fit")]
    fn elapsed(&self) -> i64 {
        let ran =
            self.pace.map_or(0, |(began, speed)| (began.elapsed().as_secs_f64() * speed * 1000.0) as i64);
        ran.saturating_add(self.moved.load(Ordering::Relaxed))
    }

    /// Moves time on.
    pub fn advance(&self, by: Duration) {
        self.moved.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// How long really to wait until the demo's time is `then`; nothing where time moves by hand.
    pub fn until(&self, then: Timestamp) -> Duration {
        let Some((_, speed)) = self.pace else { return Duration::ZERO };
        let ahead = then.duration_since(self.now()).as_secs_f64().clamp(0.0, 86_400.0);
        Duration::from_secs_f64(ahead / speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_by_hand_moves_only_by_hand_and_for_every_holder() {
        let clock = Clock::by_hand("2026-03-01T10:00:00Z".parse().unwrap());
        let other = clock.clone();
        other.advance(Duration::from_secs(90));
        assert_eq!(clock.now().to_string(), "2026-03-01T10:01:30Z");
        assert_eq!(clock.until(clock.now()), Duration::ZERO);
    }

    #[test]
    fn running_time_waits_less_the_faster_it_runs() {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let wait = Clock::running(start, 20.0).until(start + SignedDuration::from_secs(200));
        assert!(wait <= Duration::from_secs(10), "{wait:?}");
    }
}
