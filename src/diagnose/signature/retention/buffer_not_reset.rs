//! A bytes.Buffer is not reset, or is retained
//!
//! ## What it detects
//!
//! Memory of a `bytes.Buffer` that the program writes to and that is retained.
//!
//! ## Why it grows
//!
//! A full buffer doubles, and never shrinks: `Reset` keeps the memory for the next use; only dropping the buffer
//! frees it. A buffer without `Reset` grows forever; retained buffers keep their largest size, including those put
//! back into a `sync.Pool` after one huge use.
//!
//! ## Evidence
//!
//! - Heap: `bytes.growSlice` (`bytes.makeSlice` up to Go 1.18) called by `bytes.(*Buffer).grow`. One object that
//!   doubles is one buffer; many of one size are many buffers.
//!
//! ## What looks alike
//!
//! - *Buffers not returned to a pool*: the `New` function of the pool grows as well: `pool-not-put-back`.
//! - *Buffers of a library*, such as a logger or encoder, below its frames: then that is retained (`zap-with`,
//!   `slog-with`).
//!
//! ## Fix
//!
//! Reset it after use, and drop it when it is too large.
//!
//! ```go
//! if buffer.Cap() > 64<<10 {
//!     buffer = new(bytes.Buffer)
//! } else {
//!     buffer.Reset()
//! }
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the line that writes. Export `Len` and `Cap` of the buffer as metrics.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("buffer-not-reset", include_str!("buffer_not_reset.rs")),
    heap: Frames {
        any: &["^ bytes.growSlice < bytes.(*Buffer).grow << @app", "^ bytes.(*Buffer).grow << @app"],
        ..Frames::NONE
    },
    fix: "reset it after use; drop it when it is too large; limit its size",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
