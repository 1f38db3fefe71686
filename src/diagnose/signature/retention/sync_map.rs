//! A sync.Map only grows
//!
//! ## What it detects
//!
//! A `sync.Map` whose number of entries keeps growing.
//!
//! ## Why it grows
//!
//! A `sync.Map` keeps an entry until `Delete`. As a cache or registry with ever new keys it only grows: about 70 to
//! 120 B for each entry, plus key and value.
//!
//! ## Evidence
//!
//! - Heap, from Go 1.24 on: `internal/sync.newEntryNode` and `internal/sync.newIndirectNode`, below
//!   `sync.(*Map).Store`, `Swap`, `LoadOrStore` or `CompareAndSwap`.
//! - Heap, up to Go 1.23: `sync.newEntry`, `sync.(*Map).Swap` and `sync.(*Map).dirtyLocked`.
//!
//! ## What looks alike
//!
//! - *A limited set of keys*, such as types: it stops growing. `reflect-types` has such a map below frames of
//!   `reflect`.
//!
//! ## Fix
//!
//! Delete finished entries, or use a cache with a size limit.
//!
//! ```go
//! sessions.Store(id, session)
//! defer sessions.Delete(id)
//! ```
//!
//! ## How to confirm
//!
//! Count the entries with `Range` at two times, or export their number as a metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sync-map", include_str!("sync_map.rs")),
    heap: Frames {
        any: &[
            "sync.(*Map).Store",
            "sync.(*Map).Swap",
            "sync.(*Map).LoadOrStore",
            "sync.(*Map).CompareAndSwap",
            "sync.(*Map).dirtyLocked",
            "sync.newEntry",
            "internal/sync.newEntryNode[...]",
            "internal/sync.newIndirectNode[...]",
        ],
        ..Frames::NONE
    },
    unit: Some(Unit {
        leaf: &["^ internal/sync.newEntryNode[...]", "^ sync.newEntry"],
        objects: 1,
        counted: Counted::Entry,
    }),
    fix: "delete finished entries: m.Delete(key); or use a cache with a size limit",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
