//! Memory of the profiler
//!
//! ## What it detects
//!
//! Memory of the profiler itself.
//!
//! ## Why it grows
//!
//! A process collects, encodes and compresses its own profile. The first profile allocates tables and a compressor of
//! a few hundred KiB; some of that is still in use at the next one.
//!
//! ## Evidence
//!
//! - Heap: any function of `runtime/pprof` or `net/http/pprof` in the stack, `compress/flate.NewWriter` below them
//!   too.
//!
//! ## What looks alike
//!
//! - *Compressors of the program* have no frame of `runtime/pprof` above them.
//! - *Profiles retained* by a continuous profiling agent grow with each profile; then the agent leaks.
//!
//! ## Fix
//!
//! No action needed. To hide it, take one extra profile before the first snapshot.
//!
//! ## How to confirm
//!
//! It does not grow with the number of profiles taken.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("profiler", include_str!("profiler.rs")),
    kind: Kind::Benign,
    heap: Frames {
        any: &["runtime/pprof", "net/http/pprof", "runtime.MemProfile", "runtime.GoroutineProfile"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["runtime/pprof", "net/http/pprof"], ..Frames::NONE },
    fix: "no action needed: the profiler that took the snapshots allocated it",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
