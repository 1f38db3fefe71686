//! Chain of wrapped errors keeps growing
//!
//! ## What it detects
//!
//! Errors that are wrapped or joined repeatedly, and retained.
//!
//! ## Why it grows
//!
//! A wrapping error holds the wrapped one, and `fmt.Errorf` also its whole text: the texts of a chain grow
//! quadratically. `errors.Join(all, err)` in a loop builds a chain as well.
//!
//! ## Evidence
//!
//! - Heap: `errors.Join` (about 56 B each), `fmt.Errorf` (its `fmt.errorf` from Go 1.26 on; 32 B each and the text,
//!   in increasing sizes).
//!
//! ## What looks alike
//!
//! - *Errors collected* in a slice or map: as many, with short texts of one size. Then limit the list.
//!
//! ## Fix
//!
//! Keep the first and the last error, or a count. Start a new error on each retry.
//!
//! ```go
//! for try := range 5 {
//!     err := call() // not lastErr = fmt.Errorf("%w, %w", lastErr, err)
//!     if err == nil {
//!         return nil
//!     }
//!     last = err
//! }
//! ```
//!
//! ## How to confirm
//!
//! Log the length of the error text: it grows with the uptime of the process.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("error-chain", include_str!("error_chain.rs")),
    heap: Frames { any: &["errors.Join", "fmt.Errorf"], ..Frames::NONE },
    unit: Some(Unit {
        leaf: &["^ errors.Join {32}", "^ fmt.Errorf {32}", "^ fmt.errorf {32}"],
        objects: 1,
        counted: Counted::Error,
    }),
    fix: "keep only the last error, and start a new chain on each retry",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
