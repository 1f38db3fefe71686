//! time.Tick is called repeatedly
//!
//! ## What it detects
//!
//! Tickers of `time.Tick`, mostly in a goroutine with a loop that does not end.
//!
//! ## Why it grows
//!
//! Nobody can stop the ticker of `time.Tick`. Up to Go 1.22 the runtime holds it for ever; from Go 1.23 on it is
//! freed when its channel is, but a loop over that channel never ends, since the channel is never closed. 248 B of
//! heap for the ticker (200 B up to Go 1.22), and a goroutine with its stack if it has one of its own.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTicker` called by `time.Tick`. `runtime.malg` grows in step where each has a goroutine.
//! - Goroutines: the loop is parked in `runtime.chanrecv2`.
//!
//! ## What looks alike
//!
//! - *Tickers made by `time.NewTicker`* could be stopped: `ticker-not-stopped`.
//! - *`time.Tick` in `main`*, once, is no leak.
//!
//! ## Fix
//!
//! Use a ticker that can be stopped, and let the loop end.
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
