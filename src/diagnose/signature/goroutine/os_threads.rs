//! Number of OS threads keeps growing
//!
//! ## What it detects
//!
//! The runtime keeps starting threads, and none exits.
//!
//! ## Why it grows
//!
//! A goroutine that calls `runtime.LockOSThread` and waits occupies its thread. So does each blocking call: in C, or
//! a system call on a slow disk or device. The runtime then starts another thread. It ends a thread only when a
//! locked goroutine exits. Each costs about 5.2 KB of heap and a system stack.
//!
//! ## Evidence
//!
//! - Heap: `runtime.allocm` with `runtime.malg`, `runtime.mpreinit` and (from Go 1.23 on) `runtime.makeProfStackFP`
//!   below it. No frame shows what needs the thread.
//! - Goroutines: an equal number is parked in `runtime.block`, `runtime.cgocall` or a system call.
//!
//! ## What looks alike
//!
//! - *Program start*: threads are created until there are slightly more than `GOMAXPROCS`.
//! - *A burst of blocking calls* leaves idle threads behind. They do not keep growing.
//!
//! ## Fix
//!
//! Unlock locked threads, and limit concurrent blocking calls.
//!
//! ```go
//! runtime.LockOSThread()
//! defer runtime.UnlockOSThread()
//! ```
//!
//! ## How to confirm
//!
//! `grep Threads /proc/PID/status`, or `/debug/pprof/threadcreate?debug=1` (the number; its stacks are empty). Go
//! ends a program with more than 10,000 threads.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("os-threads", include_str!("os_threads.rs")),
    heap: Frames { any: &["runtime.allocm"], ..Frames::NONE },
    unit: Some(Unit {
        leaf: &["runtime.newobject < runtime.allocm", "^ runtime.allocm"],
        objects: 1,
        counted: Counted::Thread,
    }),
    fix: "unlock locked threads; limit concurrent blocking calls",
    ..Signature::DEFAULT
};
