//! Tickers are not stopped
//!
//! ## What it detects
//!
//! Tickers that `time.NewTicker` creates repeatedly, and that are retained.
//!
//! ## Why it grows
//!
//! A ticker that something refers to ticks until `Stop`. Up to Go 1.22 (and with an older `go` line in `go.mod` up to
//! Go 1.26) the runtime holds every ticker that was not stopped, so it leaks even if nothing else refers to it. A
//! ticker takes 248 B of heap (200 B up to Go 1.22), and CPU time on each tick.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTicker` and, from Go 1.23 on, `time.newTimer` called by it, directly below the function that
//!   creates the ticker: three blocks each.
//!
//! ## What looks alike
//!
//! - *`time.Tick`* has its own frame: `time-tick`.
//! - *One ticker per open connection* is not a leak: then the connections grow as well.
//! - *Retained objects with a ticker*: then the objects grow in the same function.
//!
//! ## Fix
//!
//! Stop it at the end of the function that creates it.
//!
//! ```go
//! ticker := time.NewTicker(interval)
//! defer ticker.Stop()
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the line of `NewTicker`. Check that every path from there reaches `Stop`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("ticker-not-stopped", include_str!("ticker_not_stopped.rs")),
    heap: Frames { any: &["time.NewTicker"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ time.NewTicker"], objects: 1, counted: Counted::Ticker }),
    fix: "stop it on every path: defer ticker.Stop()",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
