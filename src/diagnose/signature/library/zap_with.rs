//! zap loggers are retained or chained
//!
//! ## What it detects
//!
//! Loggers that `zap.Logger.With` (or `SugaredLogger.With`) creates, and that are retained.
//!
//! ## Why it grows
//!
//! `With` copies the encoder with all previous fields, in a buffer of 1 KiB: about 1.3 KB each. Stored per session,
//! there is one copy per session. With a repeated `logger = logger.With(...)` each copy holds all previous fields:
//! the buffers grow quadratically.
//!
//! ## Evidence
//!
//! - Heap: `zapcore.(*jsonEncoder).clone` below `zapcore.(*ioCore).With` and `zap.(*Logger).With`, with
//!   `zap/buffer.NewPool.func1` allocating the buffer. A chain shows `zap/buffer.(*Buffer).Write` below
//!   `(*jsonEncoder).Clone`.
//!
//! ## What looks alike
//!
//! - *Log lines being written* clone an encoder too, and release its buffer at once; `With` is not on their stacks.
//! - *A logger per request* is freed with the request.
//!
//! ## Fix
//!
//! Derive from the same logger each time, and pass fields to the call.
//!
//! ```go
//! log := base.With(zap.String("request", id)) // not base = base.With(...)
//! log.Info("done", zap.Duration("took", time.Since(start)))
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `With`. If log lines get longer over time, it is a chain.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("zap-with", include_str!("zap_with.rs")),
    heap: Frames {
        any: &[
            "go.uber.org/zap.(*Logger).With",
            "go.uber.org/zap.(*Logger).WithLazy",
            "go.uber.org/zap.(*SugaredLogger).With",
            "go.uber.org/zap/zapcore.(*ioCore).With",
            // The encoder of a derived logger keeps its buffer, which the next record has to make anew.
            "go.uber.org/zap/buffer.NewPool.func << go.uber.org/zap/zapcore.(*jsonEncoder).clone",
            "go.uber.org/zap/buffer.NewPool.func << go.uber.org/zap/zapcore.(*jsonEncoder).Clone",
        ],
        ..Frames::NONE
    },
    unit: Some(Unit { leaf: &["^ go.uber.org/zap/buffer.NewPool.func"], objects: 1, counted: Counted::Logger }),
    fix: "derive from the same base logger each time: log := base.With(...), not base = base.With(...)",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
