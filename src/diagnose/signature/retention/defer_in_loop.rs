//! Deferred calls accumulate in a loop
//!
//! ## What it detects
//!
//! A loop that defers a call on each iteration, in a function that runs for a long time or forever.
//!
//! ## Why it grows
//!
//! A deferred call runs when the function returns, not at the end of the iteration. Each iteration leaves a defer
//! record (48 B, 80 B up to Go 1.21) and a closure with its arguments (16 B or more), and retains everything they
//! refer to: a file with its descriptor, a buffer, a locked mutex.
//!
//! ## Evidence
//!
//! - Heap: two locations on one line of the function allocate equally often, and nothing is freed. The first is the
//!   closure; the last on the line has the size of a defer record. `runtime.deferproc` and `runtime.newdefer` do not
//!   show: profiles omit runtime frames at the leaf.
//! - The function runs in a goroutine of the program or in `main`: a request handler returns.
//! - Goroutines: one long-lived goroutine, not one per call.
//!
//! ## What looks alike
//!
//! - *Files that are not closed at all* (`file-not-closed`): the function does not grow by such pairs.
//! - *An object of 33 to 48 B made on one line with what it refers to*, `p := &pair{left: &leaf{}}`, looks the same
//!   in a heap profile. Check with `--by line` that the line is a `defer`.
//! - *A deferred call without arguments and without a closure* leaves the record alone, which looks like any object of
//!   its size: `retained-objects`. So does a loop below a handler of HTTP.
//! - *Few samples of small blocks*: below three of each, this signature does not match.
//!
//! ## Fix
//!
//! Move the loop body into its own function, so that the deferred call runs on each iteration; or call it without
//! `defer`.
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
//! `leakdiff BASE NEW --by line` shows the line of the `defer`. `gocritic` (`deferInLoop`) and `revive` (`defer`)
//! find the loop in the source.

use crate::model::Page;

use super::file_not_closed::SIGNATURE as FILE_NOT_CLOSED;
use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("defer-in-loop", include_str!("defer_in_loop.rs")),
    heap: Frames {
        any: &[
            "^ @app {deferred} $",
            "^ @app {deferred} << @app $",
            "^ @app {deferred} << runtime.main $",
            "^ @app {deferred} << golang.org/x/sync/errgroup.(*Group).Go.func $",
        ],
        ..Frames::NONE
    },
    unit: FILE_NOT_CLOSED.unit,
    fix: "move the loop body into its own function, so that defer runs on each iteration",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: Raise::By("check with --by line that the line that grew is the defer"),
    ..Signature::DEFAULT
};
