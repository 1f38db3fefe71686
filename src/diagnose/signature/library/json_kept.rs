//! Values decoded from JSON are kept
//!
//! ## What it detects
//!
//! Maps, slices and strings that `encoding/json` makes for a function of the program, and that stay.
//!
//! ## Why it grows
//!
//! The one who decodes gets fresh objects each time. A decoded `map[string]any` takes several times the bytes of
//! its text: a table for each object, a block for each string and number. Kept in a cache, a queue or a field it
//! stays.
//!
//! ## Evidence
//!
//! - Heap: `encoding/json.(*decodeState)` up to Go 1.26, `encoding/json/v2` and `encoding/json/jsontext` from Go
//!   1.27 on, and `reflect.mapassign_faststr0`, `reflect.growslice`, `reflect.unsafe_New` below them. The caller of
//!   `Unmarshal` or `Decode` is to blame.
//!
//! ## What looks alike
//!
//! - *Tables of the types* (`encoding/json.cachedTypeFields`) are made once for each type: `one-time-init`.
//! - *The text itself*, read before: `retained-input`.
//!
//! ## Fix
//!
//! Decode into the fields that are needed, and give what is kept a limit.
//!
//! ```go
//! var article struct{ Name string } // not map[string]any
//! err := json.Unmarshal(text, &article)
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `Unmarshal`. Follow its value to what keeps it.

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
    fix: "decode only the fields you need; bound what keeps them",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
