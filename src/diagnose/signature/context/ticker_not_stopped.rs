//! Tickers are not stopped
//!
//! ## What it detects
//!
//! Tickers that `time.NewTicker` makes again and again, and that stay.
//!
//! ## Why it grows
//!
//! A ticker that something refers to goes on ticking until `Stop`. Up to Go 1.22 (and with an older `go` line in
//! `go.mod` up to Go 1.26) the runtime itself holds every ticker that was not stopped, so that it leaks also when
//! the program has forgotten it. A ticker is 248 B of heap (200 B up to Go 1.22), and each costs time when it
//! ticks.
//!
//! ## Evidence
//!
//! - Heap: `time.NewTicker` and, from Go 1.23 on, `time.newTimer` called by it, directly below the function that
//!   makes the ticker: three blocks each.
//!
//! ## What looks alike
//!
//! - *`time.Tick`* has a frame of its own: `time-tick`.
//! - *One ticker for each connection that is open* is as it should be while the connections grow. Then they grow as
//!   well.
//! - *Objects that hold a ticker*: when they are kept, their tickers are, too. Then the objects grow in the same
//!   function.
//!
//! ## Fix
//!
//! Stop it where the one who made it ends.
//!
//! ```go
//! ticker := time.NewTicker(interval)
//! defer ticker.Stop()
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the line of `NewTicker`. See whether every path from there reaches `Stop`.

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
