//! Types are created at run time
//!
//! ## What it detects
//!
//! Types and method values that `reflect` creates, and that are retained.
//!
//! ## Why it grows
//!
//! `reflect.StructOf`, `FuncOf`, `SliceOf`, `MapOf` and `ChanOf` create a type for each new combination and store it
//! in a global table: types are never freed. `reflect.MakeFunc` and method calls store a layout per type. Types
//! created from data, such as the columns of a table, grow with the data.
//!
//! ## Evidence
//!
//! - Heap: `reflect.StructOf`, `reflect.FuncOf`, `reflect.SliceOf`, `reflect.MapOf`, `reflect.funcLayout`,
//!   `reflect.addReflectOff`; below them `sync.(*Map).Store`, the table.
//!
//! ## What looks alike
//!
//! - *The types of the program* are limited: growth stops soon after program start.
//! - *A `sync.Map` of the program*: `sync-map`.
//!
//! ## Fix
//!
//! Create each type once, or use a map instead.
//!
//! ```go
//! row := make(map[string]any, len(columns)) // not reflect.StructOf
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call. Count the different types it creates.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("reflect-types", include_str!("reflect_types.rs")),
    heap: Frames {
        any: &[
            "reflect.StructOf",
            "reflect.FuncOf",
            "reflect.SliceOf",
            "reflect.ArrayOf",
            "reflect.MapOf",
            "reflect.ChanOf",
            "reflect.funcLayout",
            "reflect.addReflectOff",
        ],
        ..Frames::NONE
    },
    fix: "create each type once, or use a map instead",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
