//! Input is retained, whole or by a substring
//!
//! ## What it detects
//!
//! Strings and buffers that the standard library reads for a function of the program, and that are retained.
//!
//! ## Why it grows
//!
//! A part of a string or slice, `text[:50]` or `line[:10]`, refers to all of it. A cache that stores a short key cut
//! from the input retains the whole file, body or line. A profile shows where the input was read, not what retains
//! it, nor whether that is a part or the whole.
//!
//! ## Evidence
//!
//! - Heap: `io.ReadAll`, `os.ReadFile`, `bufio.(*Scanner).Text`, `bufio.(*Reader).ReadString` or one like them,
//!   directly below the function of the program.
//! - Blocks of several KiB, if the program stores short keys, are retained by a part.
//!
//! ## What looks alike
//!
//! - *Whole documents that are cached*: the blocks are as large as intended. Then set a limit.
//! - *Strings that the program creates itself* (`string(bytes)`): `retained-objects`.
//! - *Values decoded from JSON*: `json-kept`.
//!
//! ## Fix
//!
//! Copy the part; then the whole can be freed.
//!
//! ```go
//! key := strings.Clone(text[:50])
//! head := bytes.Clone(body[:10])
//! ```
//!
//! ## How to confirm
//!
//! Divide the growth by its objects: is it the size of what you store, or of the whole input? With `strings.Clone`
//! the growth disappears, or shrinks to the size of the parts.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("retained-input", include_str!("retained_input.rs")),
    heap: Frames {
        any: &[
            "io.ReadAll < @app",
            "io/ioutil.ReadAll < @app",
            "os.ReadFile < @app",
            "io/ioutil.ReadFile < @app",
            "bufio.(*Scanner).Text < @app",
            "bufio.(*Reader).ReadString < @app",
            "bufio.(*Reader).ReadBytes < @app",
            "io.ReadAll < io/ioutil.ReadAll < @app",
            "os.ReadFile < io/ioutil.ReadFile < @app",
            "io.Copy < @app",
            "io.CopyN < @app",
            "io.CopyBuffer < @app",
            "bytes.(*Buffer).ReadFrom < @app",
            "strings.(*Builder).Write << io.WriteString < @app",
            "bufio.(*Reader).ReadLine < @app",
            "net/http.(*Request).FormValue < @app",
        ],
        ..Frames::NONE
    },
    fix: "copy the part you retain: strings.Clone(text[:50]), bytes.Clone(body[:10])",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
