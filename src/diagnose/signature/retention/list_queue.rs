//! A container/list is only added to
//!
//! ## What it detects
//!
//! Elements of a `container/list` that become more.
//!
//! ## Why it grows
//!
//! An element stays in its list until `Remove`. A queue that is filled faster than it is emptied, or an LRU cache
//! written by hand that never removes its last, grows by 48 B for each element, and the value.
//!
//! ## Evidence
//!
//! - Heap: `container/list.(*List).insertValue` called by `PushBack`, `PushFront`, `InsertBefore` or `InsertAfter`.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* stops at its limit. Take a third snapshot.
//! - *Libraries with a list of their own*, an LRU cache for example: `cache-library`.
//!
//! ## Fix
//!
//! Remove what is done with, and give the list a limit.
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
//! Publish `Len` of the list as a metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("list-queue", include_str!("list_queue.rs")),
    heap: Frames { any: &["container/list.(*List).insertValue"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ container/list.(*List).insertValue {48}"], objects: 1, counted: Counted::Element }),
    fix: "remove finished entries and limit the length",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
