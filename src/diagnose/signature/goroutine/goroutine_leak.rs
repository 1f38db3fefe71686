//! Goroutines do not end
//!
//! ## What it detects
//!
//! Goroutines that the program starts become more. In a heap profile it shows by what they hold; what they wait
//! for, a goroutine profile tells: then a more special name takes the place of this one.
//!
//! ## Why it grows
//!
//! A goroutine ends when its function returns, and in no other way: nothing collects one that waits for ever. It
//! keeps its stack, which no heap profile shows (2 KiB, usually 4 to 8), its descriptor, and all that its variables
//! refer to.
//!
//! ## Evidence
//!
//! - Heap: `runtime.malg` makes the descriptors, 448 B up to Go 1.24 and 480 B from Go 1.26 on. In step with it
//!   grow stacks that end in a function of the program and not in `main` or a server: there the goroutine began.
//!   Where it waits for a channel there is a block of 96 B (112 B from Go 1.26 on) for each case.
//! - Goroutines: their number rises; the frames say what they wait for.
//!
//! ## What looks alike
//!
//! - *A burst that is over*: descriptors and what they cache are never given back, but used again. Heap profiles
//!   look the same; the number of goroutines does not grow. See `goroutine-high-water`.
//! - *A worker that lives for long* and keeps what it makes: nothing ends, but there is one goroutine only. See
//!   `retained-objects`.
//! - *Connections* have goroutines of their own: there `net/http` or a driver grows too.
//!
//! ## Fix
//!
//! Start no goroutine without knowing how it ends, and wait for it.
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
//! `/debug/pprof/goroutine?debug=2` shows all with what they wait for, since when, and who created them. The metric
//! `go_goroutines`, or `runtime.NumGoroutine()`, rises. In tests `goleak` fails.

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
    fix: "give every goroutine a way to end: <-ctx.Done(), or a channel that is closed",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Medium,
    ..Signature::DEFAULT
};
