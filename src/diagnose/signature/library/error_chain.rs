//! A chain of errors gets longer
//!
//! ## What it detects
//!
//! Errors that are wrapped or joined again and again, and that stay.
//!
//! ## Why it grows
//!
//! A wrapped error holds the one it wraps, and `fmt.Errorf` its whole text besides: the texts of a chain grow with
//! the square of its length. `errors.Join(all, err)` in a loop makes a chain as well.
//!
//! ## Evidence
//!
//! - Heap: `errors.Join` (about 56 B each), `fmt.Errorf` (its `fmt.errorf` from Go 1.26 on; 32 B each and the text,
//!   in more and more sizes).
//!
//! ## What looks alike
//!
//! - *Errors that are collected* in a slice or map: as many, with short texts of one size. Then the list wants a
//!   limit.
//!
//! ## Fix
//!
//! Keep the first and the last error, or a number. Start a new error with each try.
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
//! Log the length of its text: it grows with the time that the process runs.

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
    fix: "keep the last error instead of wrapping it again; start fresh on each retry",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
