//! Types are created at run time
//!
//! ## What it detects
//!
//! Types and method values that `reflect` makes, and that stay.
//!
//! ## Why it grows
//!
//! `reflect.StructOf`, `FuncOf`, `SliceOf`, `MapOf` and `ChanOf` make a type for each new combination and keep it
//! in a global table: types are never freed. `reflect.MakeFunc` and method calls keep a layout for each type. Types
//! that are made from data, the columns of a table for example, grow with the data.
//!
//! ## Evidence
//!
//! - Heap: `reflect.StructOf`, `reflect.FuncOf`, `reflect.SliceOf`, `reflect.MapOf`, `reflect.funcLayout`,
//!   `reflect.addReflectOff`; below them `sync.(*Map).Store`, the table.
//!
//! ## What looks alike
//!
//! - *The types of the program* are limited: it stops soon after the start.
//! - *A `sync.Map` of the program*: `sync-map`.
//!
//! ## Fix
//!
//! Make a type once for each shape, or use a map instead of a made struct.
//!
//! ```go
//! row := make(map[string]any, len(columns)) // not reflect.StructOf
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call. Count the different types it makes.

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
    fix: "create a type once per shape, or use a map",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
