//! The clock: what time it is, and waiting.
//!
//! In: spans of time. Out: moments, after a while. Invariant: who waits can be told to stop.

use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Now.
pub fn now() -> Instant {
    Instant::now()
}

/// The time of day in UTC.
pub fn time() -> Timestamp {
    Timestamp::now()
}

/// Waits so long, and looks each `step` whether that is still wanted; whether it was to the end.
pub fn pause(span: Duration, step: Duration, mut is_over: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + span;
    loop {
        if is_over() {
            return false;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        thread::sleep(left.min(step));
    }
}
