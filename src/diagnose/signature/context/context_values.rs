//! Chain of context values keeps growing
//!
//! ## What it detects
//!
//! Contexts of `context.WithValue` that are retained.
//!
//! ## Why it grows
//!
//! Each value is a separate context that holds its parent. If it is assigned to the variable it was derived from, in
//! a loop or a field, the chain grows on each iteration, and lookups get slower: 48 B each, plus the value.
//!
//! ## Evidence
//!
//! - Heap: `context.WithValue` called by the function that adds the value.
//!
//! ## What looks alike
//!
//! - *Retained requests*, with their context and values: then other parts of the request grow in other functions.
//!
//! ## Fix
//!
//! Derive from the same parent each time.
//!
//! ```go
//! for job := range jobs {
//!     ctx := context.WithValue(parent, jobKey{}, job.ID) // a new one
//!     run(ctx, job)
//! }
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'ctx = context.WithValue' --include='*.go'` finds assignments; the linter `fatcontext` reports those
//! in loops.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("context-values", include_str!("context_values.rs")),
    heap: Frames { any: &["context.WithValue"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ context.WithValue {48}"], objects: 1, counted: Counted::Value }),
    fix: "derive from the same parent each time: ctx := context.WithValue(parent, ...)",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
