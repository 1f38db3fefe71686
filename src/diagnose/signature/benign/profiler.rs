//! Memory of the profiler
//!
//! ## What it detects
//!
//! Memory of the profiler itself.
//!
//! ## Why it grows
//!
//! A profile is collected, encoded and compressed in the process that it is taken of. The first one makes tables
//! and a compressor of some hundred KiB; some of that is still in use when the next is taken.
//!
//! ## Evidence
//!
//! - Heap: any function of `runtime/pprof` or `net/http/pprof` in the stack, `compress/flate.NewWriter` below them
//!   too.
//!
//! ## What looks alike
//!
//! - *Compressors of the program* have no frame of `runtime/pprof` above them.
//! - *Profiles that are kept* by an agent for continuous profiling grow with each; then the agent is to be asked.
//!
//! ## Fix
//!
//! Nothing to do. Take one profile before the first that counts, if it is in the way.
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
    fix: "nothing to do: this is the profiler itself",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
