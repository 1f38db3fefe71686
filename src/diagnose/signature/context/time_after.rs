//! Timers of time.After accumulate
//!
//! ## What it detects
//!
//! Timers that `time.After` creates faster than they fire, often in a loop around a `select`.
//!
//! ## Why it grows
//!
//! Up to Go 1.22 (and with an older `go` line in `go.mod` up to Go 1.26) the runtime holds every timer until it
//! fires, even if the `select` took another case: 200 B each, for the whole timeout. From Go 1.23 on, timers that
//! nothing waits for are freed.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTimer` called by `time.After`, up to Go 1.22 three blocks of 80, 24 and 96 B.
//!
//! ## What looks alike
//!
//! - *Goroutines that wait for the timer*: then their number grows as well, in every version of Go.
//! - *`time.AfterFunc`* and *`time.NewTimer`* in the program: `timer-not-stopped`.
//!
//! ## Fix
//!
//! Build with Go 1.23 or later and `go 1.23` in `go.mod`, or use one timer for the loop and stop it.
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
//! The growth stops after the longest timeout. `go version -m BINARY` shows the Go version, and in `DefaultGODEBUG`
//! whether `asynctimerchan=1` is on.

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
