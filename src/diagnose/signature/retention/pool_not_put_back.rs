//! Objects from a sync.Pool are not put back
//!
//! ## What it detects
//!
//! Objects that the program takes from a `sync.Pool` of its own and that stay in use, so that the pool makes new
//! ones.
//!
//! ## Why it grows
//!
//! `Get` takes an object out of the pool, or calls `New` when it is empty. Without `Put` every `Get` makes a new
//! one. Where it stays, in a list or map of what is in use, it is a leak; where it is dropped it is garbage, and
//! the pool is of no use.
//!
//! ## Evidence
//!
//! - Heap: the function `New` of the pool, called by `sync.(*Pool).Get`. The function to blame is the one that
//!   called `Get`; where that does nothing else, as a method `get` of a pool with a type of its own, its caller that
//!   fills what it got.
//! - Where a buffer of the pool has grown, `bytes.growSlice` below the same function holds most of the bytes. What
//!   `New` itself made is small then, and may be a single sample or none at all: without one it is called
//!   `buffer-not-reset`.
//!
//! ## What looks alike
//!
//! - *A pool that warms up*: as many objects as are in use at the same time. What is in the pool itself is freed by
//!   the second garbage collection. Take the snapshots with `?gc=1`.
//! - *Pools of the standard library* (`fmt`, `encoding/json`) are benign: `standard-pools`.
//! - *Buffers that grew huge and are put back* stay in the pool while it is busy: drop those above a limit.
//!
//! ## Fix
//!
//! Put it back on every path, and drop what has become too large.
//!
//! ```go
//! buffer := pool.Get().(*bytes.Buffer)
//! defer func() {
//!     if buffer.Cap() <= 64<<10 {
//!         buffer.Reset()
//!         pool.Put(buffer)
//!     }
//! }()
//! ```
//!
//! ## How to confirm
//!
//! Count `Get` and `Put`. `leakdiff BASE NEW --by line` shows the line of the `Get`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("pool-not-put-back", include_str!("pool_not_put_back.rs")),
    heap: Frames { any: &["@app < sync.(*Pool).Get < @app"], ..Frames::NONE },
    is_handed_on: true,
    unit: Some(Unit { leaf: &["^ @app < sync.(*Pool).Get < @app"], objects: 1, counted: Counted::Object }),
    fix: "put it back on every path: defer pool.Put(x); drop it when it grows too large",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
