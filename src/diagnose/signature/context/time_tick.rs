//! time.Tick is called repeatedly
//!
//! ## What it detects
//!
//! Tickers of `time.Tick`, usually in a goroutine with an endless loop.
//!
//! ## Why it grows
//!
//! The ticker of `time.Tick` cannot be stopped. Up to Go 1.22 the runtime holds it forever; from Go 1.23 on it is
//! freed with its channel, but a loop over that channel never ends, since the channel is never closed. A ticker takes
//! 248 B of heap (200 B up to Go 1.22), plus its goroutine and stack, if any.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTicker` called by `time.Tick`. `runtime.malg` grows in step if each has a goroutine.
//! - Goroutines: the loop is parked in `runtime.chanrecv2`.
//!
//! ## What looks alike
//!
//! - *Tickers of `time.NewTicker`* can be stopped: `ticker-not-stopped`.
//! - *One `time.Tick` in `main`* is not a leak.
//!
//! ## Fix
//!
//! Use a ticker that can be stopped, and end the loop.
//!
//! ```go
//! ticker := time.NewTicker(interval)
//! defer ticker.Stop()
//! for {
//!     select {
//!     case <-ticker.C:
//!         refresh()
//!     case <-ctx.Done():
//!         return
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'time\.Tick(' --include='*.go'` finds the calls. The linter `staticcheck` (SA1015) reports those that
//! leak.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("time-tick", include_str!("time_tick.rs")),
    heap: Frames { any: &["time.NewTicker < time.Tick"], with: &["runtime.malg"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ time.NewTicker < time.Tick"], objects: 1, counted: Counted::Ticker }),
    fix: "use time.NewTicker with defer ticker.Stop(), and end the loop on <-ctx.Done()",
    ..Signature::DEFAULT
};
