//! Contexts with a deadline are not cancelled
//!
//! ## What it detects
//!
//! Contexts of `context.WithTimeout` or `context.WithDeadline` that are retained until their deadline.
//!
//! ## Why it grows
//!
//! The parent and a timer hold the context until the deadline or `cancel`. Without `cancel` it is retained for the
//! whole timeout, however soon the work is done: 314 B each, plus all values it holds.
//!
//! ## Evidence
//!
//! - Heap: `context.WithDeadlineCause` (up to Go 1.20 `context.WithDeadline`), `time.AfterFunc` called by it, and
//!   `context.(*cancelCtx).propagateCancel`, the table of the parent.
//!
//! ## What looks alike
//!
//! - *Contexts without a deadline* never end: `context-not-cancelled`.
//! - *Requests in flight* have one such context each. It falls with their number.
//!
//! ## Fix
//!
//! Cancel when the work is done: `defer` on the line after the context is created.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(ctx, time.Minute)
//! defer cancel()
//! ```
//!
//! ## How to confirm
//!
//! `go vet` (lostcancel) finds paths without `cancel`. The growth stops after the longest timeout.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("context-timeout-not-cancelled", include_str!("context_timeout_not_cancelled.rs")),
    heap: Frames {
        any: &["context.WithDeadlineCause", "context.WithDeadline", "context.(*cancelCtx).Done << @app"],
        all: &["context.WithDeadline*"],
        ..Frames::NONE
    },
    blame: &["context.WithDeadline* << @app"],
    unit: Some(Unit {
        leaf: &["^ context.WithDeadlineCause", "^ context.WithDeadline"],
        objects: 1,
        counted: Counted::Context,
    }),
    fix: "cancel when the work is done: defer cancel() on the next line",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
