//! The number of OS threads grows
//!
//! ## What it detects
//!
//! The runtime starts thread after thread, and none ends.
//!
//! ## Why it grows
//!
//! A goroutine that calls `runtime.LockOSThread` and waits keeps its thread. So does each call that blocks: in C,
//! in a system call on a slow disk or device. The runtime then starts a new thread for the others. It gives threads
//! back only when a locked goroutine ends. Each costs about 5.2 KB of heap and the stack that the system gives it.
//!
//! ## Evidence
//!
//! - Heap: `runtime.allocm` with `runtime.malg`, `runtime.mpreinit` and (from Go 1.23 on) `runtime.makeProfStackFP`
//!   below it. No frame tells who needs the thread.
//! - Goroutines: as many are parked in `runtime.block`, `runtime.cgocall` or a system call.
//!
//! ## What looks alike
//!
//! - *The start of a program*: threads are made until there are `GOMAXPROCS` and some more. Then it stops.
//! - *A storm of blocking calls* leaves its threads behind, idle. It does not go on growing.
//!
//! ## Fix
//!
//! Unlock what was locked, and limit how many blocking calls there are at once.
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
    fix: "unlock locked threads; limit how many blocking calls run at once",
    ..Signature::DEFAULT
};
