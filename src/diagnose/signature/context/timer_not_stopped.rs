//! Timers are retained until they fire
//!
//! ## What it detects
//!
//! Timers of `time.AfterFunc` or `time.NewTimer` that accumulate because they are not stopped when no longer needed.
//!
//! ## Why it grows
//!
//! In every version of Go the runtime holds a timer of `time.AfterFunc` until it fires or is stopped, with its
//! function and everything that refers to. With a delay of one hour, the timers of one hour accumulate: about 152 B
//! each, plus what they hold. From Go 1.23 on, a timer of `time.NewTimer` is freed when nothing refers to it.
//!
//! ## Evidence
//!
//! - Heap: `time.AfterFunc` (from Go 1.23 on with `time.newTimer` below it) or `time.NewTimer`, called by the program
//!   or a dependency; the function it holds grows in the caller.
//!
//! ## What looks alike
//!
//! - *`context.WithTimeout`* creates a timer as well: `context-timeout-not-cancelled`.
//! - *`time.After`* in a loop: `time-after`.
//! - *One timer per running job*: it falls again when the jobs end.
//!
//! ## Fix
//!
//! Stop the timer when it is no longer needed.
//!
//! ```go
//! hold := time.AfterFunc(time.Hour, func() { release(order) })
//! // until the order is paid for
//! hold.Stop() // paid for: no need to release
//! ```
//!
//! ## How to confirm
//!
//! The growth stops after the longest delay. `leakdiff BASE NEW --by line` shows the line that creates the timers.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("timer-not-stopped", include_str!("timer_not_stopped.rs")),
    heap: Frames {
        any: &["time.AfterFunc < @app", "time.AfterFunc < @dep", "time.NewTimer < @app", "time.NewTimer < @dep"],
        ..Frames::NONE
    },
    unit: Some(Unit {
        leaf: &[
            "^ time.newTimer < time.AfterFunc",
            "^ time.newTimer < time.NewTimer",
            "^ time.AfterFunc",
            "^ time.NewTimer {80}",
        ],
        objects: 1,
        counted: Counted::Timer,
    }),
    fix: "stop timers that are no longer needed: timer.Stop()",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
