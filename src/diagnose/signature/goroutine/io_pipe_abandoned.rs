//! One side of an io.Pipe is abandoned
//!
//! ## What it detects
//!
//! Pipes of `io.Pipe` where one side stopped without closing, so that the other waits forever.
//!
//! ## Why it grows
//!
//! A write to a pipe waits until all of it is read or the reader is closed; a read waits until something is written
//! or the writer is closed. A reader that gives up after an error, or a writer that returns early, leaves the
//! goroutine on the other side: about 1.1 KB for the pipe and the goroutine, a stack of at least 2 KiB, and what it
//! holds.
//!
//! ## Evidence
//!
//! - Heap: `io.Pipe`, four blocks for each (96 B; three of them 112 B from Go 1.26 on), and `io.(*pipe).write` or `read`.
//! - Goroutines: `io.(*pipe).write` or `io.(*pipe).read` parked in `selectgo`, one for each pipe.
//!
//! ## What looks alike
//!
//! - *Uploads in flight* use pipes too. Their number follows the load.
//! - *`net.Pipe` and `os.Pipe`* have other frames.
//!
//! ## Fix
//!
//! Close both sides on every path; `CloseWithError` tells the other one why.
//!
//! ```go
//! pr, pw := io.Pipe()
//! go func() {
//!     pw.CloseWithError(json.NewEncoder(pw).Encode(rows))
//! }()
//! defer pr.Close() // the writer gets io.ErrClosedPipe
//! _, err := upload(ctx, pr)
//! return err
//! ```
//!
//! ## How to confirm
//!
//! The `goroutineleak` profile of Go 1.27 (1.26 with `GOEXPERIMENT=goroutineleakprofile`) lists the writers that
//! nothing can wake.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("io-pipe-abandoned", include_str!("io_pipe_abandoned.rs")),
    heap: Frames {
        any: &["io.Pipe << @app", "io.(*pipe).write", "io.(*pipe).read"],
        all: &["io.Pipe"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["^ io.(*pipe).write", "^ io.(*pipe).read"], ..Frames::NONE },
    blame: &["io.Pipe << @app"],
    unit: Some(Unit { leaf: &["^ io.Pipe {96}", "^ io.Pipe {112}"], objects: 4, counted: Counted::Pipe }),
    fix: "close both sides on every path; use CloseWithError to give up",
    ..Signature::DEFAULT
};
