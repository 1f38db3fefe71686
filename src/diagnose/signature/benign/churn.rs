//! High allocation churn
//!
//! ## What it detects
//!
//! One function makes at least half of all allocations between the first and the last snapshot, at least ten times
//! the size of the heap, and almost nothing of it is retained.
//!
//! ## Why it grows
//!
//! The heap does not grow: `alloc_space` rises, `inuse_space` stays flat. But allocation triggers garbage collection,
//! which costs CPU time, and the heap may grow to twice the memory in use before each collection (`GOGC=100`).
//!
//! ## Evidence
//!
//! - Heap: `alloc_space` of the function's stacks grows by far more than the heap holds, `inuse_space` does not.
//! - Less than 5 % of the allocations is retained.
//!
//! ## What looks alike
//!
//! - *A leak in the same function*: the retained part, however small, keeps growing, and is a separate suspect.
//! - *A busy program* allocates a lot everywhere; here one function stands out.
//!
//! ## Fix
//!
//! Reuse buffers: reset one per worker, or take it from a `sync.Pool` and put it back on every path. Allocate slices
//! and builders at their final size.
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
//! `leakdiff BASE NEW --sample-index alloc_space` ranks by allocation. `GODEBUG=gctrace=1` prints each garbage
//! collection; a CPU profile shows `runtime.gcBgMarkWorker` and `runtime.mallocgc`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Kind, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("churn", include_str!("churn.rs")),
    kind: Kind::Churn,
    fix: "reuse buffers, or allocate slices and builders at their final size",
    confidence: Confidence::High,
    raise: Raise::By("check the share of garbage collection in a CPU profile"),
    ..Signature::DEFAULT
};
