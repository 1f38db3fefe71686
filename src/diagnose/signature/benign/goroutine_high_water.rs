//! The peak number of goroutines grew
//!
//! ## What it detects
//!
//! The runtime's list of goroutines became longer: at some moment more goroutines existed than ever before.
//!
//! ## Why it grows
//!
//! The runtime frees the stacks of goroutines that ended, but keeps their descriptors (`runtime.malg`, 448 B up to
//! Go 1.24, 480 B from Go 1.26 on) and the list of them for the next goroutines. So both stand at the peak for
//! good. That is no leak: after a burst of as many goroutines nothing more is allocated.
//!
//! ## Evidence
//!
//! - Heap: `runtime.allgadd` makes the list, 8 B for each goroutine and a new array now and then.
//! - Goroutines: their number is back to normal.
//!
//! ## What looks alike
//!
//! - *Goroutines that do not end* move the mark as well, again and again; then `goroutine-leak` or a more special
//!   suspect stands beside it.
//!
//! ## Fix
//!
//! Nothing to do. Where the peak itself costs too much, limit how many goroutines there are at once.
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
    fix: "nothing to do: goroutine descriptors are kept for reuse",
    confidence: Confidence::Medium,
    ..Signature::DEFAULT
};
