//! Memory is allocated and freed again
//!
//! ## What it detects
//!
//! One function makes at least half of all allocations between the first and the last snapshot, at least ten times
//! what the heap holds, and next to nothing of it is kept.
//!
//! ## Why it grows
//!
//! The heap does not: `alloc_space` rises and `inuse_space` stays flat. But every byte allocated brings the next garbage
//! collection nearer, so the program spends processor time on collecting, and its heap may grow to twice what is in use
//! before each collection (`GOGC=100`).
//!
//! ## Evidence
//!
//! - Heap: `alloc_space` of the function's stacks grows by far more than the heap holds, `inuse_space` does not.
//! - Of what it allocated, less than 5 % is kept.
//!
//! ## What looks alike
//!
//! - *A leak in the same function*: the part that is kept, small as it may be, grows, and is named as a suspect of its own.
//! - *A busy program* allocates a lot everywhere; here one function stands out.
//!
//! ## Fix
//!
//! Reuse buffers: reset one that belongs to the worker, or take it from a `sync.Pool` and put it back on every path. Give
//! slices and builders their size at once.
//!
//! ```go
//! buf := pool.Get().(*bytes.Buffer)
//! buf.Reset()
//! defer pool.Put(buf)
//! rows := make([]Row, 0, n) // instead of append from nothing
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --sample-index alloc_space` ranks by what was allocated. `GODEBUG=gctrace=1` prints how often it
//! collects; a CPU profile shows `runtime.gcBgMarkWorker` and `runtime.mallocgc`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Kind, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("churn", include_str!("churn.rs")),
    kind: Kind::Churn,
    fix: "reuse buffers, or preallocate slices and builders",
    confidence: Confidence::High,
    raise: Raise::By("look at the time spent collecting garbage in a CPU profile"),
    ..Signature::DEFAULT
};
