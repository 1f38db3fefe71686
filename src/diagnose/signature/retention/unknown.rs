//! Unknown pattern
//!
//! ## What it detects
//!
//! Growth that is real and fits no named leak. `kept` says how much of what was allocated at these stacks in the
//! meantime is still there: near 100 % it is retained, near 0 % most of it is freed again.
//!
//! ## Why it grows
//!
//! A heap profile says where memory was allocated, not who holds it. Something still refers to these objects: a map, a
//! slice, a channel, a goroutine that does not end, or a library that keeps them.
//!
//! ## Evidence
//!
//! - Heap: stacks that grew beyond what sampling can make, with one function of the program in common.
//! - In a series of snapshots: their growth has not stopped, as far as the samples tell.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* and *a process that warms up* grow like this for a while. Take a third snapshot later.
//! - *More load*: more work in flight holds more memory. Compare at the same load.
//!
//! ## Fix
//!
//! Look at what the function at fault keeps: what it assigns to a field, a package variable or a map, and who removes it.
//!
//! ```go
//! delete(s.pending, id) // on every path, also after an error
//! ```
//!
//! ## How to confirm
//!
//! Take snapshots at the same load for longer: a leak goes on growing. `leakdiff BASE NEW --by line` shows the lines.
//! To see who holds the objects, take a core dump and read it with `viewcore` or `goref`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("unknown", include_str!("unknown.rs")),
    fix: "find what this function keeps, and which code should remove it",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::By("compare more snapshots at the same load"),
    ..Signature::DEFAULT
};
