//! Regular expressions are compiled repeatedly
//!
//! ## What it detects
//!
//! Regular expressions that are compiled per call or key, and retained.
//!
//! ## Why it grows
//!
//! A compiled expression is about 4.4 KB: program, one-pass program and prefix. Compiled per request, it costs CPU
//! time and garbage; stored in a cache by pattern, or in each object, it grows with their number.
//!
//! ## Evidence
//!
//! - Heap: `regexp.compile` and what it calls: `regexp.compileOnePass`, `regexp/syntax.(*compiler).inst`,
//!   `regexp/syntax.(*parser).newRegexp`.
//!
//! ## What looks alike
//!
//! - *Package variables* (`var re = regexp.MustCompile(...)`) are compiled once, at the start: `one-time-init`.
//! - *Matching machines* come from pools and stop growing.
//!
//! ## Fix
//!
//! Compile once. Bound caches of user-supplied patterns.
//!
//! ```go
//! var pattern = regexp.MustCompile(`^tenant-(\d+)$`) // not in the function
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `Compile`. A CPU profile shows `regexp.compile`, too.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("regexp-compiled", include_str!("regexp_compiled.rs")),
    heap: Frames { any: &["regexp.compile"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ regexp.compile"], objects: 1, counted: Counted::Expression }),
    fix: "compile once, in a package variable; bound caches of user-supplied patterns",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
