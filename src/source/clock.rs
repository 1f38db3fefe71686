//! The clock: what time it is, waiting, and being told to stop.
//!
//! In: spans of time. Out: moments, after a while. Invariant: who waits looks often whether it is to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A moment that only this process knows, for spans of time.
pub type Moment = Instant;

/// Now.
pub fn now() -> Moment {
    Instant::now()
}

/// The time of day in UTC.
pub fn time() -> Timestamp {
    Timestamp::now()
}

/// How long it takes at most until who waits sees that it is to stop.
pub const GLANCE: Duration = Duration::from_millis(50);

/// Whether what goes on is to stop: set once, by whoever has a clone, and seen by all.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Says that it is to stop; whether that was said before.
    pub fn set(&self) -> bool {
        self.0.swap(true, Ordering::Relaxed)
    }

    /// Whether it is to stop.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Waits until a moment, telling `tick` ever and again how long is left; whether it was not told to stop before.
    pub fn wait_until(&self, moment: Moment, mut tick: impl FnMut(Duration)) -> bool {
        loop {
            let left = moment.saturating_duration_since(Instant::now());
            if self.is_set() || left.is_zero() {
                return !self.is_set();
            }
            tick(left);
            thread::sleep(left.min(GLANCE));
        }
    }
}
