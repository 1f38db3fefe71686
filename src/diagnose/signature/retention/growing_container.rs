//! A slice or map only grows
//!
//! ## What it detects
//!
//! One array or table of the program that keeps growing: a slice or map that the program only adds to.
//!
//! ## Why it grows
//!
//! `append` and a full map allocate up to twice the size, and copy. Elements stay until they are deleted. A map never
//! shrinks, even if everything is deleted: it stays at its peak size.
//!
//! ## Evidence
//!
//! - Heap: the function itself allocates ever larger blocks, and the smaller ones are freed. A slice is one huge
//!   object, a map too up to Go 1.23. From Go 1.24 on a large map consists of many tables of one size, which look
//!   like any other objects: `retained-objects`.
//! - It grows in jumps, and the elements grow with it where they are allocated.
//!
//! ## What looks alike
//!
//! - *A map at its peak size* stops growing. Take a third snapshot. A heap profile counts tables, not elements: it
//!   does not show whether a table is full or empty.
//! - *Many objects of one size* in the function are elements: `retained-objects`.
//! - *A `bytes.Buffer`* doubles too, in its own frames: `buffer-not-reset`.
//!
//! ## Fix
//!
//! Bound it: size limit, TTL or delete. After a peak, copy to a new map or slice.
//!
//! ```go
//! delete(sessions, id)              // the entry goes, the table stays
//! sessions = maps.Clone(sessions)   // and the table of the peak goes
//! events = append(events[:0:0], events[len(events)-100:]...)
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the line: an assignment `m[k] = v` or an `append`. Export `len` as a metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("growing-container", include_str!("growing_container.rs")),
    heap: Frames { any: &["^ @app {doubling}"], ..Frames::NONE },
    fix: "bound it: size limit, TTL or delete",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
