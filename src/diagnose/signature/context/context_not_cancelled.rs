//! Contexts are not cancelled
//!
//! ## What it detects
//!
//! Contexts of `context.WithCancel` with a long-lived parent, whose `cancel` is not called.
//!
//! ## Why it grows
//!
//! The parent holds a table of its children, and removes a child only when it is cancelled. Children of a server
//! context stay forever: about 115 B each, plus all values and objects they hold.
//!
//! ## Evidence
//!
//! - Heap: `context.withCancel` (up to Go 1.19 `context.WithCancel`), `context.(*cancelCtx).propagateCancel`, the
//!   table of the parent (`context.propagateCancel` up to Go 1.20), and `context.(*cancelCtx).Done`.
//!
//! ## What looks alike
//!
//! - *Contexts with a deadline* end some time: `context-timeout-not-cancelled`.
//! - *Contexts with a custom parent* have a goroutine: `context-custom-parent`.
//! - *Running jobs* have one context each. It falls with their number.
//!
//! ## Fix
//!
//! Cancel when the work is done: `defer` on the line after the context is created.
//!
//! ```go
//! ctx, cancel := context.WithCancel(server)
//! defer cancel()
//! ```
//!
//! ## How to confirm
//!
//! `go vet` (lostcancel) finds paths without `cancel`; it does not see a `cancel` that is stored and forgotten.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("context-not-cancelled", include_str!("context_not_cancelled.rs")),
    heap: Frames {
        any: &[
            // Not those that the server makes for itself, for each request.
            "context.withCancel << @app",
            "context.withCancel << @dep",
            "context.WithCancel << @app",
            "context.WithCancelCause << @app",
            "context.(*cancelCtx).propagateCancel << @app",
            "context.(*cancelCtx).propagateCancel << @dep",
            // The channel of one that is waited for.
            "context.(*cancelCtx).Done << @app",
        ],
        all: &["context.*ithCancel*"],
        ..Frames::NONE
    },
    blame: &["context.withCancel << @app", "context.WithCancel << @app", "context.WithCancelCause << @app"],
    unit: Some(Unit { leaf: &["^ context.withCancel"], objects: 1, counted: Counted::Context }),
    fix: "cancel when the work is done: defer cancel() on the next line",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
