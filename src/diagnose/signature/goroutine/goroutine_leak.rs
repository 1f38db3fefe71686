//! Goroutines never exit
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program. A heap profile shows what they hold; a goroutine profile shows what
//! they wait for, and then a more specific signature replaces this one.
//!
//! ## Why it grows
//!
//! A goroutine exits only when its function returns: the garbage collector never frees one that waits forever. It
//! retains its stack, which a heap profile does not show (2 KiB, usually 4 to 8), its descriptor, and everything its
//! variables refer to.
//!
//! ## Evidence
//!
//! - Heap: `runtime.malg` allocates the descriptors, 448 B up to Go 1.24 and 480 B from Go 1.26 on. Stacks whose root
//!   is a function of the program, not `main` or a server, grow in step: the goroutine started there. A goroutine
//!   that waits for a channel has a block of 96 B (112 B from Go 1.26 on) for each case.
//! - Goroutines: their number rises; the frames show what they wait for.
//!
//! ## What looks alike
//!
//! - *A past burst*: descriptors and their caches are reused, never freed. The heap looks the same, but the number of
//!   goroutines does not grow: `goroutine-high-water`.
//! - *A long-lived worker* that retains its objects: there is only one goroutine. See `retained-objects`.
//! - *Connections* have their own goroutines: then `net/http` or a driver grows too.
//!
//! ## Fix
//!
//! Never start a goroutine without knowing how it exits, and wait for it.
//!
//! ```go
//! ctx, cancel := context.WithCancel(parent)
//! defer cancel()
//! go func() {
//!     for {
//!         select {
//!         case job := <-jobs:
//!             job.Run()
//!         case <-ctx.Done():
//!             return
//!         }
//!     }
//! }()
//! ```
//!
//! ## How to confirm
//!
//! `/debug/pprof/goroutine?debug=2` shows what each waits for, for how long, and who created it. The metric
//! `go_goroutines`, or `runtime.NumGoroutine()`, rises. In tests `goleak` reports them.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Signature, Unit};

/// Code of the program that a goroutine was started for, by the program or by a library that starts them for it.
const STARTED: &[&str] = &["@app $", "@app << @dep $", "@app << sync.(*WaitGroup).Go.func $", "@app << time.goFunc $"];

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("goroutine-leak", include_str!("goroutine_leak.rs")),
    heap: Frames { any: STARTED, all: &["runtime.malg"], with: &["runtime.malg"], ..Frames::NONE },
    goroutines: Frames { any: &["@app", "@dep"], ..Frames::NONE },
    blame: STARTED,
    unit: Some(Unit { leaf: &["runtime.malg < runtime.newproc1"], objects: 1, counted: Counted::Goroutine }),
    needs_goroutines: true,
    fix: "give every goroutine a way to exit: <-ctx.Done(), or a channel that is closed",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Medium,
    ..Signature::DEFAULT
};
