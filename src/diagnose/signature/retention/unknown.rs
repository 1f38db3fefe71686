//! Growth of unknown cause
//!
//! ## What it detects
//!
//! Real growth that matches no known leak. `kept` is the share of allocations at these stacks that is still retained:
//! near 100 % they are retained, near 0 % most are freed again.
//!
//! ## Why it grows
//!
//! A heap profile shows where memory was allocated, not what holds it. Something still refers to these objects: a
//! map, a slice, a channel, a goroutine that never exits, or a library.
//!
//! ## Evidence
//!
//! - Heap: stacks that grew beyond sampling noise, with one function of the program in common.
//! - In a series of snapshots: the samples do not show that the growth stopped.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* and *a process that warms up* grow like this for a while. Take a third snapshot later.
//! - *More load*: more work in flight uses more memory. Compare at the same load.
//!
//! ## Fix
//!
//! Check what the responsible function assigns to a field, a package variable or a map, and what removes it.
//!
//! ```go
//! delete(s.pending, id) // on every path, also after an error
//! ```
//!
//! ## How to confirm
//!
//! Take more snapshots at the same load: a leak keeps growing. `leakdiff BASE NEW --by line` shows the lines. To see
//! what holds the objects, take a core dump and open it with `viewcore` or `goref`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("unknown", include_str!("unknown.rs")),
    fix: "find what the function retains, and delete it when it is no longer needed",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::By("compare more snapshots at the same load"),
    ..Signature::DEFAULT
};
