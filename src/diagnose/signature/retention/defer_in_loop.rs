//! Deferred calls pile up in a loop
//!
//! ## What it detects
//!
//! A loop that defers a call in each turn, in a function that runs for long or for ever.
//!
//! ## Why it grows
//!
//! A deferred call runs when its function returns, not at the end of the turn. Each turn leaves a record of the call
//! (48 B, 80 B up to Go 1.21) and the closure with its arguments (16 B and more), and keeps all that these refer to: a
//! file with its descriptor, a buffer, a locked mutex.
//!
//! ## Evidence
//!
//! - Heap: two places on one line of the function allocate equally often, and nothing of it is ever freed. The first is
//!   the closure; the last on the line has the size of a record. The frames that make it, `runtime.deferproc` and
//!   `runtime.newdefer`, do not show: those of the runtime are taken off the leaf.
//! - The function belongs to a goroutine of the program, or to `main`: one that serves a request returns.
//! - Goroutines: one that lives long, not one for each call.
//!
//! ## What looks alike
//!
//! - *Files that are not closed at all* (`file-not-closed`): the function does not grow by such pairs.
//! - *An object of 33 to 48 B made on one line with what it refers to*, `p := &pair{left: &leaf{}}`, looks the same in a
//!   heap profile, in a loop of a goroutine whose objects are stored by another line. The line tells: `--by line` shows
//!   that of the `defer`.
//! - *A deferred call without arguments and without a closure* leaves the record alone, which looks like any object of
//!   its size: `retained-objects`. So does a loop below a handler of HTTP.
//! - Few samples of small blocks: below three of each nothing is said.
//!
//! ## Fix
//!
//! Give the body of the loop a function of its own, so that the deferred call runs in each turn; or call it without
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
//! `leakdiff BASE NEW --by line` names the line of the `defer`. `gocritic` (`deferInLoop`) and `revive` (`defer`) find
//! the loop in the source.

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
    raise: Raise::By("look with --by line: the line that grew is that of the defer"),
    ..Signature::DEFAULT
};
