//! logrus writers are not closed
//!
//! ## What it detects
//!
//! Pipes that `logrus.Logger.Writer` or `Entry.Writer` opens and the program does not close.
//!
//! ## Why it grows
//!
//! Each call of `Writer` creates a pipe and a goroutine that scans it for lines, with a buffer of 64 KiB: 66.9 KB of
//! heap each. The goroutine exits when the writer is closed, or by a finalizer once nothing refers to the writer.
//!
//! ## Evidence
//!
//! - Heap: `logrus.(*Entry).writerScanner`, in a goroutine without a frame of the program; `runtime.malg` grows in
//!   step.
//! - Goroutines: `io.(*pipe).read` below `bufio.(*Scanner).Scan` and `logrus.(*Entry).writerScanner`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *One writer for the whole program*, such as a server's error log, does not grow.
//! - *Retained entries with fields*: `logrus-fields`.
//!
//! ## Fix
//!
//! Create one writer and close it, or log the output of a command after it exits.
//!
//! ```go
//! w := log.WriterLevel(logrus.InfoLevel)
//! defer w.Close()
//! cmd.Stdout = w
//! ```
//!
//! ## How to confirm
//!
//! `/debug/pprof/goroutine?debug=2` shows one `writerScanner` per leaked writer, created by `(*Entry).WriterLevel`.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("logrus-writer", include_str!("logrus_writer.rs")),
    heap: Frames {
        any: &["github.com/sirupsen/logrus.(*Entry).writerScanner"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &["io.(*pipe).read << github.com/sirupsen/logrus.(*Entry).writerScanner"],
        ..Frames::NONE
    },
    blame: &[
        "github.com/sirupsen/logrus.(*Entry).WriterLevel << @app",
        "github.com/sirupsen/logrus.(*Logger).WriterLevel << @app",
        "github.com/sirupsen/logrus.(*Entry).Writer << @app",
        "github.com/sirupsen/logrus.(*Logger).Writer << @app",
    ],
    unit: Some(Unit {
        leaf: &["^ github.com/sirupsen/logrus.(*Entry).writerScanner"],
        objects: 1,
        counted: Counted::Writer,
    }),
    fix: "close the writer: w := log.Writer(); defer w.Close()",
    ..Signature::DEFAULT
};
