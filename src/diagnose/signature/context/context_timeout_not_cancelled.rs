//! Contexts with a deadline are not cancelled
//!
//! ## What it detects
//!
//! Contexts of `context.WithTimeout` or `context.WithDeadline` that stay until their deadline.
//!
//! ## Why it grows
//!
//! The context is registered with its parent and has a timer, and both hold it until the deadline or until
//! `cancel`. Without `cancel` it stays for the whole timeout, however soon the work was done: 314 B each, and all
//! values below it.
//!
//! ## Evidence
//!
//! - Heap: `context.WithDeadlineCause` (up to Go 1.20 `context.WithDeadline`), `time.AfterFunc` called by it, and
//!   `context.(*cancelCtx).propagateCancel`, the table of the parent.
//!
//! ## What looks alike
//!
//! - *Without a deadline* it never ends: `context-not-cancelled`.
//! - *Requests in flight* each have such a context. It falls with their number.
//!
//! ## Fix
//!
//! Cancel when the work is done, in the line after the context was made.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(ctx, time.Minute)
//! defer cancel()
//! ```
//!
//! ## How to confirm
//!
//! `go vet` (lostcancel) finds paths without `cancel`. The growth ends after the longest timeout.

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
