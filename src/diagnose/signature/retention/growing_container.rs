//! A slice or map is only added to
//!
//! ## What it detects
//!
//! One array or table of the program that becomes larger and larger: a slice that is only appended to, or a map
//! that is only written to.
//!
//! ## Why it grows
//!
//! `append` and a map that is full allocate the next size, up to twice the last one, and copy. What was added stays
//! until it is deleted. A map never gets smaller, also when everything was deleted from it: it stays at its peak.
//!
//! ## Evidence
//!
//! - Heap: the function itself is where it was allocated, in one size after the other, the smaller ones freed. A
//!   slice is one huge object, a map too up to Go 1.23. From Go 1.24 on a large map is made of many tables of one
//!   size, each allocated once: those look like any other objects, and are called `retained-objects`.
//! - The growth comes in steps, and what is in it grows in step where it is allocated.
//!
//! ## What looks alike
//!
//! - *A map at its peak* stands still, and is full again after the next peak. Take a third snapshot. Whether a table
//!   is full or was emptied does not show: a heap profile counts tables, not what is in them.
//! - *Many objects of one size* in the function are elements: `retained-objects`.
//! - *A `bytes.Buffer`* doubles too, in its own frames: `buffer-not-reset`.
//!
//! ## Fix
//!
//! Delete what is done with; start a new map or slice where the old one had a peak.
//!
//! ```go
//! delete(sessions, id)              // the entry goes, the table stays
//! sessions = maps.Clone(sessions)   // and the table of the peak goes
//! events = append(events[:0:0], events[len(events)-100:]...)
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the line: an assignment `m[k] = v` or an `append`. Publish `len` as a
//! metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("growing-container", include_str!("growing_container.rs")),
    heap: Frames { any: &["^ @app {doubling}"], ..Frames::NONE },
    fix: "bound it: delete finished entries, or use a cache with a size limit",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
