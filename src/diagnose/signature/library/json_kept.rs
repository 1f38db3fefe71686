//! Values decoded from JSON are retained
//!
//! ## What it detects
//!
//! Maps, slices and strings that `encoding/json` allocates for a function of the program, and that are retained.
//!
//! ## Why it grows
//!
//! Each decode allocates new objects. A decoded `map[string]any` takes several times the bytes of its text: a table
//! per object, a block per string and number. In a cache, a queue or a field it is retained.
//!
//! ## Evidence
//!
//! - Heap: `encoding/json.(*decodeState)` up to Go 1.26, `encoding/json/v2` and `encoding/json/jsontext` from Go 1.27
//!   on, and `reflect.mapassign_faststr0`, `reflect.growslice`, `reflect.unsafe_New` below them. The caller of
//!   `Unmarshal` or `Decode` is responsible.
//!
//! ## What looks alike
//!
//! - *Type tables* (`encoding/json.cachedTypeFields`) are allocated once per type: `one-time-init`.
//! - *The text itself*: `retained-input`.
//!
//! ## Fix
//!
//! Decode only the fields you need, and bound what holds them: size limit, TTL or delete.
//!
//! ```go
//! var article struct{ Name string } // not map[string]any
//! err := json.Unmarshal(text, &article)
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `Unmarshal`. Follow the value to what holds it.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("json-kept", include_str!("json_kept.rs")),
    heap: Frames {
        any: &[
            "encoding/json.Unmarshal",
            "encoding/json.(*Decoder).Decode",
            "encoding/json.(*decodeState).unmarshal",
            "encoding/json/v2.Unmarshal",
            "encoding/json/v2.UnmarshalRead",
            "encoding/json/v2.UnmarshalDecode",
        ],
        ..Frames::NONE
    },
    fix: "decode only the fields you need; bound what holds them: size limit, TTL or delete",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
