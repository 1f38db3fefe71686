//! slog loggers are retained or chained
//!
//! ## What it detects
//!
//! Loggers that `slog.Logger.With` or `WithGroup` creates, and that are retained.
//!
//! ## Why it grows
//!
//! `With` copies the handler and all previous attributes, already formatted. Stored per session, there is one copy
//! per session. With a repeated `logger = logger.With(...)` each copy holds all previous attributes: the texts grow
//! quadratically.
//!
//! ## Evidence
//!
//! - Heap: `log/slog.(*commonHandler).withAttrs` below `(*JSONHandler).WithAttrs` or `(*TextHandler).WithAttrs`,
//!   `(*commonHandler).clone`, `log/slog/internal/buffer.(*Buffer)`.
//!
//! ## What looks alike
//!
//! - *A logger per request* is freed with the request.
//!
//! ## Fix
//!
//! Derive from the same logger each time, and pass attributes to the call.
//!
//! ```go
//! log := base.With("request", id) // := and not base = base.With(...)
//! log.Info("done", "took", time.Since(start))
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `With`. If log lines get longer over time, it is a chain.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("slog-with", include_str!("slog_with.rs")),
    heap: Frames {
        any: &[
            "log/slog.(*Logger).With",
            "log/slog.(*Logger).WithGroup",
            "log/slog.(*commonHandler).withAttrs",
            "log/slog.(*commonHandler).withGroup",
            "log/slog.(*commonHandler).clone",
        ],
        ..Frames::NONE
    },
    unit: Some(Unit { leaf: &["^ log/slog.(*commonHandler).clone {144}"], objects: 1, counted: Counted::Logger }),
    fix: "derive from the same base logger each time: log := base.With(...), not base = base.With(...)",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
