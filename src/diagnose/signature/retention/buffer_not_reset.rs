//! A bytes.Buffer is written to and not reset, or kept
//!
//! ## What it detects
//!
//! Memory of `bytes.Buffer` that the program writes to and that stays.
//!
//! ## Why it grows
//!
//! A buffer grows to twice its size when it is full, and shrinks never: `Reset` keeps the memory for the next use,
//! and only dropping the buffer frees it. One that is only written to grows without end; many that are kept hold
//! all they ever held, also those that a `sync.Pool` got back after one huge use.
//!
//! ## Evidence
//!
//! - Heap: `bytes.growSlice` (`bytes.makeSlice` up to Go 1.18) called by `bytes.(*Buffer).grow`. One object that
//!   doubles is one buffer; many of one size are many buffers.
//!
//! ## What looks alike
//!
//! - *A pool with buffers out*: the function `New` of the pool grows as well: `pool-not-put-back`.
//! - *Buffers of a library* below its frames: a logger or an encoder. Then that is kept: `zap-with`, `slog-with`.
//!
//! ## Fix
//!
//! Reset it after use, and drop it when it has become too large.
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
//! `leakdiff BASE NEW --by line` shows the line that writes. Publish `Len` and `Cap` of the buffer.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("buffer-not-reset", include_str!("buffer_not_reset.rs")),
    heap: Frames {
        any: &["^ bytes.growSlice < bytes.(*Buffer).grow << @app", "^ bytes.(*Buffer).grow << @app"],
        ..Frames::NONE
    },
    fix: "reset it after use, drop it when it grows too large, limit its size",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
