//! Objects are not returned to a sync.Pool
//!
//! ## What it detects
//!
//! Objects that the program takes from its own `sync.Pool` and does not return, so that the pool allocates new ones.
//!
//! ## Why it grows
//!
//! `Get` takes an object from the pool, or calls `New` if it is empty. Without `Put` every `Get` allocates a new one.
//! If something still refers to it, it is a leak; if it is dropped, it is garbage, and the pool is useless.
//!
//! ## Evidence
//!
//! - Heap: the function `New` of the pool, called by `sync.(*Pool).Get`. The responsible function is the one that
//!   called `Get`; if that does nothing else (a `get` method of a typed pool), it is the caller that fills the
//!   object.
//! - If buffers of the pool have grown, `bytes.growSlice` below the same function holds most of the bytes. What `New`
//!   allocated is small then, and may have one sample or none: without any it is reported as `buffer-not-reset`.
//!
//! ## What looks alike
//!
//! - *A pool that warms up* allocates as many objects as are in use at once. Unused ones are freed by the second
//!   garbage collection. Take the snapshots with `?gc=1`.
//! - *Pools of the standard library* (`fmt`, `encoding/json`) are benign: `standard-pools`.
//! - *Huge buffers that are put back* stay in a busy pool: drop those above a limit.
//!
//! ## Fix
//!
//! Put it back on every path, and drop it when it is too large.
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
    fix: "put it back on every path: defer pool.Put(x); drop it when it is too large",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
