//! time.After timers pile up
//!
//! ## What it detects
//!
//! Timers that `time.After` makes faster than they fire, as in a loop around a `select`.
//!
//! ## Why it grows
//!
//! Up to Go 1.22 (and with an older `go` line in `go.mod` up to Go 1.26) the runtime holds every timer until it
//! fires, also when the `select` went another way long ago: 200 B each, for as long as the timeout is. From Go 1.23
//! on a timer that nobody waits for is collected, and this does not grow.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTimer` called by `time.After`, up to Go 1.22 three blocks of 80, 24 and 96 B.
//!
//! ## What looks alike
//!
//! - *Goroutines that wait for the timer*: then they become more as well, and a timer is part of each. That holds
//!   in every version of Go.
//! - *`time.AfterFunc`* and *`time.NewTimer`* in the program: `timer-not-stopped`.
//!
//! ## Fix
//!
//! Build with Go 1.23 or later and `go 1.23` in `go.mod`, or make one timer for the loop and stop it.
//!
//! ```go
//! timer := time.NewTimer(timeout)
//! defer timer.Stop()
//! for {
//!     timer.Reset(timeout)
//!     select {
//!     case v := <-values:
//!         use(v)
//!     case <-timer.C:
//!         return errTimeout
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! The growth ends after the longest timeout, when as many timers fire as are made. `go version -m BINARY` tells
//! what it was built with, and `DefaultGODEBUG` there whether `asynctimerchan=1` is on.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("time-after", include_str!("time_after.rs")),
    heap: Frames { any: &["time.NewTimer < time.After"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ time.NewTimer < time.After"], objects: 1, counted: Counted::Timer }),
    fix: "build with Go 1.23 or later, or reuse one timer: timer.Reset and defer timer.Stop()",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
