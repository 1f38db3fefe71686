//! context.AfterFunc functions are not stopped
//!
//! ## What it detects
//!
//! Functions that are registered with `context.AfterFunc` on a long-lived context.
//!
//! ## Why it grows
//!
//! The context holds each function until it is done, or until the `stop` returned by `AfterFunc` is called: 147 B
//! each, plus what the function refers to.
//!
//! ## Evidence
//!
//! - Heap: `context.AfterFunc`, and `context.(*cancelCtx).propagateCancel` called by it, the table of the parent.
//!
//! ## What looks alike
//!
//! - *Uncancelled contexts*: `context-not-cancelled`.
//! - *Timers* of `time.AfterFunc`: `timer-not-stopped`.
//!
//! ## Fix
//!
//! Stop it when it is no longer needed.
//!
//! ```go
//! stop := context.AfterFunc(ctx, func() { conn.Close() })
//! defer stop()
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'context.AfterFunc' --include='*.go'` finds the calls. Check whether their result is used.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("context-after-func", include_str!("context_after_func.rs")),
    heap: Frames { any: &["context.AfterFunc"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ context.AfterFunc"], objects: 1, counted: Counted::Function }),
    fix: "call the stop function: stop := context.AfterFunc(...); defer stop()",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
