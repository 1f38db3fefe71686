//! A container/list only grows
//!
//! ## What it detects
//!
//! A `container/list` whose number of elements keeps growing.
//!
//! ## Why it grows
//!
//! An element stays in its list until `Remove`. A queue that is filled faster than emptied, or a hand-written LRU
//! cache without eviction, grows by 48 B for each element, plus the value.
//!
//! ## Evidence
//!
//! - Heap: `container/list.(*List).insertValue` called by `PushBack`, `PushFront`, `InsertBefore` or `InsertAfter`.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* stops at its limit. Take a third snapshot.
//! - *Libraries with their own list*, such as an LRU cache: `cache-library`.
//!
//! ## Fix
//!
//! Remove finished elements, and limit the length of the list.
//!
//! ```go
//! queue.PushFront(entry)
//! for queue.Len() > limit {
//!     queue.Remove(queue.Back())
//! }
//! ```
//!
//! ## How to confirm
//!
//! Export `Len` of the list as a metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("list-queue", include_str!("list_queue.rs")),
    heap: Frames { any: &["container/list.(*List).insertValue"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ container/list.(*List).insertValue {48}"], objects: 1, counted: Counted::Element }),
    fix: "remove finished elements, and limit the length of the list",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
