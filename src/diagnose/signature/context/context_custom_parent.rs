//! Contexts of a custom parent are not cancelled
//!
//! ## What it detects
//!
//! Contexts whose parent is of a type that the package `context` does not know, and that are never cancelled.
//!
//! ## Why it grows
//!
//! A context derived from a standard one is registered with its parent. For a custom parent, of a framework or a
//! test, `context` instead starts a goroutine that waits for the parent or the child to be done. Without `cancel` it
//! waits as long as the parent lives: about 1 KB of heap, a goroutine and its stack each.
//!
//! ## Evidence
//!
//! - Heap: `context.(*cancelCtx).propagateCancel.func2` (up to Go 1.20 `context.propagateCancel.func1`) with one
//!   block for each of its two cases; `runtime.malg` grows in step.
//! - Goroutines: `runtime.selectgo` called by the same.
//!
//! ## What looks alike
//!
//! - *Contexts with a standard parent* have no goroutine: `context-not-cancelled`.
//!
//! ## Fix
//!
//! Cancel where the context is created. A type that only adds values should embed a `context.Context` and not
//! redefine `Done`.
//!
//! ```go
//! ctx, cancel := context.WithCancel(request) // request: a custom type
//! defer cancel()
//! ```
//!
//! ## How to confirm
//!
//! `/debug/pprof/goroutine?debug=2` shows them with `created by context.(*cancelCtx).propagateCancel`. From Go 1.27
//! on `/debug/pprof/goroutineleak` lists those whose parent is unreachable.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("context-custom-parent", include_str!("context_custom_parent.rs")),
    heap: Frames {
        any: &["context.(*cancelCtx).propagateCancel.func", "context.propagateCancel.func"],
        all: &["runtime.malg"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &["^ context.(*cancelCtx).propagateCancel.func", "^ context.propagateCancel.func"],
        ..Frames::NONE
    },
    blame: &["context.(*cancelCtx).propagateCancel << @app", "context.WithCancel << @app"],
    unit: Some(Unit { leaf: &["runtime.malg < runtime.newproc1"], objects: 1, counted: Counted::Context }),
    needs_goroutines: true,
    fix: "cancel where the context is created: defer cancel()",
    ..Signature::DEFAULT
};
