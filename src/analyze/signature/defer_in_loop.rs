//! Files are closed by a defer in a loop
//!
//! ## What it detects
//!
//! A loop that opens a file in each turn and defers its `Close`, in a function that runs for long or for ever.
//!
//! ## Why it grows
//!
//! A deferred call runs when its function returns, not at the end of the turn. Each turn leaves the file with its
//! descriptor, and 64 B for the deferred call: a record of 48 B (80 B up to Go 1.21) and the closure that holds the file.
//! Whatever else the deferred call refers to is kept as well.
//!
//! ## Evidence
//!
//! - Heap: `os.newFile` below the function, and the function itself with blocks of 48 B and of 16 B, one of each for every
//!   file. `runtime.newdefer` does not show: frames of the runtime are taken off the leaf.
//! - Goroutines: one that lives long, not one for each file.
//!
//! ## What looks alike
//!
//! - *Files that are not closed at all* (`file-not-closed`): the function does not grow by small blocks itself.
//! - *A table of open files* whose entries have 48 B looks the same in a heap profile. The line of the growth tells:
//!   `--by line` shows that of the `defer`.
//! - *Other deferred calls in a loop* look like objects that the function keeps (`retained-objects`): a heap profile does
//!   not tell a deferred call from another object of its size.
//!
//! ## Fix
//!
//! Give the body of the loop a function of its own, so that the deferred call runs in each turn; or close without `defer`.
//!
//! ```go
//! for path := range paths {
//!     if err := importFile(path); err != nil { // opens, and defers f.Close()
//!         log.Print(err)
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` names the line of the `defer`. `gocritic` (`deferInLoop`) and `revive` (`defer`) find
//! the loop in the source.

use crate::model::Page;

use super::file_not_closed::{OPENED, SIGNATURE as FILE_NOT_CLOSED};
use super::{Confidence, Frames, Signature};

pub(super) const SIGNATURE: Signature = Signature {
    page: Page::new("defer-in-loop", include_str!("defer_in_loop.rs")),
    heap: Frames { any: OPENED, all: &["^ @app {48}", "^ @app {16}"], ..Frames::NONE },
    unit: FILE_NOT_CLOSED.unit,
    fix: "move the body of the loop into a function of its own, so that defer runs in each turn",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: "look at the line that grew with --by line: it is that of the defer",
    ..Signature::DEFAULT
};
