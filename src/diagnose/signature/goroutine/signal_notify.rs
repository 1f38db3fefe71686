//! Signal notifications are not stopped
//!
//! ## What it detects
//!
//! Channels that are registered repeatedly with `signal.Notify` or `signal.NotifyContext`.
//!
//! ## Why it grows
//!
//! The package `os/signal` keeps every registered channel until `signal.Stop`. `NotifyContext` also starts a
//! goroutine and derives a context; its `stop` ends all three. About 185 B for each `Notify`, 1.2 KB and a goroutine
//! for each `NotifyContext`.
//!
//! ## Evidence
//!
//! - Heap: `os/signal.Notify` (from Go 1.24 on with its closures below it), `os/signal.NotifyContext` and its
//!   goroutine.
//! - Goroutines: `runtime.selectgo` called by `os/signal.NotifyContext.func1`.
//!
//! ## What looks alike
//!
//! - *One registration at program start* does not grow.
//! - *Uncancelled contexts* without signals: `context-not-cancelled`.
//!
//! ## Fix
//!
//! Register once in `main`, or stop where you register.
//!
//! ```go
//! ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
//! defer stop()
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'signal.Notify' --include='*.go'` finds the calls; check which of them a request can reach.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("signal-notify", include_str!("signal_notify.rs")),
    heap: Frames {
        any: &["os/signal.Notify", "os/signal.NotifyContext", "os/signal.NotifyContext.func"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["^ os/signal.NotifyContext.func"], ..Frames::NONE },
    blame: &["os/signal.NotifyContext << @app"],
    unit: Some(Unit {
        leaf: &["^ os/signal.Notify {16}", "^ os/signal.Notify.func {16}"],
        objects: 1,
        counted: Counted::Registration,
    }),
    fix: "stop where you register: defer stop(), or signal.Stop(ch)",
    ..Signature::DEFAULT
};
