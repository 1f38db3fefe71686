//! Memory of the Go runtime
//!
//! ## What it detects
//!
//! Memory of the garbage collector, the scheduler and the timers.
//!
//! ## Why it grows
//!
//! The runtime keeps workers of the garbage collector, timer heaps and free lists for each processor. They grow to
//! the peak need of the program, and stay there.
//!
//! ## Evidence
//!
//! - Heap: stacks of the runtime alone, as `runtime.(*timers).addHeap`, `runtime.gcBgMarkWorker`,
//!   `runtime.(*scavengerState).init`, or `runtime.acquireSudog` below `runtime.gcMarkDone`.
//!
//! ## What looks alike
//!
//! - *Threads* (`runtime.allocm`) that keep growing: `os-threads`.
//! - *Goroutines* (`runtime.malg`) that keep growing: `goroutine-leak`.
//! - *Timer heaps* that keep growing belong to leaked timers: `timer-not-stopped`, `ticker-not-stopped`.
//!
//! ## Fix
//!
//! No action needed.
//!
//! ## How to confirm
//!
//! It does not grow between later snapshots.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("runtime-own", include_str!("runtime_own.rs")),
    kind: Kind::Benign,
    heap: Frames {
        any: &[
            "runtime.(*timers).addHeap",
            "runtime.doaddtimer",
            "runtime.gcBgMarkWorker",
            "runtime.gcBgMarkStartWorkers",
            "runtime.(*scavengerState).init",
            "runtime.acquireSudog << runtime.gcMarkDone",
            "runtime.acquireSudog << runtime.gcStart",
            "runtime.schedinit",
            "runtime.procresize",
            // A goroutine that wakes another may need a thread (`_.goready.func`, a wrapper of Go 1.27).
            "runtime.goready.func < runtime.systemstack",
        ],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &[
            "runtime.gcBgMarkWorker $",
            "runtime.bgsweep $",
            "runtime.bgscavenge $",
            "runtime.forcegchelper $",
            "runtime.runfinq $",
            "runtime.runFinalizers $",
            "runtime.runCleanups $",
        ],
        ..Frames::NONE
    },
    fix: "no action needed: it belongs to the runtime",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
