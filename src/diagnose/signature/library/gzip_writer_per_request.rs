//! Compressors are created per request and retained
//!
//! ## What it detects
//!
//! Writers or readers of `compress/gzip`, `zlib` or `flate` that are created repeatedly and retained.
//!
//! ## Why it grows
//!
//! A compressor is large: about 800 KB per writer at its first `Write`, however little is written, and 42 KB per
//! reader. A few hundred retained by a list, a map or goroutines fill a small container. If they are dropped after
//! each request they do not leak, but create hundreds of megabytes of garbage.
//!
//! ## Evidence
//!
//! - Heap, writers: `compress/flate.NewWriter` below `compress/gzip.(*Writer).Write`, in blocks of 648 KiB up to Go 1.26,
//!   and of 264 KiB with `newFastEnc` of 392 KiB in Go 1.27.
//! - Heap, readers: `compress/flate.(*dictDecoder).init`, 32 KiB each, below `compress/flate.NewReader`.
//! - Goroutines: none of its own.
//!
//! ## What looks alike
//!
//! - *The profiler* compresses the profile it writes: one writer, below `runtime/pprof`.
//! - *A `sync.Pool` of writers* holds as many as are in use at once, and some more until the next garbage
//!   collections. It does not keep growing.
//! - *Requests in flight*: handlers that do not return (`http-handler-blocked`) retain their writers as well.
//!
//! ## Fix
//!
//! Take writers from a pool, reset them, and put them back on every path.
//!
//! ```go
//! var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
//!
//! zw := writers.Get().(*gzip.Writer)
//! defer writers.Put(zw)
//! zw.Reset(w)
//! defer zw.Close()
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --sample-index inuse_objects` counts them. In a benchmark, `-benchmem` shows 800 KB per
//! operation.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("gzip-writer-per-request", include_str!("gzip_writer_per_request.rs")),
    heap: Frames {
        any: &[
            "compress/flate.NewWriter << @app",
            "compress/flate.NewWriterDict << @app",
            "compress/flate.NewReader << @app",
            "compress/flate.NewReaderDict << @app",
        ],
        ..Frames::NONE
    },
    unit: Some(Unit {
        leaf: &["^ compress/flate.NewWriter", "^ compress/flate.(*dictDecoder).init << compress/flate.NewReader"],
        objects: 1,
        counted: Counted::Compressor,
    }),
    fix: "take writers and readers from a sync.Pool, reset them, and put them back on every path",
    raise: Raise::Series,
    ..Signature::DEFAULT
};
