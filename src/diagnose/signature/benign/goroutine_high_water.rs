//! Peak number of goroutines rose
//!
//! ## What it detects
//!
//! The runtime's list of goroutines grew: at some time more goroutines existed than ever before.
//!
//! ## Why it grows
//!
//! The runtime frees the stacks of goroutines that ended, but keeps their descriptors (`runtime.malg`, 448 B up to Go
//! 1.24, 480 B from Go 1.26 on) and the list of them for the next goroutines. So both stay at the peak. This is not a
//! leak: another burst of the same size allocates nothing.
//!
//! ## Evidence
//!
//! - Heap: `runtime.allgadd` makes the list, 8 B for each goroutine and a new array now and then.
//! - Goroutines: their number is back to normal.
//!
//! ## What looks alike
//!
//! - *Goroutines that never exit* raise the peak again and again; then `goroutine-leak` or a more specific suspect is
//!   reported as well.
//!
//! ## Fix
//!
//! No action needed. If the peak is too expensive, limit concurrent goroutines.
//!
//! ```go
//! group.SetLimit(64) // golang.org/x/sync/errgroup
//! ```
//!
//! ## How to confirm
//!
//! Compare the number of goroutines in both snapshots, with goroutine profiles or `runtime.NumGoroutine()`. In a
//! series the growth stops.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("goroutine-high-water", include_str!("goroutine_high_water.rs")),
    kind: Kind::Benign,
    heap: Frames { any: &["runtime.allgadd"], ..Frames::NONE },
    fix: "no action needed: the runtime reuses descriptors of goroutines",
    confidence: Confidence::Medium,
    ..Signature::DEFAULT
};
