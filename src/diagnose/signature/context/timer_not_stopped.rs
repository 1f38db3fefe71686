//! Timers are retained until they fire
//!
//! ## What it detects
//!
//! Timers of `time.AfterFunc` or `time.NewTimer` that pile up, because they are not stopped when they are not
//! needed.
//!
//! ## Why it grows
//!
//! A timer of `time.AfterFunc` is held by the runtime until it fires or is stopped, in every version of Go, and
//! holds its function with all that the function refers to. With an hour to go, an hour's timers pile up: about 152
//! B each and what they hold. A timer of `time.NewTimer` is collected from Go 1.23 on when nothing refers to it.
//!
//! ## Evidence
//!
//! - Heap: `time.AfterFunc` (from Go 1.23 on with `time.newTimer` below it) or `time.NewTimer`, called by the
//!   program or a library of it; the function it holds grows in the caller.
//!
//! ## What looks alike
//!
//! - *`context.WithTimeout`* makes a timer as well: `context-timeout-not-cancelled`.
//! - *`time.After`* in a loop: `time-after`.
//! - *As many timers as there are jobs with a limit*: they fall again when the jobs end.
//!
//! ## Fix
//!
//! Stop the timer when what it waits for is over.
//!
//! ```go
//! hold := time.AfterFunc(time.Hour, func() { release(order) })
//! // until the order is paid for
//! hold.Stop() // paid for: no need to release
//! ```
//!
//! ## How to confirm
//!
//! The growth ends after the longest time that a timer runs for. `leakdiff BASE NEW --by line` shows the line that
//! makes them.

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
