//! zap loggers are kept or chained
//!
//! ## What it detects
//!
//! Loggers that `zap.Logger.With` (or `SugaredLogger.With`) makes, and that stay.
//!
//! ## Why it grows
//!
//! `With` copies the encoder with all fields so far, in a buffer of 1 KiB: about 1.3 KB each. Kept in each session
//! it is that many copies. In `logger = logger.With(...)`, called again and again, each holds all before it: the
//! buffers grow with the square.
//!
//! ## Evidence
//!
//! - Heap: `zapcore.(*jsonEncoder).clone` below `zapcore.(*ioCore).With` and `zap.(*Logger).With`, with
//!   `zap/buffer.NewPool.func1` as where the buffer was made. A chain shows `zap/buffer.(*Buffer).Write` below
//!   `(*jsonEncoder).Clone`.
//!
//! ## What looks alike
//!
//! - *Log lines being written* clone an encoder too, and give its buffer back at once; `With` is not above them.
//! - *A logger for each request* goes with the request.
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
//! `leakdiff BASE NEW --by line` shows the call of `With`. Does a log line get longer with time? Then it is a
//! chain.

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
    fix: "derive from the same logger each time: log := base.With(...), not base = base.With(...)",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
